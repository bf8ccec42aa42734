-- One row per published work, organisation (or place only) and place of work.
-- A work's credit is shared equally by its author slots with a located affiliation, a slot's by its
-- located affiliations, an affiliation's by the organisations it names; an organisation above another
-- one named in the same string takes no part in the sharing and is marked, unless nobody else is left.
with linked as (
  select distinct work, slot, part from affiliation_links
),
named as (
  select a.work, a.slot, a.part, m.organisation, m.country, m.is_ancestor, m.probability
  from authorships as a
  join matches as m on m.raw_name = a.raw_name
  left join linked as l on l.work = a.work and l.slot = a.slot and l.part = a.part
  where m.country is not null and l.work is null
  union all
  -- What the source ties to a string that names no organisation has no probability of ours.
  select work, slot, part, organisation, country, is_ancestor, cast(null as double) as probability
  from affiliation_links
),
parts as (
  select work, slot, part, count(*) as named, sum(case when is_ancestor then 0 else 1 end) as sharers
  from named
  group by work, slot, part
),
slots as (
  select work, slot, count(*) as parts from parts group by work, slot
),
shared as (
  select work, count(*) as slots from slots group by work
)
select
  n.work,
  'paper' as activity_kind,
  w.period,
  w.venue,
  n.organisation,
  n.country,
  n.is_ancestor and p.sharers > 0 as is_ancestor,
  -- Sums run over decimals: their result does not depend on the order of rows, that of doubles does.
  round(cast(sum(cast(
    1.0 / (h.slots * s.parts * case when p.sharers > 0 then p.sharers else p.named end) as decimal(38, 18)
  )) as double), 12) as share,
  max(n.probability) as probability,
  n.country as seat_country
from named as n
join parts as p on p.work = n.work and p.slot = n.slot and p.part = n.part
join slots as s on s.work = n.work and s.slot = n.slot
join shared as h on h.work = n.work
join works as w on w.work = n.work
group by n.work, w.period, w.venue, n.organisation, n.country, n.is_ancestor and p.sharers > 0
order by n.work, n.organisation nulls last, n.country, is_ancestor
