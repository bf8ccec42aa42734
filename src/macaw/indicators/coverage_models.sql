-- One row per series, definition, entity (any: every one) and period that a source on models and computing covers.
-- Epoch AI's lists mean every country, so that a country without a model in a year has 0; the last year is still being
-- added to. The leader of a frontier cannot be behind it (M). completeness is the share of records with a known country. What is foreign to a country may be at home in
-- a group of countries, so that evidence of it has groups and the world already and does not add up.
with series as (
  select distinct series, definition from evidence_models
),
recorded as (
  select
    e.series,
    e.definition,
    e.period,
    e.record,
    max(e.source) as source,
    max(case when c.country is null then 0 else 1 end) as located
  from evidence_models as e
  left join registry_countries as c on c.country = e.entity
  group by e.series, e.definition, e.period, e.record
)
select
  s.series,
  s.definition,
  'any' as entity,
  r.period,
  case when r.period = max(r.period) over (partition by s.series, s.definition) then 'P' else 'A' end as status,
  1.0 * sum(r.located) / count(*) as completeness,
  s.series not in ('foreign_base', 'foreign_hardware', 'frontier_gap', 'frontier_lag') as adds_up,
  max(r.source) as source
from series as s
join recorded as r on r.series = s.series and r.definition = s.definition
group by s.series, s.definition, r.period
union all
select
  s.series,
  s.definition,
  f.leader as entity,
  r.period,
  'M' as status,
  1.0 as completeness,
  false as adds_up,
  max(r.source) as source
from series as s
join recorded as r on r.series = s.series and r.definition = s.definition
cross join (select distinct leader from frontiers) as f
where s.series in ('frontier_gap', 'frontier_lag')
group by s.series, s.definition, f.leader, r.period
order by series, definition, entity, period
