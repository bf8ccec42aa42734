"""The TOML beside a CSV of deals: which column holds what, and how its values are to be read."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from macaw.errors import SourceError
from macaw.sources.files import decode, read_bytes

REQUIRED = ("company", "date", "amount")
OPTIONAL = ("id", "currency", "series", "investors", "country", "imputed", "link")
_KEYS = {"file", "title", "exported", "columns", "values", "only"}
_VALUES = {"dates", "currency", "factor", "undisclosed", "imputed", "separator"}


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
    _expect(path, "", document, {"file", "title", "exported", "columns"}, _KEYS)
    columns, values = document["columns"], document.get("values", {})
    _expect(path, "columns", columns, set(REQUIRED), {*REQUIRED, *OPTIONAL})
    _expect(path, "values", values, set(), _VALUES)
    if not isinstance(document["exported"], date):
        raise SourceError(f"{path}: exported is {document['exported']!r}", "write a date, as in 2015-12-04")
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
        undisclosed=frozenset(v.casefold() for v in ("", *values.get("undisclosed", ()))),
        imputed=frozenset(v.casefold() for v in values.get("imputed", ("yes", "true", "1"))),
        separator=values.get("separator", ";"),
        only={column: _pattern(path, text) for column, text in document.get("only", {}).items()},
    )


def _expect(path: Path, table: str, given: dict[str, Any], needed: set[str], known: set[str]) -> None:
    where = f"{path}: [{table}]" if table else f"{path}:"
    missing, unknown = needed - given.keys(), given.keys() - known
    if missing:
        raise SourceError(f"{where} lacks {', '.join(sorted(missing))}", "add it")
    if unknown:
        raise SourceError(f"{where} has {', '.join(sorted(unknown))}", f"known: {', '.join(sorted(known))}")


def _pattern(path: Path, text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise SourceError(f"{path}: {text!r} is no regular expression ({error})", "mend it below [only]") from None
