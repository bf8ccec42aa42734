-- One row per patent family: its earliest priority year, the office of first filing, and whether any member was granted.
-- The earliest priority is the first day of a priority claimed or an application filed; XX stands for an office unknown.
-- A family counts if a document of it comes from a collection that holds all of its kind (registry/patent_collections.csv).
with members as (
  select m.family as work, d.*
  from patents as d
  join patent_members as m on m.document = d.document
),
beginnings as (
  select m.work, p.day, p.name as application
  from members as m
  join patent_parts as p on p.document = m.document and p.part_kind = 'priority'
  union
  select work, filed as day, application
  from members
  where filed is not null or application is not null
),
earliest as (
  select work, min(day) as first_day from beginnings group by work
),
first_filing as (
  select
    work,
    substr(application, 1, 2) as office,
    row_number() over (partition by work order by day nulls last, application) as place
  from beginnings
  where application is not null
),
described as (
  select
    work,
    title,
    link,
    source,
    row_number() over (
      partition by work
      order by case when title is null then 1 else 0 end, published nulls last, document
    ) as place
  from members
),
summed as (
  select
    work,
    count(*) as documents,
    min(published) as first_published,
    min(case when document_kind = 'grant' then substr(published, 1, 4) end) as granted_year,
    max(case when document_kind = 'grant' then 1 else 0 end) as granted,
    max(case when c.scope in ('all', 'cset_1790') then 1 else 0 end) as counted
  from members as m
  left join registry_patent_collections as c on c.collection = m.collection
  group by work
)
select
  s.work,
  d.source,
  coalesce(o.office, 'XX') as venue,
  cast(substr(e.first_day, 1, 4) as bigint) as period,
  d.title,
  cast(s.granted_year as bigint) as granted_period,
  s.granted = 1 as is_granted,
  s.first_published,
  s.documents as member_documents,
  s.counted = 1 as is_collected,
  d.link
from summed as s
join described as d on d.work = s.work and d.place = 1
left join earliest as e on e.work = s.work
left join first_filing as f on f.work = s.work and f.place = 1
left join registry_patent_offices as o on o.office = f.office
order by s.work
