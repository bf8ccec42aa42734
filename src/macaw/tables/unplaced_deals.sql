-- Deals that no value can use, noted: their country is unknown, or no rate stands in figures for their currency.
select
  s.source, s.file, s.position, 'noted' as action,
  'country of the deal is not given or not known: it counts for no country' as reason,
  s.listed_country as offending_value
from source_deals as s
join deals as d on d.deal = s.deal
where d.country is null
union all
select
  s.source, s.file, s.position, 'noted' as action,
  'no exchange rate for currency and year in registry/figures.csv: the amount is in no sum' as reason,
  s.currency as offending_value
from source_deals as s
join deals as d on d.deal = s.deal
where d.amount is not null and d.amount_usd is null
