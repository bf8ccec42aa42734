-- One row per series, definition, entity (organisation, country or the world), period and head: a name on papers, or who
-- holds positions in a list. is_counted_head is 1 if the head counts; low_head is what the lower bound counts, parts what the
-- upper one does, summed where the head is ambiguous.
with employers as (
  select distinct raw_name, organisation from matches where organisation is not null and not is_ancestor
),
held as (
  select
    d.definition, p.period, p.source, p.raw_name, p.country,
    p.list_title || ':' || coalesce(cast(p.holder as varchar), p.job) as head,
    d.is_ai,
    case when p.job_role is null then 'U' else 'A' end as status
  from positions as p
  join position_definitions as d on d.job = p.job
  where p.position_kind = 'held' and p.is_current
),
placed as (
  select h.*, e.organisation as entity from held as h join employers as e on e.raw_name = h.raw_name
  union all
  select h.*, h.country as entity from held as h where h.country is not null
  union all
  select h.*, 'WLD' as entity from held as h
)
select
  'research_authors' as series,
  'names' as definition,
  entity,
  period,
  cast(author as varchar) as head,
  cast(author_group as varchar) as low_head,
  1 as is_counted_head,
  is_ambiguous,
  parts,
  'U' as status,
  'paperlists' as source
from researchers
union all
select
  'ai_jobs' as series,
  definition,
  entity,
  period,
  head,
  max(case when is_ai then head end) as low_head,
  max(case when is_ai then 1 else 0 end) as is_counted_head,
  false as is_ambiguous,
  max(case when is_ai is null or is_ai then 1 else 0 end) as parts,
  max(status) as status,
  max(source) as source
from placed
group by definition, entity, period, head
order by series, definition, entity, period, head
