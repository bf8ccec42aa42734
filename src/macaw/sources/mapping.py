"""The TOML beside a CSV of the user's own: which column holds what, and how its values are to be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from macaw.errors import SourceError
from macaw.sources.files import csv_table, decode, read_bytes
from macaw.sources.records import finite
from macaw.toml import parsed

# What a cell says of a property: it has it, it has it not.
YES, NO = ("yes", "true", "1"), ("", "no", "false", "0")
Refuse = Callable[..., None]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _is_factor(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and (finite(value) or 0) > 0


def _is_csv(value: object) -> bool:
    """Whether a text is a name that a CSV can have: systems take no longer ones."""
    is_name = isinstance(value, str) and Path(value).name == value and len(value.encode()) <= 255
    return is_name and str(value).endswith((".csv", ".csv.gz"))


def _are_dates(value: object) -> bool:
    """Whether a list holds forms that a day can be written in and read from again, at least its year."""
    day = datetime(2001, 2, 3, tzinfo=UTC)
    try:
        return _is_list(value) and all(
            datetime.strptime(day.strftime(form), form).year == day.year for form in cast(list[str], value)
        )
    except (ValueError, re.error):
        return False


Kind = tuple[Callable[[object], bool], str]
TEXT: Kind = (_is_text, "write a text in quotes")
LIST: Kind = (_is_list, 'write a list of texts, as in ["yes", "true"]')
DATES: Kind = (_are_dates, 'write a list of forms with %Y, %m and %d, as in ["%Y-%m-%d"]')
TABLE: Kind = (lambda value: isinstance(value, dict), "write it as a table: its name in brackets above its keys")
FACTOR: Kind = (_is_factor, "write a number above zero, as in 1e6 for amounts in millions")
DAY: Kind = (lambda value: type(value) is date, "write a day without quotes or time, as in 2015-12-04")
FILE: Kind = (_is_csv, 'name a .csv or .csv.gz in the same folder, as in "rounds.csv"')


def _as_it_is(text: str) -> str:
    return text


@dataclass(frozen=True, kw_only=True)
class Columns:
    """What every mapping says: the CSV, what it is called, the day it was made, its columns, which rows are wanted.

    `mend` makes of a cell what it was meant to be, where a source is known to have damaged its text.
    """

    path: Path
    file: Path
    title: str
    exported: date
    columns: dict[str, str]
    dates: tuple[str, ...]
    only: dict[str, re.Pattern[str]]
    mend: Callable[[str], str] = _as_it_is

    def check(self, header: list[str]) -> None:
        """Raise `SourceError` naming the columns that the mapping names and the CSV lacks."""
        named = [*self.columns.values(), *self.only]
        missing = [name for name in named if name not in header]
        if missing:
            raise SourceError(
                f"{self.path}: {self.file.name} has no column {', '.join(map(repr, missing))}",
                f"its columns are: {', '.join(header)}",
            )

    def cell(self, row: dict[str, str], name: str) -> str:
        """The cell of a row that the mapping calls `name`; empty where it maps no column."""
        return self.mend(row.get(self.columns.get(name, ""), "").strip())

    def date(self, text: str) -> date | None:
        """The day that a text means in any of the mapping's forms; none where it fits none of them."""
        for form in self.dates:
            try:
                return datetime.strptime(text, form).date()
            except ValueError:
                continue
        return None

    def rows(self, source: str, refuse: Refuse) -> Iterator[tuple[int, dict[str, str]]]:
        """Position and cells by column of every row that is wanted; `refuse` hears of the others."""
        header, records = csv_table(self.file, source)
        self.check(header)
        unwanted = 0
        for position, record in enumerate(records):
            if len(record) != len(header):
                refuse(position, f"has {len(record)} cells, the header {len(header)}", record[0])
                continue
            row = dict(zip(header, record, strict=True))
            if all(pattern.search(row[column]) for column, pattern in self.only.items()):
                yield position, row
            else:
                unwanted += 1
        if unwanted:
            refuse(None, "rows do not fit [only] of the mapping: not read", f"{unwanted:,} rows", "noted")


def document(path: Path, source: str) -> dict[str, Any]:
    """The TOML of a mapping; `SourceError` where it cannot be read."""
    try:
        return parsed(decode(read_bytes(path, source), path, source))
    except ValueError as error:
        raise SourceError(f"{path}: not valid TOML ({error})", "mend the line named") from None


def expect(path: Path, table: str, given: dict[str, Any], needed: tuple[str, ...], known: dict[str, Kind]) -> None:
    """Raise `SourceError` for a key that is missing, unknown or of another kind than it must be."""
    where = f"{path}: [{table}]" if table else f"{path}:"
    missing, unknown = set(needed) - given.keys(), given.keys() - known.keys()
    if missing:
        raise SourceError(f"{where} lacks {', '.join(sorted(missing))}", "add it")
    if unknown:
        raise SourceError(f"{where} has {', '.join(sorted(unknown))}", f"known: {', '.join(sorted(known))}")
    for key, value in given.items():
        fits, remedy = known[key]
        if not fits(value):
            raise SourceError(f"{where} {key} is {value!r}", remedy)


def folded(*words: str) -> frozenset[str]:
    """Words in small letters, to compare cells with."""
    return frozenset(word.casefold() for word in words)


def patterns(path: Path, only: dict[str, object]) -> dict[str, re.Pattern[str]]:
    """The regular expressions of a mapping's table `only`; `SourceError` names one that is none."""
    return {column: _pattern(path, column, text) for column, text in only.items()}


def _pattern(path: Path, column: str, text: object) -> re.Pattern[str]:
    try:
        return re.compile(text)  # type: ignore[call-overload, no-any-return]
    except (re.error, TypeError, ValueError, OverflowError, RecursionError) as error:
        where = f"{path}: [only] {column} is {text!r}, which is no regular expression"
        raise SourceError(f"{where} ({error})", "write a regular expression in quotes") from None
