-- The works, or patent families, behind a number, with the entity's share. by_place: an entity that has its credit by a rule of
-- place is a country or a group of them.
select
  c.work,
  max(m.value) as value,
  sum(c.share) as share,
  max(case when c.place = 'any' then 0 else 1 end) as by_place
from credits as c
join works as w on w.work = c.work
join registry_venue_lists as l on l.venue = w.venue and l.venues = $venues
join record_topics as t on t.work = w.work and t.topic = $topic and t.definition = $definition
join record_measures as m
  on m.work = w.work and m.measure = $measure and m.territory in ('any', $territory)
where
  c.entity = $entity
  and c.place_country = ''
  and c.place in ('any', $place)
  and c.ownership in ('any', $ownership)
  and w.period between $first_year and $last_year
group by c.work
having $all_records or max(m.value) > 0.0
