-- One row per distinct raw affiliation string.
select
  raw_name,
  count(*) as mentions,
  count(distinct work) as works
from authorships
group by raw_name
order by raw_name
