-- One row per work that has the DOI of a paper on arXiv, or the DOI that the paper on arXiv gives of its published version.
-- Of several papers with one DOI the first is taken.
with dois as (
  select '10.48550/arxiv.' || lower(arxiv_paper) as doi, arxiv_paper, categories, 0 as place from source_arxiv_papers
  union all
  select doi, arxiv_paper, categories, 1 as place from source_arxiv_papers where doi is not null
),
linked as (
  select work, lower(replace(link, 'https://doi.org/', '')) as doi from works where link like 'https://doi.org/%'
),
found as (
  select
    l.work,
    d.arxiv_paper,
    d.categories,
    row_number() over (partition by l.work order by d.place, d.arxiv_paper) as nth
  from linked as l
  join dois as d on d.doi = l.doi
)
select work, arxiv_paper, categories
from found
where nth = 1
order by work
