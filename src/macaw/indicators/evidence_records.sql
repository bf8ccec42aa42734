-- The records behind a number on evidence: one row per record of the entity.
select
  record,
  title,
  period,
  amount,
  share,
  low,
  high,
  status,
  source,
  link,
  detail
from evidence
where
  series = $series
  and definition = $definition
  and entity = $entity
  and ownership in ('any', $ownership)
  and period between $first_year and $last_year
order by period, amount desc nulls last, title, record
