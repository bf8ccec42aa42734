-- How many records every source gives for every year, and how many without a year.
select source, period, count(*) as records from (
  select source, period from works
  union all select source, period from models
  union all select source, period from deals
  union all select source, period from positions
  union all select source, cast(left(published, 4) as bigint) as period from patents
  union all select source, period from statistics
  union all select source, period from language_shares
)
where source is not null
group by source, period
order by source, period nulls first
