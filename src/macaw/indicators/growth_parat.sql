-- PARAT's growth: the mean over three intervals of the year-on-year change, intervals from zero left out.
-- Kept for comparison under its own name; a series 100, 50, 100, 50 "grows" by 0 % though it halved.
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
steps as (
  select
    y.entity, y.place_country, y.topic, w.period, y.counting, y.place, y.ownership, y.definition, y.venues, y.territory,
    y.value as base,
    coalesce(f.value, 0.0) as following,
    y.n,
    case when y.period = w.period - 1 then coalesce(f.n, 0) else 0 end as last_n
  from windows as w
  join counted as y
    on y.venues = w.venues
    and y.topic = w.topic
    and y.definition = w.definition
    and y.period between w.period - $span + 1 and w.period - 1
  left join counted as f
    on f.entity = y.entity
    and f.place_country = y.place_country
    and f.period = y.period + 1
    and f.topic = y.topic
    and f.counting = y.counting
    and f.place = y.place
    and f.ownership = y.ownership
    and f.definition = y.definition
    and f.venues = y.venues
    and f.territory = y.territory
)
select
  entity, place_country, topic, period, counting, place, ownership, definition, venues, territory,
  cast(sum(cast(case when base > 0.0 then (following - base) / base else 0.0 end as decimal(38, 12))) as double)
    / nullif(sum(case when base > 0.0 then 1.0 else 0.0 end), 0.0) as value,
  sum(n + last_n) as n
from steps
group by entity, place_country, topic, period, counting, place, ownership, definition, venues, territory
