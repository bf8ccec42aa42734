-- One row per counted patent family and measure.
select work, 'families' as measure, 'any' as territory, cast(1.0 as double) as value
from patent_families
where is_collected and period is not null
union all
select work, 'granted' as measure, 'any' as territory, cast(case when is_granted then 1.0 else 0.0 end as double) as value
from patent_families
where is_collected and period is not null
order by work, measure
