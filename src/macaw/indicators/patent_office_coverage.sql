-- One row per list of patent offices, topic, definition and priority year: what is known of it.
-- Completeness is the share of a year's documents that were published by the end of the collection, from the months
-- between priority and publication at each office (registry/patent_lags.csv), linear between the quantiles. Single
-- offices: A from .9 on, P (still filling up) from .5, else L. Offices differ in how fast they publish, so that a list of
-- several has no value (L) for a year that is not filled (.9) at each: recent years of offices cannot be compared.
-- Grants (citation_*) have lags of their own.
with lists as (
  select distinct venues, venue from registry_patent_lists
),
held_offices as (
  select distinct venue from patent_families where is_collected and period is not null
),
years as (
  select distinct period from patent_families where is_collected and period is not null
),
listed as (
  select l.venues, h.venue, count(*) over (partition by l.venues) as offices
  from lists as l
  join held_offices as h on h.venue = l.venue
),
pairs as (
  select distinct topic, definition from patent_topics
),
lags as (
  select office, documents, m10, m25, m50, m75, m90 from registry_patent_lags
),
ages as (
  -- Months from the middle of the year to the end of the collection.
  select
    l.venues, l.venue, l.offices, y.period, p.topic, p.definition, c.documents, k.kind,
    12.0 * (cast(substr(c.published_until, 1, 4) as bigint) - y.period)
    + cast(substr(c.published_until, 6, 2) as bigint) - 6.0 as age,
    coalesce(own.m10, usual.m10) as m10,
    coalesce(own.m25, usual.m25) as m25,
    coalesce(own.m50, usual.m50) as m50,
    coalesce(own.m75, usual.m75) as m75,
    coalesce(own.m90, usual.m90) as m90
  from listed as l
  cross join years as y
  cross join pairs as p
  cross join (select 'all' as kind union all select 'grants' as kind) as k
  join patent_collections as c
    on (c.office = '*' or c.office = l.venue or l.venue = 'XX')
    and (c.scope_of = 'all' or (c.scope_of = p.definition and p.topic <> 'all'))
  left join lags as own
    on own.office = l.venue and own.documents = case when c.documents = 'grants' then 'grants' else k.kind end
  join lags as usual
    on usual.office = '*' and usual.documents = case when c.documents = 'grants' then 'grants' else k.kind end
),
shares as (
  select
    venues, venue, offices, period, topic, definition, kind,
    max(
      case
        when age <= 0 then 0.0
        when age < m10 then 0.1 * age / m10
        when age < m25 then 0.1 + 0.15 * (age - m10) / (m25 - m10)
        when age < m50 then 0.25 + 0.25 * (age - m25) / (m50 - m25)
        when age < m75 then 0.5 + 0.25 * (age - m50) / (m75 - m50)
        when age < m90 then 0.75 + 0.15 * (age - m75) / (m90 - m75)
        else least(1.0, 0.9 + 0.1 * (age - m90) / m90)
      end
    ) as filled
  from ages
  group by venues, venue, offices, period, topic, definition, kind
),
judged as (
  select
    venues, topic, definition, period, kind,
    max(offices) as offices,
    count(*) as covered,
    sum(case when filled >= 0.9 then 1 else 0 end) as complete,
    min(filled) as filled,
    case
      when min(filled) >= 0.9 then 'A'
      when max(offices) = 1 and min(filled) >= 0.5 then 'P'
      else 'L'
    end as status
  from shares
  group by venues, topic, definition, period, kind
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
  cast(a.offices as bigint) as held_venues,
  cast(a.complete as bigint) as collected_venues,
  cast(g.complete as bigint) as citation_venues,
  a.status as affiliation_status,
  g.status as citation_status,
  round(cast(a.filled as double), 12) as completeness,
  round(cast(g.filled as double), 12) as citation_completeness
from judged as a
join judged as g
  on g.venues = a.venues and g.topic = a.topic and g.definition = a.definition and g.period = a.period
  and g.kind = 'grants'
left join counted as n
  on n.venues = a.venues and n.topic = a.topic and n.definition = a.definition and n.period = a.period
where a.kind = 'all'
order by a.venues, a.topic, a.definition, a.period
