-- One row per organisation and year of which the collections fetched for organisations have all that OpenAlex ties to it:
-- all its ROR ids were asked for, and those of what it owns, at any time, and of what is below it.
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
),
needed as (
  select distinct f.entity, h.ror from family as f join held as h on h.organisation = f.organisation
),
counted as (
  select entity, count(*) as rors from needed group by entity
),
requested as (
  select distinct ror, period from source_openalex_requests
),
found as (
  select n.entity, q.period, count(*) as rors
  from needed as n
  join requested as q on q.ror = n.ror
  group by n.entity, q.period
)
select f.entity, f.period, v.venue as venues
from found as f
join counted as c on c.entity = f.entity and c.rors = f.rors
join registry_venues as v on v.paperlists = 'openalex/organisations'
order by f.entity, f.period
