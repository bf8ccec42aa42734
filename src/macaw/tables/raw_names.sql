-- One row per distinct raw name of an organisation.
with named as (
  select raw_name, work as record from authorships where raw_name is not null
  union all
  select name as raw_name, record from record_parts where part_kind = 'organisation'
  union all
  select raw_name, title as record from source_arena_scores where raw_name is not null
  union all
  select manufacturer as raw_name, title as record from source_hardware where manufacturer is not null
  union all
  select raw_name, work as record from patent_applicants where raw_name is not null
  union all
  -- A chip that is not in the list of hardware may name its maker.
  select p.name as raw_name, p.record
  from record_parts as p
  left join source_hardware as h on h.title = p.name
  where p.part_kind = 'hardware' and h.title is null
  union all
  select raw_name, job as record from positions where raw_name is not null
  union all
  select raw_name, petitions as record from h1b_employers where raw_name is not null
  union all
  select raw_name, record from source_staff_reports
  union all
  select raw_name, provider as record from source_chip_providers where provider_kind = 'organization'
  union all
  select raw_name, repository as record from source_repositories
)
select
  raw_name,
  count(*) as mentions,
  count(distinct record) as works
from named
group by raw_name
order by raw_name
