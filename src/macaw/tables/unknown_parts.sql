-- Base models and chips that no list tells of, and models that are older than their base: noted.
with parts as (
  select m.source, m.file, m.position, m.record, p.part_kind, p.name
  from source_models as m
  join source_record_parts as p on p.record = m.record and p.model_list = m.model_list
)
select distinct
  p.source, p.file, p.position, 'noted' as action,
  'base model is in no list of models: its country is unknown' as reason,
  p.name as offending_value
from parts as p
left join models as b on b.title = p.name
where p.part_kind = 'base' and b.record is null
union all
select distinct
  p.source, p.file, p.position, 'noted' as action,
  'chip is not in the list of hardware: its maker is known only if its name tells' as reason,
  p.name as offending_value
from parts as p
left join source_hardware as h on h.title = p.name
where p.part_kind = 'hardware' and h.title is null
union all
select distinct
  p.source, p.file, p.position, 'noted' as action,
  'model is dated before its base model: one of the two days is wrong' as reason,
  m.title || ' ' || m.released || ' < ' || b.title || ' ' || b.released as offending_value
from parts as p
join models as b on b.title = p.name
join models as m on m.record = p.record
where p.part_kind = 'base' and m.released < b.released
order by 1, 2, 3, 5, 6
