-- One row per published work, author slot and affiliation within the slot.
with listed as (
  select * from source_affiliations
  union all
  select * from source_openalex_affiliations
)
select a.work, a.slot, a.part, a.raw_name
from listed as a
join works as w on w.work = a.work
where w.is_published
order by a.work, a.slot, a.part
