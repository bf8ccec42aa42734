-- One row per model, base model or chip that it was trained from or on, and country behind that (null: not known).
-- A base model's countries are those Epoch AI lists for it; a chip's is the country of its maker, who may be named in
-- the chip's own name where the list of hardware lacks it.
with chips as (
  select distinct p.name, coalesce(h.manufacturer, p.name) as maker
  from record_parts as p
  left join source_hardware as h on h.title = p.name
  where p.part_kind = 'hardware'
),
together as (
  select p.record, p.part_kind, p.part, p.name, c.country
  from record_parts as p
  left join models as b on b.title = p.name
  left join record_parts as c on c.record = b.record and c.part_kind = 'country'
  where p.part_kind = 'base'
  union all
  select p.record, p.part_kind, p.part, p.name, o.country
  from record_parts as p
  join chips as h on h.name = p.name
  left join matches as m on m.raw_name = h.maker and not m.is_ancestor
  left join organisations as o on o.organisation = m.organisation
  where p.part_kind = 'hardware'
)
select distinct record, part_kind, part, name, country
from together
order by record, part_kind, part, country
