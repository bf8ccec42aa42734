-- One row per work listed by a source, whether published, rejected or withdrawn.
with papers as (
  select * from source_papers
  union all
  select * from source_openalex_works
),
listed as (
  select
    p.*,
    v.venue,
    coalesce(p.listed_status, '') as status_text
  from papers as p
  join registry_venues as v on v.paperlists = p.venue_folder
)
select
  l.work,
  l.source,
  l.venue,
  l.period,
  l.title,
  l.listed_status,
  l.track,
  coalesce(own.published, usual.published) and coalesce(t.published, true) as is_published,
  l.authors,
  l.slots,
  case
    when l.slots = 0 then 'none'
    when l.slots = l.authors then 'per_author'
    else 'per_paper'
  end as listing,
  l.link,
  l.citations,
  l.normalised_countries
from listed as l
left join registry_statuses as own on own.venue = l.venue and own.status = l.status_text
left join registry_statuses as usual on usual.venue = '*' and usual.status = l.status_text
left join registry_tracks as t on t.venue = l.venue and t.track = l.track
where coalesce(own.published, usual.published) is not null
order by l.work
