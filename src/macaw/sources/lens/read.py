"""Reads Lens.org's CSV exports in their layouts since 2016. What an export holds is told by its columns.

Old exports were saved on a Mac: carriage returns alone end their lines, and text in UTF-8 was read as another encoding
and written as Mac Roman with `_` for what that lacks. ftfy mends what is left; the rest is kept and listed as damaged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import ftfy

from macaw.errors import SourceError
from macaw.sources.files import parse_csv, read_bytes
from macaw.sources.patents import (
    Collector,
    Document,
    add_parties,
    application_number,
    iso_day,
    publication_number,
    tables_of,
)
from macaw.sources.records import Reading

SOURCE = "lens"
TABLES = tables_of(SOURCE)

_NEEDED = ("Jurisdiction", "Kind", "Lens ID", "Publication Date", "Title", "Applicants", "Inventors")
_NUMBER = ("Display Key", "Publication Number")
_SEPARATOR = ";;"
# Office, number, kind and, until 2016, day of an application or priority.
_APPLICATION = re.compile(r"([A-Z]{2})\s+(.+?)\s+([A-Z]\d?)(?:\s+(\d{8}))?")
# UTF-8 read as Windows-1252, and letters that were lost for good.
_DAMAGED = re.compile(r"[ÂÃÄÅÎÐÑìíëê][\x80-\xff_€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|_{2,}|\ufffd")

Row = Mapping[str, str]


def read(paths: list[Path], root: Path) -> Reading:
    """The documents of all exports; the same document in two of them counts once."""
    reading = Reading()
    seen: set[str] = set()
    for path in paths:
        collector = Collector(SOURCE, path.relative_to(root).as_posix(), reading, seen)
        header, records = _table(path)
        number = next((c for c in _NUMBER if c in header), None)
        missing = [c for c in _NEEDED if c not in header]
        if missing or number is None:
            lacking = ", ".join(map(repr, missing or _NUMBER))
            raise SourceError(f"{path}: has no column {lacking}", "export the search again from Lens.org, as CSV")
        for position, record in enumerate(records):
            if len(record) == len(header):
                _document(dict(zip(header, record, strict=True)), number, position, collector)
            else:
                collector.refuse(position, f"has {len(record)} cells, the header {len(header)}", record[:1])
    return reading


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    data = read_bytes(path, SOURCE)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("mac_roman")
    if "\n" not in text:
        text = text.replace("\r", "\n")
    return parse_csv(text, path, SOURCE)


def _document(row: Row, number: str, position: int, collector: Collector) -> None:
    office, kind = row["Jurisdiction"].strip(), row["Kind"].strip()
    shown = row[number].strip()
    middle = shown.removeprefix(office).removesuffix(kind)
    document = Document(
        office=office,
        number=publication_number(office, middle),
        kind=kind,
        title=_mended(row["Title"], position, collector) or None,
        abstract=_mended(row.get("Abstract", ""), position, collector) or None,
        published=collector.day(position, row["Publication Date"], "publication date"),
        filed=collector.day(position, row.get("Application Date"), "application date"),
        family=_family(row),
        link=f"https://lens.org/{row['Lens ID'].strip()}",
    )
    document.application = _application(row.get("Application Number", ""), document.filed)[0]
    for listed in _split(row.get("Priority Numbers", "")):
        document.priority(*_application(listed, None))
    earliest = collector.day(position, row.get("Earliest Priority Date"), "earliest priority date")
    document.priority(None, earliest)
    names = (_split(_mended(row[column], position, collector)) for column in ("Applicants", "Inventors"))
    applicants, inventors = ([(name, None) for name in part] for part in names)
    add_parties(document, applicants, inventors)
    for scheme, column in (("cpc", "CPC Classifications"), ("ipc", "IPCR Classifications")):
        for symbol in _split(row.get(column, "")):
            document.code(scheme, symbol)
    collector.add(position, document)


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(_SEPARATOR) if part.strip()]


def _application(text: str, filed: str | None) -> tuple[str | None, str | None]:
    """Key and day of an application as the export writes it."""
    found = _APPLICATION.fullmatch(text.strip())
    if not found:
        return None, None
    office, number, kind, day = found.groups()
    try:
        filed = iso_day(day) if day else filed
    except ValueError:
        day = None
    return application_number(office, number, kind, filed), filed


def _family(row: Row) -> str | None:
    """The members of the simple family, by the first of them; exports of 2016 do not name them."""
    members = sorted(_split(row.get("Simple Family Members", "")))
    return f"lens:{members[0]}" if members else None


def _mended(text: str, position: int, collector: Collector) -> str:
    """The text with its encoding mended; what cannot be is kept and listed."""
    text = text.strip()
    if not _DAMAGED.search(text):
        return text
    mended = ftfy.fix_encoding(text)
    if _DAMAGED.search(mended):
        collector.refuse(position, "text is damaged at the source", mended, "noted")
    return mended
