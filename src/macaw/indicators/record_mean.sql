-- Mean of a measure over works: full counting weighs works equally, fractional by the entity's share.
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
  case
    when s.counting = 'full' then sum(c.total) / nullif(sum(c.records), 0)
    else sum(c.shared_total) / nullif(sum(c.shared_records), 0)
  end as value,
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
