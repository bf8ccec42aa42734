-- One row per model, kind of part (organisation, country, base, hardware) and part.
-- As the first list says that holds the model (notable, large-scale, frontier); country is the code of a listed one.
with ranked as (
  select
    record,
    model_list,
    row_number() over (
      partition by record
      order by case model_list when 'notable' then 1 when 'large_scale' then 2 else 3 end
    ) as place
  from source_models
),
known as (
  select distinct lower(name) as name, country from registry_places where place_kind = 'country'
)
select p.record, p.part_kind, p.part, p.name, case when p.part_kind = 'country' then k.country end as country
from source_model_parts as p
join ranked as r on r.record = p.record and r.model_list = p.model_list and r.place = 1
left join known as k on k.name = lower(p.name)
order by p.record, p.part_kind, p.part
