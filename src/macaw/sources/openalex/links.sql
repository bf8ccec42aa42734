-- One row per work, author slot, affiliation and institution that OpenAlex finds in it.
with found as (
  select distinct number, slot, part, institutions, unnest(p.institution_ids) as institution from parts
),
told as (
  select
    number, slot, part, institution, list_filter(institutions, lambda i: i.id = institution)[1] as told
  from found
  where institution is not null
)
select
  work_id(t.number) as work,
  t.slot,
  t.part,
  replace(t.institution, 'https://openalex.org/', '') as institution,
  replace(coalesce(t.told.ror, i.ror), 'https://ror.org/', '') as ror,
  coalesce(t.told.country_code, i.country_code) as alpha2
from told as t
left join institutions as i on i.institution = t.institution
order by t.number, t.slot, t.part, institution
