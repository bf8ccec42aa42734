-- One row per series, definition, record, entity, rule of ownership and period: all domains' evidence, with owners,
-- groups and the world. `any` stands where the rule makes no difference.
-- An owner has each record of those it owns once, with the sum of their shares. Where records add up over countries, so
-- has a group each record of its members, and the world each record once, also one without an entity. Counts of distinct
-- people do not add up: they come with owners, groups and the world.
with given as (
  select * from evidence_models
  union all
  select * from evidence_money
  union all
  select * from evidence_languages
  union all
  select * from evidence_patents
  union all
  select * from evidence_people
  union all
  select * from evidence_chips
  union all
  select * from evidence_frameworks
),
owned as (
  select g.*, coalesce(o.ownership, 'any') as ownership, coalesce(o.owner, g.entity) as owner
  from given as g
  left join owners as o
    on o.organisation = g.entity and g.period between coalesce(o.from_year, 0) and coalesce(o.to_year, 9999)
),
adding as (
  select o.*
  from owned as o
  join evidence_coverage as c
    on c.series = o.series and c.definition = o.definition and c.period = o.period and c.entity = 'any' and c.adds_up
),
rules as (
  select 'none' as ownership, 'company' as kind
  union all
  select 'as_was' as ownership, 'company' as kind
  union all
  select 'as_is' as ownership, 'company' as kind
  union all
  select 'any' as ownership, 'country' as kind
),
grouped as (
  select
    a.series, a.record, a.entity, m.group_id, a.period, a.definition, r.ownership, a.amount, a.share, a.low, a.high,
    a.status, a.source, a.title, a.link, a.detail
  from adding as a
  join group_members as m on m.member = a.owner
  join rules as r on r.kind = m.kind and (a.ownership = r.ownership or a.ownership = 'any')
),
credited as (
  select
    series, record, owner as entity, period, definition, ownership, amount, share, low, high, status, source, title, link,
    detail
  from owned
  where entity is not null
  union all
  select
    series, record, group_id as entity, period, definition, ownership, amount, share, low, high, status, source, title,
    link, detail
  from grouped
),
together as (
  -- Decimals, so that sums do not depend on the order of rows.
  select
    series, record, entity, period, definition, ownership, max(amount) as amount,
    cast(sum(cast(share as decimal(38, 12))) as double) as share,
    max(low) as low, max(high) as high, max(status) as status, source, title, link, max(detail) as detail
  from credited
  group by series, record, entity, period, definition, ownership, source, title, link
  union all
  select
    series, record, 'WLD' as entity, period, definition, 'any' as ownership, max(amount) as amount, 1.0 as share,
    max(low) as low, max(high) as high, max(status) as status, source, title, link, max(detail) as detail
  from adding
  group by series, record, period, definition, source, title, link
  union all
  select
    series, record, entity, period, definition, ownership, amount, share, low, high, status, source, title, link, detail
  from evidence_heads
  union all
  select
    series, record, entity, period, definition, ownership, amount, share, low, high, status, source, title, link, detail
  from evidence_moves
)
select
  series, record, entity, period, definition, ownership, amount,
  round(least(share, 1.0), 12) as share,
  low, high, status, source, title, link, detail
from together
order by series, definition, entity, ownership, period, record
