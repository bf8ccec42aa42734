-- One row per series, definition, entity and period of which there is a source tree that imports any framework.
-- Of what has no tree there, nothing is known; of what has one, each framework that it does not import is zero.
with trees as (
  select distinct entity, period, source from evidence_frameworks where series = 'framework_share'
),
asked as (
  select distinct series, definition from evidence_frameworks
  union
  select 'framework_repositories' as series, definition from evidence_frameworks where series = 'framework_share'
)
select
  a.series, a.definition, t.entity, t.period, 'U' as status, cast(null as double) as completeness, false as adds_up, t.source
from asked as a
cross join trees as t
order by 1, 2, 3, 4
