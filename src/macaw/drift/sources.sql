-- What every source covers of each of its series in every year: entities, and for papers the papers.
select 'paperlists papers' as series, period, papers as records, 1.0 as exposure
from coverage
where venues = 'all' and topic = 'all' and definition = 'venue' and papers > 0
union all
select source || ' ' || series || ' ' || definition as series, period, count(*) as records, 1.0 as exposure
from evidence_coverage
where source is not null
group by source, evidence_coverage.series, definition, period
order by series, period
