-- One row per patent family, entity whose work its documents cite and rule of attribution: works at hand with a known place,
-- each as one (total) and as the entity's share of it (shared_total).
-- Families are told apart by applicant too; the work they cite is then where it was done.
with credited as (
  select s.work, d.entity as cited_entity, d.place, d.ownership, d.share
  from science_links as s
  join credits as d on d.work = s.cited_work and d.place_country = ''
),
placed as (
  select work, cited_entity, place, ownership, share from credited
  union all
  select work, cited_entity, 'applicant' as place, ownership, share from credited where place = 'workplace'
)
select
  work,
  cited_entity,
  place,
  ownership,
  cast(count(*) as double) as total,
  cast(sum(cast(share as decimal(38, 12))) as double) as shared_total
from placed
group by work, cited_entity, place, ownership
order by work, cited_entity, place, ownership
