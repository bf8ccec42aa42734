-- One row per series, definition, entity and period of which the user's folder holds a source tree.
-- Of what has no tree there, nothing is known.
with trees as (
  select distinct entity, period, source from evidence_frameworks where series = 'framework_share'
)
select distinct
  s.series, s.definition, t.entity, t.period, 'U' as status, cast(null as double) as completeness, false as adds_up, t.source
from (select distinct series, definition from evidence_frameworks) as s
cross join trees as t
order by 1, 2, 3, 4
