-- One row per published patent document that any source holds.
-- Where sources list the same document, the first that has a thing says it: the European Patent Office, Google Patents,
-- Lens.org, the USPTO, PatentsView, CSET and 1790 Analytics. Their families are DOCDB's and mean the same, but for Lens.org's.
with listed as (
  select 1 as place, 'docdb:' || simple_family as family, p.* from source_patents_epo as p
  union all
  select 2 as place, 'docdb:' || simple_family as family, p.* from source_patents_google_patents as p
  union all
  select 3 as place, simple_family as family, p.* from source_patents_lens as p
  union all
  select 4 as place, simple_family as family, p.* from source_patents_uspto as p
  union all
  select 5 as place, simple_family as family, p.* from source_patents_patentsview as p
  union all
  select 6 as place, 'docdb:' || simple_family as family, p.* from source_patents_cset_1790 as p
),
collected as (
  select l.*, c.collection
  from listed as l
  left join registry_patent_collections as c
    on c.source = l.source
    and c.office in ('*', l.office)
    and ('/' || l.file) like ('%/' || c.file || '%')
),
ranked as (
  select *, row_number() over (partition by document order by place, collection nulls last) as turn from collected
),
turns as (
  select
    *,
    min(case when family is not null then turn end) over (partition by document) as family_turn,
    min(case when application is not null then turn end) over (partition by document) as application_turn,
    min(case when filed is not null then turn end) over (partition by document) as filed_turn,
    min(case when published is not null then turn end) over (partition by document) as published_turn,
    min(case when title is not null then turn end) over (partition by document) as title_turn,
    min(case when abstract is not null then turn end) over (partition by document) as abstract_turn,
    min(case when collection is not null then turn end) over (partition by document) as collection_turn,
    min(case when link is not null then turn end) over (partition by document) as link_turn
  from ranked
),
together as (
  select
    document,
    max(office) as office,
    max(document_number) as document_number,
    max(kind_code) as kind_code,
    max(case when turn = 1 then source end) as source,
    max(case when turn = family_turn then family end) as family,
    max(case when turn = application_turn then application end) as application,
    max(case when turn = filed_turn then filed end) as filed,
    max(case when turn = published_turn then published end) as published,
    max(case when turn = title_turn then title end) as title,
    max(case when turn = abstract_turn then abstract end) as abstract,
    max(case when turn = collection_turn then collection end) as collection,
    max(case when turn = link_turn then link end) as link
  from turns
  group by document
)
select
  r.document,
  r.source,
  r.office,
  r.document_number,
  r.kind_code,
  coalesce(
    -- Until 2001 the United States published grants only, under the letter A.
    case when r.office = 'US' and r.kind_code = 'A' and length(r.document_number) = 11 then 'application' end,
    exact.document_kind,
    letter.document_kind,
    usual.document_kind,
    'other'
  ) as document_kind,
  r.application,
  r.filed,
  r.published,
  r.title,
  r.abstract,
  r.family as simple_family,
  r.collection,
  r.link
from together as r
left join registry_patent_kinds as exact on exact.office = r.office and exact.kind_code = r.kind_code
left join registry_patent_kinds as letter on letter.office = r.office and letter.kind_code = substr(r.kind_code, 1, 1)
left join registry_patent_kinds as usual on usual.office = '*' and usual.kind_code = substr(r.kind_code, 1, 1)
order by r.document
