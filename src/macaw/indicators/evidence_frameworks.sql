-- One row per series, definition (a framework, or any), repository, its organisation or that one's country, and year.
-- A repository counts once, however many files it has; amount is a share of its files that import any framework.
with frameworks as (
  select framework, name, country from registry_frameworks
),
importing as (
  select repository, sum(files) as files from source_imports group by repository
),
parties as (
  select r.repository, m.organisation as entity, o.country
  from source_repositories as r
  join matches as m on m.raw_name = r.raw_name and m.organisation is not null and not m.is_ancestor
  join organisations as o on o.organisation = m.organisation
),
entities_of as (
  select repository, entity, country as home from parties
  union
  select repository, country as entity, country as home from parties where country is not null
),
used as (
  select i.repository, f.framework, f.name, f.country, sum(i.files) as files
  from source_imports as i
  join frameworks as f on '+' || i.frameworks || '+' like '%+' || f.framework || '+%'
  group by i.repository, f.framework, f.name, f.country
),
-- A file that imports anything from abroad leans on it, whatever else it imports.
abroad as (
  select i.repository, e.entity, sum(i.files) as files
  from source_imports as i
  join entities_of as e on e.repository = i.repository
  where exists (
    select 1 from frameworks as f
    where '+' || i.frameworks || '+' like '%+' || f.framework || '+%' and f.country is not null and f.country <> e.home
  )
  group by i.repository, e.entity
),
together as (
  select
    'framework_share' as series, f.framework as definition, p.repository, e.entity,
    1.0 * coalesce(u.files, 0) / p.files as amount,
    coalesce(u.files, 0) || ' of ' || p.files || ' files that import any framework' as detail
  from importing as p
  join entities_of as e on e.repository = p.repository
  cross join frameworks as f
  left join used as u on u.repository = p.repository and u.framework = f.framework
  union all
  select
    'foreign_framework_share' as series, 'imports' as definition, p.repository, e.entity,
    1.0 * coalesce(a.files, 0) / p.files as amount,
    coalesce(a.files, 0) || ' of ' || p.files || ' files that import any framework' as detail
  from importing as p
  join entities_of as e on e.repository = p.repository
  left join abroad as a on a.repository = p.repository and a.entity = e.entity
  union all
  select
    'framework_repositories' as series, u.framework as definition, u.repository, e.entity, 1.0 as amount,
    u.files || ' files' as detail
  from used as u
  join entities_of as e on e.repository = u.repository
)
select
  t.series, t.repository as record, t.entity, r.period, t.definition, t.amount, 1.0 as share,
  cast(null as double) as low, cast(null as double) as high, 'U' as status, r.source, r.title,
  cast(null as varchar) as link, t.detail
from together as t
join source_repositories as r on r.repository = t.repository
order by t.series, t.definition, record, t.entity
