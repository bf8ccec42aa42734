-- One row per affiliation in whose string the matcher finds no organisation, and institution that the source ties to it.
-- The string's match goes first: it is made by the same rules for all sources and knows companies with their laboratories.
-- Where the string names a place, the work was done there, wherever the institution has its seat.
with named as (
  select distinct raw_name from matches where organisation is not null
),
placed as (
  select raw_name, min(country) as country
  from matches
  where organisation is null and country is not null
  group by raw_name
),
claimed as (
  select value as ror, min(organisation) as organisation from registry_facts where property = 'ror' group by value
),
linked as (
  select
    l.work,
    l.slot,
    l.part,
    g.organisation,
    coalesce(p.country, c.country, g.country) as country,
    l.institution,
    p.country as string_country
  from source_openalex_links as l
  join authorships as a on a.work = l.work and a.slot = l.slot and a.part = l.part
  left join named as n on n.raw_name = a.raw_name
  left join placed as p on p.raw_name = a.raw_name
  left join claimed as k on k.ror = l.ror
  left join organisations as g on g.organisation = coalesce(k.organisation, 'ror:' || l.ror)
  left join registry_countries as c on c.alpha2 = l.alpha2
  where n.raw_name is null
),
kept as (
  select work, slot, part, organisation, country, min(institution) as institution
  from linked
  -- An institution the registry does not know says no more than the string's own place.
  where country is not null and (organisation is not null or string_country is null)
  group by work, slot, part, organisation, country
),
above as (
  select distinct k.work, k.slot, k.part, k.organisation
  from kept as k
  join kept as b on b.work = k.work and b.slot = k.slot and b.part = k.part
  join ancestors as t on t.organisation = b.organisation and t.ancestor = k.organisation
)
select
  k.work,
  k.slot,
  k.part,
  k.organisation,
  k.country,
  b.organisation is not null as is_ancestor,
  'OpenAlex: ' || k.institution as evidence
from kept as k
left join above as b
  on b.work = k.work and b.slot = k.slot and b.part = k.part and b.organisation = k.organisation
order by k.work, k.slot, k.part, k.organisation nulls last, k.country
