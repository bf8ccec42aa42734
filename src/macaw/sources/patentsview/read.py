"""Reads PatentsView's tables; rows stay in DuckDB and Arrow, as there are millions.

What a file holds is told by its columns.

A name in the columns of assignees is kept if it is an organisation's; inventors leave their country.
"""

from __future__ import annotations

import csv
import errno
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from macaw.errors import SourceError
from macaw.provenance import cannot_write
from macaw.sources.files import DAMAGED_ZIP, opened_text, require_no_bomb
from macaw.sources.patents import DOI, scratch_database, tables_of
from macaw.sources.records import Reading, Rejected

SOURCE = "patentsview"
TABLES = tables_of(SOURCE)

# What a table is called here, and the columns that tell it and that it must have.
_KINDS = {
    "patent": ("patent_id", "patent_title", "patent_date", "wipo_kind"),
    "abstract": ("patent_id", "patent_abstract"),
    "cpc": ("patent_id", "cpc_group"),
    "ipc": ("patent_id", "ipc_class", "main_group", "subgroup"),
    "application": ("patent_id", "application_id", "filing_date"),
    "priority": ("patent_id", "foreign_application_id", "filing_date"),
    "assignee": ("patent_id", "disambig_assignee_organization", "location_id"),
    "inventor": ("patent_id", "inventor_sequence", "location_id"),
    "location": ("location_id", "disambig_country"),
    "cited_patent": ("patent_id", "citation_patent_id"),
    "cited_application": ("patent_id", "citation_document_number"),
    "cited_foreign": ("patent_id", "citation_application_id", "citation_country"),
    "literature": ("patent_id", "other_reference_text"),
}
_OPTIONAL = {
    "patent": ("withdrawn",),
    "ipc": ("section", "subclass"),
    "application": ("series_code",),
    "assignee": ("assignee_sequence", "assignee_type"),
    "priority": ("foreign_country_filed",),
    "cited_patent": ("citation_sequence", "citation_date", "wipo_kind"),
    "cited_application": ("citation_sequence", "citation_date", "wipo_kind"),
    "cited_foreign": ("citation_sequence", "citation_date"),
    "literature": ("other_reference_sequence",),
}
# Of literature, a long table of texts that name people, what is kept is a DOI, and that there is a text.
_SHORTENED = {
    "other_reference_text": "case when other_reference_text <> '' then"
    f" lower(rtrim(regexp_extract(other_reference_text, '{DOI}'), '.)]')) end"
}
# A row that lacks several columns has an error for each.
_REJECTS = "select line, min(error_type), min(csv_line) from reject_errors group by line order by line"


def read(paths: list[Path], root: Path) -> Reading:
    """The patents of all files together; rows that are not as the publisher writes them are listed."""
    reading = Reading()
    if not paths:
        return reading
    with scratch_database() as (con, scratch):
        for name, columns in _KINDS.items():
            wanted = (*columns, *_OPTIONAL.get(name, ()))
            con.execute(f"create table {name} ({', '.join(f'{c} varchar' for c in wanted)}, file varchar, line bigint)")
        for path in paths:
            with _plain(path, scratch) as plain:
                _load(con, plain, path, path.relative_to(root).as_posix(), reading)
        _refuse(con, reading)
        reading.put(TABLES[0], con.sql(_DOCUMENTS).to_arrow_table())
        reading.put(TABLES[1], con.sql(_PARTS).to_arrow_table())
    return reading


@contextmanager
def _plain(path: Path, scratch: Path) -> Iterator[Path]:
    """The file itself, or what a zip holds unpacked for as long as it is read."""
    if path.suffix != ".zip":
        yield path
        return
    unpacked = scratch / path.stem
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if m.filename.endswith((".tsv", ".csv"))]
            if len(members) != 1:
                raise SourceError(f"{path}: holds {len(members)} tables, expected one", f"run: macaw fetch {SOURCE}")
            require_no_bomb(path, members[0], SOURCE)
            with archive.open(members[0]) as packed, unpacked.open("wb") as out:
                shutil.copyfileobj(packed, out, 1 << 20)
    except OSError as error:
        if error.errno != errno.EINVAL:  # EINVAL: a place before the file's beginning, as a damaged zip names.
            raise cannot_write(unpacked, error) from error
        raise SourceError(f"{path}: not a valid zip file ({error})", f"run: macaw fetch {SOURCE}") from None
    except DAMAGED_ZIP as error:
        again = f"delete the file and run: macaw fetch {SOURCE}"
        raise SourceError(f"{path}: not a valid zip file ({error})", again) from None
    try:
        yield unpacked
    finally:
        unpacked.unlink()


