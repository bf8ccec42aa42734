-- One row per series, definition, entity and period that a source on money covers.
-- A statistic or a figure covers its own country and year and says nothing of others. A list of deals covers the
-- years it has deals of, for those who stand in it; whether it is whole nobody knows, so that no deal is not zero.
select distinct
  series, definition, entity, period,
  'A' as status,
  cast(null as double) as completeness,
  false as adds_up,
  source
from evidence_money
where series not in ('deals', 'deal_amount', 'investment_links', 'military_contracts')
union all
select distinct
  series, definition, 'any' as entity, period,
  'A' as status,
  cast(null as double) as completeness,
  true as adds_up,
  source
from evidence_money
where series in ('deals', 'deal_amount')
order by series, definition, entity, period
