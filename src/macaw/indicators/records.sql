-- The records behind a number: one row per work chosen, raw name and organisation that gave
-- the entity its credit.
with members as (
  select $entity as member
  union
  select member from group_members where group_id = $entity
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
    m.raw_name,
    m.organisation,
    m.country,
    m.probability,
    m.evidence,
    coalesce(o.owner, m.organisation) as owner,
    count(*) as mentions
  from chosen as h
  join works as w on w.work = h.work
  join located as m on m.work = h.work
  left join owners as o
    on o.organisation = m.organisation
    and o.ownership = $ownership
    and w.period between coalesce(o.from_year, 0) and coalesce(o.to_year, 9999)
  group by
    m.work, m.raw_name, m.organisation, m.country, m.probability, m.evidence, coalesce(o.owner, m.organisation)
)
select
  h.work,
  w.title,
  w.venue,
  w.period,
  w.link,
  h.value,
  h.share,
  n.raw_name,
  n.organisation,
  g.name,
  n.owner,
  n.country,
  n.probability,
  n.evidence
from chosen as h
join works as w on w.work = h.work
join named as n on n.work = h.work
left join organisations as g on g.organisation = n.organisation
left join organisations as p on p.organisation = n.owner
where
  $entity = 'WLD'
  or n.owner in (select member from members)
  or ($place = 'workplace' and n.country in (select member from members))
  or ($place = 'owner' and coalesce(p.country, n.country) in (select member from members))
order by w.period, w.venue, w.title, h.work, n.raw_name, n.organisation
