-- One row per model or cluster, kind of part (organisation, country, base, hardware) and part.
-- As the first list says that names any (notable, large-scale, frontier, all); country is the code of a listed one.
with ranked as (
  select
    record,
    part_kind,
    model_list,
    row_number() over (
      partition by record, part_kind
      order by case model_list when 'notable' then 1 when 'large_scale' then 2 when 'frontier' then 3 else 4 end
    ) as place
  from (select distinct record, part_kind, model_list from source_record_parts) as lists
),
known as (
  select distinct lower(name) as name, country from registry_places where place_kind = 'country'
)
select p.record, p.part_kind, p.part, p.name, case when p.part_kind = 'country' then k.country end as country
from source_record_parts as p
join ranked as r
  on r.record = p.record and r.part_kind = p.part_kind and r.model_list = p.model_list and r.place = 1
left join known as k on k.name = lower(p.name)
order by p.record, p.part_kind, p.part
