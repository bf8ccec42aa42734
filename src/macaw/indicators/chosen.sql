-- The works, or patent families, that give an entity credit, with its share. by_place: an entity that has its credit by a rule of
-- place is a country or a group of them.
select
  c.work,
  sum(c.share) as share,
  max(case when c.place = 'any' then 0 else 1 end) as by_place
from credits as c
join works as w on w.work = c.work
join registry_venue_lists as l on l.venue = w.venue and l.venues = $venues
join record_topics as t on t.work = w.work and t.topic = $topic and t.definition = $definition
where
  c.entity = $entity
  and c.place_country = ''
  and c.place in ('any', $place)
  and c.ownership in ('any', $ownership)
  and w.period between $first_year and $last_year
group by c.work
