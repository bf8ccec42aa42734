"""Reads exports of `patents-public-data.patents.publications`: Parquet, or JSON lines, in which whole numbers are text.

Rows stay in DuckDB and Arrow, as there can be millions.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from macaw.errors import SourceError
from macaw.sources.patents import DOI, scratch_database, tables_of
from macaw.sources.records import Reading, Rejected

SOURCE = "google_patents"
TABLES = tables_of(SOURCE)

_TEXTS = "struct(text varchar, language varchar)[]"
_PARTIES = "struct(name varchar, country_code varchar)[]"
_CODES = "struct(code varchar)[]"
_CLAIMS = "struct(application_number varchar, filing_date bigint)[]"
_CITATIONS = "struct(publication_number varchar, npl_text varchar)[]"
_COLUMNS = {
    "publication_number": "varchar",
    "application_number": "varchar",
    "country_code": "varchar",
    "kind_code": "varchar",
    "family_id": "varchar",
    "title_localized": _TEXTS,
    "abstract_localized": _TEXTS,
    "publication_date": "bigint",
    "filing_date": "bigint",
    "priority_date": "bigint",
    "priority_claim": _CLAIMS,
    "assignee_harmonized": _PARTIES,
    "inventor_harmonized": _PARTIES,
    "cpc": _CODES,
    "ipc": _CODES,
    "citation": _CITATIONS,
}
_NEEDED = ("publication_number", "country_code", "kind_code", "publication_date")


def read(paths: list[Path], root: Path) -> Reading:
    """The documents of all files; rows without a number are listed, and those that come twice."""
    reading = Reading()
    if not paths:
        return reading
    with scratch_database() as (con, _):
        con.execute(f"create table listed (file varchar, {', '.join(f'{c} {t}' for c, t in _COLUMNS.items())})")
        for path in paths:
            _load(con, path, path.relative_to(root).as_posix())
        _refuse(con, reading)
        reading.put(TABLES[0], con.sql(_DOCUMENTS).to_arrow_table())
        reading.put(TABLES[1], con.sql(_PARTS).to_arrow_table())
    return reading


def _load(con: duckdb.DuckDBPyConnection, path: Path, shown: str) -> None:
    reader = "read_parquet($file)"
    if path.suffix != ".parquet":
        reader = "read_json($file, format = 'newline_delimited', maximum_object_size = 67108864, union_by_name = true)"
    try:
        con.execute(f"create or replace temp view given as select * from {reader.replace('$file', _quoted(path))}")
        held = {row[0] for row in con.execute("describe given").fetchall()}
        missing = [c for c in _NEEDED if c not in held]
        if missing:
            raise SourceError(
                f"{path}: has no column {', '.join(map(repr, missing))}",
                "export patents-public-data.patents.publications (docs/patents.md)",
            )
        chosen = ", ".join(f'cast("{c}" as {t})' if c in held else "null" for c, t in _COLUMNS.items())
        con.execute(f"insert into listed select ?, {chosen} from given", [shown])
    except duckdb.Error as error:
        what = str(error).splitlines()[0]
        raise SourceError(f"{path}: cannot be read ({what})", "export the table again (docs/patents.md)") from None


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _refuse(con: duckdb.DuckDBPyConnection, reading: Reading) -> None:
    con.execute(f"""
        create table kept as
        select
          *, upper(country_code) as office, split_part(number, '-', 2) as document_number,
          replace(number, '-', '') as document
        from (
          select
            *, row_number() over (partition by publication_number order by file) as place,
            {_publication("publication_number")} as number
          from listed
        )
        where place = 1 and regexp_full_match(publication_number, '[A-Z]{{2}}-[^-]+-[A-Z0-9]+')
    """)
    odd = con.execute("""
        select file, 'publication_number is not office-number-kind', publication_number from listed
        where publication_number is null or not regexp_full_match(publication_number, '[A-Z]{2}-[^-]+-[A-Z0-9]+')
        union all
        select min(file), 'patent document is listed twice', publication_number from listed
        where publication_number is not null
        group by publication_number having count(*) > 1
    """).fetchall()
    reading.refused += [Rejected(SOURCE, file, None, reason, value) for file, reason, value in odd]


def _publication(column: str) -> str:
    """Office, number and kind between hyphens; published US applications have eleven digits, as everywhere else."""
    return f"regexp_replace({column}, '^US-(20\\d{{2}})(\\d{{6}}-)', 'US-\\10\\2')"


def _day(column: str) -> str:
    """A day from YYYYMMDD, in which 0 means none."""
    return f"strftime(try_strptime(cast(nullif({column}, 0) as varchar), '%Y%m%d'), '%Y-%m-%d')"


def _text(column: str) -> str:
    """The English text of several languages, else the first."""
    return f"coalesce(list_filter({column}, lambda t: t.language = 'en')[1].text, {column}[1].text)"


# As application_number of sources/patents.py writes it: US-201514643719-A is US2015A643719.
def _application(column: str) -> str:
    number = f"split_part({column}, '-', 2)"
    kind = f"split_part({column}, '-', 3)"
    series = f"substr({number}, 5, 2)"
    return f"""case
      when {column} is null or {column} = '' then null
      when left({column}, 2) = 'US' and regexp_full_match({number}, '(19|20)\\d{{10}}') then
        'US' || left({number}, 4)
        || case
          when {series} in ('60', '61', '62', '63') or {kind} = 'P' then 'P'
          when {series} = '29' then 'D'
          else 'A'
        end
        || right({number}, 6)
      when left({column}, 2) = 'US' and regexp_full_match({number}, '\\d{{7,8}}') then
        'US' || case when right({number}, 2) > '30' then '19' else '20' end || right({number}, 2)
        || case when {kind} = 'P' then 'P' else 'A' end
        || lpad(left({number}, length({number}) - 2), 6, '0')
      else left({column}, 2) || {number} || case when {kind} = 'W' then 'W' else '' end
    end"""


_DOCUMENTS = f"""
select
  document,
  'google_patents' as source,
  file,
  cast(null as bigint) as position,
  office,
  document_number,
  kind_code,
  {_application("application_number")} as application,
  {_day("filing_date")} as filed,
  {_day("publication_date")} as published,
  {_text("title_localized")} as title,
  {_text("abstract_localized")} as abstract,
  nullif(nullif(family_id, ''), '-1') as simple_family,
  'https://patents.google.com/patent/' || document || '/en' as link
