-- One row per counted patent family, entity, place of work and rule of attribution, with the offices that published it.
-- An office's share is its part of the offices.
with offices as (
  select o.work, o.office, count(*) over (partition by o.work) as offices
  from patent_offices as o
  join patent_families as f on f.work = o.work
  where f.is_collected and f.period is not null
)
select work, entity, place_country, place, ownership, share, probability from patent_party_credits
union all
select
  work, 'office:' || office as entity, '' as place_country, 'any' as place, 'any' as ownership,
  round(1.0 / offices, 12) as share, 1.0 as probability
from offices
order by work, entity, place_country, place, ownership
