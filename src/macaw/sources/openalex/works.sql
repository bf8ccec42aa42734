-- One row per work of the batch, as listed by OpenAlex.
select
  work_id(f.number) as work,
  'openalex' as source,
  s.file,
  cast(null as bigint) as position,
  venue_folder() as venue_folder,
  f.w.publication_year as period,
  nullif(trim(regexp_replace(f.w.title, '\s+', ' ', 'g')), '') as title,
  case
    when f.w.is_retracted then 'retracted'
    when f.w.is_paratext then 'paratext'
    else coalesce(f.w.type, '')
  end as listed_status,
  f.w.primary_location.source.display_name as track,
  nullif(len(f.w.authorships), 0) as authors,
  case
    when len(list_filter(
      f.w.authorships, lambda a: len(a.affiliations) + len(a.raw_affiliation_strings) + len(a.institutions) > 0
    )) > 0 then len(f.w.authorships)
    else 0
  end as slots,
  coalesce(f.w.doi, f.w.id) as link,
  case when f.w.cited_by_count >= 0 then f.w.cited_by_count end as citations,
  cast(null as varchar) as normalised_countries
from fresh as f
join shown as s on s.filename = f.filename
order by f.number
