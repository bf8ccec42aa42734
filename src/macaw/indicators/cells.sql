-- One row per entity, place of work, rule of attribution, topic, venue, period, measure and territory rule.
-- A work belongs to one venue, so these sums add up over venues: a list of venues is a sum of cells.
-- What is summed by is numbered first, in the order of the table: sums by three numbers take two thirds of what sums by ten
-- texts do, and less memory. Sums run over decimals (as in activity.sql).
with parties as (
  select *, row_number() over (order by entity, place_country, place, ownership) as party
  from (select distinct entity, place_country, place, ownership from credits)
),
described as (
  select t.work, t.topic, t.definition, w.venue, w.period
  from record_topics as t
  join works as w on w.work = t.work
),
settings as (
  select *, row_number() over (order by topic, definition, venue, period) as setting
  from (select distinct topic, definition, venue, period from described)
),
kinds as (
  select *, row_number() over (order by measure, territory) as kind
  from (select distinct measure, territory from record_measures)
),
credited as (
  select c.work, p.party, c.share
  from credits as c
  join parties as p
    on p.entity = c.entity and p.place_country = c.place_country and p.place = c.place and p.ownership = c.ownership
),
about as (
  select d.work, s.setting
  from described as d
  join settings as s
    on s.topic = d.topic and s.definition = d.definition and s.venue = d.venue and s.period = d.period
),
measured as (
  select m.work, k.kind, m.value
  from record_measures as m
  join kinds as k on k.measure = m.measure and k.territory = m.territory
),
summed as (
  select
    c.party,
    t.setting,
    m.kind,
    cast(sum(cast(m.value as decimal(38, 12))) as double) as total,
    cast(sum(cast(m.value * c.share as decimal(38, 12))) as double) as shared_total,
    count(*) as records,
    cast(sum(cast(c.share as decimal(38, 12))) as double) as shared_records
  from credited as c
  join about as t on t.work = c.work
  join measured as m on m.work = c.work
  group by c.party, t.setting, m.kind
)
select
  p.entity,
  p.place_country,
  p.place,
  p.ownership,
  s.topic,
  s.definition,
  s.venue,
  s.period,
  k.measure,
  k.territory,
  x.total,
  x.shared_total,
  x.records,
  x.shared_records
from summed as x
join parties as p on p.party = x.party
join settings as s on s.setting = x.setting
join kinds as k on k.kind = x.kind
order by x.party, x.kind, x.setting
