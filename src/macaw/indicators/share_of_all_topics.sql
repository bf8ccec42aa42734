-- What a topic's records are of all the entity's records, whatever their topic, a fraction from 0 to 1.
with whole as (
  select
    c.entity, c.place_country, c.period, s.topic, s.counting, s.place, s.ownership, s.definition, s.venues, s.territory,
    cast(sum(cast(case when s.counting = 'full' then c.total else c.shared_total end as decimal(38, 12))) as double) as value
  from specifications as s
  -- A collection of AI patents alone says nothing of the others.
  join coverage as k
    on k.venues = s.venues and k.topic = 'all' and k.definition = s.definition and k.affiliation_status <> 'L'
  join registry_venue_lists as l on l.venues = s.venues
  join cells as c
    on c.venue = l.venue
    and c.topic = 'all'
    and c.period = k.period
    and c.definition = s.definition
    and c.measure = $measure
    and c.place in ('any', s.place)
    and c.ownership in ('any', s.ownership)
    and c.territory in ('any', s.territory)
  group by
    c.entity, c.place_country, c.period, s.topic, s.counting, s.place, s.ownership, s.definition, s.venues, s.territory
)
select
  c.entity, c.place_country, c.topic, c.period, c.counting, c.place, c.ownership, c.definition, c.venues, c.territory,
  c.value / nullif(w.value, 0) as value,
  c.n
from counted as c
join whole as w
  on w.entity = c.entity
  and w.place_country = c.place_country
  and w.topic = c.topic
  and w.period = c.period
  and w.counting = c.counting
  and w.place = c.place
  and w.ownership = c.ownership
  and w.definition = c.definition
  and w.venues = c.venues
  and w.territory = c.territory
