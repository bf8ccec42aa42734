-- One row per organisation of which the works were fetched one by one, and ROR id that has to be asked for to have all of
-- them: its own, those of what it owns, at any time, and of what is below it.
with claimed as (
  select value as ror, min(organisation) as organisation from registry_facts where property = 'ror' group by value
),
held as (
  select coalesce(c.organisation, 'ror:' || r.ror) as organisation, r.ror
  from (
    select ror from source_organisations
    union
    select value as ror from registry_facts where property = 'ror'
    union
    select ror from source_openalex_requests
  ) as r
  left join claimed as c on c.ror = r.ror
),
asked as (
  select distinct h.organisation
  from source_openalex_requests as q
  join held as h on h.ror = q.ror
),
candidates as (
  select organisation as entity from asked
  union
  select o.owner as entity from asked as a join owners as o on o.organisation = a.organisation
),
own as (
  select entity, entity as organisation from candidates
  union
  select c.entity, o.organisation from candidates as c join owners as o on o.owner = c.entity
),
family as (
  select entity, organisation from own
  union
  select w.entity, a.organisation from own as w join ancestors as a on a.ancestor = w.organisation
)
select distinct f.entity, h.ror
from family as f
join held as h on h.organisation = f.organisation
order by f.entity, h.ror
