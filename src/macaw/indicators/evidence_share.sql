-- Share of records that have a property (amount 1) among those of which it is known (amount 1 or 0).
-- n counts the latter. low counts what is unknown as without the property, high as with it: no assumption about the
-- unknown leads outside.
-- The letters of what records may be (A, E, I, P, U) stand in the order of doubt, so that max is the most doubtful.
with summed as (
  select
    entity, place_country, topic, period, counting, place, ownership, definition, venues, territory,
    cast(sum(cast(coalesce(amount, 0.0) * weight as decimal(38, 12))) as double) as having_it,
    cast(sum(cast(case when amount is null then 0.0 else weight end as decimal(38, 12))) as double) as known,
    cast(sum(cast(weight as decimal(38, 12))) as double) as every,
    count(amount) as n,
    max(status) as status
  from counted
  group by entity, place_country, topic, period, counting, place, ownership, definition, venues, territory
)
select
  entity, place_country, topic, period, counting, place, ownership, definition, venues, territory,
  having_it / nullif(known, 0.0) as value,
  n,
  having_it / nullif(every, 0.0) as low,
  (having_it + every - known) / nullif(every, 0.0) as high,
  known / nullif(every, 0.0) as known,
  status
from summed
