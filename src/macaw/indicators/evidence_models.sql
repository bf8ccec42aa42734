-- One row per series, definition, record of a model or cluster, entity (null where none is known) and period.
-- A model counts in the year of its first release, for every country that Epoch AI lists for its organisations;
-- a cluster in each year at whose end it worked; a frontier on the last date of the year that was looked at.
with listed as (
  select 'epoch_notable' as definition, m.* from models as m where m.is_notable
  union all
  select 'epoch_large_scale' as definition, m.* from models as m where m.is_large_scale
),
years as (
  select distinct cast(substr(operational_from, 1, 4) as bigint) as period
  from clusters
  where operational_from is not null
),
last_year as (
  select max(period) as period from years
),
working as (
  -- What exists without a date is known to work at the end of the list only.
  select c.*, y.period
  from clusters as c
  cross join last_year as l
  join years as y
    on coalesce(c.operational_from, cast(l.period as varchar)) <= cast(y.period as varchar) || '-12-31'
    and (c.operational_until is null or c.operational_until > cast(y.period as varchar) || '-12-31')
),
recorded as (
  select
    case definition when 'epoch_notable' then 'notable_models' else 'large_scale_models' end as series,
    definition, record, period, title, link, source,
    1.0 as amount, cast(null as double) as low, cast(null as double) as high, 'A' as status,
    'released ' || released as detail
  from listed
  union all
  select
    'training_runs' as series, 'epoch_flop' as definition, record, period, title, link, source,
    training_flop as amount, flop_low as low, flop_high as high,
    case confidence when 'Confident' then 'A' when 'Likely' then 'E' else 'U' end as status,
    'released ' || released || ', estimate: ' || coalesce(confidence, 'not graded') as detail
  from models
  union all
  select
    'open_weights' as series, definition, record, period, title, link, source,
    case when accessibility like 'Open weights%' then 1.0 when accessibility is not null then 0.0 end as amount,
    cast(null as double) as low, cast(null as double) as high, 'A' as status,
    coalesce(accessibility, 'not said') as detail
  from listed
  union all
  select
    'gpu_clusters' as series, 'epoch_standard' as definition, record, period, title, link, source,
    h100_equivalents as amount, cast(null as double) as low, cast(null as double) as high,
    case certainty when 'Confirmed' then 'A' else 'E' end as status,
    'since ' || coalesce(operational_from, 'unknown') || ', chips: ' || coalesce(supplier, 'not said') as detail
  from working
  where is_standard
  union all
  select
    'gpu_clusters' as series, 'epoch_existing' as definition, record, period, title, link, source,
    h100_equivalents as amount, cast(null as double) as low, cast(null as double) as high,
    case certainty when 'Confirmed' then 'A' else 'E' end as status,
    'since ' || coalesce(operational_from, 'unknown') || ', chips: ' || coalesce(supplier, 'not said') as detail
  from working
  where is_counted
),
ranked as (
  select f.*, max(f.measured) over (partition by f.definition, f.period) as last_measured from frontiers as f
),
behind as (
  select
    case when measure = 'gap' then 'frontier_gap' else 'frontier_lag' end as series,
    case measure
      when 'gap' then definition
      when 'lag_by_level' then definition || '_by_level'
      else definition || '_by_rate'
    end as definition,
    'frontier:' || definition || ':' || measured as record,
    period,
    'Frontier on ' || measured as title,
    cast(null as varchar) as link,
    case definition when 'arena' then 'lmarena' else 'epoch' end as source,
    value as amount, low, high,
    -- A frontier is a maximum: of a handful of models it says little.
    case when n < 5 then 'U' else 'A' end as status,
    detail || '; ' || cast(n as varchar) || ' models known' as detail,
    entity,
    1.0 as share
  from ranked
  where measured = last_measured and measure in ('gap', 'lag_by_level', 'lag_by_rate')
),
depending as (
  select
    case d.part_kind when 'base' then 'foreign_base' else 'foreign_hardware' end as series,
    l.definition, l.record, l.period, l.title, l.link, l.source, d.entity, d.share,
    d.amount, d.detail
  from model_dependence as d
  join listed as l on l.record = d.record
),
together as (
  select s.*, p.entity, p.share
  from recorded as s
  left join record_parties as p on p.record = s.record
  union all
  select
    series, definition, record, period, title, link, source,
    amount, cast(null as double) as low, cast(null as double) as high, 'A' as status, detail, entity, share
  from depending
  union all
  select
    series, definition, record, period, title, link, source, amount, low, high, status, detail, entity, share
  from behind
)
select series, record, entity, period, definition, amount, share, low, high, status, source, title, link, detail
from together
order by series, definition, record, entity, period
