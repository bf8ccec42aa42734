-- The first step of indicators on references: one row per citing entity, period and specification.
-- value counts the references to the work of $cited (`itself`: of the citing entity), weight all to works with a known place;
-- n is the number of citing works. Of the world, `itself` says nothing.
select
  c.entity,
  '' as place_country,
  c.topic,
  c.period,
  s.counting,
  s.place,
  s.ownership,
  s.definition,
  s.venues,
  s.territory,
  cast(sum(cast(
    case
      when c.cited_entity <> case when $cited = 'itself' then c.entity else $cited end then 0.0
      when s.counting = 'full' then c.total
      else c.shared_total
    end as decimal(38, 12)
  )) as double) as value,
  cast(sum(cast(
    case
      when c.cited_entity <> 'WLD' then 0.0
      when s.counting = 'full' then c.total
      else c.shared_total
    end as decimal(38, 12)
  )) as double) as weight,
  sum(case when c.cited_entity = 'WLD' then c.records else 0 end) as n
from specifications as s
join registry_venue_lists as l on l.venues = s.venues
join reference_cells as c
  on c.venue = l.venue
  and c.topic = s.topic
  and c.definition = s.definition
  and c.place in ('any', s.place)
  and c.ownership in ('any', s.ownership)
where c.entity <> 'WLD' or $cited <> 'itself'
group by
  c.entity, c.topic, c.period, s.counting, s.place, s.ownership, s.definition, s.venues, s.territory
