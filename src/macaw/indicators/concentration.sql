-- Herfindahl–Hirschman index of papers over organisations, within each country and the world (0 to 1).
-- n is the number of organisations. Countries by place of work; organisations by the rule of ownership.
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
shares as (
  select
    case when c.place_country = '' then 'WLD' else c.place_country end as entity,
    c.topic, c.period, c.counting, c.place, c.ownership, c.definition, c.venues, c.territory,
    c.value
  from counted as c
  join entities as e on e.entity = c.entity
  where e.kind not in ('country', 'group', 'world') and c.value > 0.0
),
totals as (
  select entity, topic, period, counting, place, ownership, definition, venues, territory, sum(value) as value
  from shares
  group by entity, topic, period, counting, place, ownership, definition, venues, territory
)
select
  s.entity, '' as place_country, s.topic, s.period, s.counting, s.place, s.ownership, s.definition, s.venues, s.territory,
  sum((s.value / t.value) * (s.value / t.value)) as value,
  count(*) as n
from shares as s
join totals as t
  on t.entity = s.entity
  and t.topic = s.topic
  and t.period = s.period
  and t.counting = s.counting
  and t.place = s.place
  and t.ownership = s.ownership
  and t.definition = s.definition
  and t.venues = s.venues
  and t.territory = s.territory
group by s.entity, s.topic, s.period, s.counting, s.place, s.ownership, s.definition, s.venues, s.territory
