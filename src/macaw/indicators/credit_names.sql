-- One row per credit (work, entity, place of work, rule of attribution) and raw name that gave it.
-- share is the name's part of the credit's share; probability that of its surest match to the entity. The world's
-- credit rests on no name. Which credits there are is said by credits.sql alone. Only of venues whose values have
-- intervals, which is what it is for: of an index of works, millions of them, none is drawn.
-- Works and names are numbers until the end: several million rows are grouped by them.
with numbered_works as (
  select w.work, w.period, row_number() over (order by w.work) as w
  from works as w
  left join registry_venues as v on v.venue = w.venue and v.kind = 'index'
  where v.venue is null
),
numbered_names as (
  select raw_name, row_number() over (order by raw_name) as name
  from (select distinct raw_name from matches) as m
),
named as (
  select w.w, w.period, a.slot, a.part, n.name, m.organisation, m.country, m.is_ancestor, m.probability
  from authorships as a
  join numbered_works as w on w.work = a.work
  join matches as m on m.raw_name = a.raw_name
  join numbered_names as n on n.raw_name = a.raw_name
  where m.country is not null
),
parts as (
  select w, slot, part, count(*) as named, sum(case when is_ancestor then 0 else 1 end) as sharers
  from named
  group by w, slot, part
),
slots as (
  select w, slot, count(*) as parts from parts group by w, slot
),
by_name as (
  -- Part of its paper, up to the number of slots, which is one for all names of a work.
  select
    n.w,
    n.period,
    n.name,
    n.organisation,
    n.country,
    n.is_ancestor and p.sharers > 0 as is_ancestor,
    max(n.probability) as probability,
    sum(cast(1.0 / (s.parts * case when p.sharers > 0 then p.sharers else p.named end) as decimal(38, 18))) as weight
  from named as n
  join parts as p on p.w = n.w and p.slot = n.slot and p.part = n.part
  join slots as s on s.w = n.w and s.slot = n.slot
  group by n.w, n.period, n.name, n.organisation, n.country, n.is_ancestor and p.sharers > 0
),
rules as (
  select 'none' as ownership union all select 'as_was' union all select 'as_is'
),
owned as (
  select a.*, coalesce(o.ownership, 'any') as ownership, coalesce(o.owner, a.organisation) as owner
  from by_name as a
  left join owners as o
    on o.organisation = a.organisation
    and a.period between coalesce(o.from_year, 0) and coalesce(o.to_year, 9999)
),
by_owner as (
  select d.*, r.ownership as rule, coalesce(g.country, d.country) as owner_country
  from owned as d
  join rules as r on r.ownership = d.ownership or d.ownership = 'any'
  left join organisations as g on g.organisation = d.owner
  where not d.is_ancestor
),
of_countries as (
  select w, name, country as entity, 'workplace' as place, 'any' as ownership, probability, weight
  from by_name
  where not is_ancestor
  union all
  select w, name, owner_country as entity, 'owner' as place, rule as ownership, probability, weight
  from by_owner
),
together as (
  select w, name, owner as entity, country as place_country, 'any' as place, ownership, probability, weight
  from owned
  where owner is not null
  union all
  select w, name, owner as entity, '' as place_country, 'any' as place, ownership, probability, weight
  from owned
  where owner is not null
  union all
  select w, name, entity, '' as place_country, place, ownership, probability, weight from of_countries
  union all
  select c.w, c.name, m.group_id as entity, '' as place_country, c.place, c.ownership, c.probability, c.weight
  from of_countries as c
  join group_members as m on m.member = c.entity and m.kind = 'country'
  union all
  select
    c.w, c.name, m.group_id as entity, '' as place_country, 'any' as place, c.rule as ownership, c.probability, c.weight
  from by_owner as c
  join group_members as m on m.member = c.owner and m.kind = 'company'
),
summed as (
  select
    w, name, entity, place_country, place, ownership, max(probability) as probability, sum(weight) as weight
  from together
  group by w, name, entity, place_country, place, ownership
),
totals as (
  select w, entity, place_country, place, ownership, sum(weight) as weight
  from summed
  group by w, entity, place_country, place, ownership
),
shares as (
  select n.w, c.entity, c.place_country, c.place, c.ownership, c.share
  from credits as c
  join numbered_works as n on n.work = c.work
)
select
  n.work,
  s.entity,
  s.place_country,
  s.place,
  s.ownership,
  r.raw_name,
  round(c.share * cast(s.weight as double) / cast(t.weight as double), 12) as share,
  s.probability
from summed as s
join totals as t
  on t.w = s.w
  and t.entity = s.entity
  and t.place_country = s.place_country
  and t.place = s.place
  and t.ownership = s.ownership
join shares as c
  on c.w = s.w
  and c.entity = s.entity
  and c.place_country = s.place_country
  and c.place = s.place
  and c.ownership = s.ownership
join numbered_works as n on n.w = s.w
join numbered_names as r on r.name = s.name
order by s.entity, s.place_country, s.place, s.ownership, s.w, s.name
