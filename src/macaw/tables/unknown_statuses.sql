-- One row per paper record that no row of statuses.csv or venues.csv knows.
with papers as (
  select * from source_papers
  union all
  select * from source_openalex_works
)
select
  p.source,
  p.file,
  p.position,
  'rejected' as action,
  case
    when v.venue is null then 'unknown venue: add a row to registry/venues.csv'
    else 'unknown status: add a row to registry/statuses.csv'
  end as reason,
  case when v.venue is null then p.venue_folder else p.listed_status end as offending_value
from papers as p
left join registry_venues as v on v.paperlists = p.venue_folder
left join registry_statuses as own on own.venue = v.venue and own.status = coalesce(p.listed_status, '')
left join registry_statuses as usual on usual.venue = '*' and usual.status = coalesce(p.listed_status, '')
where v.venue is null or (own.published is null and usual.published is null)
order by p.file, p.position
