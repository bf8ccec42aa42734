-- One row per venue list, topic, definition and period: what is known of it.
-- Status: M if no venue of the list took place, L if none was collected (or none that has papers on the topic),
-- U if only a part was,
-- B if a venue's way of collecting changed, else A.
with listed as (
  select distinct venues, venue, is_panel from registry_venue_lists
),
counted as (
  select
    w.venue,
    w.period,
    t.topic,
    t.definition,
    count(*) as papers,
    sum(case when m.work is not null then 1 else 0 end) as located,
    count(w.citations) as with_citations
  from works as w
  join record_topics as t on t.work = w.work
  left join record_measures as m on m.work = w.work and m.measure = 'papers'
  where w.is_published
  group by w.venue, w.period, t.topic, t.definition
),
-- Categories on arXiv are known of some works only: of the others it cannot be said that they are not AI.
told as (
  select l.venues, w.period, 'arxiv' as definition, count(*) as works, count(a.work) as told
  from listed as l
  join works as w on w.venue = l.venue
  left join arxiv_works as a on a.work = w.work
  where w.is_published
  group by l.venues, w.period
),
topics as (
  select distinct topic, definition from record_topics
),
held as (
  select
    l.venues,
    max(l.is_panel) as is_panel,
    y.period,
    count(*) as held_venues,
    sum(case when y.is_collected then 1 else 0 end) as collected_venues,
    sum(case when y.citations_collected and y.is_collected then 1 else 0 end) as citation_venues,
    max(case when y.starts_break then 1 else 0 end) as breaks
  from listed as l
  join venue_years as y on y.venue = l.venue
  group by l.venues, y.period
),
spans as (
  select venues, min(period) as first_year, max(period) as last_year from held group by venues
),
years as (
  select distinct period from venue_years
),
grid as (
  select
    s.venues,
    y.period,
    max(h.is_panel) over (partition by s.venues) as is_panel,
    coalesce(h.held_venues, 0) as held_venues,
    coalesce(h.collected_venues, 0) as collected_venues,
    coalesce(h.citation_venues, 0) as citation_venues,
    coalesce(h.breaks, 0) as breaks
  from spans as s
  join years as y on y.period between s.first_year and s.last_year
  left join held as h on h.venues = s.venues and h.period = y.period
),
summed as (
  select
    l.venues,
    c.period,
    c.topic,
    c.definition,
    sum(c.papers) as papers,
    sum(c.located) as located,
    sum(c.with_citations) as with_citations
  from listed as l
  join counted as c on c.venue = l.venue
  group by l.venues, c.period, c.topic, c.definition
)
select
  g.venues,
  t.topic,
  t.definition,
  g.period,
  g.is_panel,
  cast(coalesce(s.papers, 0) as bigint) as papers,
  cast(coalesce(s.located, 0) as bigint) as located,
  cast(coalesce(s.with_citations, 0) as bigint) as with_citations,
  cast(g.held_venues as bigint) as held_venues,
  cast(g.collected_venues as bigint) as collected_venues,
  cast(g.citation_venues as bigint) as citation_venues,
  case
    when g.held_venues = 0 then 'M'
    when g.collected_venues = 0 or (s.papers > 0 and s.located = 0) then 'L'
    when a.told = 0 then 'L'
    when g.collected_venues < g.held_venues or a.told > 0 then 'U'
    when g.breaks = 1 then 'B'
    else 'A'
  end as affiliation_status,
  case
    when g.held_venues = 0 then 'M'
    when g.citation_venues = 0 or (s.papers > 0 and s.located = 0) then 'L'
    when a.told = 0 then 'L'
    when g.citation_venues < g.held_venues or a.told > 0 then 'U'
    when g.breaks = 1 then 'B'
    else 'A'
  end as citation_status,
  case
    when a.works > 0 then round(1.0 * a.told / a.works, 12)
    else round(1.0 * s.located / nullif(s.papers, 0), 12)
  end as completeness,
  case
    when a.works > 0 then round(1.0 * a.told / a.works, 12)
    else round(1.0 * s.with_citations / nullif(s.papers, 0), 12)
  end as citation_completeness
from grid as g
cross join topics as t
left join summed as s
  on s.venues = g.venues and s.period = g.period and s.topic = t.topic and s.definition = t.definition
left join told as a on a.venues = g.venues and a.period = g.period and a.definition = t.definition
order by g.venues, t.topic, t.definition, g.period