def _said(text: str) -> str:
    """A text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def _load(con: duckdb.DuckDBPyConnection, plain: Path, path: Path, shown: str, reading: Reading) -> None:
    delimiter = "\t" if ".tsv" in path.name else ","
    header = _header(plain, path, delimiter)
    name = next((k for k, columns in _KINDS.items() if set(columns) <= set(header)), None)
    if name is None:
        reading.refused.append(Rejected(SOURCE, shown, None, "no table of PatentsView has these columns", header[:5]))
        return
    wanted = (*_KINDS[name], *_OPTIONAL.get(name, ()))
    chosen = ", ".join(_SHORTENED.get(c, f'"{c}"') if c in header else f"null as {c}" for c in wanted)
    columns = "{" + ", ".join(f"{_said(c)}: 'varchar'" for c in header) + "}"
    try:
        con.execute(
            f"""
            insert into {name}
            select {chosen}, $shown, null
            from read_csv($file, delim = $delimiter, quote = '"', escape = '"', header = true, columns = {columns},
              auto_detect = false, store_rejects = true, rejects_limit = 0, max_line_size = 20000000)
            """,
            {"shown": shown, "file": str(plain), "delimiter": delimiter},
        )
    except duckdb.Error as error:
        again = f"delete the file and run: macaw fetch {SOURCE}"
        raise SourceError(f"{path}: cannot be read ({str(error).splitlines()[0]})", again) from None
    for line, reason, text in con.execute(_REJECTS).fetchall():
        reading.refused.append(Rejected(SOURCE, shown, line, f"row is not as its table has it ({reason})", text))
    for table in ("reject_errors", "reject_scans"):
        con.execute(f"drop table if exists {table}")


_LONGEST_HEADER = 1 << 16


def _header(plain: Path, path: Path, delimiter: str) -> list[str]:
    with opened_text(plain, SOURCE, path) as stream:
        line = stream.readline(_LONGEST_HEADER)
    if len(line) == _LONGEST_HEADER:
        raise SourceError(f"{path}: its first line is no header", f"delete the file and run: macaw fetch {SOURCE}")
    if not line.strip():
        raise SourceError(f"{path}: the file is empty", f"delete the file and run: macaw fetch {SOURCE}")
    return next(csv.reader([line], delimiter=delimiter))


def _refuse(con: duckdb.DuckDBPyConnection, reading: Reading) -> None:
    """List what is left out: withdrawn patents, repeated ones, and those without a number; and dates that are none."""
    con.execute("""
        create table kept as
        select * from (
          select *, row_number() over (partition by patent_id order by file) as place from patent
        )
        where patent_id <> '' and place = 1 and coalesce(withdrawn, '0') not in ('1', 'true', 'TRUE')
    """)
    odd = con.execute("""
        select file, 'withdrawn patent' as reason, patent_id as value, 'rejected' as action
        from patent where coalesce(withdrawn, '0') in ('1', 'true', 'TRUE')
        union all
        select file, 'patent has no number', patent_title, 'rejected' from patent where coalesce(patent_id, '') = ''
        union all
        select min(file), 'patent is listed twice', patent_id, 'rejected'
        from patent where patent_id <> '' group by patent_id having count(*) > 1
        union all
        select file, 'patent_date is not a date', patent_id || ': ' || coalesce(patent_date, ''), 'noted'
        from kept where try_cast(patent_date as date) is null
    """).fetchall()
    reading.refused += [Rejected(SOURCE, file, None, reason, value, action) for file, reason, value, action in odd]


_DOCUMENTS = """
with texts as (
  select patent_id, any_value(patent_abstract) as patent_abstract from abstract group by patent_id
),
applied as (
  select
    patent_id,
    any_value(application_id) as application_id,
    any_value(series_code) as series_code,
    min(try_cast(filing_date as date)) as filed
  from application
  group by patent_id
)
select
  'US' || p.patent_id || coalesce(p.wipo_kind, '') as document,
  'patentsview' as source,
  p.file,
  p.line as position,
  'US' as office,
  p.patent_id as document_number,
  coalesce(p.wipo_kind, '') as kind_code,
  -- As application_number writes it; an id is series/number or eight digits.
  case
    when a.filed is not null and length(regexp_replace(a.application_id, '\\D', '', 'g')) >= 6 then
      'US' || year(a.filed)
      || case
        when coalesce(a.series_code, left(a.application_id, 2)) in ('60', '61', '62', '63') then 'P'
        when coalesce(a.series_code, left(a.application_id, 2)) = '29' then 'D'
        else 'A'
      end
      || right(regexp_replace(a.application_id, '\\D', '', 'g'), 6)
  end as application,
  strftime(a.filed, '%Y-%m-%d') as filed,
  strftime(try_cast(p.patent_date as date), '%Y-%m-%d') as published,
  p.patent_title as title,
  t.patent_abstract as abstract,
  cast(null as varchar) as simple_family,
  'https://patents.google.com/patent/US' || p.patent_id || coalesce(p.wipo_kind, '') || '/en' as link
