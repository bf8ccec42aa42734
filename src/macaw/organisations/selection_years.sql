-- One row per organisation and year in which all the ROR ids it needs were asked for, one of which OpenAlex knows: of
-- these the collections hold whatever OpenAlex ties to it. venues is the list that they are counted in.
with needed as (
  select entity, count(*) as rors from selection_rors group by entity
),
requested as (
  select ror, period, max(case when is_known then 1 else 0 end) as known
  from source_openalex_requests
  group by ror, period
),
found as (
  select s.entity, q.period, count(*) as rors, max(q.known) as known
  from selection_rors as s
  join requested as q on q.ror = s.ror
  group by s.entity, q.period
)
select f.entity, f.period, v.venue as venues
from found as f
join needed as n on n.entity = f.entity and n.rors = f.rors and f.known = 1
join registry_venues as v on v.paperlists = 'openalex/organisations'
order by f.entity, f.period
