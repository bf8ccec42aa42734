-- The largest amount of a record within the last $span years, the same under both ways of counting.
-- Range and status are those of the record that holds it.
with years as (
  select distinct definition, period from evidence_coverage where series = $series
),
ranked as (
  select
    c.entity, c.place_country, c.topic, y.period, c.counting, c.place, c.ownership, c.definition, c.venues, c.territory,
    c.amount, c.low, c.high, c.status,
    row_number() over (
      partition by
        c.entity, c.place_country, c.topic, y.period, c.counting, c.place, c.ownership, c.definition, c.venues, c.territory
      order by c.amount desc nulls last, c.record
    ) as place_from_top,
    count(*) over (
      partition by
        c.entity, c.place_country, c.topic, y.period, c.counting, c.place, c.ownership, c.definition, c.venues, c.territory
    ) as n,
    count(c.amount) over (
      partition by
        c.entity, c.place_country, c.topic, y.period, c.counting, c.place, c.ownership, c.definition, c.venues, c.territory
    ) as known
  from counted as c
  join years as y on y.definition = c.definition and c.period between y.period - $span + 1 and y.period
)
select
  entity, place_country, topic, period, counting, place, ownership, definition, venues, territory,
  amount as value,
  n,
  low,
  high,
  1.0 * known / n as known,
  status
from ranked
where place_from_top = 1
