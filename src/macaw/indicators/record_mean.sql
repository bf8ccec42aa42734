-- Mean of a measure over works: full counting weighs works equally, fractional by the entity's share.
select
  entity, place_country, topic, period, counting, place, ownership, definition, venues, territory,
  value / nullif(weight, 0.0) as value,
  n
from counted
