-- Share of records of which the source does not say whether they have a property (amount null).
with summed as (
  select
    entity, place_country, topic, period, counting, place, ownership, definition, venues, territory,
    cast(sum(cast(case when amount is null then weight else 0.0 end as decimal(38, 12))) as double) as unknown,
    cast(sum(cast(weight as decimal(38, 12))) as double) as every,
    count(*) as n
  from counted
  group by entity, place_country, topic, period, counting, place, ownership, definition, venues, territory
)
select
  entity, place_country, topic, period, counting, place, ownership, definition, venues, territory,
  unknown / nullif(every, 0.0) as value,
  n,
  cast(null as double) as low,
  cast(null as double) as high,
  1.0 as known,
  'A' as status
from summed
