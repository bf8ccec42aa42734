-- One row per list of patent offices, topic, definition and priority year: what is known of citations made (affiliation_*)
-- and of citations received in the window (citation_*).
-- L too where fewer than half of the families have a known applicant (as in patent_coverage), or where the measure is known
-- of fewer than half of them: what was not collected is not 0.
with lists as (
  select distinct venues, venue from registry_patent_lists
),
known as (
  select
    l.venues, f.period, t.topic, t.definition,
    sum(case when m.measure = 'cites_literature' then 1 else 0 end) as citing,
    sum(case when m.measure = 'citations' then 1 else 0 end) as windows
  from patent_measures as m
  join patent_families as f on f.work = m.work
  join lists as l on l.venue = f.venue
  join patent_topics as t on t.work = m.work
  where m.measure in ('cites_literature', 'citations')
  group by l.venues, f.period, t.topic, t.definition
),
judged as (
  select
    o.venues, o.topic, o.definition, o.period, o.is_panel, o.papers, o.located, o.held_venues,
    coalesce(k.windows, 0) as windows,
    case when 2 * o.located >= o.papers and 2 * coalesce(k.citing, 0) >= o.papers then m.status end as made_status,
    case when 2 * o.located >= o.papers and 2 * coalesce(k.windows, 0) >= o.papers then r.status end as received_status,
    coalesce(m.collected_venues, 0) as made_venues,
    coalesce(r.collected_venues, 0) as received_venues,
    coalesce(m.completeness, 0.0) as made_completeness,
    coalesce(r.completeness, 0.0) as received_completeness
  from patent_office_coverage as o
  left join known as k
    on k.venues = o.venues and k.topic = o.topic and k.definition = o.definition and k.period = o.period
  left join patent_completeness as m
    on m.venues = o.venues and m.topic = o.topic and m.definition = o.definition and m.period = o.period
    and m.measure = 'cites_literature'
  left join patent_completeness as r
    on r.venues = o.venues and r.topic = o.topic and r.definition = o.definition and r.period = o.period
    and r.measure = 'citations'
)
select
  venues, topic, definition, period, is_panel, papers, located,
  cast(windows as bigint) as with_citations,
  held_venues,
  case when made_status is null then 0 else made_venues end as collected_venues,
  case when received_status is null then 0 else received_venues end as citation_venues,
  coalesce(made_status, 'L') as affiliation_status,
  coalesce(received_status, 'L') as citation_status,
  made_completeness as completeness,
  received_completeness as citation_completeness
from judged
order by venues, topic, definition, period
