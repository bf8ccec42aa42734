-- Sum of a measure over works: full counting adds the measure, fractional the entity's share of it.
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
