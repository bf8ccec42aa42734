-- One row per organisation: the companies of the registry and every organisation of ROR.
with claimed as (
  select value as ror, organisation from registry_facts where property = 'ror'
),
kept as (
  select * from registry_facts where organisation not like 'ror:%'
),
chinese as (
  select ror, min(name) as name_zh
  from source_organisation_names
  where language = 'zh' and name_kind in ('display', 'label')
  group by ror
),
shown as (
  select ror, min(name) as name from source_organisation_names where name_kind = 'display' group by ror
),
english as (
  select ror, min(name) as name
  from source_organisation_names where language = 'en' and name_kind = 'label' group by ror
)
select
  organisation,
  max(case when property = 'name' and language = 'en' then value end) as name,
  max(case when property = 'name' and language = 'zh' then value end) as name_zh,
  max(case when property = 'kind' then value end) as kind,
  max(case when property = 'country' then value end) as country,
  cast(null as varchar) as city,
  min(case when property = 'domain' then value end) as website
from kept
group by organisation
union all
select
  'ror:' || o.ror as organisation,
  coalesce(s.name, e.name) as name,
  z.name_zh,
  o.kind,
  c.country,
  o.city,
  o.website
from source_organisations as o
left join registry_countries as c on c.alpha2 = o.alpha2
left join shown as s on s.ror = o.ror
left join english as e on e.ror = o.ror
left join chinese as z on z.ror = o.ror
where o.record_status <> 'withdrawn' and o.ror not in (select ror from claimed)
order by organisation
