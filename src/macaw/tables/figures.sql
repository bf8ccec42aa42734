-- One row per figure that others published; one whose source nobody read settles no claim.
select
  figure, series, title, title_zh, entity, period, value, low, high, unit, unit_zh, scope, scope_zh,
  source_title, url, page, accessed, grade,
  grade <> 'unread' as settles_claims,
  note, note_zh
from registry_figures
order by figure
