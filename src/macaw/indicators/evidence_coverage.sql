-- One row per series, definition, entity (any: every one) and period that a source covers.
select series, definition, entity, period, status, completeness, adds_up, source
from coverage_models
union all
select series, definition, entity, period, status, completeness, adds_up, source
from coverage_money
order by series, definition, entity, period
