-- One row per GPU cluster that was built, with the time it worked.
-- A cluster ends when it is decommissioned or becomes part of a larger one that works. Planned ones are left out.
-- is_standard: the chips stand in one place, the source calls the cluster confirmed or likely, and not a duplicate.
with larger as (
  select title, min(operational_from) as operational_from
  from source_clusters
  where cluster_status <> 'Planned'
  group by title
)
select
  c.record,
  c.source,
  c.title,
  c.operational_from,
  case
    when l.operational_from < coalesce(c.decommissioned, '9999') then l.operational_from
    else c.decommissioned
  end as operational_until,
  c.h100_equivalents,
  not c.possible_duplicate and c.certainty in ('Confirmed', 'Likely') as is_counted,
  not c.possible_duplicate and c.certainty in ('Confirmed', 'Likely') and c.single_cluster = 'Yes' as is_standard,
  c.supplier,
  c.certainty,
  c.link
from source_clusters as c
left join larger as l on l.title = c.superseded_by
where c.cluster_status <> 'Planned'
order by c.record
