-- The first step of every indicator: one row per entity, place of work, topic, period and specification.
-- value sums a measure over works, weight counts the works: under full counting each counts one, under
-- fractional counting by the entity's share of it. n is the number of works.
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
  cast(sum(cast(case when s.counting = 'full' then c.total else c.shared_total end as decimal(38, 12))) as double) as value,
  cast(sum(cast(case when s.counting = 'full' then c.records else c.shared_records end as decimal(38, 12))) as double)
    as weight,
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
