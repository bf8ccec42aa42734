-- The citing works, or patent families, behind a number on references; value is how many of a work's references go to the work
-- of $cited (`itself`: of the entity). by_place as in chosen.sql.
with citing as (
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
)
select
  c.work,
  sum(case
    when d.cited_entity = case when $cited = 'itself' then $entity else $cited end then d.total
    else 0.0
  end) as value,
  max(c.share) as share,
  max(c.by_place) as by_place
from citing as c
join reference_credits as d
  on d.work = c.work
  and d.place in ('any', $place)
  and d.ownership in ('any', $ownership)
group by c.work
