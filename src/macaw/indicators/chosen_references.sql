-- Of the works chosen those with a known reference; value is how many go to the work of $cited (`itself`: of the entity).
select
  c.work,
  sum(case
    when d.cited_entity = case when $cited = 'itself' then $entity else $cited end then d.total
    else 0.0
  end) as value,
  c.share,
  c.by_place
from chosen as c
join reference_credits as d
  on d.work = c.work
  and d.place in ('any', $place)
  and d.ownership in ('any', $ownership)
group by c.work, c.share, c.by_place
