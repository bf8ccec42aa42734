-- One row per list of patent offices, definition and priority year: what is known of the works that families about AI cite.
-- with_citations: families that cite a work at hand with a known place. completeness: of all literature that families cite, the
-- part that is such a work; the rest has no DOI, is not at hand, or is no science. L where it is less than a twentieth or as in
-- patent_citation_coverage; U where it is less than half.
with lists as (
  select distinct venues, venue from registry_patent_lists
),
counted as (
  select l.venues, f.period, t.definition, f.work
  from patent_families as f
  join lists as l on l.venue = f.venue
  join patent_topics as t on t.work = f.work and t.topic = 'ai'
  where f.is_collected
),
texts as (
  select
    m.family as work,
    p.name,
    sum(case when p.name is null then 1 else 0 end) over (partition by p.document) as nameless
  from patent_parts as p
  join patents as d on d.document = p.document
  join patent_collections as c on c.collection = d.collection and c.scope_of = 'all' and c.lists_literature
  join patent_members as m on m.document = p.document
  where p.part_kind = 'literature'
),
literature as (
  -- Documents of a family repeat each other's lists: a DOI is one text, and texts without are those of the longest list.
  select work, max(nameless) + count(distinct name) as listed from texts group by work
),
works_cited as (
  select work, total as known from science_credits where cited_entity = 'WLD' and place = 'any'
),
summed as (
  select
    c.venues, c.period, c.definition,
    sum(t.listed) as listed,
    sum(w.known) as known,
    count(w.work) as families
  from counted as c
  join literature as t on t.work = c.work
  left join works_cited as w on w.work = c.work
  group by c.venues, c.period, c.definition
),
judged as (
  select
    c.*,
    coalesce(s.families, 0) as linked,
    coalesce(s.known, 0.0) / nullif(s.listed, 0) as known_share,
    case
      when c.affiliation_status in ('L', 'M') then c.affiliation_status
      when 20 * coalesce(s.known, 0.0) < coalesce(s.listed, 1) then 'L'
      when 2 * s.known < s.listed then 'U'
      else c.affiliation_status
    end as status
  from patent_citation_coverage as c
  left join summed as s on s.venues = c.venues and s.definition = c.definition and s.period = c.period
  where c.topic = 'ai'
)
select
  venues, topic, definition, period, is_panel, papers, located,
  cast(linked as bigint) as with_citations,
  held_venues,
  collected_venues, citation_venues,
  status as affiliation_status,
  status as citation_status,
  round(known_share, 12) as completeness,
  round(known_share, 12) as citation_completeness
from judged
order by venues, topic, definition, period
