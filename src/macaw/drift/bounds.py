"""Data tests: what must hold of a build's rows and figures, and how many records each source gave by year.

They judge data, not code: a build that breaks one is written all the same, and `macaw bounds` says which rows.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from macaw.engine import explained, load
from macaw.errors import MacawError

if TYPE_CHECKING:
    import duckdb

Severity = Literal["fail", "warn"]
Connect = Callable[[Iterable[str]], "duckdb.DuckDBPyConnection"]
NAMED = 5
# A year of a source may grow or shrink by so much from one release to the next.
REVISION = 0.2
# Fewer records than this say nothing by how much they change.
LEAST = 20


@dataclass(frozen=True)
class Bound:
    """One thing that must hold: of each row of a table, or of one figure of the build between `low` and `high`."""

    id: str
    severity: Severity
    table: str = ""
    key: tuple[str, ...] = ()
    holds: str = ""
    rows: str = ""
    value: str = ""
    low: float | None = None
    high: float | None = None
    # What the figure was in earlier releases.
    history: tuple[dict[str, object], ...] = ()


@dataclass(frozen=True)
class Result:
    """What came of one bound: how many rows broke it, or the figure; what broke it, in words."""

    bound: str
    severity: Severity
    found: float
    broken: bool
    before: str
    offending: str


@cache
def bounds() -> tuple[Bound, ...]:
    """The bounds of bounds.toml.

    >>> bounds()[0].id
    'match_probability'
    """
    document = tomllib.loads(files("macaw.drift").joinpath("bounds.toml").read_text("utf-8"))
    made = ({**entry, "key": tuple(entry.get("key", ()))} for entry in document["bound"])
    return tuple(Bound(**{**entry, "history": tuple(entry.get("history", ()))}) for entry in made)


def check(connect: Connect, tables: Iterable[str], of: Iterable[Bound] | None = None) -> list[Result]:
    """The result of every bound over a build's tables; raises `MacawError` for a bound that cannot be asked."""
    con = connect(tables)
    return [_judged(con, bound) for bound in (bounds() if of is None else of)]


def _judged(con: duckdb.DuckDBPyConnection, bound: Bound) -> Result:
    with explained(f"bound {bound.id}"):
        if bound.value:
            return _figure(con, bound)
        rows = bound.rows or f'select * from "{bound.table}"'
        broken = f"from ({rows}) where not coalesce({bound.holds}, false)"
        ((number,),) = con.execute(f"select count(*) {broken}").fetchall()
        keys = ", ".join(f'"{column}"' for column in bound.key)
        named = con.execute(f"select {keys} {broken} order by all limit {NAMED}").fetchall() if number else []
        shown = "; ".join(" ".join(map(str, row)) for row in named)
        return Result(bound.id, bound.severity, number, number > 0, "", shown)


def _figure(con: duckdb.DuckDBPyConnection, bound: Bound) -> Result:
    ((value,),) = con.execute(bound.value).fetchall()
    if bound.low is None or bound.high is None:
        raise MacawError(f"bound {bound.id}: has no low and high", "give both in bounds.toml")
    # A figure of nothing (no names at all) is none, and breaks nothing.
    broken = value is not None and not bound.low <= value <= bound.high
    before = ", ".join(f"{then['release']}: {then['value']}" for then in bound.history)
    offending = f"{value:.4g} is not between {bound.low} and {bound.high}" if broken else ""
    return Result(bound.id, bound.severity, float("nan") if value is None else value, broken, before, offending)


# -- records by source and year --------------------------------------------------------------------------------

SourceYear = tuple[str, int | None]


def source_years(connect: Connect) -> dict[SourceYear, int]:
    """Records of a build by source and year; None where a record has no year."""
    query = load("macaw.drift", "source_years")
    return {(source, period): n for source, period, n in connect(query.inputs).execute(query.text).fetchall()}


@cache
def history() -> dict[str, dict[SourceYear, int]]:
    """The same of earlier releases, by release (source_years.csv).

    >>> history()["2026-11"]["paperlists", 2023] > 10_000
    True
    """
    found: dict[str, dict[SourceYear, int]] = {}
    with files("macaw.drift").joinpath("source_years.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            key = row["source"], int(row["period"]) if row["period"] else None
            found.setdefault(row["release"], {})[key] = int(row["records"])
    return found


def revised(now: dict[SourceYear, int], then: dict[SourceYear, int]) -> Iterator[str]:
    """Years of a source that gave far more or fewer records than in an earlier release; sources not read are left out.

    >>> list(revised({("a", 2020): 10}, {("a", 2020): 100, ("b", 2020): 9}))
    ['a 2020: 10 records, 100 before']
    """
    read = {source for source, _ in now}
    for key, before in sorted(then.items(), key=str):
        found = now.get(key, 0)
        if key[0] in read and before >= LEAST and abs(found - before) > REVISION * before:
            yield f"{key[0]} {key[1] or 'without a year'}: {found:,} records, {before:,} before"
