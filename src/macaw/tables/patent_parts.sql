-- One row per patent document, kind of part (applicant, inventor, cpc, ipc, priority, citation, literature,
-- category) and part. Applicants, inventors, priorities and what is cited as the first source lists them that lists any;
-- classes and categories of all.
with listed as (
  select 1 as place, * from source_patent_parts_epo
  union all
  select 2 as place, * from source_patent_parts_google_patents
  union all
  select 3 as place, * from source_patent_parts_lens
  union all
  select 4 as place, * from source_patent_parts_uspto
  union all
  select 5 as place, * from source_patent_parts_patentsview
  union all
  select 6 as place, * from source_patent_parts_cset_1790
),
ranked as (
  select
    *,
    min(place) over (partition by document, part_kind) as first_place,
    row_number() over (partition by document, part_kind, name order by place, part) as turn
  from listed
)
select
  document,
  part_kind,
  row_number() over (partition by document, part_kind order by place, part) - 1 as part,
  name,
  alpha2,
  day
from ranked
where case when part_kind in ('cpc', 'ipc', 'category') then turn = 1 else place = first_place end
order by document, part_kind, part
