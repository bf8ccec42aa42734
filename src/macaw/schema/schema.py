"""Reads columns.toml and tables.toml and checks tables against them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pyarrow as pa

from macaw.errors import MacawError

_ARROW_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "flag": pa.bool_(),
}


@dataclass(frozen=True)
class Column:
    """One word of the vocabulary: a column means the same in every table that has it."""

    name: str
    type: str
    unit: str
    meaning: str
    meaning_zh: str


@dataclass(frozen=True)
class Table:
    """One table: its grain, the stage that makes it, its key and its columns in order."""

    name: str
    stage: str
    grain: str
    grain_zh: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]


def _read(name: str) -> dict[str, dict[str, object]]:
    return tomllib.loads(files("macaw.schema").joinpath(name).read_text("utf-8"))


@cache
def _columns() -> dict[str, Column]:
    return {
        name: Column(
            name=name,
            type=str(entry["type"]),
            unit=str(entry.get("unit", "")),
            meaning=str(entry["meaning"]),
            meaning_zh=str(entry["meaning_zh"]),
        )
        for name, entry in _read("columns.toml").items()
    }


@cache
def tables() -> dict[str, Table]:
    """All tables by name, in the order of the data's way; one that is like another has its key and columns."""
    read = _read("tables.toml")
    found = {}
    for name, entry in read.items():
        model = read[str(entry["like"])] if "like" in entry else entry
        found[name] = Table(
            name=name,
            stage=str(entry["stage"]),
            grain=str(entry["grain"]),
            grain_zh=str(entry["grain_zh"]),
            key=tuple(model["key"]),  # type: ignore[arg-type]
            columns=tuple(column(str(c)) for c in model["columns"]),  # type: ignore[attr-defined]
        )
    return found


def column(name: str) -> Column:
    """The column of that name.

    >>> column("share").unit
    'fraction 0–1'
    """
    try:
        return _columns()[name]
    except KeyError:
        raise MacawError(f"column {name!r} is not in schema/columns.toml", "add it there first") from None


def table(name: str) -> Table:
    """The table of that name.

    >>> table("works").grain
    'One row per work listed by a source, whether published, rejected or withdrawn.'
    """
    try:
        return tables()[name]
    except KeyError:
        raise MacawError(f"table {name!r} is not in schema/tables.toml", "add it there first") from None


def arrow_schema(name: str) -> pa.Schema:
    """The Arrow schema of a table: its columns in order, all nullable.

    >>> arrow_schema("raw_names").names
    ['raw_name', 'mentions', 'works']
    """
    return pa.schema([pa.field(c.name, _ARROW_TYPES[c.type]) for c in table(name).columns])


def to_table(name: str, rows: Iterable[Sequence[object]]) -> pa.Table:
    """Rows as the Arrow table of that name.

    >>> to_table("raw_names", [("MIT", 2, 1)]).num_rows
    1
    """
    arrow = arrow_schema(name)
    columns = list(zip(*rows, strict=True)) or [()] * len(arrow)
    return pa.table([pa.array(c, type=f.type) for c, f in zip(columns, arrow, strict=True)], schema=arrow)


def check(name: str, data: pa.Table) -> None:
    """Raise `MacawError` unless the data has exactly the columns and types the schema gives the table.

    >>> check("raw_names", pa.table({"raw_name": ["MIT"], "mentions": [1], "works": [1]}))
    """
    expected = arrow_schema(name)
    if data.schema.names != expected.names:
        raise MacawError(
            f"table {name}: columns are {data.schema.names}, expected {expected.names}",
            "change the query or schema/tables.toml so that they agree",
        )
    for field in expected:
        got = data.schema.field(field.name).type
        if got != field.type and not pa.types.is_null(got):
            raise MacawError(
                f"table {name}: column {field.name} is {got}, expected {field.type}",
                "cast it in the query, or change schema/columns.toml",
            )
