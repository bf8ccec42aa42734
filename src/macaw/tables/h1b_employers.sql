-- One row per employer's name and fiscal year: its petitions in all places together. Names differ in case only.
select
  'h1b:' || cast(period as varchar) || ':' || coalesce(upper(raw_name), '') as petitions,
  max(source) as source,
  upper(raw_name) as raw_name,
  period,
  cast(sum(initial_approvals) as bigint) as initial_approvals,
  cast(sum(initial_denials) as bigint) as initial_denials,
  cast(sum(continuing_approvals) as bigint) as continuing_approvals,
  cast(sum(continuing_denials) as bigint) as continuing_denials,
  count(*) as places
from source_h1b
group by upper(raw_name), period
order by petitions
