-- Growth a year: the mean of the last three years over the mean of the three before, cube root, minus one.
-- Only over panels all of whose venues took place and were collected in each of the six years; a year without
-- papers is 0.
with whole as (
  select venues, max(held_venues) as venues_listed from coverage group by venues
),
windows as (
  select e.venues, e.topic, e.definition, e.period
  from coverage as e
  join whole as l on l.venues = e.venues
  join coverage as b
    on b.venues = e.venues
    and b.topic = e.topic
    and b.definition = e.definition
    and b.period between e.period - $span + 1 and e.period
  where e.is_panel
  group by e.venues, e.topic, e.definition, e.period
  having count(*) = $span and max(case when b.collected_venues = l.venues_listed then 0 else 1 end) = 0
),
halves as (
  select
    y.entity, y.place_country, y.topic, w.period, y.counting, y.place, y.ownership, y.definition, y.venues, y.territory,
    cast(sum(cast(case when y.period > w.period - 3 then y.value else 0.0 end as decimal(38, 12))) as double) as late,
    cast(sum(cast(case when y.period > w.period - 3 then 0.0 else y.value end as decimal(38, 12))) as double) as early,
    sum(y.n) as n
  from windows as w
  join counted as y
    on y.venues = w.venues
    and y.topic = w.topic
    and y.definition = w.definition
    and y.period between w.period - $span + 1 and w.period
  group by
    y.entity, y.place_country, y.topic, w.period, y.counting, y.place, y.ownership, y.definition, y.venues, y.territory
)
select
  entity, place_country, topic, period, counting, place, ownership, definition, venues, territory,
  case when early > 0.0 then power(late / early, 1.0 / 3.0) - 1.0 end as value,
  n
from halves
