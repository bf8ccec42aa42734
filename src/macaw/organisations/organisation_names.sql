-- One row per organisation, name, its language and way the name may match. Names with a ROR id come from that record.
with claimed as (
  select value as ror, organisation from registry_facts where property = 'ror'
),
ambiguous as (
  -- What is a word in English ("Continental", "Sina") is none in Chinese, unless that is said too.
  select organisation, coalesce(language, 'en') as language
  from registry_facts
  where property = 'name_is_ambiguous' and value = 'yes'
)
select distinct
  f.organisation,
  f.value as name,
  f.language,
  case
    when f.property in ('segment_alias', 'segment_lab') then 'segment'
    when f.property = 'name' and a.organisation is not null then 'segment'
    else 'phrase'
  end as match_rule,
  f.country,
  cast(null as varchar) as ror
from registry_facts as f
left join ambiguous as a on a.organisation = f.organisation and a.language = f.language
where f.property in (
  'name', 'alias', 'legal_name', 'short_name', 'former_name', 'lab', 'segment_alias', 'segment_lab'
)
union all
select distinct
  coalesce(k.organisation, 'ror:' || n.ror) as organisation,
  n.name,
  n.language,
  case n.name_kind when 'acronym' then 'acronym' when 'display' then 'official' else 'phrase' end as match_rule,
  c.country,
  n.ror
from source_organisation_names as n
join source_organisations as o on o.ror = n.ror
left join registry_countries as c on c.alpha2 = o.alpha2
left join claimed as k on k.ror = n.ror
where o.record_status <> 'withdrawn'
order by organisation, name, match_rule, ror, language
