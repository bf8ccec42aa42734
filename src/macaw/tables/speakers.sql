-- One row per language and way of counting its speakers, beside the people they are a part of.
-- cldr: everybody who speaks the language, first or later. Where a territory lists a language in two scripts, equal
-- percentages are the same people and count once; different ones are added, up to everybody, with the larger alone as
-- the lower end. cldr_scripts_added adds all scripts, as the library does.
-- cldr_chinese_together: varieties of Chinese together, between the largest in each territory (all others speak it
-- too) and their sum, up to everybody. native: figures by others; Mandarin's stands for written Chinese (zh).
with world as (
  select max(period) as period, cast(sum(population) as double) as population from source_territories
),
spoken as (
  select
    t.alpha2,
    t.base_language as language,
    least(cast(sum(distinct cast(t.speakers as decimal(38, 6))) as double), max(p.population)) as speakers,
    cast(max(cast(t.speakers as decimal(38, 6))) as double) as larger,
    cast(sum(cast(t.speakers as decimal(38, 6))) as double) as added
  from source_territory_languages as t
  join source_territories as p on p.alpha2 = t.alpha2
  group by t.alpha2, t.base_language
),
chinese as (
  select
    t.alpha2,
    max(t.speakers) as low,
    least(cast(sum(cast(t.speakers as decimal(38, 6))) as double), max(p.population)) as high
  from spoken as t
  join languages as l on l.language = t.language and l.macrolanguage = 'zh'
  join source_territories as p on p.alpha2 = t.alpha2
  group by t.alpha2
),
everybody as (
  select
    language, 'cldr' as definition,
    cast(sum(cast(speakers as decimal(38, 6))) as double) as speakers,
    case when max(speakers - larger) > 0.5 then cast(sum(cast(larger as decimal(38, 6))) as double) end as low,
    case when max(speakers - larger) > 0.5 then cast(sum(cast(speakers as decimal(38, 6))) as double) end as high
  from spoken
  group by language
  union all
  select
    language, 'cldr_scripts_added',
    cast(sum(cast(added as decimal(38, 6))) as double), cast(null as double), cast(null as double)
  from spoken
  group by language
  union all
  select
    language, 'cldr',
    cast(sum(cast(speakers as decimal(38, 6))) as double), cast(null as double), cast(null as double)
  from source_territory_languages
  where language <> base_language
  group by language
  union all
  select
    'zh', 'cldr_chinese_together',
    cast(sum(cast(high as decimal(38, 6))) as double),
    cast(sum(cast(low as decimal(38, 6))) as double),
    cast(sum(cast(high as decimal(38, 6))) as double)
  from chinese
  having count(*) > 0
),
beside_population as (
  select
    case when f.entity = 'lang:zh' then 'native_chinese_together' else 'native' end as definition,
    substr(f.entity, 6) as language,
    f.period, f.value, f.low, f.high, w.value as population, f.grade, f.source_title, f.url,
    row_number() over (partition by f.figure order by abs(w.period - f.period), w.figure) as place
  from figures as f
  join figures as w
    on w.series = 'population'
    and w.entity = 'WLD'
    and w.settles_claims
    and w.period between f.period - 1 and f.period + 1
  where f.series = 'native_speakers' and f.settles_claims
),
native as (
  -- Of the populations of the year, the one before and the one after, the nearest.
  select definition, language, period, value, low, high, population, grade, source_title, url
  from beside_population
  where place = 1
),
together as (
  select
    e.language, e.definition, w.period, e.speakers, e.low, e.high, w.population,
    'read' as grade, 'Unicode CLDR, territoryInfo' as source_title, 'https://cldr.unicode.org' as url
  from everybody as e
  cross join world as w
  union all
  select language, definition, period, value, low, high, population, grade, source_title, url from native
  union all
  select 'zh', definition, period, value, low, high, population, grade, source_title, url
  from native
  where language = 'cmn'
)
select
  language, definition, period,
  round(speakers, 0) as speakers,
  round(low, 0) as low,
  round(high, 0) as high,
  round(population, 0) as population,
  grade, source_title, url
from together
order by language, definition
