-- The share of references that go to $cited's work over the same share of all the world's references, so that the size of
-- what there is to cite falls out: 1 is the world's habit. (Bakare and Lewison 2017, Scientometrics 113(2), set a country's
-- share of its own references against its share of papers; here it is against its share of all references.)
with world as (
  select
    c.cited_entity, c.topic, c.period, s.counting, s.place, s.ownership, s.definition, s.venues, s.territory,
    cast(sum(cast(case when s.counting = 'full' then c.total else c.shared_total end as decimal(38, 12))) as double) as value
  from specifications as s
  join registry_venue_lists as l on l.venues = s.venues
  join reference_cells as c
    on c.venue = l.venue
    and c.topic = s.topic
    and c.definition = s.definition
    and c.place in ('any', s.place)
    and c.ownership in ('any', s.ownership)
  where c.entity = 'WLD'
  group by
    c.cited_entity, c.topic, c.period, s.counting, s.place, s.ownership, s.definition, s.venues, s.territory
),
shares as (
  select
    w.cited_entity, w.topic, w.period, w.counting, w.place, w.ownership, w.definition, w.venues, w.territory,
    w.value / nullif(k.value, 0.0) as share
  from world as w
  join world as k
    on k.cited_entity = 'WLD'
    and k.topic = w.topic
    and k.period = w.period
    and k.counting = w.counting
    and k.place = w.place
    and k.ownership = w.ownership
    and k.definition = w.definition
    and k.venues = w.venues
    and k.territory = w.territory
)
select
  c.entity, c.place_country, c.topic, c.period, c.counting, c.place, c.ownership, c.definition, c.venues, c.territory,
  c.value / nullif(c.weight, 0.0) / nullif(s.share, 0.0) as value,
  c.n
from counted as c
join shares as s
  on s.cited_entity = case when $cited = 'itself' then c.entity else $cited end
  and s.topic = c.topic
  and s.period = c.period
  and s.counting = c.counting
  and s.place = c.place
  and s.ownership = c.ownership
  and s.definition = c.definition
  and s.venues = c.venues
  and s.territory = c.territory
