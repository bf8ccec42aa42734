-- One row per series, definition, entity (any: every one) and period that a source on people covers.
-- Nobody knows whether a list is whole, so that no record is not zero. completeness is, of petitions, the share of
-- approvals whose employer is an organisation of the registry; of authors, the share of AI papers that say who works where.
-- What counts distinct people has owners, groups and the world already and does not add up.
with shares as (
  select
    definition,
    period,
    cast(sum(case when entity is null then 0.0 else amount end) as double) / nullif(cast(sum(amount) as double), 0.0)
      as linked
  from (
    select distinct definition, period, record, amount, case when entity is null then null else 'linked' end as entity
    from evidence_people
    where series = 'h1b_approvals'
  ) as petitions
  group by definition, period
),
papers as (
  select w.period, 1.0 * sum(case when w.listing = 'per_author' then 1 else 0 end) / count(*) as told
  from works as w
  join (select distinct venue from registry_venue_lists where venues = 'ai') as l on l.venue = w.venue
  where w.is_published
  group by w.period
)
select
  e.series, e.definition, 'any' as entity, e.period, 'A' as status,
  max(s.linked) as completeness,
  e.series not in ('reported_staff', 'staff_of_parts') as adds_up,
  max(e.source) as source
from evidence_people as e
left join shares as s on e.series = 'h1b_approvals' and s.definition = e.definition and s.period = e.period
group by e.series, e.definition, e.period
union all
select
  h.series, h.definition, 'any' as entity, h.period, 'A' as status,
  case when h.series = 'research_authors' then max(p.told) end as completeness,
  false as adds_up,
  max(h.source) as source
from evidence_heads as h
left join papers as p on p.period = h.period
group by h.series, h.definition, h.period
union all
select
  m.series, m.definition, 'any' as entity, m.period, 'A' as status,
  cast(null as double) as completeness,
  false as adds_up,
  max(m.source) as source
from evidence_moves as m
group by m.series, m.definition, m.period
order by series, definition, entity, period
