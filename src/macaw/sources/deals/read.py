"""Reads CSVs of deals, each by the mapping beside it; amounts are disclosed, imputed or undisclosed, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from macaw.errors import SourceError
from macaw.sources.currencies import currency
from macaw.sources.deals.mapping import Mapping, load
from macaw.sources.files import csv_table
from macaw.sources.records import Reading, Rejected

SOURCE = "deals"
TABLES = ("source_deals",)

# No venture deal is older than the first venture firms; an earlier year is a misread number.
FIRST_YEAR = 1946
_UNDISCLOSED = "undisclosed"
_AMOUNT = re.compile(r"[-+]?(?:\d{1,3}(?:[,\s]\d{3})+|\d+)(?:\.\d+)?(?:[eE]\+?\d+)?")


class UnusableError(Exception):
    """A deal that cannot be used: the reason and the offending value."""


def read(paths: list[Path], root: Path) -> Reading:
    """The deals of every mapping among `paths`; a CSV that no mapping names is listed."""
    reading = Reading()
    mappings = [load(path) for path in paths if path.suffix == ".toml"]
    named = {mapping.file for mapping in mappings}
    for path in paths:
        if path.suffix != ".toml" and path not in named:
            shown = path.relative_to(root).as_posix()
            reading.refused.append(Rejected(SOURCE, shown, None, "no mapping names this file: it is not read"))
    for mapping in mappings:
        _file(mapping, root, reading)
    return reading


def _file(mapping: Mapping, root: Path, reading: Reading) -> None:
    if not mapping.file.is_file():
        raise SourceError(f"{mapping.path}: there is no file {mapping.file}", "name a CSV beside the mapping")
    header, records = csv_table(mapping.file, SOURCE)
    mapping.check(header)
    shown = mapping.file.relative_to(root).as_posix()
    seen: set[object] = set()
    for position, record in enumerate(records):
        if len(record) != len(header):
            reason = f"has {len(record)} cells, the header {len(header)}"
            reading.refused.append(Rejected(SOURCE, shown, position, reason, record[0]))
            continue
        row = dict(zip(header, record, strict=True))
        if not _wanted(mapping, row):
            continue
        try:
            deal = _deal(mapping, row)
        except UnusableError as why:
            reading.refused.append(Rejected(SOURCE, shown, position, *why.args))
            continue
        said = deal[:-1]
        own = _id(mapping, row, said)
        if said in seen or own in seen:
            reason = "duplicate deal: same id, or same company, country, date, amount, currency, series and investors"
            reading.refused.append(Rejected(SOURCE, shown, position, reason, deal[0]))
            continue
        seen |= {said, own}
        reading.add("source_deals", own, SOURCE, shown, position, mapping.title, *deal)
        if _UNDISCLOSED in deal:
            reason = "amount is undisclosed: the deal is kept, its amount is not guessed"
            reading.refused.append(Rejected(SOURCE, shown, position, reason, deal[0], "noted"))


def _wanted(mapping: Mapping, row: dict[str, str]) -> bool:
    return all(pattern.search(row[column]) for column, pattern in mapping.only.items())


def _id(mapping: Mapping, row: dict[str, str], said: tuple[object, ...]) -> str:
    """The CSV's own id of the deal, or a hash of what it says."""
    column = mapping.columns.get("id")
    own = row[column].strip() if column else ""
    return f"deals:{own or sha256(repr((mapping.title, said)).encode()).hexdigest()[:16]}"


def _deal(mapping: Mapping, row: dict[str, str]) -> tuple[object, ...]:
    """The deal's columns in the order of the schema, from the company on; `UnusableError` says why there is none."""

    def cell(name: str) -> str:
        return row.get(mapping.columns.get(name, ""), "").strip()

    if not cell("company"):
        raise UnusableError("deal has no company", None)
    when = _date(mapping, cell("date"))
    amount, kind = _amount(mapping, cell("amount"), cell("imputed"))
    unit = _currency(mapping, cell("currency")) if amount is not None else None
    investors = ";".join(sorted(filter(None, (part.strip() for part in cell("investors").split(mapping.separator)))))
    return (
        cell("company"),
        cell("country") or None,
        when.year,
        when.isoformat(),
        amount,
        unit,
        kind,
        cell("series") or None,
        investors or None,
        cell("link") or None,
    )


def _date(mapping: Mapping, text: str) -> date:
    found = next(_dates(mapping, text), None)
    if found is None:
        raise UnusableError(f"date is not written as {' or '.join(mapping.dates)}", text)
    if found.year < FIRST_YEAR or found > mapping.exported:
        raise UnusableError(f"date is before {FIRST_YEAR} or after the list was made ({mapping.exported})", text)
    return found


def _dates(mapping: Mapping, text: str) -> Iterator[date]:
    for form in mapping.dates:
        try:
            yield datetime.strptime(text, form).date()
        except ValueError:
            continue


def _amount(mapping: Mapping, text: str, imputed: str) -> tuple[float | None, str]:
    """Amount in whole units of its currency, none if undisclosed, and its kind."""
    if text.casefold() in mapping.undisclosed:
        return None, _UNDISCLOSED
    if not _AMOUNT.fullmatch(text):
        raise UnusableError("amount is not a number", text)
    amount = float(re.sub(r"[,\s]", "", text)) * mapping.factor
    if amount < 0:
        raise UnusableError("amount is below zero", text)
    if amount == 0:
        # Lists write 0 where they know nothing; a deal of nothing is none.
        return None, _UNDISCLOSED
    if imputed.casefold() in mapping.imputed:
        return amount, "imputed"
    if imputed.casefold() not in mapping.not_imputed:
        raise UnusableError("cell of the column imputed is in neither imputed nor not_imputed of [values]", imputed)
    return amount, "disclosed"


def _currency(mapping: Mapping, text: str) -> str:
    given = text or mapping.currency or ""
    known = currency(given)
    if known is None:
        raise UnusableError("currency is unknown: not in registry/currencies.csv", given)
    return known
