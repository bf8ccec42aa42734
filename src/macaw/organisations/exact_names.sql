-- One row per name, in small letters, that means one organisation only; acronyms are none.
select lower(name) as label, min(organisation) as organisation
from organisation_names
where match_rule <> 'acronym'
group by lower(name)
having count(distinct organisation) = 1
order by label
