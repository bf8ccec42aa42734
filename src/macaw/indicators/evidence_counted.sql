-- The first step of every indicator on evidence: one row per record, entity, period and specification.
-- weight is 1 under full counting, under fractional counting the entity's share of the record.
select
  e.entity,
  '' as place_country,
  s.topic,
  e.period,
  s.counting,
  s.place,
  s.ownership,
  s.definition,
  s.venues,
  s.territory,
  e.record,
  e.amount,
  case when s.counting = 'full' then 1.0 else e.share end as weight,
  e.low,
  e.high,
  e.status
from specifications as s
join evidence as e
  on e.series = $series and e.definition = s.definition and (e.ownership = s.ownership or e.ownership = 'any')
