-- One row per input of chips: its stage, whether it is counted, and how concentrated its market is.
-- An input has the stage of the nearest processes it goes into, or of what it is a type of; where these are several, the
-- first. It is counted if its shares by country are known and no input that is a type of it has shares of its own, so
-- that nothing is counted twice. Shares are rounded at source, some up to 1 %: they are taken of their sum.
with step as (
  select node, target from source_chip_sequence
),
direct as (
  select node, chip_stage from source_chip_inputs where chip_stage is not null
),
-- A tool goes into a process or is a type of one that does: three steps reach every process there is.
one as (
  select s.node, min(d.chip_stage) as chip_stage from step as s join direct as d on d.node = s.target group by s.node
),
two as (
  select s.node, min(o.chip_stage) as chip_stage from step as s join one as o on o.node = s.target group by s.node
),
three as (
  select s.node, min(t.chip_stage) as chip_stage from step as s join two as t on t.node = s.target group by s.node
),
four as (
  select s.node, min(t.chip_stage) as chip_stage from step as s join three as t on t.node = s.target group by s.node
),
shares as (
  select
    p.node, v.provider_kind, max(p.period) as period,
    sum(cast(p.market_share as decimal(38, 12))) as total,
    sum(cast(p.market_share * p.market_share as decimal(38, 12))) as squares
  from source_chip_provision as p
  join source_chip_providers as v on v.provider = p.provider
  where p.market_share is not null
  group by p.node, v.provider_kind
),
detailed as (
  select distinct s.target as node
  from source_chip_sequence as s
  join shares as h on h.node = s.node and h.provider_kind = 'country'
  where s.chip_relation = 'is_type_of'
),
named as (
  select p.node, count(*) as suppliers
  from source_chip_provision as p
  join source_chip_providers as v on v.provider = p.provider and v.provider_kind = 'organization'
  group by p.node
)
select
  i.node,
  i.title,
  i.node_kind,
  coalesce(d.chip_stage, o.chip_stage, t.chip_stage, h.chip_stage, f.chip_stage) as chip_stage,
  coalesce(c.period, p.period) as period,
  c.node is not null and x.node is null as is_detailed,
  round(cast(c.squares as double) / nullif(cast(c.total as double) * cast(c.total as double), 0.0), 12) as countries_hhi,
  round(cast(p.squares as double) / nullif(cast(p.total as double) * cast(p.total as double), 0.0), 12) as suppliers_hhi,
  coalesce(n.suppliers, 0) as suppliers,
  i.source
from source_chip_inputs as i
left join direct as d on d.node = i.node
left join one as o on o.node = i.node
left join two as t on t.node = i.node
left join three as h on h.node = i.node
left join four as f on f.node = i.node
left join shares as c on c.node = i.node and c.provider_kind = 'country'
left join shares as p on p.node = i.node and p.provider_kind = 'organization'
left join detailed as x on x.node = i.node
left join named as n on n.node = i.node
order by i.node