from kept as p
left join texts as t on t.patent_id = p.patent_id
left join applied as a on a.patent_id = p.patent_id
order by document
"""

_PARTS = """
with named as (
  select patent_id, 'US' || patent_id || coalesce(wipo_kind, '') as document from kept
),
cited as (
  select patent_id, citation_sequence, 'US' as office, citation_patent_id as number, wipo_kind as kind, citation_date
  from cited_patent
  union all
  -- Both 2005/0004437 and 20050004437 are found.
  select
    patent_id, citation_sequence, 'US', regexp_replace(citation_document_number, '[^0-9A-Z]', '', 'g'), wipo_kind,
    citation_date
  from cited_application
  union all
  select
    patent_id, citation_sequence, office,
    case when office = 'EP' and length(number) < 7 then lpad(number, 7, '0') else number end, null,
    citation_date
  from (
    select
      *, upper(citation_country) as office,
      regexp_replace(
        regexp_replace(upper(citation_application_id), '[\\s/.,-]', '', 'g'), '^(WO|EP|DE|JP|CN|KR|GB|FR)(\\d)', '\\2'
      ) as number
    from cited_foreign
  )
),
placed as (
  select location_id, upper(any_value(disambig_country)) as alpha2
  from location
  where length(disambig_country) = 2
  group by location_id
),
together as (
  select
    n.document,
    'applicant' as part_kind,
    try_cast(a.assignee_sequence as bigint) as given,
    nullif(trim(a.disambig_assignee_organization), '') as name,
    -- Without places the kind of assignee tells American organisations and persons.
    coalesce(l.alpha2, case when a.assignee_type in ('2', '4', '6', '8', '9') then 'US' end) as alpha2,
    cast(null as varchar) as day
  from assignee as a
  join named as n on n.patent_id = a.patent_id
  left join placed as l on l.location_id = a.location_id
  union all
  select n.document, 'inventor', try_cast(i.inventor_sequence as bigint), null, l.alpha2, null
  from inventor as i
  join named as n on n.patent_id = i.patent_id
  left join placed as l on l.location_id = i.location_id
  union all
  select distinct n.document, 'cpc', 0, c.cpc_group, null, null
  from cpc as c
  join named as n on n.patent_id = c.patent_id
  where c.cpc_group <> ''
  union all
  select distinct
    n.document, 'ipc', 0,
    i.section || lpad(i.ipc_class, 2, '0') || i.subclass || i.main_group || '/' || i.subgroup, null, null
  from ipc as i
  join named as n on n.patent_id = i.patent_id
  where i.section <> '' and i.subclass <> '' and i.subgroup <> ''
  union all
  select
    n.document, 'priority', 0,
    upper(p.foreign_country_filed) || regexp_replace(p.foreign_application_id, '[\\s/.,-]', '', 'g'),
    null, strftime(try_cast(p.filing_date as date), '%Y-%m-%d')
  from priority as p
  join named as n on n.patent_id = p.patent_id
  where length(p.foreign_country_filed) = 2
  union all
  select
    n.document, 'citation', min(try_cast(c.citation_sequence as bigint)),
    concat_ws('-', c.office, c.number, nullif(c.kind, '')),
    c.office,
    -- Often the month alone is known.
    min(case
      when try_cast(c.citation_date as date) is not null then strftime(try_cast(c.citation_date as date), '%Y-%m-%d')
      when regexp_full_match(c.citation_date, '\\d{4}-\\d{2}-00') then left(c.citation_date, 7)
    end)
  from cited as c
  join named as n on n.patent_id = c.patent_id
  where regexp_full_match(c.office, '[A-Z]{2}') and c.number <> ''
  group by n.document, c.office, c.number, c.kind
  union all
  select
    n.document, 'literature', try_cast(r.other_reference_sequence as bigint),
    nullif(r.other_reference_text, ''), null, null
  from literature as r
  join named as n on n.patent_id = r.patent_id
  where r.other_reference_text is not null
)
select
  document,
  part_kind,
  row_number() over (
    partition by document, part_kind order by given nulls last, name nulls last, alpha2 nulls last
  ) - 1 as part,
  name,
  alpha2,
  day
from together
order by document, part_kind, part
"""
