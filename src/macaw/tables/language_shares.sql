-- One row per corpus and language code listed in it: the share of the corpus in that language.
-- Shares rest on the counts; where a file lists only some languages of a corpus, on the percentages it states.
with counted as (
  select
    'gpt3_' || counted as corpus,
    'gpt3_languages' as source,
    -- The data were described in 2020 (they are web pages of 2016 to 2019, books and Wikipedia).
    2020 as period,
    listed_language,
    language,
    quantity,
    stated_percentage,
    true as is_whole
  from source_gpt3_languages
  union all
  select
    'commoncrawl_' || replace(replace(crawl, 'CC-MAIN-', ''), '-', '_') as corpus,
    'commoncrawl' as source,
    period,
    listed_language,
    language,
    pages as quantity,
    stated_percentage,
    is_whole
  from source_commoncrawl_languages
),
summed as (
  select
    corpus,
    cast(sum(quantity) as double) as listed,
    cast(sum(cast(stated_percentage as decimal(38, 6))) as double) as stated
  from counted
  group by corpus
)
select
  c.corpus,
  c.source,
  c.period,
  c.listed_language,
  c.language,
  c.quantity,
  round(case when c.is_whole then s.listed else 100.0 * s.listed / nullif(s.stated, 0.0) end, 0) as whole_quantity,
  round(case when c.is_whole then c.quantity / nullif(s.listed, 0.0) else c.stated_percentage / 100.0 end, 12) as share,
  c.stated_percentage,
  c.is_whole
from counted as c
join summed as s on s.corpus = c.corpus
order by c.corpus, c.listed_language
