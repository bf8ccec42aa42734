-- One row per venue and year, whether its file is at hand or not.
with counted as (
  select
    venue,
    period,
    count(*) as papers,
    sum(case when slots > 0 and work in (select work from authorships) then 1 else 0 end) as with_affiliation,
    count(citations) as with_citations,
    sum(case when listing = 'per_author' then 1 else 0 end) as per_author,
    sum(case when listing = 'per_paper' then 1 else 0 end) as per_paper,
    -- Works fetched for organisations are whole for these at most, never for the list.
    sum(case when work in (select work from source_openalex_selected) then 1 else 0 end) as selected
  from works
  where is_published
  group by venue, period
),
years as (
  select venue, period from registry_held
  union
  select venue, period from counted
),
described as (
  select
    y.venue,
    y.period,
    coalesce(c.papers, 0) as papers,
    r.papers_reported,
    coalesce(c.with_affiliation, 0) as with_affiliation,
    coalesce(c.with_citations, 0) as with_citations,
    case when c.papers > 0 then round(1.0 * c.with_affiliation / c.papers, 12) end as affiliation_share,
    case when c.papers > 0 then round(1.0 * c.with_citations / c.papers, 12) end as citation_share,
    case
      when c.selected > 0 then 'no'
      else coalesce(r.file_complete, case when c.papers > 0 then 'unknown' else 'no' end)
    end as file_complete,
    case
      when coalesce(c.with_affiliation, 0) = 0 then 'none'
      when 1.0 * c.per_author >= 0.8 * (c.per_author + c.per_paper) then 'per_author'
      when 1.0 * c.per_author <= 0.2 * (c.per_author + c.per_paper) then 'per_paper'
      else 'mixed'
    end as listing,
    r.note
  from years as y
  left join counted as c on c.venue = y.venue and c.period = y.period
  left join registry_venue_years as r on r.venue = y.venue and r.period = y.period
),
judged as (
  select
    *,
    coalesce(affiliation_share >= 0.5, false) and file_complete <> 'no' as is_collected,
    coalesce(citation_share >= 0.8, false) and file_complete <> 'no' as citations_collected
  from described
),
beside as (
  select
    venue,
    period,
    lag(listing) over (partition by venue order by period) as listing_before,
    lag(affiliation_share) over (partition by venue order by period) as share_before
  from judged
  where is_collected
)
select
  j.venue,
  j.period,
  true as held,
  j.papers,
  j.papers_reported,
  j.with_affiliation,
  j.with_citations,
  j.affiliation_share,
  j.citation_share,
  j.file_complete,
  j.listing,
  j.is_collected,
  j.citations_collected,
  coalesce(
    -- Rounded, or a change from 0.8 to 0.7 would be more than a tenth and one from 0.9 to 0.8 would not.
    j.listing <> b.listing_before or round(abs(j.affiliation_share - b.share_before), 9) > 0.1,
    false
  ) as starts_break,
  j.note
from judged as j
left join beside as b on b.venue = j.venue and b.period = j.period
order by j.venue, j.period
