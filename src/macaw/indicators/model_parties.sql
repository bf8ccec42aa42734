-- One row per model and country or organisation that made it.
-- A country's share is its part of the countries listed, repeats counted: the list names one for each place of each
-- organisation. An organisation's share is its part of the organisations listed, matched or not.
with countries as (
  select record, country as entity, count(*) as mentions
  from model_parts
  where part_kind = 'country' and country is not null
  group by record, country
),
organisations_named as (
  select p.record, p.part, m.organisation as entity
  from model_parts as p
  join matches as m on m.raw_name = p.name and m.organisation is not null and not m.is_ancestor
  where p.part_kind = 'organisation'
),
meanings as (
  select record, part, count(*) as meanings from organisations_named group by record, part
),
listed as (
  select record, part_kind, count(*) as parts from model_parts group by record, part_kind
),
together as (
  select c.record, c.entity, cast(1.0 * c.mentions / l.parts as decimal(38, 12)) as share
  from countries as c
  join listed as l on l.record = c.record and l.part_kind = 'country'
  union all
  select o.record, o.entity, cast(1.0 / (l.parts * m.meanings) as decimal(38, 12)) as share
  from organisations_named as o
  join meanings as m on m.record = o.record and m.part = o.part
  join listed as l on l.record = o.record and l.part_kind = 'organisation'
)
select record, entity, round(cast(sum(share) as double), 12) as share
from together
group by record, entity
order by record, entity
