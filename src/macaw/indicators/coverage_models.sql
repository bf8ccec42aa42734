-- One row per series, definition, entity (any: every one) and period that a source on models and computing covers.
-- Epoch AI's lists mean every country, so that a country without a model in a year has 0; the last year is still being
-- added to. completeness is the share of records with a known country.
with series as (
  select distinct series, definition from evidence_models
),
recorded as (
  select
    e.series,
    e.definition,
    e.period,
    e.record,
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
  true as adds_up,
  'epoch' as source
from series as s
join recorded as r on r.series = s.series and r.definition = s.definition
group by s.series, s.definition, r.period
order by s.series, s.definition, r.period
