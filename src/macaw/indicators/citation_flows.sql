-- One row per citing entity, entity whose work is cited, definition, venue, year of the citing works and counting, by place
-- of work and today's owner.
-- preference: the share over the same share of all the world's references; 1 is the world's habit. With an entity itself
-- cited it is what Bakare and Lewison (2017, Scientometrics 113(2)) call over-citation, here against references, not papers.
with ways as (
  select 'full' as counting union all select 'fractional'
),
counted as (
  select
    c.entity, c.cited_entity, c.definition, c.venue, c.period, y.counting,
    cast(sum(cast(case when y.counting = 'full' then c.total else c.shared_total end as decimal(38, 12))) as double)
      as references_made,
    sum(c.records) as records
  from reference_cells as c
  cross join ways as y
  where c.place in ('any', 'workplace') and c.ownership in ('any', 'as_is')
  group by c.entity, c.cited_entity, c.definition, c.venue, c.period, y.counting
),
shares as (
  select c.*, k.references_made as references_known, c.references_made / nullif(k.references_made, 0.0) as references_share
  from counted as c
  join counted as k
    on k.entity = c.entity
    and k.cited_entity = 'WLD'
    and k.definition = c.definition
    and k.venue = c.venue
    and k.period = c.period
    and k.counting = c.counting
)
select
  s.entity, s.cited_entity, s.definition, s.venue, s.period, s.counting,
  round(s.references_made, 12) as references_made,
  round(s.references_known, 12) as references_known,
  round(s.references_share, 12) as references_share,
  round(s.references_share / nullif(w.references_share, 0.0), 12) as preference,
  cast(s.records as bigint) as records
from shares as s
join shares as w
  on w.entity = 'WLD'
  and w.cited_entity = s.cited_entity
  and w.definition = s.definition
  and w.venue = s.venue
  and w.period = s.period
  and w.counting = s.counting
where s.cited_entity <> 'WLD'
order by s.entity, s.cited_entity, s.definition, s.venue, s.period, s.counting
