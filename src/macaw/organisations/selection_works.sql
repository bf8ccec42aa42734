-- One row per work of the collections and organisation for which it counts: one that is whole in the year of the work
-- and for which the work was fetched. What others have on these works is a chance part of theirs, and counts for nobody.
select distinct s.work, y.entity
from source_openalex_selected as s
join works as w on w.work = s.work
join source_openalex_requests as q on q.selection = s.selection and q.period = w.period
join selection_rors as r on r.ror = q.ror
join selection_years as y on y.entity = r.entity and y.period = w.period and y.venues = w.venue
order by s.work, y.entity
