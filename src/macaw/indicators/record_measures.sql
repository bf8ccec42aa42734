-- One row per published work, measure and territory rule; a measure that cannot be known has no row.
-- Counting runs only over venue-years whose affiliations (citations) were collected.
-- highly_cited: fewer than a tenth of the venue-year's papers have more citations, so that ties at the
-- threshold are all in.
with counted as (
  select w.work, w.venue, w.period, w.citations, y.citations_collected
  from works as w
  join venue_years as y on y.venue = w.venue and y.period = w.period
  where w.is_published and y.is_collected
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
