-- One row per collection at hand: documents of a kind, office and scope, published from one day to another, and whether
-- they list what they cite: patents on at least half of its grants, and on a quarter of every year's that has twenty, so
-- that a list of citations that ends before the grants do is not taken for none; literature, which fewer cite, on a
-- twentieth. A collection that comes in parts (weekly files) begins after the last part that is missing: what came before
-- has a hole behind it.
with held as (
  select collection, min(published) as first_published, max(published) as last_published
  from patents
  where collection is not null
  group by collection
),
citing as (
  select
    document,
    max(case when part_kind = 'citation' then 1 else 0 end) as patents_cited,
    max(case when part_kind = 'literature' then 1 else 0 end) as literature_cited
  from patent_parts
  where part_kind in ('citation', 'literature')
  group by document
),
yearly as (
  select
    d.collection,
    substr(d.published, 1, 4) as period,
    count(*) as grants,
    sum(coalesce(c.patents_cited, 0)) as patents_cited,
    sum(coalesce(c.literature_cited, 0)) as literature_cited
  from patents as d
  left join citing as c on c.document = d.document
  where d.collection is not null and d.document_kind = 'grant'
  group by d.collection, substr(d.published, 1, 4)
),
days as (
  select distinct d.collection, r.published_every, d.published
  from patents as d
  join registry_patent_collections as r on r.collection = d.collection and r.published_every is not null
  where length(d.published) = 10
),
steps as (
  select
    collection, published_every, published,
    lag(published) over (partition by collection order by published) as published_before
  from days
),
unbroken as (
  select collection, max(published) as first_published
  from steps
  where
    published_before is null
    or date_diff('day', cast(published_before as date), cast(published as date)) > published_every
  group by collection
),
listing as (
  select
    collection,
    2 * sum(patents_cited) >= sum(grants)
    and min(case when grants < 20 or 4 * patents_cited >= grants then 1 else 0 end) = 1 as lists_citations,
    20 * sum(literature_cited) >= sum(grants) as lists_literature
  from yearly
  group by collection
)
select
  r.collection,
  r.source,
  r.office,
  r.documents,
  r.scope as scope_of,
  coalesce(r.published_from, u.first_published, h.first_published) as published_from,
  coalesce(r.published_until, h.last_published) as published_until,
  coalesce(l.lists_citations, false) as lists_citations,
  coalesce(l.lists_citations and l.lists_literature, false) as lists_literature
from held as h
join registry_patent_collections as r on r.collection = h.collection
left join listing as l on l.collection = h.collection
left join unbroken as u on u.collection = h.collection
order by r.collection
