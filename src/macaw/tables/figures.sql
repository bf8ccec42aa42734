-- One row per figure that others published. One whose source nobody read settles no claim, nor does one that is disputed:
-- that a better source contradicts, or that is not certain to be of this series.
select
  figure, series, indicator, definition, title, title_zh, entity, period, value, low, high, unit, unit_zh, scope, scope_zh,
  source_title, url, page, accessed, grade, disputed,
  grade <> 'unread' and disputed is null as settles_claims,
  note, note_zh
from registry_figures
order by figure
