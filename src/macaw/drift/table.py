"""The table `drift`: every class, venue and source against earlier periods and the last release."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from macaw import schema
from macaw.drift.alarm import Count, Finding, Rule, against_past, against_release
from macaw.engine import Query, connect, load

if TYPE_CHECKING:
    import duckdb

# What is counted, in the build and in the last release alike.
_COUNTED = ("coverage", "evidence_coverage")
INPUTS = (*_COUNTED, "registry_venue_lists")
# A build with a smaller part of the last release's records is another collection, not what came after it.
_SUCCEEDS = 0.1


@cache
def rules() -> dict[str, tuple[Query, Rule]]:
    """The query and the rule of each kind of series (rules.toml).

    >>> list(rules())
    ['venue', 'class', 'source']
    """
    document = tomllib.loads(files("macaw.drift").joinpath("rules.toml").read_text("utf-8"))
    return {kind: (load("macaw.drift", entry.pop("query")), Rule(**entry)) for kind, entry in document.items()}


def _counts(con: duckdb.DuckDBPyConnection, query: Query) -> list[Count]:
    return [Count(s, period, n, float(exposure)) for s, period, n, exposure in con.execute(query.text).fetchall()]


def _released(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A connection to what the last release says of the counts."""
    other = connect()
    other.register("registry_venue_lists", con.sql("select * from registry_venue_lists").to_arrow_table())
    for name in _COUNTED:
        with files("macaw.released").joinpath(f"{name}.parquet").open("rb") as stream:
            other.register(name, pq.read_table(stream))
    return other


def drift_table(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """The table `drift` of a build; a count that is not too far from what is expected has no alarm."""
    released = _released(con)
    rows = []
    for kind, (query, rule) in rules().items():
        counts, before = _counts(con, query), _counts(released, query)
        if not succeeds(counts, before):
            before = []
        # What the build did not read cannot have drifted.
        held = {c.series for c in counts}
        found = against_past(counts, rule) + against_release(counts, [c for c in before if c.series in held], rule)
        rows += [_row(kind, f) for f in found]
    arrow = schema.arrow_schema("drift")
    columns = zip(*rows, strict=True) if rows else ((),) * len(arrow)
    return pa.table([pa.array(c, type=f.type) for c, f in zip(columns, arrow, strict=True)], schema=arrow)


def succeeds(counts: Iterable[Count], released: Iterable[Count]) -> bool:
    """Whether a build may be compared with a release: whether it holds enough of the records that the release had.

    >>> succeeds([Count("CVPR", 2024, 3)], [Count("CVPR", 2024, 2700)])
    False
    >>> succeeds([Count("CVPR", 2024, 900)], [Count("CVPR", 2024, 2700)])
    True
    """
    return sum(c.count for c in counts) >= _SUCCEEDS * sum(c.count for c in released)


def _row(kind: str, of: Finding) -> tuple[object, ...]:
    return (
        kind,
        of.series,
        of.period,
        of.against,
        of.count,
        round(of.expected, 3),
        float(f"{of.probability:.6g}"),
        of.alarm or None,
    )


def named(
    alarm: str, series_kind: str, series: str, period: int, records: int, expected: float, compared_with: str
) -> str:
    """One alarm in words.

    >>> named("died", "venue", "CVPR", 2025, 0, 2700.0, "earlier_periods")
    'venue CVPR 2025 died: 0, where 2,700 were expected from earlier periods'
    """
    of = "expected from earlier periods" if compared_with == "earlier_periods" else "in the last release"
    return f"{series_kind} {series} {period} {alarm}: {records:,}, where {expected:,.0f} were {of}"
