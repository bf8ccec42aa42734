-- One row per published work: its venue, and what its title and abstract say.
with abstracts as (
  select * from source_abstracts
  union all
  select * from source_openalex_abstracts
)
select w.work, w.venue, coalesce(w.title, '') as title, coalesce(a.abstract, '') as abstract
from works as w
left join abstracts as a on a.work = w.work
where w.is_published
