-- One row per list of patent offices, topic, definition and priority year: what is known of it.
-- Status and completeness are those of patent_completeness; citation_* are of grants, which have lags of their own.
with lists as (
  select distinct venues, venue from registry_patent_lists
),
counted as (
  select
    l.venues, f.period, t.topic, t.definition,
    count(*) as papers,
    sum(case when c.work is null then 0 else 1 end) as located
  from patent_families as f
  join lists as l on l.venue = f.venue
  join patent_topics as t on t.work = f.work
  left join (
    select distinct work from patent_activity where organisation is not null or seat_country is not null
  ) as c on c.work = f.work
  where f.is_collected and f.period is not null
  group by l.venues, f.period, t.topic, t.definition
)
select
  a.venues,
  a.topic,
  a.definition,
  a.period,
  true as is_panel,
  cast(coalesce(n.papers, 0) as bigint) as papers,
  cast(coalesce(n.located, 0) as bigint) as located,
  cast(coalesce(n.papers, 0) as bigint) as with_citations,
  a.held_venues,
  a.collected_venues,
  g.collected_venues as citation_venues,
  a.status as affiliation_status,
  g.status as citation_status,
  a.completeness,
  g.completeness as citation_completeness
from patent_completeness as a
join patent_completeness as g
  on g.venues = a.venues and g.topic = a.topic and g.definition = a.definition and g.period = a.period
  and g.measure = 'granted'
left join counted as n
  on n.venues = a.venues and n.topic = a.topic and n.definition = a.definition and n.period = a.period
where a.measure = 'families'
order by a.venues, a.topic, a.definition, a.period
