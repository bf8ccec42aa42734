-- Sum of a measure over works: full counting adds the measure, fractional the entity's share of it.
select
  entity, place_country, topic, period, counting, place, ownership, definition, venues, territory,
  value,
  n
from counted
