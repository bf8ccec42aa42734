-- One row per patent family and work at hand that a document of it cites, found by its DOI.
-- Documents are those of collections that hold all of an office and list literature, so that no applicant has more known than
-- others; works are none that were fetched for some organisations, which would be cited by choice.
with cited as (
  select distinct m.family as work, 'https://doi.org/' || p.name as link
  from patent_parts as p
  join patents as d on d.document = p.document
  join patent_collections as c on c.collection = d.collection and c.scope_of = 'all' and c.lists_literature
  join patent_members as m on m.document = p.document
  where p.part_kind = 'literature' and p.name is not null
),
known as (
  -- A work may be listed twice.
  select w.link, min(w.work) as cited_work
  from works as w
  left join source_openalex_selected as s on s.work = w.work
  where s.work is null and w.link in (select link from cited)
  group by w.link
)
select c.work, k.cited_work
from cited as c
join known as k on k.link = c.link
order by c.work, k.cited_work
