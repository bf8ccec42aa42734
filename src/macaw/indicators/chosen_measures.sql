-- Of the works chosen those that add to a number, with what they add.
select
  c.work,
  max(m.value) as value,
  c.share,
  c.by_place
from chosen as c
join record_measures as m
  on m.work = c.work and m.measure = $measure and m.territory in ('any', $territory)
group by c.work, c.share, c.by_place
having $all_records or max(m.value) > 0.0
