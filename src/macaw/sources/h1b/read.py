"""Reads USCIS's files of employers. The names of columns differ by year: "Initial Approvals" or "Initial Approval".

Approvals without an employer's name are kept, as they are part of the total; the last digits of tax numbers are not.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from pathlib import Path

from macaw.errors import SourceError
from macaw.sources.files import csv_table
from macaw.sources.records import Reading, Rejected

SOURCE = "h1b"
TABLES = ("source_h1b",)
FIRST_YEAR, LAST_YEAR = 2000, 2099

_TEXTS = ("Employer", "State", "City")
_COUNTS = ("Initial Approval", "Initial Denial", "Continuing Approval", "Continuing Denial")
_COUNT = re.compile(r"\d{1,3}(,\d{3}){1,4}|\d{1,15}", re.ASCII)
# What stands where the publisher's spreadsheet could not show the name.
_NO_NAME = {"", "#NAME?", "NULL", "N/A"}


def read(paths: list[Path], root: Path) -> Reading:
    """The employers of all files, shown relative to `root`; a fiscal year stands in one file only."""
    reading = Reading()
    years: dict[int, Path] = {}
    for path in paths:
        for year in sorted(_read_file(path, path.relative_to(root).as_posix(), reading)):
            other = years.setdefault(year, path)
            if other != path:
                raise SourceError(f"{path}: {other} holds fiscal year {year} too", "remove one of the two files")
    return reading


def _read_file(path: Path, shown: str, reading: Reading) -> set[int]:
    """Add the rows of a file; the fiscal years it holds."""
    header, records = csv_table(path, SOURCE)
    names = [name.removesuffix("s") if name.endswith(("Approvals", "Denials")) else name for name in header]
    missing = [name for name in ("Fiscal Year", *_TEXTS, *_COUNTS) if name not in names]
    if missing:
        raise SourceError(
            f"{path}: has no column {', '.join(map(repr, missing))}",
            f"this is not a file of the H-1B Employer Data Hub; remove it, and run: macaw fetch {SOURCE}",
        )
    years: set[int] = set()
    unnamed = 0
    for position, record in enumerate(records):
        if len(record) != len(header):
            reason = f"has {len(record)} cells, the header {len(header)}"
            reading.refused.append(Rejected(SOURCE, shown, position, reason, record[0]))
            continue
        row = {name: cell.strip() for name, cell in zip(names, record, strict=True)}
        problem = _problem(row)
        if problem:
            reading.refused.append(Rejected(SOURCE, shown, position, *problem))
            continue
        years.add(int(row["Fiscal Year"]))
        unnamed += row["Employer"] in _NO_NAME
        _add(row, shown, position, reading)
    if unnamed:
        reason = "employer has no name: its approvals are in the total only"
        reading.refused.append(Rejected(SOURCE, shown, None, reason, f"{unnamed:,} rows", "noted"))
    return years


def _problem(row: dict[str, str]) -> tuple[str, str] | None:
    year = row["Fiscal Year"]
    if not re.fullmatch(r"\d{4}", year) or not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return "fiscal year is no year", year
    for name in _COUNTS:
        if not _COUNT.fullmatch(row[name]):
            return f"{name} is not a whole number", row[name]
    return None


def _add(row: dict[str, str], shown: str, position: int, reading: Reading) -> None:
    place = blake2b(shown.encode(), digest_size=4).hexdigest()
    employer = " ".join(row["Employer"].split())
    reading.add(
        "source_h1b",
        f"{SOURCE}:{place}:{position}",
        SOURCE,
        shown,
        position,
        None if employer in _NO_NAME else employer,
        int(row["Fiscal Year"]),
        *(int(row[name].replace(",", "")) for name in _COUNTS),
        row.get("NAICS") or None,
        row["State"] or None,
        row["City"] or None,
    )
