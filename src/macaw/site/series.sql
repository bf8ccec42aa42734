-- Every published series of companies, countries and groups: one row per entity, indicator and specification.
select
  v.entity,
  v.indicator,
  concat_ws('|', v.counting, v.place, v.ownership, v.definition, v.venues, v.territory, v.topic) as specification,
  list(v.period order by v.period) as periods,
  list(v.value order by v.period) as "values",
  list(v.low order by v.period) as lows,
  list(v.high order by v.period) as highs,
  string_agg(v.status, '' order by v.period) as statuses
from "values" as v
join entities as e using (entity)
where v.place_country = '' and v.value is not null and e.kind in ('company', 'country', 'group')
group by v.entity, v.indicator, specification
order by v.entity, v.indicator, specification
