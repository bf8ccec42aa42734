-- One row per patent family and applicant, as the first document lists them that names one. A person has no name here,
-- but takes part in the sharing.
with listed as (
  select
    m.family as work,
    d.document,
    d.published,
    p.part,
    p.name,
    p.alpha2,
    max(case when p.name is null then 0 else 1 end) over (partition by d.document) as names_one
  from patents as d
  join patent_members as m on m.document = d.document
  join patent_parts as p on p.document = d.document and p.part_kind = 'applicant'
),
ranked as (
  select
    *,
    dense_rank() over (partition by work order by names_one desc, published nulls last, document) as turn
  from listed
)
select
  r.work,
  row_number() over (partition by r.work order by r.part) - 1 as slot,
  0 as part,
  r.name as raw_name,
  c.country
from ranked as r
left join registry_countries as c on c.alpha2 = r.alpha2
where r.turn = 1
order by r.work, slot
