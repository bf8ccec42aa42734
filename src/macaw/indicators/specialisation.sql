-- Revealed technological advantage: a category's share of the entity's AI patent families over its share of the world's;
-- of topic ai, AI's share of all the entity's families over the world's. 1 is the world's average, 0 none.
-- Balassa (1965, Manchester School 33(2)) for trade; Soete (1987, Research Policy 16) for patents.
with wholes as (
  select
    c.entity, c.place_country, c.period, s.topic, s.counting, s.place, s.ownership, s.definition, s.venues, s.territory,
    cast(sum(cast(case when s.counting = 'full' then c.total else c.shared_total end as decimal(38, 12))) as double) as value
  from specifications as s
  -- A collection of AI patents alone says nothing of the others.
  join coverage as k
    on k.venues = s.venues
    and k.topic = case when s.topic = 'ai' then 'all' else 'ai' end
    and k.definition = s.definition
    and k.affiliation_status <> 'L'
  join registry_venue_lists as l on l.venues = s.venues
  join cells as c
    on c.venue = l.venue
    and c.topic = k.topic
    and c.period = k.period
    and c.definition = s.definition
    and c.measure = $measure
    and c.place in ('any', s.place)
    and c.ownership in ('any', s.ownership)
    and c.territory in ('any', s.territory)
  group by
    c.entity, c.place_country, c.period, s.topic, s.counting, s.place, s.ownership, s.definition, s.venues, s.territory
),
shares as (
  select
    w.entity, w.place_country, w.topic, w.period, w.counting, w.place, w.ownership, w.definition, w.venues, w.territory,
    coalesce(c.value, 0.0) / nullif(w.value, 0.0) as value,
    coalesce(c.n, 0) as n
  from wholes as w
  left join counted as c
    on c.entity = w.entity
    and c.place_country = w.place_country
    and c.topic = w.topic
    and c.period = w.period
    and c.counting = w.counting
    and c.place = w.place
    and c.ownership = w.ownership
    and c.definition = w.definition
    and c.venues = w.venues
    and c.territory = w.territory
)
select
  s.entity, s.place_country, s.topic, s.period, s.counting, s.place, s.ownership, s.definition, s.venues, s.territory,
  s.value / nullif(w.value, 0.0) as value,
  s.n
from shares as s
join shares as w
  on w.entity = 'WLD'
  and w.place_country = ''
  and w.topic = s.topic
  and w.period = s.period
  and w.counting = s.counting
  and w.place = s.place
  and w.ownership = s.ownership
  and w.definition = s.definition
  and w.venues = s.venues
  and w.territory = s.territory
where s.value is not null
