-- One row per series, definition, record (on money, or any statistic), entity (null where none is known) and period.
-- Statistics and figures are one record per entity and year. Deals are summed only where a list was mapped by its user,
-- disclosed and imputed amounts under definitions of their own. What a figure that was not read itself deflates or
-- converts is of low reliability (U). What a machine read in news, and contracts of which a
-- few are public, carry no amount: they are evidence of a link, and no indicator rests on them.
with deflators as (
  select period, value, grade from figures where series = 'gdp_deflator' and entity = 'USA' and settles_claims
),
parties as (
  select d.deal, d.country as entity from deals as d
  union all
  select d.deal, n.organisation as entity from deals as d join exact_names as n on n.label = lower(d.company)
),
together as (
  select
    series, statistic as record, entity, period, definition, amount,
    cast(null as double) as low, cast(null as double) as high, status, source, title, link, detail
  from statistics
  union all
  select
    s.series || '_real' as series, s.statistic as record, s.entity, s.period, s.definition,
    s.amount * 100.0 / nullif(d.value, 0.0) as amount,
    cast(null as double) as low, cast(null as double) as high,
    case when s.amount is not null and d.grade <> 'read' then 'U' else s.status end as status, s.source, s.title, s.link,
    s.detail || '; price level of the year ' || d.value || ' (2017 = 100)' as detail
  from statistics as s
  join deflators as d on d.period = s.period
  where s.series in ('ai_venture_capital', 'all_venture_capital')
  union all
  select
    'deal_amount' as series, d.deal as record, p.entity, d.period, d.amount_kind as definition,
    d.amount_usd / 1000000.0 as amount,
    cast(null as double) as low, cast(null as double) as high,
    case when d.rate_grade <> 'read' then 'U' when d.amount_kind = 'imputed' then 'I' else 'A' end as status,
    d.source, d.company as title, d.link, d.title || ', ' || d.day as detail
  from deals as d
  join parties as p on p.deal = d.deal
  where d.amount_kind in ('disclosed', 'imputed')
  union all
  select
    'deals' as series, d.deal as record, p.entity, d.period, d.amount_kind as definition, 1.0 as amount,
    cast(null as double) as low, cast(null as double) as high, 'A' as status,
    d.source, d.company as title, d.link, d.title || ', ' || d.day as detail
  from deals as d
  join parties as p on p.deal = d.deal
  union all
  select
    'investment_links' as series, mention as record, investor_organisation as entity, period,
    'machine_read' as definition, cast(null as double) as amount,
    cast(null as double) as low, cast(null as double) as high, 'U' as status,
    source, company as title, cast(null as varchar) as link, max(sentences) as detail
  from investment_links
  where period is not null
  group by mention, investor_organisation, period, source, company
  union all
  select
    'military_contracts' as series, contract as record, 'CHN' as entity, period, 'public_notice' as definition,
    cast(null as double) as amount,
    cast(null as double) as low, cast(null as double) as high, 'U' as status,
    source, title, cast(null as varchar) as link,
    coalesce(buyer, '?') || ' ← ' || coalesce(contractor, '?') || ' (' || purchase || ')' as detail
  from source_contracts
  where period is not null
  union all
  select
    f.indicator as series, f.figure as record, f.entity, f.period, f.definition, f.value as amount, f.low, f.high,
    case f.grade when 'read' then 'A' else 'U' end as status,
    'figures' as source, f.title, f.url as link, f.scope || '; ' || f.source_title || coalesce('; ' || f.note, '') as detail
  from figures as f
  where f.indicator is not null and f.settles_claims
)
select
  series, record, entity, period, definition, amount, 1.0 as share, low, high, status, source, title, link, detail
from together
order by series, definition, record, entity
