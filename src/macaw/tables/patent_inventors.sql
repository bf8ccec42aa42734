-- One row per patent family and country of inventors, with their share among those whose country is known.
-- As the document lists them of whose inventors most countries are known.
with listed as (
  select m.family as work, d.document, d.published, c.country
  from patents as d
  join patent_members as m on m.document = d.document
  join patent_parts as p on p.document = d.document and p.part_kind = 'inventor'
  join registry_countries as c on c.alpha2 = p.alpha2
),
counted as (
  select work, document, published, count(*) as known from listed group by work, document, published
),
ranked as (
  select
    *,
    row_number() over (partition by work order by known desc, published nulls last, document) as turn
  from counted
)
select
  l.work,
  l.country,
  round(1.0 * count(*) / max(r.known), 12) as share
from listed as l
join ranked as r on r.work = l.work and r.document = l.document and r.turn = 1
group by l.work, l.country
order by l.work, l.country
