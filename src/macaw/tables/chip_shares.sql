-- One row per input of chips and country that provides it: market share, and how many of its organisations are named.
-- The share is that of the sum of all shares, for they are rounded at source. It is null where the source names the country, or
-- organisations of it, without a share.
with listed as (
  select p.node, v.listed_country as country, p.market_share, 0 as suppliers
  from source_chip_provision as p
  join source_chip_providers as v on v.provider = p.provider and v.provider_kind = 'country'
  union all
  select p.node, v.listed_country as country, cast(null as double) as market_share, 1 as suppliers
  from source_chip_provision as p
  join source_chip_providers as v on v.provider = p.provider and v.provider_kind = 'organization'
),
totals as (
  select node, cast(sum(cast(market_share as decimal(38, 12))) as double) as total
  from listed
  where suppliers = 0
  group by node
)
select
  l.node,
  n.title,
  n.chip_stage,
  n.is_detailed,
  l.country,
  n.period,
  round(max(l.market_share) / nullif(max(t.total), 0.0), 12) as market_share,
  cast(sum(l.suppliers) as bigint) as suppliers,
  n.source
from listed as l
join chip_nodes as n on n.node = l.node
join registry_countries as c on c.country = l.country
left join totals as t on t.node = l.node
group by l.node, n.title, n.chip_stage, n.is_detailed, l.country, n.period, n.source
order by l.node, l.country
