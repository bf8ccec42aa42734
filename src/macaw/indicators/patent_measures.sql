-- One row per counted patent family and measure; what cannot be known has no row.
-- citations: other families of which a document published within the window (registry/patent_windows.csv) after the
-- family's first publication cites one of its documents. Known where a collection that holds all documents of an
-- office, one of the family's among them, and lists what they cite, spans the window; its documents count as citing. A cited number means the document of that number and kind, else of that number,
-- if all such documents are one family; utility models and designs have numbers of their own.
-- cites_literature: whether a document cites literature; known of families with a document that lists what it cites.
with counted as (
  select work, is_granted, first_published from patent_families where is_collected and period is not null
),
collections as (
  select collection, published_from, published_until, lists_literature
  from patent_collections
  where scope_of = 'all' and lists_citations
),
windows as (
  -- The same day years later, as text: what comes after it in a calendar comes after it in an alphabet.
  select
    c.work,
    c.first_published,
    cast(cast(substr(c.first_published, 1, 4) as bigint) + w.years as varchar) || substr(c.first_published, 5) as last_day
  from counted as c
  join registry_patent_windows as w on w.measure = 'citations'
  where c.first_published is not null
),
closed as (
  select distinct w.work, c.collection, w.first_published, w.last_day
  from windows as w
  join patent_members as m on m.family = w.work
  join patents as d on d.document = m.document
  join collections as c
    on c.collection = d.collection and c.published_from <= w.first_published and c.published_until >= w.last_day
),
citing as (
  select m.family, d.collection, d.published, p.part_kind, p.name, c.lists_literature
  from patent_parts as p
  join patents as d on d.document = p.document
  join collections as c on c.collection = d.collection
  join patent_members as m on m.document = d.document
  where p.part_kind in ('citation', 'literature')
),
cited as (
  select distinct
    name,
    split_part(name, '-', 1) as office,
    split_part(name, '-', 2) as document_number,
    split_part(name, '-', 3) as kind_code,
    substr(split_part(name, '-', 3), 1, 1) as letter
  from citing
  where part_kind = 'citation'
),
candidates as (
  select
    c.name,
    m.family,
    case
      when d.kind_code = c.kind_code then 0
      when substr(d.kind_code, 1, 1) = c.letter then 1
      when c.letter in ('U', 'Y', 'S') or substr(d.kind_code, 1, 1) in ('U', 'Y', 'S') then 3
      else 2
    end as distance
  from cited as c
  join patents as d on d.office = c.office and d.document_number = c.document_number
  join patent_members as m on m.document = d.document
),
nearest as (
  select name, min(distance) as distance from candidates group by name
),
resolved as (
  select c.name, max(c.family) as family
  from candidates as c
  join nearest as n on n.name = c.name and n.distance = c.distance
  where c.distance < 3
  group by c.name
  having count(distinct c.family) = 1
),
received as (
  select w.work, count(distinct c.family) as citations
  from citing as c
  join resolved as r on r.name = c.name
  join closed as w
    on w.work = r.family and w.collection = c.collection and c.published between w.first_published and w.last_day
  where c.part_kind = 'citation' and c.family <> r.family
  group by w.work
),
sources as (
  select family, max(case when part_kind = 'literature' then 1.0 else 0.0 end) as literature
  from citing
  where lists_literature
  group by family
)
select work, 'families' as measure, 'any' as territory, cast(1.0 as double) as value from counted
union all
select work, 'granted' as measure, 'any' as territory, cast(case when is_granted then 1.0 else 0.0 end as double) as value
from counted
union all
select c.work, 'citations' as measure, 'any' as territory, cast(coalesce(r.citations, 0) as double) as value
from (select distinct work from closed) as c
left join received as r on r.work = c.work
union all
select c.work, 'cites_literature' as measure, 'any' as territory, cast(s.literature as double) as value
from counted as c
join sources as s on s.family = c.work
order by work, measure
