-- Values with status and completeness from coverage, and the rows a series lacks.
-- A series of a country, a group or the world, or with $fill of any entity in scope, has a row for each period:
-- 0 where papers were collected and none was found, no value where nothing was collected, and K (included in
-- another category) where an owner counts for the organisation's work.
-- Of a list that was fetched for some organisations only (status L) these alone have values, of low reliability (U):
-- works that the source does not tie to them are not there.
with wanted as (
  select c.*
  from computed as c
  join scope as s on s.entity = c.entity
  where (c.place_country <> '') = $by_country
),
series as (
  select distinct
    c.entity, c.place_country, c.topic, c.counting, c.place, c.ownership, c.definition, c.venues, c.territory
  from wanted as c
  join entities as e on e.entity = c.entity
  where c.place_country = '' and $absent = 'zero' and e.kind in ('country', 'group', 'world')
  union
  select o.entity, '' as place_country, s.topic, s.counting, s.place, s.ownership, s.definition, s.venues, s.territory
  from scope as o
  cross join specifications as s
  where $fill and not $by_country
),
spans as (
  -- A series begins with the first paper at hand; of a list without any, with its first known year.
  select
    venues,
    coalesce(min(case when papers > 0 or collected_venues > 0 then period end), min(period)) as first_year
  from coverage
  group by venues
),
stated as (
  select
    venues, topic, definition, period,
    case when $needs = 'citation' then citation_status else affiliation_status end as status,
    case when $needs = 'citation' then citation_completeness else completeness end as completeness
  from coverage
),
broken as (
  -- What looks back over $span years is broken by a break in any of them but the first.
  select distinct v.venues, v.topic, v.definition, v.period
  from stated as v
  join stated as b
    on b.venues = v.venues
    and b.topic = v.topic
    and b.definition = v.definition
    and b.period between v.period - $span + 2 and v.period
  where b.status = 'B'
),
known as (
  select
    v.venues,
    v.topic,
    v.definition,
    v.period,
    case when v.status = 'A' and k.period is not null then 'B' else v.status end as status,
    v.completeness
  from stated as v
  join spans as s on s.venues = v.venues and v.period >= s.first_year
  left join broken as k
    on k.venues = v.venues and k.topic = v.topic and k.definition = v.definition and k.period = v.period
),
whole as (
  -- No zero where the indicator has no value for anybody of the list: a share of the world, a rank among all works.
  select y.entity, y.venues, y.period, c.topic, c.definition
  from selection_years as y
  join (select distinct venues, topic, definition from computed) as c on c.venues = y.venues
),
selective as (
  select distinct venues from selection_years
),
completed as (
  select
    s.entity, s.place_country, s.topic, k.period, s.counting, s.place, s.ownership, s.definition, s.venues, s.territory,
    case
      when (k.status not in ('L', 'M') or y.entity is not null) and $absent = 'zero' and o.owner is null then 0.0
    end as value,
    0 as n,
    case
      when o.owner is not null then 'K'
      when y.entity is not null and $absent = 'zero' then 'U'
      when y.entity is not null and $absent = 'cannot_exist' then 'M'
      when k.status in ('L', 'M') or $absent = 'zero' then k.status
      when $absent = 'cannot_exist' then 'M'
      else 'L'
    end as status,
    k.completeness
  from series as s
  join known as k on k.venues = s.venues and k.topic = s.topic and k.definition = s.definition
  left join owners as o
    on o.organisation = s.entity
    and o.ownership = s.ownership
    and o.owner <> s.entity
    and k.period between coalesce(o.from_year, 0) and coalesce(o.to_year, 9999)
  left join whole as y
    on y.entity = s.entity
    and y.venues = s.venues
    and y.topic = s.topic
    and y.definition = s.definition
    and y.period = k.period
  left join computed as c
    on c.entity = s.entity
    and c.place_country = s.place_country
    and c.topic = s.topic
    and c.period = k.period
    and c.counting = s.counting
    and c.place = s.place
    and c.ownership = s.ownership
    and c.definition = s.definition
    and c.venues = s.venues
    and c.territory = s.territory
  where c.entity is null
),
found as (
  select
    c.entity, c.place_country, c.topic, c.period, c.counting, c.place, c.ownership, c.definition, c.venues, c.territory,
    -- Of patents, what is there of a year that is not filled is no value.
    -- Of works fetched for some organisations neither is what all of them together would give.
    case when k.status <> $hidden and (l.venues is null or y.entity is not null) then c.value end as value,
    c.n,
    case
      when k.status = $hidden then k.status
      when l.venues is not null and y.entity is null then 'L'
      when c.value is null then 'M'
      when c.n < $few or y.entity is not null then 'U'
      else k.status
    end as status,
    k.completeness
  from wanted as c
  join known as k
    on k.venues = c.venues and k.topic = c.topic and k.definition = c.definition and k.period = c.period
  left join selective as l on l.venues = c.venues
  left join whole as y
    on y.entity = c.entity
    and y.venues = c.venues
    and y.topic = c.topic
    and y.definition = c.definition
    and y.period = c.period
),
together as (
  select * from found
  union all
  select * from completed
)
select
  entity,
  place_country,
  $indicator as indicator,
  topic,
  period,
  counting,
  place,
  ownership,
  definition,
  venues,
  territory,
  round(value, 12) as value,
  cast(null as double) as low,
  cast(null as double) as high,
  $unit as unit,
  status,
  cast(n as bigint) as n,
  round(completeness, 12) as completeness,
  $release as release
from together
order by
  entity, place_country, topic, venues, counting, place, ownership, definition, territory, period
