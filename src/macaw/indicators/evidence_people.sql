-- One row per series, definition, record on people at work, entity (null where none is known) and period.
-- Positions carry 1 (AI work by the definition), 0 (not) or null (the list does not tell); low and high of an open one
-- are 0 and 1. What answers a search, and what rests on a title alone, is of low reliability (U). An employer's petitions
-- count for the organisations of the registry that its name means; those of all others are one record a year, for the
-- world alone: thousands of organisations of ROR sponsor somebody and have nothing to do with AI.
with employers as (
  select raw_name, organisation, 1.0 / count(*) over (partition by raw_name) as share
  from (
    select distinct raw_name, organisation from matches where organisation is not null and not is_ancestor
  ) as named
),
petitions as (
  select h.*, e.organisation, e.share
  from h1b_employers as h
  left join employers as e on e.raw_name = h.raw_name and e.organisation not like 'ror:%'
),
approved as (
  select
    'new' as definition, petitions as record, organisation as entity, share, period, initial_approvals as approvals,
    initial_denials as denials, raw_name, places, source
  from petitions
  union all
  select
    'all' as definition, petitions as record, organisation as entity, share, period,
    initial_approvals + continuing_approvals as approvals, initial_denials + continuing_denials as denials, raw_name,
    places, source
  from petitions
),
asked as (
  select
    case p.position_kind when 'filing' then 'ai_filings' else 'ai_postings' end as series,
    d.definition, p.job as record, p.period,
    case when d.is_ai then 1.0 when not d.is_ai then 0.0 end as amount,
    case when d.is_ai is null then 0.0 end as low,
    case when d.is_ai is null then 1.0 end as high,
    p.source, p.title || coalesce(' · ' || p.raw_name, '') as title, p.link,
    coalesce(p.search, p.list_title) || '; ' || d.reason as detail,
    p.raw_name, p.country
  from positions as p
  join position_definitions as d on d.job = p.job
  where p.position_kind <> 'held'
  union all
  select
    'skills_asked' as series, s.skill as definition, p.job as record, p.period,
    case when s.is_named then 1.0 else 0.0 end as amount,
    cast(null as double) as low, cast(null as double) as high,
    p.source, p.title || coalesce(' · ' || p.raw_name, '') as title, p.link,
    coalesce(p.search, p.list_title) as detail,
    p.raw_name, p.country
  from positions as p
  join position_skills as s on s.job = p.job
  where p.position_kind = 'advertisement'
),
reports as (
  -- Of a year the last report stands for the company; of several on one day the one that says least.
  select
    *,
    row_number() over (partition by raw_name, period order by day desc, amount, record) as place,
    min(amount) over (partition by raw_name, period, day) as least,
    max(amount) over (partition by raw_name, period, day) as most
  from source_staff_reports
  where staff_kind = 'whole_company'
),
together as (
  select
    'h1b_approvals' as series, record, entity, period, definition, cast(approvals as double) as amount, share,
    cast(null as double) as low, cast(null as double) as high, 'A' as status, source, raw_name as title,
    cast(null as varchar) as link,
    cast(denials as varchar) || ' denied; rows of the source: ' || cast(places as varchar) as detail
  from approved
  where entity is not null
  union all
  select
    'h1b_approvals' as series, 'h1b:' || cast(period as varchar) || ':others' as record, cast(null as varchar) as entity,
    period, definition, cast(sum(approvals) as double) as amount, 1.0 as share,
    cast(null as double) as low, cast(null as double) as high, 'A' as status, max(source) as source,
    'Employers that are none of the registry' as title, cast(null as varchar) as link,
    cast(count(*) as varchar) || ' names' as detail
  from approved
  where entity is null
  group by period, definition
  union all
  select
    a.series, a.record, e.organisation as entity, a.period, a.definition, a.amount, e.share, a.low, a.high,
    'U' as status, a.source, a.title, a.link, a.detail
  from asked as a
  join employers as e on e.raw_name = a.raw_name
  union all
  select
    series, record, country as entity, period, definition, amount, 1.0 as share, low, high, 'U' as status, source, title,
    link, detail
  from asked
  union all
  select
    'reported_staff' as series, r.record, e.organisation as entity, r.period, 'whole_company' as definition, r.amount,
    e.share,
    case when r.least < r.most then r.least end as low,
    case when r.least < r.most then r.most end as high,
    case r.confidence when 'Confident' then 'A' when 'Likely' then 'E' else 'U' end as status,
    r.source, r.raw_name as title, r.link, 'on ' || r.day || ', ' || coalesce(r.confidence, 'not graded') as detail
  from reports as r
  join employers as e on e.raw_name = r.raw_name
  where r.place = 1
  union all
  select
    'staff_of_parts' as series, s.record, e.organisation as entity, s.period, 'part_of_company' as definition,
    cast(null as double) as amount, e.share, cast(null as double) as low, cast(null as double) as high, 'U' as status,
    s.source, coalesce(s.division, s.raw_name) as title, s.link,
    cast(cast(s.amount as bigint) as varchar) || ' on ' || s.day || '; ' || s.listed_kind || ', '
    || coalesce(s.confidence, 'not graded') as detail
  from source_staff_reports as s
  join employers as e on e.raw_name = s.raw_name
  where s.staff_kind = 'part_of_company'
)
select series, record, entity, period, definition, amount, share, low, high, status, source, title, link, detail
from together
order by series, definition, record, entity
