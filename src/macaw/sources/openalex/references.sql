-- One row per work and other work that it cites.
select work_id(number) as work, 'openalex/' || replace(cited, 'https://openalex.org/', '') as cited_work
from (select distinct number, unnest(w.referenced_works) as cited from fresh)
where cited is not null
order by number, cited
