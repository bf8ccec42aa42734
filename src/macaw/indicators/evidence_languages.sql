-- Evidence on languages: share of training data, share of speakers, and the one over the other.
-- A definition of language_share is what is counted in GPT-3's data, the varieties of Chinese added up
-- (_chinese_together), or all crawls of a year that tell languages apart, by their pages (commoncrawl).
-- A definition of representation_ratio joins one of those with a way of counting speakers (_by_cldr, …).
with crawls as (
  select corpus, period, max(whole_quantity) as whole_quantity, max(case when is_whole then 1 else 0 end) as is_whole
  from language_shares
  where source = 'commoncrawl'
  group by corpus, period
  having max(case when language <> 'und' then 1 else 0 end) = 1
),
crawled as (
  select corpus, language, cast(sum(cast(share as decimal(38, 18))) as double) as share
  from language_shares
  where source = 'commoncrawl'
  group by corpus, language
),
yearly as (
  -- A whole crawl without a language has none of it; an excerpt says nothing of a language it does not list.
  select
    c.corpus, c.period, l.language, coalesce(s.share, 0.0) as share,
    c.whole_quantity / sum(c.whole_quantity) over (partition by l.language, c.period) as weight
  from crawls as c
  cross join (select distinct language from crawled) as l
  left join crawled as s on s.corpus = c.corpus and s.language = l.language
  where s.share is not null or c.is_whole = 1
),
texts as (
  select
    s.corpus || ':' || s.listed_language as record, s.corpus as definition, s.language, s.period, s.share as amount,
    s.source, s.corpus || ': ' || l.name as title,
    cast(s.quantity as varchar) || ' of ' || cast(cast(s.whole_quantity as bigint) as varchar) as detail
  from language_shares as s
  join languages as l on l.language = s.language
  where s.source = 'gpt3_languages'
  union all
  select
    s.corpus || ':' || s.listed_language, s.corpus || '_chinese_together', 'zh', s.period, s.share,
    s.source, s.corpus || ': ' || l.name,
    cast(s.quantity as varchar) || ' of ' || cast(cast(s.whole_quantity as bigint) as varchar)
  from language_shares as s
  join languages as l on l.language = s.language and l.macrolanguage = 'zh'
  where s.source = 'gpt3_languages'
  union all
  select
    y.corpus || ':' || y.language, 'commoncrawl', y.language, y.period, y.share * y.weight,
    'commoncrawl', y.corpus || ': ' || l.name,
    cast(cast(100.0 * y.share as decimal(18, 5)) as varchar) || ' % of the crawl, which has '
      || cast(cast(100.0 * y.weight as decimal(18, 2)) as varchar) || ' % of the pages of the year'
  from yearly as y
  join languages as l on l.language = y.language
),
people as (
  select
    s.language, s.definition, s.period,
    s.speakers / nullif(s.population, 0.0) as amount,
    s.low / nullif(s.population, 0.0) as low,
    s.high / nullif(s.population, 0.0) as high,
    case when s.grade = 'read' then 'A' else 'U' end as status,
    case when s.definition like 'cldr%' then 'cldr' else 'figures' end as source,
    l.name as title, s.url as link,
    coalesce(cast(cast(s.speakers as bigint) as varchar), 'a range') || ' of '
      || cast(cast(s.population as bigint) as varchar) || ' people; ' || s.source_title as detail
  from speakers as s
  join languages as l on l.language = s.language
),
summed as (
  select
    definition, language, period, source,
    cast(sum(cast(amount as decimal(38, 18))) as double) as amount
  from texts
  where language <> 'und'
  group by definition, language, period, source
),
ratios as (
  select
    t.definition || ':' || t.language as record,
    t.definition || '_by_' || p.definition as definition,
    t.language, t.period, t.source, p.status, p.title,
    t.amount / nullif(p.amount, 0.0) as amount,
    t.amount / nullif(p.high, 0.0) as low,
    t.amount / nullif(p.low, 0.0) as high,
    cast(cast(100.0 * t.amount as decimal(18, 6)) as varchar) || ' % of text, '
      || coalesce(cast(cast(100.0 * p.amount as decimal(18, 4)) as varchar) || ' % of people', 'a range of people')
      as detail
  from summed as t
  join people as p on p.language = t.language
  where
    p.definition in ('cldr', 'native')
    or (t.language = 'zh' and p.definition = 'cldr_chinese_together')
),
united as (
  select
    'language_share' as series, record, language, period, definition, amount,
    cast(null as double) as low, cast(null as double) as high, 'A' as status, source, title,
    case
      when source = 'commoncrawl' then 'https://commoncrawl.github.io/cc-crawl-statistics/plots/languages'
      else 'https://github.com/openai/gpt-3/tree/master/dataset_statistics'
    end as link,
    detail
  from texts
  union all
  select
    'speakers_share', definition || ':' || language, language, period, definition, amount, low, high, status, source,
    title, link, detail
  from people
  union all
  select
    'representation_ratio', record, language, period, definition, amount, low, high, status, source, title,
    case
      when source = 'commoncrawl' then 'https://commoncrawl.github.io/cc-crawl-statistics/plots/languages'
      else 'https://github.com/openai/gpt-3/tree/master/dataset_statistics'
    end,
    detail
  from ratios
)
select
  series, record, 'lang:' || language as entity, period, definition,
  round(amount, 12) as amount,
  cast(1.0 as double) as share,
  round(low, 12) as low,
  round(high, 12) as high,
  status, source, title, link, detail
from united
order by series, definition, record, entity, period
