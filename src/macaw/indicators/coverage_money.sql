-- One row per series, definition, entity and period that a source on money covers.
-- A statistic or a figure covers its own country and year and says nothing of others, but that a member of a group which
-- the source tells of is counted there (K) if it has no figure of its own in any year. A list of deals covers the
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
  e.series, e.definition, m.member as entity, e.period,
  'K' as status,
  cast(null as double) as completeness,
  false as adds_up,
  e.source
from evidence_money as e
join group_members as m on m.group_id = e.entity
left join evidence_money as o on o.series = e.series and o.definition = e.definition and o.entity = m.member
where o.entity is null
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
