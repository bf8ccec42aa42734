-- The families behind a number: one row per family chosen, applicant that is an organisation,
-- and what its name means.
-- A family whose applicants are persons, unknown or without a country stands there once, without an organisation.
with members as (
  select $entity as member
  union
  select member from group_members where group_id = $entity
),
named as (
  select
    a.work,
    a.raw_name,
    m.organisation,
    coalesce(a.country, m.country) as country,
    m.probability,
    m.evidence,
    coalesce(o.owner, m.organisation) as owner
  from chosen as h
  join works as w on w.work = h.work
  join authorships as a on a.work = h.work and a.raw_name is not null
  left join matches as m on m.raw_name = a.raw_name and m.organisation is not null
  left join owners as o
    on o.organisation = m.organisation
    and o.ownership = $ownership
    and w.period between coalesce(o.from_year, 0) and coalesce(o.to_year, 9999)
),
credited as (
  -- An organisation has its credit by its name, a country by its applicants' or their owners' seat; inventors, offices
  -- and the world have theirs whoever applied.
  select distinct n.*
  from named as n
  join chosen as h on h.work = n.work
  left join organisations as p on p.organisation = n.owner
  where
    n.owner in (select member from members)
    or $entity = 'WLD'
    or $entity like 'office:%'
    or (h.by_place = 1 and $place = 'workplace')
    or (h.by_place = 1 and $place = 'applicant' and n.country in (select member from members))
    or (h.by_place = 1 and $place = 'owner' and coalesce(p.country, n.country) in (select member from members))
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
left join credited as n on n.work = h.work
left join organisations as g on g.organisation = n.organisation
order by w.period, w.venue, w.title nulls last, h.work, n.raw_name nulls last, n.organisation nulls last
