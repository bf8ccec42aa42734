-- One row per position that any list holds, files or advertises, with its country where the list's word for it is known.
with listed as (
  select * from source_positions
  union all
  select * from source_lca
  union all
  select * from source_job_ads
),
countries as (
  select lower(country) as label, country from registry_countries
  union
  select lower(alpha2) as label, country from registry_countries where alpha2 is not null
  union
  select lower(name) as label, country from registry_places where place_kind = 'country'
),
placed as (
  -- A label that means two countries places no position.
  select label, min(country) as country from countries group by label having count(distinct country) = 1
)
select
  l.job, l.source, l.file, l.position, l.list_title, l.search, l.position_kind, l.raw_name, l.title, l.job_role,
  l.description, l.skills, l.degree, l.degree_field, p.country, l.period, l.day, l.is_current, l.holder, l.link
from listed as l
left join placed as p on p.label = lower(l.listed_country)
order by l.job
