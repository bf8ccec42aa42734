-- One row per deal with its country, and its amount in US dollars where it is in dollars or a rate stands in figures.
with countries as (
  select lower(country) as label, country from registry_countries
  union
  select lower(alpha2) as label, country from registry_countries where alpha2 is not null
  union
  select lower(name) as label, country from registry_places where place_kind = 'country'
),
placed as (
  -- A label that means two countries places no deal.
  select label, min(country) as country from countries group by label having count(distinct country) = 1
),
rates as (
  select upper(replace(series, 'exchange_rate_', '')) as currency, period, value, grade
  from figures
  where series like 'exchange_rate_%' and settles_claims
)
select
  d.deal,
  d.source,
  d.title,
  d.company,
  p.country,
  d.period,
  d.day,
  d.amount,
  d.currency,
  case when d.currency = 'USD' then d.amount else d.amount / nullif(r.value, 0) end as amount_usd,
  case when d.amount is not null then r.grade end as rate_grade,
  d.amount_kind,
  d.round,
  d.investors,
  d.link
from source_deals as d
left join placed as p on p.label = lower(d.listed_country)
left join rates as r on r.currency = d.currency and r.period = d.period and d.currency <> 'USD'
