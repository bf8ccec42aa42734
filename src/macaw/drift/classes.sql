-- Papers of every topic and definition in every year, out of all papers of the year.
select
  c.definition || ' ' || c.topic as series,
  c.period,
  c.papers as records,
  cast(t.papers as double) as exposure
from coverage as c
join coverage as t
  on t.venues = c.venues and t.period = c.period and t.topic = 'all' and t.definition = 'venue'
where c.venues = 'all' and t.papers > 0 and not (c.topic = 'all' and c.definition = 'venue')
order by series, c.period
