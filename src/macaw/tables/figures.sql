-- One row per figure that others published. One whose source nobody read settles no claim, nor does one that a better
-- source contradicts (its series ends in _disputed).
select
  figure, series, title, title_zh, entity, period, value, low, high, unit, unit_zh, scope, scope_zh,
  source_title, url, page, accessed, grade,
  grade <> 'unread' and series not like '%disputed' as settles_claims,
  note, note_zh
from registry_figures
order by figure
