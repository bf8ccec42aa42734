-- One row per citing entity, entity whose work is cited, rule of attribution, definition, venue and year of the citing works:
-- references of the entity's works about AI to works at hand with a known place.
-- A reference is one; under fractional counting it weighs as the citing entity's share of the citing work times the cited
-- entity's share of the cited work. Cited is the world (every such reference), a country, a group, a company, or the citing
-- entity itself. `any` stands where the rule makes no difference to either side.
with listed as (
  select organisation as entity from organisations where kind = 'company'
  union
  select country as entity from registry_countries
  union
  select group_id as entity from group_members
  union
  select 'WLD' as entity
),
paired as (
  select
    c.work,
    c.entity,
    d.cited_entity,
    case when c.place = 'any' then d.place else c.place end as place,
    case when c.ownership = 'any' then d.ownership else c.ownership end as ownership,
    d.total,
    c.share * d.shared_total as shared_total
  from credits as c
  join reference_credits as d
    on d.work = c.work
    and (c.place = d.place or c.place = 'any' or d.place = 'any')
    and (c.ownership = d.ownership or c.ownership = 'any' or d.ownership = 'any')
  left join listed as l on l.entity = d.cited_entity
  where c.place_country = '' and (l.entity is not null or d.cited_entity = c.entity)
)
select
  p.entity, p.cited_entity, '' as place_country, p.place, p.ownership, t.topic, t.definition, w.venue, w.period,
  sum(p.total) as total,
  round(cast(sum(cast(p.shared_total as decimal(38, 12))) as double), 12) as shared_total,
  count(*) as records
from paired as p
join record_topics as t on t.work = p.work and t.topic = 'ai'
join works as w on w.work = p.work
group by p.entity, p.cited_entity, p.place, p.ownership, t.topic, t.definition, w.venue, w.period
order by p.entity, p.cited_entity, t.definition, w.venue, w.period, p.place, p.ownership
