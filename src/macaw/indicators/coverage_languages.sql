-- What the sources on languages cover: every definition and year that has evidence.
-- completeness is the share of the text whose language is told; an excerpt of a crawl does not say it. A variety of Chinese that a
-- corpus does not tell apart is included in Chinese (K): CLD2, which told both corpora's languages, knows zh and zh-Hant only.
with told as (
  select
    definition, period,
    round(cast(sum(cast(case when entity <> 'lang:und' then amount else 0.0 end as decimal(38, 18))) as double), 12)
      as completeness
  from evidence_languages
  where
    series = 'language_share'
    and not (
      source = 'commoncrawl'
      and period in (select period from language_shares where source = 'commoncrawl' and not is_whole)
    )
  group by definition, period
),
covered as (
  select distinct series, definition, period, source from evidence_languages
),
listed as (
  select distinct definition, period, source, entity
  from evidence_languages
  where series = 'language_share' and definition not like '%chinese_together'
),
varieties as (
  select distinct 'lang:' || s.language as entity
  from speakers as s
  join languages as l on l.language = s.language and l.macrolanguage = 'zh'
  where s.language <> 'zh'
)
select
  c.series, c.definition, 'any' as entity, c.period, 'A' as status,
  case when c.series = 'language_share' then t.completeness end as completeness,
  false as adds_up,
  c.source
from covered as c
left join told as t
  on t.definition = replace(c.definition, '_chinese_together', '') and t.period = c.period
union all
select
  'language_share' as series, c.definition, v.entity, c.period, 'K' as status, cast(null as double) as completeness,
  false as adds_up, c.source
from listed as c
cross join varieties as v
left join listed as l on l.definition = c.definition and l.period = c.period and l.entity = v.entity
where c.entity = 'lang:zh' and l.entity is null
order by series, definition, entity, period
