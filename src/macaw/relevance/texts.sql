-- One row per published work: its venue, what its title and abstract say, and its categories on arXiv if it has any.
with abstracts as (
  select * from source_abstracts
  union all
  select * from source_openalex_abstracts
)
select
  w.work,
  w.venue,
  coalesce(w.title, '') as title,
  coalesce(a.abstract, '') as abstract,
  coalesce(x.categories, '') as categories
from works as w
left join abstracts as a on a.work = w.work
left join arxiv_works as x on x.work = w.work
where w.is_published
