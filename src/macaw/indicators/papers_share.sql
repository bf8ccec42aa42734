-- The entity's papers over all papers with at least one located affiliation, a fraction from 0 to 1.
with counted as (
  select
    c.entity,
    c.place_country,
    c.topic,
    c.period,
    s.counting,
    s.place,
    s.ownership,
    s.definition,
    s.venues,
    s.territory,
    sum(case when s.counting = 'full' then c.total else c.shared_total end) as value,
    sum(c.records) as n
  from specifications as s
  join registry_venue_lists as l on l.venues = s.venues
  join cells as c
    on c.venue = l.venue
    and c.topic = s.topic
    and c.definition = s.definition
    and c.measure = $measure
    and c.place in ('any', s.place)
    and c.ownership in ('any', s.ownership)
    and c.territory in ('any', s.territory)
  group by
    c.entity, c.place_country, c.topic, c.period,
    s.counting, s.place, s.ownership, s.definition, s.venues, s.territory
),
world as (
  select topic, period, counting, place, ownership, definition, venues, territory, value
  from counted
  where entity = 'WLD' and place_country = ''
)
select
  c.entity, c.place_country, c.topic, c.period, c.counting, c.place, c.ownership, c.definition, c.venues, c.territory,
  c.value / nullif(w.value, 0) as value,
  c.n
from counted as c
join world as w
  on w.topic = c.topic
  and w.period = c.period
  and w.counting = c.counting
  and w.place = c.place
  and w.ownership = c.ownership
  and w.definition = c.definition
  and w.venues = c.venues
  and w.territory = c.territory
