-- Papers of every venue in every year it took place.
select c.venues as series, c.period, c.papers as records, 1.0 as exposure
from coverage as c
where
  c.topic = 'all' and c.definition = 'venue' and c.held_venues > 0
  and c.venues in (select venue from registry_venue_lists)
order by c.venues, c.period
