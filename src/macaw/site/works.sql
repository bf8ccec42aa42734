-- Every paper, or patent family, behind the numbers of companies and countries, with the organisations that gave the
-- credit and why.
-- One row per entity and work; as records.sql gives them for one number, here for all at once.
with scope as (
  select entity from entities where kind in ('company', 'country')
),
measured as (
  select
    work,
    map_from_entries(list((measure, value))) as by_name
  from record_measures
  where territory in ('any', 'mainland')
  group by work
),
topics as (
  select work, list(topic order by topic) as topics from record_topics where definition = $definition group by work
),
chosen as (
  select c.entity, c.work, sum(c.share) as share
  from credits as c
  join scope using (entity)
  where c.place_country = '' and c.place in ('any', $place) and c.ownership in ('any', 'as_is')
  group by c.entity, c.work
),
located as (
  select a.work, a.raw_name, m.organisation, m.country, m.probability, m.evidence
  from authorships as a
  join matches as m on m.raw_name = a.raw_name
  left join affiliation_links as l on l.work = a.work and l.slot = a.slot and l.part = a.part
  where m.country is not null and l.work is null
  union all
  select l.work, a.raw_name, l.organisation, l.country, cast(null as double) as probability, l.evidence
  from affiliation_links as l
  join authorships as a on a.work = l.work and a.slot = l.slot and a.part = l.part
),
named as (
  select
    m.work,
    m.organisation,
    m.country,
    coalesce(o.owner, m.organisation) as owner,
    max(m.probability) as probability,
    coalesce(arg_max(m.evidence, m.probability), min(m.evidence)) as evidence
  from located as m
  join works as w on w.work = m.work
  left join owners as o
    on o.organisation = m.organisation
    and o.ownership = 'as_is'
    and w.period between coalesce(o.from_year, 0) and coalesce(o.to_year, 9999)
  group by m.work, m.organisation, m.country, coalesce(o.owner, m.organisation)
),
credited as (
  select work, owner as entity, organisation, country, probability, evidence from named
  union all
  select work, country as entity, organisation, country, probability, evidence from named
),
found as (
  select
    c.entity,
    c.work,
    list(
      struct_pack(
        organisation := d.organisation, country := d.country, probability := d.probability, evidence := d.evidence
      )
      order by d.probability desc, d.organisation, d.country
    ) as organisations
  from chosen as c
  join credited as d on d.work = c.work and d.entity = c.entity
  group by c.entity, c.work
)
select
  c.entity,
  w.period,
  c.work,
  w.title,
  w.venue,
  w.link,
  c.share,
  [m.by_name[x] for x in $measures] as measures,
  t.topics,
  f.organisations
from chosen as c
join works as w on w.work = c.work
join measured as m on m.work = c.work
join topics as t on t.work = c.work
left join found as f on f.entity = c.entity and f.work = c.work
order by c.entity, w.period, w.venue, w.title, c.work
