-- One row per published work, entity, place of work and rule of attribution.
-- Entities: organisations (by rule of ownership), countries (by place), groups of either, and the world.
-- `any` stands where the rule makes no difference. An organisation named above another one that its owner
-- also owns adds nothing to the owner's credit, which the one below has brought already.
with rules as (
  select 'none' as ownership union all select 'as_was' union all select 'as_is'
),
exact as (
  -- Decimals, so that sums do not depend on the order of rows (as in activity.sql).
  select
    work, activity_kind, period, organisation, country, coalesce(seat_country, country) as seat_country, is_ancestor,
    cast(share as decimal(38, 12)) as share, probability
  from activity
),
owned as (
  select
    a.work,
    a.organisation,
    a.country,
    a.seat_country,
    a.is_ancestor,
    a.share,
    a.probability,
    coalesce(o.ownership, 'any') as ownership,
    coalesce(o.owner, a.organisation) as owner
  from exact as a
  left join owners as o
    on o.organisation = a.organisation
    and a.period between coalesce(o.from_year, 0) and coalesce(o.to_year, 9999)
),
below as (
  select distinct work, ownership, owner, organisation from owned where not is_ancestor
),
of_organisations as (
  select work, owner as entity, country as place_country, ownership, sum(share) as share, max(probability) as probability
  from owned as d
  where d.owner is not null and not (
    d.is_ancestor and exists (
      select 1
      from below as b
      where
        b.work = d.work and b.ownership = d.ownership and b.owner = d.owner
        and b.organisation <> d.organisation
    )
  )
  group by work, owner, country, ownership
),
by_owner as (
  select
    d.work,
    r.ownership,
    d.owner,
    coalesce(g.country, d.seat_country) as country,
    d.share,
    d.probability
  from owned as d
  join rules as r on r.ownership = d.ownership or d.ownership = 'any'
  left join organisations as g on g.organisation = d.owner
  where not d.is_ancestor
),
of_countries as (
  select work, country as entity, 'workplace' as place, 'any' as ownership, sum(share) as share, max(probability) as probability
  from exact
  where not is_ancestor and country is not null
  group by work, country
  union all
  select work, country as entity, 'owner' as place, ownership, sum(share) as share, max(probability) as probability
  from by_owner
  where country is not null
  group by work, country, ownership
  union all
  -- Only patents tell an applicant's country apart from the place of work.
  select work, seat_country as entity, 'applicant' as place, 'any' as ownership, sum(share) as share, max(probability) as probability
  from exact
  where activity_kind = 'patent' and not is_ancestor and seat_country is not null
  group by work, seat_country
),
of_country_groups as (
  select c.work, m.group_id as entity, c.place, c.ownership, sum(c.share) as share, max(c.probability) as probability
  from of_countries as c
  join group_members as m on m.member = c.entity and m.kind = 'country'
  group by c.work, m.group_id, c.place, c.ownership
),
of_company_groups as (
  select c.work, m.group_id as entity, c.ownership, sum(c.share) as share, max(c.probability) as probability
  from by_owner as c
  join group_members as m on m.member = c.owner and m.kind = 'company'
  group by c.work, m.group_id, c.ownership
),
-- Kept apart, so that what makes the parts need not stay in memory while all of them are sorted.
together as materialized (
  select work, entity, place_country, 'any' as place, ownership, share, probability
  from of_organisations
  where place_country is not null
  union all
  select work, entity, '' as place_country, 'any' as place, ownership, sum(share) as share, max(probability) as probability
  from of_organisations
  group by work, entity, ownership
  union all
  select work, entity, '' as place_country, place, ownership, share, probability from of_countries
  union all
  select work, entity, '' as place_country, place, ownership, share, probability from of_country_groups
  union all
  select work, entity, '' as place_country, 'any' as place, ownership, share, probability from of_company_groups
  union all
  select work, 'WLD' as entity, '' as place_country, 'any' as place, 'any' as ownership, cast(1 as decimal(38, 12)) as share, 1.0 as probability
  from activity
  group by work
)
select
  t.work,
  t.entity,
  t.place_country,
  t.place,
  t.ownership,
  round(least(cast(t.share as double), 1.0), 12) as share,
  t.probability
from together as t
-- A work that was fetched for some organisations counts for these only: of all others, of countries and of the world
-- only a chance part is there.
left join (select distinct work from source_openalex_selected) as s on s.work = t.work
left join selection_works as f on f.work = t.work and f.entity = t.entity
where s.work is null or f.work is not null
order by t.work, t.entity, t.place_country, t.place, t.ownership
