-- One row per series, definition, entity (any: every one) and period that a source covers.
select * from coverage_models
union all
select * from coverage_languages
union all
select * from coverage_money
union all
select * from coverage_patents
union all
select * from coverage_people
union all
select * from coverage_chips
union all
select * from coverage_frameworks
order by series, definition, entity, period
