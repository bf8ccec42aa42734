"""The mapping beside a CSV of deals."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from macaw.errors import SourceError
from macaw.sources.mapping import (
    DATES,
    DAY,
    FACTOR,
    FILE,
    LIST,
    NO,
    TABLE,
    TEXT,
    YES,
    Columns,
    Kind,
    document,
    expect,
    folded,
    patterns,
)

REQUIRED = ("company", "date", "amount")
OPTIONAL = ("id", "currency", "series", "investors", "country", "imputed", "link")
_KEYS: dict[str, Kind] = {
    "file": FILE,
    "title": TEXT,
    "exported": DAY,
    "columns": TABLE,
    "values": TABLE,
    "only": TABLE,
}
_VALUES: dict[str, Kind] = {
    "dates": DATES,
    **dict.fromkeys(("undisclosed", "imputed", "not_imputed"), LIST),
    **dict.fromkeys(("currency", "separator"), TEXT),
    "factor": FACTOR,
}


@dataclass(frozen=True, kw_only=True)
class Mapping(Columns):
    """A mapping of deals: `exported` is the day the list was made, after which no deal can be dated."""

    currency: str | None
    factor: float
    undisclosed: frozenset[str]
    imputed: frozenset[str]
    not_imputed: frozenset[str]
    separator: str


def load(path: Path) -> Mapping:
    """The mapping of a TOML file; `SourceError` names what it lacks, has too much or cannot be read."""
    read = document(path, "deals")
    expect(path, "", read, ("file", "title", "exported", "columns"), _KEYS)
    columns, values = read["columns"], read.get("values", {})
    expect(path, "columns", columns, REQUIRED, dict.fromkeys((*REQUIRED, *OPTIONAL), TEXT))
    expect(path, "values", values, (), _VALUES)
    if "currency" not in columns and "currency" not in values:
        raise SourceError(f"{path}: names no currency", "add a column currency, or currency below [values]")
    return Mapping(
        path=path,
        file=path.parent / read["file"],
        title=read["title"],
        exported=read["exported"],
        columns=columns,
        dates=tuple(values.get("dates", ("%Y-%m-%d",))),
        currency=values.get("currency"),
        factor=float(values.get("factor", 1)),
        undisclosed=folded("", *values.get("undisclosed", ())),
        imputed=folded(*values.get("imputed", YES)),
        not_imputed=folded(*values.get("not_imputed", NO)),
        separator=values.get("separator", ";"),
        only=patterns(path, read.get("only", {})),
    )