from kept
order by document
"""

_PARTS = f"""
with cited as (
  select
    document, unnest(citation).publication_number as publication_number, unnest(citation).npl_text as npl_text,
    generate_subscripts(citation, 1) as place
  from kept
),
listed_parts as (
  select document, 'applicant' as part_kind, name, alpha2, cast(null as varchar) as day, place
  from (
    select
      document, unnest(assignee_harmonized).name as name, unnest(assignee_harmonized).country_code as alpha2,
      generate_subscripts(assignee_harmonized, 1) as place, inventor_harmonized as inventors
    from kept
  )
  union all
  select document, 'inventor', null, country_code, null, place
  from (
    select
      document, unnest(inventor_harmonized).country_code as country_code,
      generate_subscripts(inventor_harmonized, 1) as place
    from kept
  )
  union all
  select distinct document, 'cpc', unnest(cpc).code, null, null, 0 from kept
  union all
  select distinct document, 'ipc', unnest(ipc).code, null, null, 0 from kept
  union all
  select document, 'priority', {_application("application_number")}, null, {_day("filing_date")}, place
  from (
    select
      document, unnest(priority_claim).application_number as application_number,
      unnest(priority_claim).filing_date as filing_date, generate_subscripts(priority_claim, 1) as place
    from kept
  )
  union all
  select document, 'priority', null, null, {_day("priority_date")}, 0 from kept where priority_date > 0
  union all
  select document, 'citation', {_publication("publication_number")}, left(publication_number, 2), null, min(place)
  from cited
  where publication_number like '__-%'
  group by document, publication_number
  union all
  select
    document, 'literature',
    lower(nullif(rtrim(regexp_extract(npl_text, '{DOI}'), '.)]'), '')), null, null, place
  from cited
  where npl_text <> '' and coalesce(publication_number, '') = ''
),
people as (
  select distinct document, lower(regexp_replace(name, '\\W+', '', 'g')) as name
  from (select document, unnest(inventor_harmonized).name as name from kept)
)
select
  p.document,
  p.part_kind,
  row_number() over (
    partition by p.document, p.part_kind order by p.place, p.name nulls last, p.alpha2 nulls last, p.day nulls last
  ) - 1 as part,
  -- An applicant who is an inventor is a person, whose name is not kept.
  case when p.part_kind = 'applicant' and q.name is not null then null else nullif(p.name, '') end as name,
  case when regexp_full_match(upper(p.alpha2), '[A-Z]{{2}}') then upper(p.alpha2) end as alpha2,
  p.day
from listed_parts as p
left join people as q
  on p.part_kind = 'applicant' and q.document = p.document and q.name = lower(regexp_replace(p.name, '\\W+', '', 'g'))
order by p.document, p.part_kind, part
"""
