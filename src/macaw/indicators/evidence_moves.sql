-- One row per series, definition, entity and period: how many authors moved, as totals only; fewer than five are not told.
select
  series,
  series || ':' || entity || ':' || cast(period as varchar) as record,
  entity,
  period,
  definition,
  'any' as ownership,
  case when movers >= 5 then cast(movers as double) end as amount,
  1.0 as share,
  case when movers >= 5 then cast(movers_low as double) end as low,
  case when movers >= 5 then cast(movers_high as double) end as high,
  case when movers >= 5 then 'U' else 'Q' end as status,
  'paperlists' as source,
  'Count of people' as title,
  cast(null as varchar) as link,
  'names followed within three years' as detail
from moves
order by series, definition, entity, period
