-- One row per published work, measure and territory rule; a measure that cannot be known has no row.
-- Counting runs only over venue-years whose affiliations (citations) were collected.
-- highly_cited: fewer than a tenth of the venue-year's papers have more citations, so that ties at the
-- threshold are all in.
-- normalised_citations, top_tenth_of_field: against all published works of the same index, subfield (of the work's first
-- topic), year and type, where these are as many as registry/comparison_sets.csv asks; works fetched for some organisations
-- are no index. Citations over the set's mean (Waltman, van Eck, van Leeuwen, Visser and van Raan 2011, Journal of
-- Informetrics 5(1)); the part of the work that is in the top tenth, where works tied at its edge share what is left of it
-- (Waltman and Schreiber 2013, JASIST 64(2)).
with selected as (
  select distinct work from source_openalex_selected
),
counted as (
  -- Works fetched for organisations are measured too: credits.sql sees to it that they count for these only.
  select
    w.work, w.venue, w.period, w.citations,
    y.citations_collected or s.work is not null as citations_collected
  from works as w
  join venue_years as y on y.venue = w.venue and y.period = w.period
  left join selected as s on s.work = w.work
  where w.is_published and (y.is_collected or s.work is not null)
),
ranked as (
  select
    w.work,
    rank() over (partition by w.venue, w.period order by w.citations desc) as place_from_top,
    count(*) over (partition by w.venue, w.period) as rivals
  from works as w
  join venue_years as y on y.venue = w.venue and y.period = w.period
  where w.is_published and y.citations_collected and w.citations is not null
),
topics as (
  select
    work,
    openalex_subfield as field,
    row_number() over (partition by work order by topic_score desc nulls last, openalex_topic) as place
  from source_openalex_topics
),
comparable as (
  select w.work, w.venue, w.period, coalesce(w.listed_status, '') as work_type, f.field, w.citations
  from works as w
  join topics as f on f.work = w.work and f.place = 1
  left join selected as s on s.work = w.work
  where w.is_published and w.citations is not null and f.field is not null and s.work is null
),
compared as (
  select
    work,
    citations,
    sum(citations) over (partition by venue, field, period, work_type) as cited,
    count(*) over (partition by venue, field, period, work_type) as works,
    rank() over (partition by venue, field, period, work_type order by citations desc) - 1 as above,
    count(*) over (partition by venue, field, period, work_type, citations) as tied
  from comparable
),
of_field as (
  select work, 'normalised_citations' as measure, round(cast(citations as double) * works / nullif(cited, 0), 12) as value,
    works
  from compared
  union all
  select
    work,
    'top_tenth_of_field' as measure,
    round(least(1.0, greatest(0.0, cast(works - 10 * above as double) / (10 * tied))), 12) as value,
    works
  from compared
),
located as (
  -- An organisation above another one does not say where the work is done.
  select distinct c.work, a.country
  from counted as c
  join activity as a on a.work = c.work
  where not a.is_ancestor
),
rules as (
  select 'mainland' as territory union all select 'with_hkg_mac' union all select 'with_twn'
),
countries as (
  select distinct l.work, r.territory, coalesce(t.counted_as, l.country) as country
  from located as l
  cross join rules as r
  left join registry_territories as t on t.territory = r.territory and t.country = l.country
),
special as (
  select distinct l.work
  from located as l
  join registry_territories as t on t.country = l.country and t.country <> t.counted_as
),
across as (
  select
    work,
    territory,
    case when count(*) > 1 then 1.0 else 0.0 end as international,
    case
      when max(case when country = 'USA' then 1 else 0 end) + max(case when country = 'CHN' then 1 else 0 end) = 2
        then 1.0
      else 0.0
    end as us_china
  from countries
  group by work, territory
),
sectors as (
  select
    a.work,
    max(case when o.kind = 'company' then 1 else 0 end) as industry,
    max(case when o.kind in ('education', 'facility') then 1 else 0 end) as academia
  from counted as c
  join activity as a on a.work = c.work
  join organisations as o on o.organisation = a.organisation
  group by a.work
),
measured as (
  select distinct work, 'papers' as measure, 'any' as territory, 1.0 as value from located
  union all
  select c.work, 'citations', 'any', 1.0 * c.citations
  from counted as c
  where c.citations_collected and c.citations is not null
  union all
  select r.work, 'highly_cited', 'any', case when 10 * (r.place_from_top - 1) < r.rivals then 1.0 else 0.0 end
  from ranked as r
  join counted as c on c.work = r.work
  union all
  select f.work, f.measure, 'any', f.value
  from of_field as f
  join registry_comparison_sets as s on s.measure = f.measure and f.works >= s.least_works
  join counted as c on c.work = f.work and c.citations_collected
  where f.value is not null
  union all
  select work, 'international', territory, international from across where work in (select work from special)
  union all
  select work, 'us_china', territory, us_china from across where work in (select work from special)
  union all
  select work, 'international', 'any', international
  from across
  where territory = 'mainland' and work not in (select work from special)
  union all
  select work, 'us_china', 'any', us_china
  from across
  where territory = 'mainland' and work not in (select work from special)
  union all
  select work, 'industry_academia', 'any', 1.0 * industry * academia from sectors
)
select work, measure, territory, cast(value as double) as value
from measured
order by work, measure, territory
