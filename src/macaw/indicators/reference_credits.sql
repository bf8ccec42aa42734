-- One row per work about AI, entity whose work it cites and rule of attribution: references to works at hand with a known
-- place, each as one (total) and as the entity's share of the work cited (shared_total).
with about as (
  select distinct t.work
  from record_topics as t
  join record_measures as m on m.work = t.work and m.measure = 'papers'
  where t.topic = 'ai'
)
select
  r.work,
  d.entity as cited_entity,
  d.place,
  d.ownership,
  cast(count(*) as double) as total,
  -- Decimals, so that sums do not depend on the order of rows (as in activity.sql).
  cast(sum(cast(d.share as decimal(38, 12))) as double) as shared_total
from about as a
join source_openalex_references as r on r.work = a.work and r.cited_work <> r.work
join credits as d on d.work = r.cited_work and d.place_country = ''
group by r.work, d.entity, d.place, d.ownership
order by r.work, d.entity, d.place, d.ownership
