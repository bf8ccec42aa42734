-- One row per work, author slot, affiliation and institution that OpenAlex finds in it.
with slots as (
  select number, unnest(w.authorships) as a, generate_subscripts(w.authorships, 1) - 1 as slot from fresh
),
listed as (
  select
    number,
    slot,
    a.institutions as institutions,
    -- Before 2024 there was no list that joins strings and institutions: one string is joined to all of them, of several it
    -- cannot be said which, and without a string the institutions stand alone.
    case
      when len(a.affiliations) > 0 then a.affiliations
      when len(a.raw_affiliation_strings) > 0 then list_transform(a.raw_affiliation_strings, lambda s: {
        'raw_affiliation_string': s,
        'institution_ids': case
          when len(a.raw_affiliation_strings) = 1 then list_transform(a.institutions, lambda i: i.id) else []
        end
      })
      else list_transform(a.institutions, lambda i: {'raw_affiliation_string': null, 'institution_ids': [i.id]})
    end as parts
  from slots
),
parts as (
  select number, slot, institutions, unnest(parts) as p, generate_subscripts(parts, 1) - 1 as part from listed
),
found as (
  select distinct number, slot, part, institutions, unnest(p.institution_ids) as institution from parts
),
told as (
  select
    number, slot, part, institution, list_filter(institutions, lambda i: i.id = institution)[1] as told
  from found
  where institution is not null
)
select
  'openalex/W' || t.number as work,
  t.slot,
  t.part,
  replace(t.institution, 'https://openalex.org/', '') as institution,
  replace(coalesce(t.told.ror, i.ror), 'https://ror.org/', '') as ror,
  coalesce(t.told.country_code, i.country_code) as alpha2
from told as t
left join institutions as i on i.institution = t.institution
order by t.number, t.slot, t.part, institution
