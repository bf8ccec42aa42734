-- One row per series, definition, entity (any: every one) and period that a source covers.
select series, definition, entity, period, status, completeness, adds_up, source
from coverage_models
order by series, definition, entity, period
