-- One row per list of patent offices, topic, definition, priority year and measure: what of it can be known by now.
-- Completeness is the share of a year's documents that were published by the end of the collection, from the months
-- between priority and publication at each office (registry/patent_lags.csv), linear between the quantiles. Single
-- offices: A from .9 on, P (still filling up) from .5, else L. Offices differ in how fast they publish, so that a list of
-- several has no value (L) for a year that is not filled (.9) at each: recent years of offices cannot be compared.
-- Grants have lags of their own, and so has what they cite. Citations received are complete a window of years later
-- (registry/patent_windows.csv). Both rest on collections that list what their documents cite, from the year they begin.
with lists as (
  select distinct venues, venue from registry_patent_lists
),
held_offices as (
  select distinct venue from patent_families where is_collected and period is not null
),
years as (
  select distinct period from patent_families where is_collected and period is not null
),
listed as (
  select l.venues, h.venue, count(*) over (partition by l.venues) as offices
  from lists as l
  join held_offices as h on h.venue = l.venue
),
pairs as (
  select distinct topic, definition from patent_topics
),
lags as (
  select office, documents, m10, m25, m50, m75, m90 from registry_patent_lags
),
measured as (
  select 'families' as measure, 'all' as documents, 0 as years
  union all
  select 'granted' as measure, 'grants' as documents, 0 as years
  union all
  select 'cites_literature' as measure, 'grants' as documents, 0 as years
  union all
  select measure, 'all' as documents, years from registry_patent_windows
),
ages as (
  -- Months from the middle of the year to the end of the collection, or to the last day whose window is over.
  select
    l.venues, l.venue, l.offices, y.period, p.topic, p.definition, k.measure,
    12.0 * (cast(substr(c.published_until, 1, 4) as bigint) - k.years - y.period)
    + cast(substr(c.published_until, 6, 2) as bigint) - 6.0 as age,
    coalesce(own.m10, usual.m10) as m10,
    coalesce(own.m25, usual.m25) as m25,
    coalesce(own.m50, usual.m50) as m50,
    coalesce(own.m75, usual.m75) as m75,
    coalesce(own.m90, usual.m90) as m90
  from listed as l
  cross join years as y
  cross join pairs as p
  cross join measured as k
  join patent_collections as c
    on (c.office = '*' or c.office = l.venue or l.venue = 'XX')
    and (c.scope_of = 'all' or (c.scope_of = p.definition and p.topic <> 'all'))
    and (
      k.measure in ('families', 'granted')
      or (
        c.scope_of = 'all'
        and cast(substr(c.published_from, 1, 4) as bigint) <= y.period
        and case when k.measure = 'cites_literature' then c.lists_literature else c.lists_citations end
      )
    )
  left join lags as own
    on own.office = l.venue and own.documents = case when c.documents = 'grants' then 'grants' else k.documents end
  join lags as usual
    on usual.office = '*' and usual.documents = case when c.documents = 'grants' then 'grants' else k.documents end
),
shares as (
  select
    venues, venue, offices, period, topic, definition, measure,
    max(
      case
        when age <= 0 then 0.0
        when age < m10 then 0.1 * age / m10
        when age < m25 then 0.1 + 0.15 * (age - m10) / (m25 - m10)
        when age < m50 then 0.25 + 0.25 * (age - m25) / (m50 - m25)
        when age < m75 then 0.5 + 0.25 * (age - m50) / (m75 - m50)
        when age < m90 then 0.75 + 0.15 * (age - m75) / (m90 - m75)
        else least(1.0, 0.9 + 0.1 * (age - m90) / m90)
      end
    ) as filled
  from ages
  group by venues, venue, offices, period, topic, definition, measure
)
select
  venues,
  topic,
  definition,
  period,
  measure,
  cast(max(offices) as bigint) as held_venues,
  cast(sum(case when filled >= 0.9 then 1 else 0 end) as bigint) as collected_venues,
  case
    -- An office without a collection that tells is not zero.
    when count(distinct venue) < max(offices) then 'L'
    when min(filled) >= 0.9 then 'A'
    when max(offices) = 1 and min(filled) >= 0.5 then 'P'
    else 'L'
  end as status,
  round(cast(min(filled) as double), 12) as completeness
from shares
group by venues, topic, definition, period, measure
order by venues, topic, definition, period, measure
