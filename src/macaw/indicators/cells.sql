-- One row per entity, place of work, rule of attribution, topic, venue, period, measure and territory rule.
-- A work belongs to one venue, so these sums add up over venues: a list of venues is a sum of cells.
-- Sums run over decimals (as in activity.sql).
select
  c.entity,
  c.place_country,
  c.place,
  c.ownership,
  t.topic,
  t.definition,
  w.venue,
  w.period,
  m.measure,
  m.territory,
  cast(sum(cast(m.value as decimal(38, 12))) as double) as total,
  cast(sum(cast(m.value * c.share as decimal(38, 12))) as double) as shared_total,
  count(*) as records,
  cast(sum(cast(c.share as decimal(38, 12))) as double) as shared_records
from credits as c
join works as w on w.work = c.work
join record_topics as t on t.work = c.work
join record_measures as m on m.work = c.work
group by
  c.entity, c.place_country, c.place, c.ownership, t.topic, t.definition, w.venue, w.period, m.measure, m.territory
order by
  c.entity, m.measure, t.topic, t.definition, w.venue, w.period, c.place_country, c.place, c.ownership, m.territory
