-- One row per AI model that any list of Epoch AI holds.
-- The lists say the same of a model; where one is silent, the next is heard: notable, large-scale, frontier.
with listed as (
  select distinct record from source_models
)
select
  m.record,
  coalesce(n.source, l.source, f.source) as source,
  coalesce(n.title, l.title, f.title) as title,
  cast(substr(coalesce(n.released, l.released, f.released), 1, 4) as bigint) as period,
  coalesce(n.released, l.released, f.released) as released,
  n.record is not null as is_notable,
  l.record is not null as is_large_scale,
  f.record is not null as is_frontier,
  coalesce(n.training_flop, l.training_flop, f.training_flop) as training_flop,
  coalesce(n.flop_low, l.flop_low, f.flop_low) as flop_low,
  coalesce(n.flop_high, l.flop_high, f.flop_high) as flop_high,
  coalesce(n.confidence, l.confidence, f.confidence) as confidence,
  coalesce(n.accessibility, l.accessibility, f.accessibility) as accessibility,
  coalesce(n.link, l.link, f.link) as link
from listed as m
left join source_models as n on n.record = m.record and n.model_list = 'notable'
left join source_models as l on l.record = m.record and l.model_list = 'large_scale'
left join source_models as f on f.record = m.record and f.model_list = 'frontier'
order by m.record
