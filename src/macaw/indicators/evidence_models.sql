-- One row per series, definition, record of a model or cluster, entity (null where none is known) and period.
-- A model counts in the year of its first release, for every country that Epoch AI lists for its organisations.
with listed as (
  select 'epoch_notable' as definition, record from models where is_notable
  union all
  select 'epoch_large_scale' as definition, record from models where is_large_scale
),
said as (
  select
    case l.definition when 'epoch_notable' then 'notable_models' else 'large_scale_models' end as series,
    l.definition,
    l.record,
    1.0 as amount,
    cast(null as double) as low,
    cast(null as double) as high,
    'A' as status,
    'released ' || m.released as detail
  from listed as l
  join models as m on m.record = l.record
  union all
  select
    'training_runs' as series,
    'epoch_flop' as definition,
    record,
    training_flop as amount,
    flop_low as low,
    flop_high as high,
    case confidence when 'Confident' then 'A' when 'Likely' then 'E' else 'U' end as status,
    'released ' || released || ', estimate: ' || coalesce(confidence, 'not graded') as detail
  from models
  union all
  select
    'open_weights' as series,
    l.definition,
    l.record,
    case when m.accessibility like 'Open weights%' then 1.0 when m.accessibility is not null then 0.0 end as amount,
    cast(null as double) as low,
    cast(null as double) as high,
    'A' as status,
    coalesce(m.accessibility, 'not said') as detail
  from listed as l
  join models as m on m.record = l.record
)
select
  s.series,
  s.record,
  p.entity,
  m.period,
  s.definition,
  s.amount,
  p.share,
  s.low,
  s.high,
  s.status,
  m.source,
  m.title,
  m.link,
  s.detail
from said as s
join models as m on m.record = s.record
left join model_parties as p on p.record = s.record
order by s.series, s.definition, s.record, p.entity
