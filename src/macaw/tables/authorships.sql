-- One row per published work, author slot and affiliation within the slot.
select a.work, a.slot, a.part, a.raw_name
from source_affiliations as a
join works as w on w.work = a.work
where w.is_published
order by a.work, a.slot, a.part
