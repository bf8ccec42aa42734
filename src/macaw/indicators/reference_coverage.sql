-- One row per list of venues, definition and year: what is known of the references of its papers about AI.
-- with_citations: papers that list a reference. completeness: of all references listed, those to works at hand with a known
-- place. L where there is none; U where fewer than half of the papers list any, or of the references are so known.
with listing as (
  select distinct venues, venue from registry_venue_lists
),
referring as (
  select
    r.work,
    count(*) as listed,
    count(c.work) as known
  from source_openalex_references as r
  left join credits as c on c.work = r.cited_work and c.entity = 'WLD'
  where r.cited_work <> r.work
  group by r.work
),
summed as (
  select
    l.venues, w.period, t.topic, t.definition,
    count(*) as papers,
    sum(r.listed) as listed,
    sum(r.known) as known
  from referring as r
  join works as w on w.work = r.work and w.is_published
  join listing as l on l.venue = w.venue
  join record_topics as t on t.work = r.work and t.topic = 'ai'
  group by l.venues, w.period, t.topic, t.definition
),
judged as (
  select
    c.*,
    coalesce(s.papers, 0) as with_references,
    cast(coalesce(s.known, 0) as double) / nullif(s.listed, 0) as known_share,
    case
      when c.affiliation_status in ('L', 'M') then c.affiliation_status
      when coalesce(s.known, 0) = 0 then 'L'
      when 2 * s.papers < c.papers or 2 * s.known < s.listed then 'U'
      else c.affiliation_status
    end as status
  from coverage as c
  left join summed as s
    on s.venues = c.venues and s.topic = c.topic and s.definition = c.definition and s.period = c.period
  where c.topic = 'ai'
)
select
  venues, topic, definition, period, is_panel, papers, located,
  cast(with_references as bigint) as with_citations,
  held_venues,
  collected_venues, citation_venues,
  status as affiliation_status,
  status as citation_status,
  round(known_share, 12) as completeness,
  round(known_share, 12) as citation_completeness
from judged
order by venues, topic, definition, period
