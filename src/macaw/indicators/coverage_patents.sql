-- One row per series, definition, entity (any: every one) and year that a collection of grants covers.
-- The year in which a collection ends is provisional, with the share of it that had passed; so is the first.
with spans as (
  select
    c.source,
    case when c.scope_of = 'all' then 'any' else replace(c.scope_of, 'applicant:', '') end as entity,
    cast(substr(c.published_from, 1, 4) as bigint) as first_year,
    cast(substr(c.published_until, 1, 4) as bigint) as last_year,
    (cast(substr(c.published_until, 6, 2) as bigint) - 1 + cast(substr(c.published_until, 9, 2) as bigint) / 31.0) / 12.0
      as last_share
  from patent_collections as c
  where c.scope_of = 'all' or c.scope_of like 'applicant:%'
),
years as (
  select distinct cast(substr(published, 1, 4) as bigint) as period from patents where published is not null
),
series as (
  select 'patent_grants' as series, 'all' as definition
  union all
  select distinct 'ai_patent_grants' as series, definition from patent_topics where topic = 'all'
  union all
  select distinct 'ai_patent_grants_share' as series, definition from patent_topics where topic = 'all'
),
covered as (
  select
    t.series, t.definition, s.entity, y.period, s.source,
    max(case when y.period = s.last_year then s.last_share else 1.0 end) as filled
  from spans as s
  join years as y on y.period between s.first_year and s.last_year
  cross join series as t
  group by t.series, t.definition, s.entity, y.period, s.source
)
select
  series,
  definition,
  entity,
  period,
  case when max(filled) >= 0.95 then 'A' else 'P' end as status,
  round(cast(max(filled) as double), 12) as completeness,
  entity = 'any' as adds_up,
  min(source) as source
from covered
group by series, definition, entity, period
order by series, definition, entity, period
