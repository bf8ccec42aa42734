-- One row per series, definition, entity, rule of ownership and period: how many distinct people, with bounds.
-- As people do not add up over organisations, owners, groups and the world are counted here, each anew. amount counts
-- heads, low what surely are different people, high what may be. No person is a record: a record is a count.
with owned as (
  select h.*, coalesce(o.ownership, 'any') as ownership, coalesce(o.owner, h.entity) as owner
  from heads as h
  left join owners as o
    on o.organisation = h.entity and h.period between coalesce(o.from_year, 0) and coalesce(o.to_year, 9999)
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
spread as (
  select
    series, definition, owner as entity, ownership, period, head, low_head, is_counted_head, is_ambiguous, parts, status, source
  from owned
  union all
  select
    o.series, o.definition, m.group_id as entity, r.ownership, o.period, o.head, o.low_head, o.is_counted_head, o.is_ambiguous,
    o.parts, o.status, o.source
  from owned as o
  join group_members as m on m.member = o.owner
  join rules as r on r.kind = m.kind and (o.ownership = r.ownership or o.ownership = 'any')
),
people as (
  select
    series, definition, entity, ownership, period, head,
    max(low_head) as low_head,
    max(is_counted_head) as is_counted_head,
    case when max(case when is_ambiguous then 1 else 0 end) = 1 then sum(parts) else max(parts) end as parts,
    max(status) as status,
    max(source) as source
  from spread
  group by series, definition, entity, ownership, period, head
)
select
  series,
  series || ':' || entity || ':' || ownership || ':' || cast(period as varchar) as record,
  entity,
  period,
  definition,
  ownership,
  cast(sum(is_counted_head) as double) as amount,
  1.0 as share,
  cast(count(distinct low_head) as double) as low,
  cast(sum(parts) as double) as high,
  max(status) as status,
  max(source) as source,
  'Count of people' as title,
  cast(null as varchar) as link,
  cast(count(*) as varchar) || ' looked at' as detail
from people
group by series, definition, entity, ownership, period
order by series, definition, entity, ownership, period
