-- Sum of the amounts of records: full counting adds each amount, fractional the entity's share of it.
-- A range is the sum of the records' ranges, those without one at their amount.
-- The letters of what records may be (A, E, I, P, U) stand in the order of doubt, so that max is the most doubtful.
-- A sum that lacks the amount of some record is too low: U.
select
  entity, place_country, topic, period, counting, place, ownership, definition, venues, territory,
  cast(sum(cast(amount * weight as decimal(38, 12))) as double) as value,
  count(*) as n,
  case
    when count(low) > 0 then cast(sum(cast(coalesce(low, amount) * weight as decimal(38, 12))) as double)
  end as low,
  case
    when count(high) > 0 then cast(sum(cast(coalesce(high, amount) * weight as decimal(38, 12))) as double)
  end as high,
  1.0 * count(amount) / count(*) as known,
  case when count(amount) between 1 and count(*) - 1 then 'U' else max(status) end as status
from counted
group by entity, place_country, topic, period, counting, place, ownership, definition, venues, territory
