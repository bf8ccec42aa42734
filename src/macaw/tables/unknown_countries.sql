-- One row per country of a model, model version or cluster that no row of countries.csv knows.
with known as (
  select distinct lower(name) as name from registry_places where place_kind = 'country'
)
select distinct
  m.source,
  m.file,
  m.position,
  'noted' as action,
  'unknown country, counted for none: add an alias to registry/countries.csv if it is one' as reason,
  p.name as offending_value
from source_models as m
join source_model_parts as p on p.record = m.record and p.model_list = m.model_list and p.part_kind = 'country'
left join known as k on k.name = lower(p.name)
where k.name is null
order by 1, 2, 3, 6
