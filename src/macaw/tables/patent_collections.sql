-- One row per collection at hand: documents of a kind, office and scope, published from one day to another.
with held as (
  select collection, min(published) as first_published, max(published) as last_published
  from patents
  where collection is not null
  group by collection
)
select
  r.collection,
  r.source,
  r.office,
  r.documents,
  r.scope as scope_of,
  coalesce(r.published_from, h.first_published) as published_from,
  coalesce(r.published_until, h.last_published) as published_until
from held as h
join registry_patent_collections as r on r.collection = h.collection
order by r.collection
