-- One row per list of patent offices, topic, definition and priority year: what is known of families by applicant.
-- As patent_office_coverage, but L where fewer than half of the families have a known applicant: a source that names none
-- says nothing of companies and countries.
select
  venues, topic, definition, period, is_panel, papers, located, with_citations, held_venues,
  case when 2 * located < papers then 0 else collected_venues end as collected_venues,
  case when 2 * located < papers then 0 else citation_venues end as citation_venues,
  case when 2 * located < papers then 'L' else affiliation_status end as affiliation_status,
  case when 2 * located < papers then 'L' else citation_status end as citation_status,
  completeness,
  citation_completeness
from patent_office_coverage
order by venues, topic, definition, period
