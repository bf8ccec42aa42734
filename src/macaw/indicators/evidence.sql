-- One row per series, definition, record, entity and period: all domains' evidence, with groups and the world.
-- Where records add up over countries, a group has each record of its members once, with the sum of their shares,
-- and the world each record once, also one without an entity.
with given as (
  select * from evidence_models
  union all
  select * from evidence_money
  union all
  select * from evidence_languages
),
adding as (
  select g.*
  from given as g
  join evidence_coverage as c
    on c.series = g.series and c.definition = g.definition and c.period = g.period and c.entity = 'any' and c.adds_up
),
together as (
  select * from given where entity is not null
  union all
  select
    a.series, a.record, m.group_id as entity, a.period, a.definition, max(a.amount) as amount, sum(a.share) as share,
    max(a.low) as low, max(a.high) as high, max(a.status) as status,
    a.source, a.title, a.link, max(a.detail) as detail
  from adding as a
  join group_members as m on m.member = a.entity
  group by a.series, a.record, m.group_id, a.period, a.definition, a.source, a.title, a.link
  union all
  select
    series, record, 'WLD' as entity, period, definition, max(amount) as amount, 1.0 as share,
    max(low) as low, max(high) as high, max(status) as status, source, title, link, max(detail) as detail
  from adding
  group by series, record, period, definition, source, title, link
)
select
  series, record, entity, period, definition, amount,
  round(least(share, 1.0), 12) as share,
  low, high, status, source, title, link, detail
from together
order by series, definition, entity, period, record
