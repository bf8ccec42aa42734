-- One row per counted patent family, organisation (or place only), its seat and place of work.
-- A family's credit is shared equally by its applicants, an applicant's by the organisations the name means; each part is
-- placed where the inventors are, by their shares. Families without known applicants or inventors keep their credit,
-- with no organisation or place.
with applicants as (
  select work, count(*) as slots from patent_applicants group by work
),
named as (
  select a.work, a.slot, m.organisation, m.is_ancestor, coalesce(a.country, m.country) as seat_country, m.probability
  from patent_applicants as a
  left join matches as m on m.raw_name = a.raw_name and m.organisation is not null
),
parts as (
  select work, slot, count(*) as named, sum(case when is_ancestor then 0 else 1 end) as sharers
  from named
  group by work, slot
),
shared as (
  select
    n.work,
    n.organisation,
    coalesce(n.is_ancestor, false) and p.sharers > 0 as is_ancestor,
    n.seat_country,
    1.0 / (s.slots * case when p.sharers > 0 then p.sharers else p.named end) as share,
    n.probability
  from named as n
  join parts as p on p.work = n.work and p.slot = n.slot
  join applicants as s on s.work = n.work
)
select
  f.work,
  'patent' as activity_kind,
  f.period,
  f.venue,
  s.organisation,
  i.country,
  coalesce(s.is_ancestor, false) as is_ancestor,
  round(cast(sum(cast(coalesce(s.share, 1.0) * coalesce(i.share, 1.0) as decimal(38, 18))) as double), 12) as share,
  max(s.probability) as probability,
  s.seat_country
from patent_families as f
left join shared as s on s.work = f.work
left join patent_inventors as i on i.work = f.work
where f.is_collected and f.period is not null
group by f.work, f.period, f.venue, s.organisation, i.country, coalesce(s.is_ancestor, false), s.seat_country
order by f.work, s.organisation nulls last, i.country nulls last, is_ancestor, s.seat_country nulls last
