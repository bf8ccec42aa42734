"""What every reader gives back: source tables, and the records it refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyarrow as pa

from macaw import schema

# One address, or several of one domain: "{jane, bob}@", "(jane|bob)@", "jane/bob@".
EMAIL = re.compile(r"(?:[{(][^{}()@]*[})]|[\w.+{},/|\-]+)\s?@\s?[\w\-]+(?:\s?\.\s?[\w\-]+)+")
# A whole number as files write it; a longer one counts nothing, and sums of it would not fit into a table.
WHOLE = re.compile(r"\d{1,15}", re.ASCII)
_SHOWN = 120
# Beyond every amount, count and rate there is.
_ENDLESS = 1e100
# So many rows of a table stand in lists of Python before they are packed.
_ROWS = 50_000
# Half of a surrogate pair can be written in JSON, but not in UTF-8.
_SURROGATE = re.compile("[\ud800-\udfff]")


def mask_addresses(text: str) -> str:
    """The text with e-mail addresses of persons masked; the domain, which is evidence, stays.

    >>> mask_addresses("MIT, jane.doe@mit.edu")
    'MIT, ***@mit.edu'
    """
    return EMAIL.sub(lambda m: "***@" + m.group().split("@", 1)[1].strip(), text)


def finite(value: str | float) -> float | None:
    """The number that a value is or tells; None where it is none, or so large that sums might have no end.

    >>> finite("81.5"), finite(10**400), finite("1e999"), finite("nan"), finite("most"), finite("1_000")
    (81.5, None, None, None, None, None)
    """
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    # No source writes 1_000, which Python reads.
    is_python = isinstance(value, str) and "_" in value
    return number if abs(number) < _ENDLESS and not is_python else None


def is_text(value: object) -> bool:
    """Whether a value is text that can be written as UTF-8."""
    return isinstance(value, str) and (value.isascii() or not _SURROGATE.search(value))


def _is_whole(value: object) -> bool:
    return type(value) is int and abs(value) < 2**63


_FITS = {"text": (is_text, "valid text"), "whole": (_is_whole, "a whole number of 64 bits")}


def misfit(table: str, values: Iterable[object]) -> tuple[str, object] | None:
    """The first value that a source table cannot hold, and why; None if all fit."""
    for column, value in zip(schema.table(table).columns, values, strict=True):
        fits, expected = _FITS[column.type]
        if value is not None and not fits(value):
            return f"{column.name} is not {expected}", value
    return None


@dataclass(frozen=True)
class Rejected:
    """One refused (`rejected`) or odd (`noted`) record, with its place and the reason."""

    source: str
    file: str
    position: int | None
    reason: str
    value: object = None
    action: str = "rejected"

    def row(self) -> tuple[str, str, int | None, str, str, str | None]:
        """The row of the table `rejected`; the value is masked and shortened."""
        shown = None if self.value is None else mask_addresses(_writable(self.value).replace("\n", " "))[:_SHOWN]
        return (self.source, self.file, self.position, self.action, self.reason, shown)


def _writable(value: object) -> str:
    return str(value).encode("utf-8", "backslashreplace").decode()


@dataclass
class Reading:
    """Rows of source tables as a reader collects them, column by column, and what it refused."""

    columns: dict[str, dict[str, list[object]]] = field(default_factory=dict)
    refused: list[Rejected] = field(default_factory=list)
    parts: dict[str, list[pa.Table]] = field(default_factory=dict)

    def add(self, table: str, *values: object) -> None:
        """Add one row, its values in the order of the schema's columns."""
        columns = self.columns.get(table)
        if columns is None:
            columns = self.columns[table] = {c.name: [] for c in schema.table(table).columns}
        for column, value in zip(columns.values(), values, strict=True):
            column.append(value)
        if len(column) >= _ROWS:
            self._pack(table)

    def put(self, table: str, rows: pa.Table) -> None:
        """Add rows that stand in Arrow already."""
        self.parts.setdefault(table, []).append(rows.cast(schema.arrow_schema(table)))

    def _pack(self, table: str) -> None:
        """Turn the rows added so far into Arrow, which takes a fraction of the memory."""
        self.put(table, pa.table(self.columns.pop(table), schema=schema.arrow_schema(table)))

    def table(self, name: str) -> pa.Table:
        """One source table as Arrow, empty if no row was added."""
        if name in self.columns:
            self._pack(name)
        parts = self.parts.get(name, [])
        return pa.concat_tables(parts) if parts else schema.arrow_schema(name).empty_table()


def rejected_table(refused: Iterable[Rejected]) -> pa.Table:
    """The table `rejected`, in a stable order."""
    names = schema.arrow_schema("rejected").names
    rows = sorted((r.row() for r in refused), key=lambda r: (r[0], r[1], -1 if r[2] is None else r[2], r[4]))
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return pa.table(dict(zip(names, map(list, columns), strict=True)), schema=schema.arrow_schema("rejected"))


def summary(refused: Iterable[Rejected]) -> list[tuple[str, str, int]]:
    """How many records were refused or noted, by action and reason, most first."""
    counted = Counter((r.action, r.reason) for r in refused)
    return [(action, reason, n) for (action, reason), n in counted.most_common()]
