-- One row per series, definition, grant of a patent, organisation that applied for it and year of grant.
-- Only grants of collections that hold all grants of an office, or all of one applicant: then of that applicant alone.
with grants as (
  select
    d.document, m.family, cast(substr(d.published, 1, 4) as bigint) as period, d.source, d.title, d.link, c.scope_of,
    d.document || ', ' || d.published as detail
  from patents as d
  join patent_members as m on m.document = d.document
  join patent_collections as c on c.collection = d.collection and (c.scope_of = 'all' or c.scope_of like 'applicant:%')
  where d.document_kind = 'grant' and d.published is not null
),
slots as (
  select work, count(*) as slots from patent_applicants group by work
),
named as (
  select a.work, a.slot, m.organisation, count(*) over (partition by a.work, a.slot) as meanings
  from patent_applicants as a
  join matches as m on m.raw_name = a.raw_name and m.organisation is not null and not m.is_ancestor
),
parties as (
  select n.work, n.organisation, sum(1.0 / (s.slots * n.meanings)) as share
  from named as n
  join slots as s on s.work = n.work
  group by n.work, n.organisation
),
granted as (
  select g.*, p.organisation as entity, p.share
  from grants as g
  join parties as p on p.work = g.family
  where g.scope_of = 'all' or g.scope_of = 'applicant:' || p.organisation
),
definitions as (
  select distinct definition from patent_topics where topic = 'all'
),
judged as (
  select g.*, t.definition, case when a.work is null then 0.0 else 1.0 end as is_ai
  from granted as g
  cross join definitions as t
  left join patent_topics as a on a.work = g.family and a.definition = t.definition and a.topic = 'ai'
),
together as (
  select 'patent_grants' as series, 'all' as definition, 1.0 as amount, document, entity, period, share, source, title, link, detail
  from granted
  union all
  select 'ai_patent_grants' as series, definition, 1.0 as amount, document, entity, period, share, source, title, link, detail
  from judged
  where is_ai > 0.5
  union all
  select 'ai_patent_grants_share' as series, definition, is_ai as amount, document, entity, period, share, source, title, link, detail
  from judged
)
select
  series, document as record, entity, period, definition,
  cast(amount as double) as amount,
  round(cast(share as double), 12) as share,
  cast(null as double) as low, cast(null as double) as high, 'A' as status, source, title, link, detail
from together
order by series, definition, record, entity, period
