-- One row per entity that has values: organisation, country, group, language, patent office or the world.
with seen as (
  select distinct entity from credits
  union
  select distinct entity from evidence
  union
  select distinct entity from patent_credits
)
select s.entity, o.name, o.name_zh, o.kind, o.country
from seen as s
join organisations as o on o.organisation = s.entity
union all
select s.entity, c.name, c.name_zh, 'country' as kind, c.country
from seen as s
join registry_countries as c on c.country = s.entity
union all
select distinct s.entity, g.name, g.name_zh, 'group' as kind, cast(null as varchar) as country
from seen as s
join group_members as g on g.group_id = s.entity
union all
select s.entity, l.name, l.name_zh, 'language' as kind, cast(null as varchar) as country
from seen as s
join languages as l on s.entity = 'lang:' || l.language
union all
select s.entity, f.name, f.name_zh, 'office' as kind, cast(null as varchar) as country
from seen as s
join registry_patent_offices as f on s.entity = 'office:' || f.office
union all
select entity, 'World' as name, '世界' as name_zh, 'world' as kind, cast(null as varchar) as country
from seen
where entity = 'WLD'
order by entity
