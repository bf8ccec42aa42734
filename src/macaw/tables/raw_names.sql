-- One row per distinct raw name of an organisation.
with named as (
  select raw_name, work as record from authorships
  union all
  select name as raw_name, record from model_parts where part_kind = 'organisation'
)
select
  raw_name,
  count(*) as mentions,
  count(distinct record) as works
from named
group by raw_name
order by raw_name
