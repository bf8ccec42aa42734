"""Reads arXiv's metadata, the JSON dump and pages of OAI-PMH, record by record straight into Parquet.

Of a paper in several files the record of the latest day counts. Rows wait in a scratch database that spills to disk, so
memory does not grow with the files.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.utils import parsedate
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from macaw import schema
from macaw.engine import connect
from macaw.errors import SourceError
from macaw.provenance import cannot_write
from macaw.sources.dates import iso_date
from macaw.sources.files import opened_text
from macaw.sources.records import Rejected
from macaw.sources.xml_stream import DamagedError, Element, parsed, records_of, text_of

SOURCE = "arxiv"
TABLES = ("source_arxiv_papers",)

_AGAIN = "get the file again (https://info.arxiv.org/help/oa/index.html)"
# A longer line is no record: the longest abstract has a few thousand letters.
_LONGEST = 4 * 1024**2
_ROWS = 50_000
# Refused records of one file and reason that are listed one by one; of the others only the number is.
_SHOWN = 100
# A reason that half of a file's records share is a change of the format, not a bad record.
_CHANGED = 0.5
_FEWEST = 20
_EARLIEST, _LATEST = 1986, 2200
_ID = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7}", re.ASCII)
_CATEGORY = re.compile(r"[a-z-]+(?:\.[A-Za-z-]+)?", re.ASCII)
_DOI = re.compile(r"10\.\d{4,9}/\S+", re.ASCII)
# Fields of a record of the dump; of these the first five are read.
_READ = ("id", "categories", "doi", "versions", "update_date")
_KNOWN = frozenset(
    {*_READ, "submitter", "authors", "title", "comments", "journal-ref", "report-no", "license", "abstract"}
    | {"authors_parsed"}
)


class _BadError(ValueError):
    """A record that is not as expected: the reason, and the value that is not."""

    def __init__(self, reason: str, value: object = None) -> None:
        super().__init__(reason)
        self.value = value


@dataclass(frozen=True)
class _Paper:
    """A paper, or that it was deleted: then it has no categories."""

    id: str
    period: int | None
    doi: str | None
    categories: str | None
    updated: str


def write(paths: Sequence[Path], root: Path, folder: Path, scratch: Path) -> list[Rejected]:
    """Write the tables of `TABLES` as Parquet files into `folder`, and return what was refused or noted.

    `scratch` is a folder for a database that is deleted afterwards. Raises `SourceError` for a damaged file, and where
    the format changed, naming the field.
    """
    database = scratch / "arxiv.duckdb"
    database.unlink(missing_ok=True)
    con = connect(database)
    refused: list[Rejected] = []
    arrow = schema.arrow_schema(TABLES[0])
    try:
        con.execute(
            """create table papers (
              arxiv_paper varchar, period bigint, doi varchar, categories varchar, updated varchar, place bigint
            )"""
        )
        for path in paths:
            refused += _File(path, root).into(con)
        with pq.ParquetWriter(folder / f"{TABLES[0]}.parquet", arrow, compression="zstd") as writer:
            for rows in con.sql(_NEWEST).to_arrow_reader(_ROWS):
                writer.write_batch(rows.cast(arrow))
    except OSError as error:
        raise cannot_write(folder, error) from error
    finally:
        con.close()
        database.unlink(missing_ok=True)
    return refused


_NEWEST = """select arxiv_paper, period, doi, categories
from (
  select *, row_number() over (partition by arxiv_paper order by updated desc, place desc) as nth from papers
)
where nth = 1 and categories is not null
order by arxiv_paper"""


class _File:
    """One file: its papers, and what of it is refused."""

    def __init__(self, path: Path, root: Path) -> None:
        self.path = path
        self.shown = path.relative_to(root).as_posix()
        self.reasons: Counter[str] = Counter()
        self.refused: list[Rejected] = []
        self.records = 0
        self.unknown: set[str] = set()

    def into(self, con: duckdb.DuckDBPyConnection) -> list[Rejected]:
        """Put the papers into the scratch database; what was refused or noted."""
        is_xml = self.path.name.removesuffix(".gz").endswith(".xml")
        waiting: list[_Paper] = []
        for paper in self._of_xml() if is_xml else self._of_json():
            waiting.append(paper)
            if len(waiting) == _ROWS:
                _put(con, waiting)
                waiting = []
        _put(con, waiting)
        return [*self.refused, *self._told()]

    def _told(self) -> Iterator[Rejected]:
        if not self.records:
            yield Rejected(SOURCE, self.shown, None, "file holds no record: nothing to read", None, "noted")
        for reason, n in self.reasons.items():
            if self.records >= _FEWEST and n > _CHANGED * self.records:
                raise SourceError(
                    f"{self.path}: {n:,} of {self.records:,} records: {reason}",
                    "the format of arXiv's metadata has changed; see sources/arxiv/read.py",
                )
            if n > _SHOWN:
                yield Rejected(SOURCE, self.shown, None, f"{reason}: more of them, not listed", n - _SHOWN)
        if self.unknown:
            yield Rejected(SOURCE, self.shown, None, "unknown field", ", ".join(sorted(self.unknown)), "noted")

    def _refuse(self, position: int, reason: str, value: object = None) -> None:
        self.reasons[reason] += 1
        if self.reasons[reason] <= _SHOWN:
            self.refused.append(Rejected(SOURCE, self.shown, position, reason, value))

    def _of_json(self) -> Iterator[_Paper]:
        with opened_text(self.path, SOURCE) as stream:
            position = 0
            while line := stream.readline(_LONGEST):
                position += 1
                if not line.strip():
                    continue
                self.records += 1
                if len(line) == _LONGEST:
                    raise SourceError(
                        f"{self.path}, line {position}: longer than {_LONGEST:,} letters",
                        "this is not arXiv's dump, which has one record a line",
                    )
                try:
                    yield self._from_json(json.loads(line))
                except _BadError as bad:
                    self._refuse(position, str(bad), bad.value)
                except (ValueError, RecursionError):
                    self._refuse(position, "not valid JSON")

    def _from_json(self, record: Any) -> _Paper:
        if not isinstance(record, dict):
            raise _BadError("not an object")
        self.unknown |= {str(k)[:80] for k in record.keys() - _KNOWN}
        for name in ("id", "categories", "update_date"):
            if not isinstance(record.get(name), str):
                raise _BadError(f"field '{name}' is not text", record.get(name))
        doi = record.get("doi")
        if doi is not None and not isinstance(doi, str):
            raise _BadError("field 'doi' is not text", doi)
        versions = record.get("versions")
        first = versions[0] if isinstance(versions, list) and versions else None
        created = first.get("created") if isinstance(first, dict) else None
        try:
            when = parsedate(created) if isinstance(created, str) else None
        except (ValueError, IndexError, TypeError):
            when = None
        if when is None:
            raise _BadError("field 'versions' gives no date of the first", created)
        return _paper(record["id"], when[0], doi, record["categories"], record["update_date"])

    def _of_xml(self) -> Iterator[_Paper]:
        for position, record in records_of(self.path, _AGAIN, ("record",)):
            self.records += 1
            try:
                if isinstance(record, DamagedError):
                    raise record
                yield _from_xml(parsed(record))
            except DamagedError as damaged:
                self._refuse(position, f"record {damaged}")
            except _BadError as bad:
                self._refuse(position, str(bad), bad.value)


def _from_xml(record: Element) -> _Paper:
    for element in record.iter():
        element.tag = element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""
    header, told = record.find("header"), record.find("metadata/arXiv")
    updated = text_of(header, "datestamp") if header is not None else None
    if header is None or updated is None:
        raise _BadError("record has no header with a datestamp")
    name = (text_of(header, "identifier") or "").removeprefix("oai:arXiv.org:")
    if header.get("status") == "deleted":
        return _Paper(_checked_id(name), None, None, None, _day(updated))
    if told is None:
        raise _BadError("record is not in the format arXiv: ask with metadataPrefix=arXiv", name)
    created = text_of(told, "created") or ""
    year = int(_day(created)[:4])
    return _paper(text_of(told, "id") or "", year, text_of(told, "doi"), text_of(told, "categories") or "", updated)


def _paper(name: str, year: int, doi: str | None, categories: str, updated: str) -> _Paper:
    if not _EARLIEST <= year <= _LATEST:
        raise _BadError("year is out of range", year)
    given = list(dict.fromkeys(categories.split()))
    odd = next((c for c in given if not _CATEGORY.fullmatch(c)), None)
    if not given or odd is not None:
        raise _BadError("categories are not arXiv's", categories)
    # Some authors give several, or a link; the first that is one is taken.
    found = _DOI.search(doi) if doi else None
    return _Paper(_checked_id(name), year, found[0].lower() if found else None, " ".join(given), _day(updated))


def _checked_id(name: str) -> str:
    if not _ID.fullmatch(name):
        raise _BadError("id is not one of arXiv", name)
    return name


def _day(text: str) -> str:
    try:
        return iso_date(text[:10])
    except ValueError:
        raise _BadError("date is none", text) from None


def _put(con: duckdb.DuckDBPyConnection, papers: Sequence[_Paper]) -> None:
    columns = {
        "arxiv_paper": [p.id for p in papers],
        "period": [p.period for p in papers],
        "doi": [p.doi for p in papers],
        "categories": [p.categories for p in papers],
        "updated": [p.updated for p in papers],
    }
    types = (pa.string(), pa.int64(), pa.string(), pa.string(), pa.string())
    batch = pa.table({n: pa.array(c, t) for (n, c), t in zip(columns.items(), types, strict=True)})
    con.register("batch", batch)
    con.execute(
        """insert into papers
        select *, (select count(*) from papers) + row_number() over () from batch"""
    )
    con.unregister("batch")
