-- One row per model, country, group or world behind it, and kind of part: was it trained from or on something foreign?
-- amount is 1 if any base model (chip) named has countries none of which is the entity's own, 0 if all have one that is,
-- null if none is named or the countries of one are unknown and no other is foreign. The world's own countries are the
-- model's.
with located as (
  select p.record, p.entity as country, p.share
  from record_parties as p
  join registry_countries as c on c.country = p.entity
),
holders as (
  select record, country as entity, cast(share as decimal(38, 12)) as share from located
  union all
  select l.record, g.group_id as entity, sum(cast(l.share as decimal(38, 12))) as share
  from located as l
  join group_members as g on g.member = l.country
  group by l.record, g.group_id
  union all
  select distinct record, 'WLD' as entity, cast(1 as decimal(38, 12)) as share from located
),
own as (
  select record, country as entity, country from located
  union
  select l.record, g.group_id as entity, m.member as country
  from located as l
  join group_members as g on g.member = l.country
  join group_members as m on m.group_id = g.group_id
  union
  select record, 'WLD' as entity, country from located
),
judged as (
  select
    h.record, h.entity, s.part_kind, s.part, s.name,
    case when count(o.country) > 0 then 0 when count(s.country) > 0 then 1 end as is_foreign
  from holders as h
  join model_suppliers as s on s.record = h.record
  left join own as o on o.record = h.record and o.entity = h.entity and o.country = s.country
  group by h.record, h.entity, s.part_kind, s.part, s.name
),
kinds as (
  select 'base' as part_kind union all select 'hardware'
)
select
  h.record,
  h.entity,
  k.part_kind,
  round(least(cast(max(h.share) as double), 1.0), 12) as share,
  case
    when max(j.is_foreign) = 1 then 1.0
    when count(j.part) > 0 and count(j.is_foreign) = count(j.part) then 0.0
  end as amount,
  case
    when count(j.part) = 0 then 'none named'
    when count(j.part) = 1 then min(j.name)
    else min(j.name) || ' and ' || cast(count(j.part) - 1 as varchar) || ' more'
  end as detail
from holders as h
cross join kinds as k
left join judged as j on j.record = h.record and j.entity = h.entity and j.part_kind = k.part_kind
group by h.record, h.entity, k.part_kind
order by h.record, h.entity, k.part_kind
