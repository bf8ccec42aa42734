-- One row per work, author slot and affiliation: its string and institutions, and what is known of the slot's institutions.
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
)
select
  number, slot, institutions,
  unnest(parts) as p,
  generate_subscripts(parts, 1) - 1 as part
from listed
