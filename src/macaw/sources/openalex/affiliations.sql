-- One row per work, author slot and affiliation: its raw string, null where only institutions are given.
select work_id(number) as work, slot, part, nullif(trim(p.raw_affiliation_string), '') as raw_name
from parts
where nullif(trim(p.raw_affiliation_string), '') is not null or len(p.institution_ids) > 0
order by number, slot, part
