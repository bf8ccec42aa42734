-- One row per patent family and work at hand that a document of it cites, found by its DOI.
with cited as (
  select distinct m.family as work, 'https://doi.org/' || p.name as link
  from patent_parts as p
  join patent_members as m on m.document = p.document
  where p.part_kind = 'literature' and p.name is not null
),
known as (
  -- A work may be listed twice.
  select c.link, min(w.work) as cited_work
  from (select distinct link from cited) as c
  join works as w on lower(w.link) = c.link
  group by c.link
)
select c.work, k.cited_work
from cited as c
join known as k on k.link = c.link
order by c.work, k.cited_work
