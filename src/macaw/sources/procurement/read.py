"""Reads notices of AI contracts of the Chinese military; the notices' texts, which name persons, are left out."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from pathlib import Path

from macaw.errors import SourceError
from macaw.sources.dates import iso_date
from macaw.sources.files import csv_table
from macaw.sources.records import Reading, Rejected, finite

SOURCE = "procurement"
TABLES = ("source_contracts",)

_KINDS = {"中标公告": "competitive", "单一来源公示": "single_source", "单一来源公告": "single_source"}
_SUPPLIER, _BUYER = "supplier (中标单位)", "end_user (最终用户)"
_NEEDED = ("title", "title_en", _BUYER, _SUPPLIER, "contract_value_RMB", "created", "public_unit", "purchase_type",
           "project_number")  # fmt: skip
# What stands where a notice names no supplier.
_NOT_NAMED = {"", ".", "..", "…"}


def read(paths: list[Path], root: Path) -> Reading:
    """The contracts of all files; blank rows of the spreadsheet are counted in one entry."""
    reading = Reading()
    for path in paths:
        shown = path.relative_to(root).as_posix()
        header, records = csv_table(path, SOURCE)
        missing = [name for name in _NEEDED if name not in header]
        if missing:
            raise SourceError(f"{path}: has no column {', '.join(map(repr, missing))}", f"run: macaw fetch {SOURCE}")
        _rows(header, records, shown, reading)
    return reading


def _rows(header: list[str], records: list[list[str]], shown: str, reading: Reading) -> None:
    blank = 0
    seen: Counter[tuple[str, ...]] = Counter()
    for position, record in enumerate(records):
        if not any(cell.strip() for cell in record):
            blank += 1
            continue
        if len(record) != len(header):
            reason = f"has {len(record)} cells, the header {len(header)}"
            reading.refused.append(Rejected(SOURCE, shown, position, reason, record[0]))
            continue
        row = dict(zip(header, record, strict=True))
        cells = {name: row[name].strip() for name in _NEEDED}
        if not cells["title"] or cells["purchase_type"] not in _KINDS:
            reason = "contract has no title, or its kind of purchase is unknown"
            reading.refused.append(Rejected(SOURCE, shown, position, reason, cells["purchase_type"]))
            continue
        seen[tuple(cells.values())] += 1
        if seen[tuple(cells.values())] > 1:
            reading.refused.append(Rejected(SOURCE, shown, position, "duplicate contract", cells["title"]))
            continue
        _add(cells, shown, position, reading)
    if blank:
        reading.refused.append(Rejected(SOURCE, shown, None, "rows of the spreadsheet are blank", f"{blank} rows"))


def _add(cells: dict[str, str], shown: str, position: int, reading: Reading) -> None:
    value, day = _value(cells["contract_value_RMB"]), _day(cells["created"])
    supplier = cells[_SUPPLIER] if cells[_SUPPLIER] not in _NOT_NAMED else None
    for lacking, reason, text in (
        (value is None, "contract has no value that is a number", cells["contract_value_RMB"]),
        (day is None, "contract has no day", cells["created"]),
        (supplier is None, "contract names no supplier", cells[_SUPPLIER]),
    ):
        if lacking:
            reading.refused.append(Rejected(SOURCE, shown, position, reason, text, "noted"))
    reading.add(
        "source_contracts",
        f"{SOURCE}:{sha256(repr(sorted(cells.items())).encode()).hexdigest()[:16]}",
        SOURCE,
        shown,
        position,
        cells["title"],
        cells["title_en"] or None,
        cells[_BUYER] or None,
        supplier,
        cells["public_unit"] or None,
        None if day is None else int(day[:4]),
        day,
        value,
        "CNY" if value is not None else None,
        _KINDS[cells["purchase_type"]],
    )


def _value(text: str) -> float | None:
    plain = text.replace(",", "")
    return finite(plain) if re.fullmatch(r"\d+(\.\d+)?", plain) else None


def _day(text: str) -> str | None:
    """The day of a time in either of the two spellings the file has; none where the text names no day there is.

    >>> _day("2020-07-28 17:04:15 UTC"), _day("8/13/2020 15:57:29"), _day("2020-02-30 17:04:15 UTC"), _day("soon")
    ('2020-07-28', '2020-08-13', None, None)
    """
    try:
        return iso_date(text.partition(" ")[0])
    except ValueError:
        return None
