-- One row per series, definition, entity and period that the supply chain of chips covers.
-- Countries that the list names somewhere, groups of them, the companies it has an exposure of, the world: of any other
-- it may merely not have heard.
with editions as (
  select distinct series, definition, period, source from evidence_chips
),
covered as (
  select distinct entity from evidence_chips where series = 'chip_supply'
)
select
  e.series, e.definition, c.entity, e.period, 'A' as status, 1.0 as completeness, false as adds_up, e.source
from editions as e
cross join covered as c
where e.series in ('chip_supply', 'chip_no_supplier', 'chip_single_supplier')
union all
select distinct
  'chip_single_supplier' as series, definition, entity, period, 'A' as status, 1.0 as completeness, false as adds_up, source
from evidence_chips
where series = 'chip_concentration'
union all
select distinct
  series, definition, entity, period, 'A' as status, 1.0 as completeness, false as adds_up, source
from evidence_chips
where series in ('chip_concentration', 'chip_exposure')
order by series, definition, entity, period
