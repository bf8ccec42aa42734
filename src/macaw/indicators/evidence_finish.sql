-- Values on evidence with status and completeness, and the rows a series lacks.
-- A series of a country, a group or the world, or with $fill of any entity in scope, has a row for each year the
-- sources cover: 0 (or what $absent says) where they cover the entity and hold no record of it, L where they do not
-- cover it, K or M where they say that it is counted elsewhere or cannot be, K also where an owner counts for an
-- organisation. Without any source the years are those of the papers, and all is L.
with wanted as (
  select c.* from computed as c join scope as s on s.entity = c.entity where (c.place_country <> '') = $by_country
),
series as (
  select distinct
    c.entity, c.place_country, c.topic, c.counting, c.place, c.ownership, c.definition, c.venues, c.territory
  from wanted as c
  join entities as e on e.entity = c.entity
  where e.kind in ('country', 'group', 'world')
  union
  select o.entity, '' as place_country, s.topic, s.counting, s.place, s.ownership, s.definition, s.venues, s.territory
  from scope as o
  cross join specifications as s
  where $fill and not $by_country
),
covered as (
  select definition, entity, period, status, completeness from evidence_coverage where series = $series
),
years as (
  select distinct definition, period from covered
  union
  select distinct s.definition, c.period
  from specifications as s
  cross join coverage as c
  where s.definition not in (select definition from covered)
),
known as (
  -- What a source says of the entity itself goes before what it says of every one.
  select
    y.entity,
    y.definition,
    y.period,
    coalesce(own.status, every.status, 'L') as status,
    case when own.period is not null then own.completeness else every.completeness end as completeness
  from (
    select distinct s.entity, y.definition, y.period from series as s join years as y on y.definition = s.definition
    union
    select distinct entity, definition, period from wanted
  ) as y
  left join covered as own on own.entity = y.entity and own.definition = y.definition and own.period = y.period
  left join covered as every
    on every.entity = 'any' and every.definition = y.definition and every.period = y.period
),
completed as (
  select
    s.entity, s.place_country, s.topic, k.period, s.counting, s.place, s.ownership, s.definition, s.venues, s.territory,
    case when k.status not in ('K', 'L', 'M') and $absent = 'zero' and o.owner is null then 0.0 end as value,
    0 as n,
    cast(null as double) as low,
    cast(null as double) as high,
    case
      when o.owner is not null then 'K'
      when k.status in ('K', 'L', 'M') then k.status
      when $absent = 'not_collected' then 'L'
      when $absent = 'zero' then k.status
      else 'M'
    end as status,
    k.completeness
  from series as s
  join known as k on k.entity = s.entity and k.definition = s.definition
  left join owners as o
    on o.organisation = s.entity
    and o.ownership = s.ownership
    and o.owner <> s.entity
    and k.period between coalesce(o.from_year, 0) and coalesce(o.to_year, 9999)
  left join wanted as c
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
    c.value,
    c.n,
    c.low,
    c.high,
    case
      when c.value is null and c.status in ('M', 'Q') then c.status
      when c.value is null then 'O'
      when c.n < $few then 'U'
      when c.status = 'U' or k.status in ('A', 'L') then c.status
      else k.status
    end as status,
    c.known * coalesce(k.completeness, 1.0) as completeness
  from wanted as c
  join known as k on k.entity = c.entity and k.definition = c.definition and k.period = c.period
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
  -- Doubles hold no more digits of a large number, and rounding would spoil the last of them.
  case when abs(value) < 1000000.0 then round(value, 12) else value end as value,
  case when abs(low) < 1000000.0 then round(low, 12) else low end as low,
  case when abs(high) < 1000000.0 then round(high, 12) else high end as high,
  $unit as unit,
  status,
  cast(n as bigint) as n,
  round(completeness, 12) as completeness,
  $release as release
from together
order by
  entity, place_country, topic, venues, counting, place, ownership, definition, territory, period
