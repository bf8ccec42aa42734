-- The entity's papers over all papers with at least one located affiliation, a fraction from 0 to 1.
with world as (
  select topic, period, counting, place, ownership, definition, venues, territory, value
  from counted
  where entity = 'WLD' and place_country = ''
)
select
  c.entity, c.place_country, c.topic, c.period, c.counting, c.place, c.ownership, c.definition, c.venues, c.territory,
  c.value / nullif(w.value, 0) as value,
  c.n
from counted as c
join world as w
  on w.topic = c.topic
  and w.period = c.period
  and w.counting = c.counting
  and w.place = c.place
  and w.ownership = c.ownership
  and w.definition = c.definition
  and w.venues = c.venues
  and w.territory = c.territory
