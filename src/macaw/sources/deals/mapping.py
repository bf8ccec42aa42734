"""The TOML beside a CSV of deals: which column holds what, and how its values are to be read."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from macaw.errors import SourceError
from macaw.sources.files import decode, read_bytes

REQUIRED = ("company", "date", "amount")
OPTIONAL = ("id", "currency", "series", "investors", "country", "imputed", "link")
# What is said of a cell: yes, the amount is imputed; no, it is not.
_YES, _NO = ("yes", "true", "1"), ("", "no", "false", "0")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _is_factor(value: object) -> bool:
    return type(value) in (int, float) and 0 < value < math.inf  # type: ignore[operator]


def _is_csv(value: object) -> bool:
    return isinstance(value, str) and value.endswith((".csv", ".csv.gz")) and Path(value).name == value


_Kind = tuple[Callable[[object], bool], str]
_TEXT: _Kind = (_is_text, "write a text in quotes")
_LIST: _Kind = (_is_list, 'write a list of texts, as in ["yes", "true"]')
_TABLE: _Kind = (lambda value: isinstance(value, dict), "write it as a table: its name in brackets above its keys")
_KEYS: dict[str, _Kind] = {
    "file": (_is_csv, 'name a .csv or .csv.gz in the same folder, as in "rounds.csv"'),
    "title": _TEXT,
    "exported": (lambda value: type(value) is date, "write a day without quotes or time, as in 2015-12-04"),
    "columns": _TABLE,
    "values": _TABLE,
    "only": _TABLE,
}
_VALUES: dict[str, _Kind] = {
    **dict.fromkeys(("dates", "undisclosed", "imputed", "not_imputed"), _LIST),
    **dict.fromkeys(("currency", "separator"), _TEXT),
    "factor": (_is_factor, "write a number above zero, as in 1e6 for amounts in millions"),
}


@dataclass(frozen=True)
class Mapping:
    """A column mapping: `exported` is the day the list was made, after which no deal can be dated."""

    path: Path
    file: Path
    title: str
    exported: date
    columns: dict[str, str]
    dates: tuple[str, ...]
    currency: str | None
    factor: float
    undisclosed: frozenset[str]
    imputed: frozenset[str]
    not_imputed: frozenset[str]
    separator: str
    only: dict[str, re.Pattern[str]]

    def check(self, header: list[str]) -> None:
        """Raise `SourceError` naming the columns that the mapping names and the CSV lacks."""
        named = [*self.columns.values(), *self.only]
        missing = [name for name in named if name not in header]
        if missing:
            raise SourceError(
                f"{self.path}: {self.file.name} has no column {', '.join(map(repr, missing))}",
                f"its columns are: {', '.join(header)}",
            )


def load(path: Path) -> Mapping:
    """The mapping of a TOML file; `SourceError` names what it lacks, has too much or cannot be read."""
    try:
        document = tomllib.loads(decode(read_bytes(path, "deals"), path, "deals"))
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{path}: not valid TOML ({error})", "mend the line named") from None
    _expect(path, "", document, ("file", "title", "exported", "columns"), _KEYS)
    columns, values = document["columns"], document.get("values", {})
    _expect(path, "columns", columns, REQUIRED, dict.fromkeys((*REQUIRED, *OPTIONAL), _TEXT))
    _expect(path, "values", values, (), _VALUES)
    if "currency" not in columns and "currency" not in values:
        raise SourceError(f"{path}: names no currency", "add a column currency, or currency below [values]")
    return Mapping(
        path=path,
        file=path.parent / document["file"],
        title=document["title"],
        exported=document["exported"],
        columns=columns,
        dates=tuple(values.get("dates", ("%Y-%m-%d",))),
        currency=values.get("currency"),
        factor=float(values.get("factor", 1)),
        undisclosed=_folded("", *values.get("undisclosed", ())),
        imputed=_folded(*values.get("imputed", _YES)),
        not_imputed=_folded(*values.get("not_imputed", _NO)),
        separator=values.get("separator", ";"),
        only={column: _pattern(path, column, text) for column, text in document.get("only", {}).items()},
    )


def _expect(path: Path, table: str, given: dict[str, Any], needed: tuple[str, ...], known: dict[str, _Kind]) -> None:
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


def _folded(*words: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)


def _pattern(path: Path, column: str, text: object) -> re.Pattern[str]:
    try:
        return re.compile(text)  # type: ignore[call-overload, no-any-return]
    except (re.error, TypeError) as error:
        where = f"{path}: [only] {column} is {text!r}, which is no regular expression"
        raise SourceError(f"{where} ({error})", "write a regular expression in quotes") from None
