-- One row per patent family and office that published a document of it.
select distinct m.family as work, d.office
from patents as d
join patent_members as m on m.document = d.document
order by work, office
