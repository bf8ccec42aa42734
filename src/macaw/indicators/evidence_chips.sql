-- One row per series, definition, input of chips, country, group, company or the world, and the year of the edition.
-- All inputs stand in the year of the newest share, for the list tells one state; detail says of which year a share is.
-- A country that the list names anywhere has a row for each counted input, with share 0 where it is not named.
with edition as (
  select max(period) as period from chip_nodes where is_detailed
),
definitions as (
  select 'eto' as definition, 'S1' as chip_stage
  union all
  select 'eto' as definition, 'S2' as chip_stage
  union all
  select 'eto' as definition, 'S3' as chip_stage
  union all
  select 'eto_design' as definition, 'S1' as chip_stage
  union all
  select 'eto_fabrication' as definition, 'S2' as chip_stage
  union all
  select 'eto_packaging' as definition, 'S3' as chip_stage
),
counted as (
  select d.definition, e.period as edition, n.*
  from chip_nodes as n
  join definitions as d on d.chip_stage = n.chip_stage
  cross join edition as e
  where n.is_detailed
),
listed as (
  select distinct country as entity from chip_shares
),
-- Countries, and groups of them that have a listed member.
places as (
  select entity, entity as country from listed
  union all
  select m.group_id as entity, m.member as country from group_members as m where m.member in (select entity from listed)
),
held as (
  select
    c.definition, c.edition, c.node, c.title, c.period, c.source, p.entity,
    cast(sum(cast(coalesce(s.market_share, 0.0) as decimal(38, 12))) as double) as market_share,
    sum(coalesce(s.suppliers, 0)) as suppliers,
    count(s.country) as countries
  from counted as c
  cross join places as p
  left join chip_shares as s on s.node = c.node and s.country = p.country
  group by c.definition, c.edition, c.node, c.title, c.period, c.source, p.entity
),
designers as (
  -- Whose chips others make: the data say what goes into a stage, not from whom a company buys.
  select m.organisation as entity, min(v.listed_country) as country
  from source_chip_provision as p
  join chip_nodes as n on n.node = p.node and n.node_kind = 'design_resource'
  join source_chip_providers as v on v.provider = p.provider and v.provider_kind = 'organization'
  join matches as m on m.raw_name = v.raw_name and m.organisation is not null and not m.is_ancestor
  group by m.organisation
),
together as (
  select
    'chip_supply' as series, definition, node, entity, edition, market_share as amount, source, title,
    'share of ' || period || '; organisations named: ' || suppliers as detail
  from held
  union all
  select
    'chip_no_supplier' as series, definition, node, entity, edition, 1.0 as amount, source, title,
    'no provider named' as detail
  from held
  where countries = 0
  union all
  select
    'chip_single_supplier' as series, definition, node, entity, edition, 1.0 as amount, source, title,
    'one organisation named; share of the country ' || round(100.0 * market_share, 1) || ' %' as detail
  from held
  where suppliers = 1
  union all
  select
    'chip_single_supplier' as series, definition, node, 'WLD' as entity, edition, 1.0 as amount, source, title,
    'one organisation named in the world' as detail
  from counted
  where suppliers = 1
  union all
  select
    'chip_concentration' as series, definition, node, 'WLD' as entity, edition, countries_hhi as amount, source, title,
    'of countries; index over organisations named: ' || coalesce(cast(round(suppliers_hhi, 3) as varchar), 'not known')
      as detail
  from counted
  union all
  select
    'chip_exposure' as series, c.definition, c.node, d.entity, c.edition,
    1.0 - coalesce(max(s.market_share), 0.0) as amount, c.source, c.title,
    'share of ' || c.period || ' from outside ' || d.country as detail
  from counted as c
  cross join designers as d
  left join chip_shares as s on s.node = c.node and s.country = d.country
  where c.node_kind <> 'design_resource'
  group by c.definition, c.node, d.entity, c.edition, c.source, c.title, c.period, d.country
)
select
  series, source || ':' || node as record, entity, edition as period, definition, amount, 1.0 as share,
  cast(null as double) as low, cast(null as double) as high, 'A' as status, source, title,
  cast(null as varchar) as link, detail
from together
order by series, definition, record, entity
