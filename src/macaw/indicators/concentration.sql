-- Herfindahl–Hirschman index of papers over organisations, within each country and the world (0 to 1).
-- n is the number of organisations. Countries by place of work; organisations by the rule of ownership.
with shares as (
  select
    case when c.place_country = '' then 'WLD' else c.place_country end as entity,
    c.topic, c.period, c.counting, c.place, c.ownership, c.definition, c.venues, c.territory,
    c.value
  from counted as c
  join entities as e on e.entity = c.entity
  where e.kind not in ('country', 'group', 'world') and c.value > 0.0
),
totals as (
  select
    entity, topic, period, counting, place, ownership, definition, venues, territory,
    cast(sum(cast(value as decimal(38, 12))) as double) as value
  from shares
  group by entity, topic, period, counting, place, ownership, definition, venues, territory
)
select
  s.entity, '' as place_country, s.topic, s.period, s.counting, s.place, s.ownership, s.definition, s.venues, s.territory,
  cast(sum(cast((s.value / t.value) * (s.value / t.value) as decimal(38, 18))) as double) as value,
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
