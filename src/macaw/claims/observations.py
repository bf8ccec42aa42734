"""Gathers the values that the rules of the ledger ask for, under every specification they name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

import pyarrow as pa

from macaw import uncertainty
from macaw.claims.record import KINDS, LATEST, Claim, RecordError, Test
from macaw.engine import DuckDB
from macaw.indicators import BASES, Indicator, Specification, compute, default_specification, indicators
from macaw.indicators.values import COUNTINGS, narrow
from macaw.sure.observation import Observation
from macaw.sure.specifications import SWITCHES, combinations, computed_under, counted_as, places
from macaw.uncertainty import Draws

# What the ledger reads of a build.
_BESIDE_VALUES = {"entities", "frontiers", "figures", *uncertainty.INPUTS}
INPUTS = tuple(sorted({base.table(t) for base in BASES.values() for t in base.inputs} | _BESIDE_VALUES))
# Opens tables, some of them by the names of others that stand for them.
Connect = Callable[..., Any]
# Data older than this tell nothing of the present of an article.
OLDEST = 4
_SERIES, _POINT = ("entity", *SWITCHES), ("period", "value", "low", "high", "status", "n")
# The choices of a test on papers that names none: those that the field disputes, and of venues all of them, two panels
# of one make-up and a single large venue, since a list of which only a part was collected settles nothing.
_USUAL: Mapping[str, tuple[str, ...]] = {
    "counting": COUNTINGS,
    "place": ("workplace", "owner"),
    "venues": ("ai", "panel_2017_2023", "panel_2020_2024", "CVPR"),
    "territory": ("mainland", "with_hkg_mac"),
}
# Indicators that are known by day and not by year only, from the table frontiers: definition and measure of each.
_BY_DAY: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "frontier_lag_days": {
        f"{definition}_{way}": (definition, f"lag_{way}")
        for definition in ("epoch_index", "arena")
        for way in ("by_level", "by_rate")
    },
    "frontier_gap": {definition: (definition, "gap") for definition in ("epoch_index", "arena")},
}


# Values by year, or by day (YYYY-MM-DD), which sorts with years as text.
Series = dict[str, Observation]


class Observations:
    """All series that a set of claims asks for."""

    def __init__(self, entities: Mapping[str, tuple[str, str | None]]) -> None:
        self.entities = entities
        self._series: dict[tuple[str, str, Specification], Series] = {}

    def series(self, test: Test, entity: str, spec: Specification) -> Series:
        """The series of an entity under a specification; empty where nothing was computed."""
        of = indicators()[test.indicator]
        return self._series.get((of.id, counted_as(entity, spec), computed_under(of, spec)), {})

    def among(self, test: Test) -> tuple[str, ...]:
        """The entities of `among`: those listed, and all of a kind (company@CHN)."""
        found: list[str] = []
        for entry in test.among:
            kind, _, country = entry.partition("@")
            if kind in KINDS:
                found += [e for e, (k, c) in self.entities.items() if k == kind and country in ("", c)]
            else:
                found.append(entry)
        return tuple(dict.fromkeys(found))

    def add(self, indicator: str, entity: str, spec: Specification, period: str, seen: Observation) -> None:
        """Put one value in its series."""
        self.add_series(indicator, entity, spec, {period: seen})

    def add_series(self, indicator: str, entity: str, spec: Specification, seen: Series) -> None:
        """Put some years or days of one series in it."""
        self._series.setdefault((indicator, entity, spec), {}).update(seen)


def by_day(of: Indicator) -> bool:
    """Whether an indicator is known by day."""
    return of.id in _BY_DAY


def specifications(test: Test) -> tuple[Specification, ...]:
    """Every specification under which a test is made: all combinations of the choices of its switches."""
    of = indicators()[test.indicator]
    choices: dict[str, tuple[str, ...]] = {"definition": of.definitions}
    if not of.single and not by_day(of):
        choices["counting"] = COUNTINGS
    if of.base == "cells":
        choices |= dict(_USUAL)
        if of.lists:
            choices["venues"] = of.lists
        if test.entity not in places():
            choices["place"] = ("workplace",)
        if test.entity != "CHN" and test.against != "CHN":
            choices["territory"] = ("mainland",)
    choices |= dict(test.over)
    return combinations(of, choices)


def gather(claims: Iterable[Claim], connect: Connect) -> Observations:
    """Compute every series that the claims' tests ask for; `connect` opens a build's tables.

    Raises `RecordError` for an organisation that the build does not know.
    """
    rows = connect(("entities",)).sql("select entity, kind, country from entities").fetchall()
    seen = Observations({e: (k, c) for e, k, c in rows})
    wanted: dict[str, tuple[set[Specification], set[str]]] = {}
    first_years: dict[str, int] = {}
    for claim in claims:
        for test in claim.rule.tests:
            of = indicators()[test.indicator]
            specs, entities = wanted.setdefault(of.id, (set(), set()))
            asked = [e for e in (test.entity, test.against, *seen.among(test)) if e and test.take != "among_first"]
            asked += seen.among(test) if test.take == "among_first" else []
            _check_known(asked, seen, f"{claim.file}: claim {claim.id}: test {test.id}")
            first_years[of.id] = min(_first_year(test, claim), first_years.get(of.id, 9999))
            for spec in specifications(test):
                specs.add(computed_under(of, spec))
                entities |= {counted_as(e, spec) for e in asked}
    on_papers = {e for name, (_, entities) in wanted.items() if indicators()[name].base == "cells" for e in entities}
    papers = uncertainty.Papers(connect(uncertainty.INPUTS), on_papers)
    for name, (specs, entities) in sorted(wanted.items()):
        of = indicators()[name]
        if by_day(of):
            _gather_days(of, entities, seen, connect)
        else:
            _gather_years(of, specs, entities, seen, connect, papers, first_years[name])
    return seen


def _first_year(test: Test, claim: Claim) -> int:
    """The first year whose draws a test may need: they are many, so that no others are kept."""
    oldest = claim.article.date.year - OLDEST if test.period == LATEST else int(test.period[:4])
    return min(oldest, int(test.base[:4] or oldest)) - 1


def _check_known(asked: Iterable[str], seen: Observations, where: str) -> None:
    for entity in asked:
        if entity.startswith("ror:") and entity not in seen.entities:
            raise RecordError(f"{where}: entity {entity!r} is in no table of this build", "see: macaw entities TEXT")


def _gather_days(of: Indicator, entities: set[str], seen: Observations, connect: Connect) -> None:
    rows = connect(("frontiers",)).sql("select * from frontiers order by all").to_arrow_table().to_pylist()
    base = default_specification(of)
    names = {pair: definition for definition, pair in _BY_DAY[of.id].items()}
    for row in rows:
        definition = names.get((row["definition"], row["measure"]))
        if definition and row["entity"] in entities:
            status = "A" if row["value"] is not None or row["low"] is not None else "O"
            found = Observation(row["value"], row["low"], row["high"], status, row["n"] or 0)
            seen.add(of.id, row["entity"], replace(base, definition=definition), row["measured"], found)


def _gather_years(
    of: Indicator,
    specs: set[Specification],
    entities: set[str],
    seen: Observations,
    connect: Connect,
    papers: uncertainty.Papers,
    first_year: int,
) -> None:
    con = connect(of.rests_on.inputs, of.rests_on.stands_for)
    con.register("scope", pa.table({"entity": pa.array(sorted(entities), pa.string())}))
    narrow(con, of, specs, entities)
    listed = sorted(specs, key=lambda s: tuple(getattr(s, f) for f in SWITCHES))
    rows = compute(DuckDB(con), of, listed, release="", fill=True)
    draws: Mapping[tuple[str, int, Specification], Draws] = {}
    if of.base == "cells":
        requests = [(of, spec) for spec in listed]
        rows = uncertainty.with_intervals(rows, papers, requests, entities)
        draws = uncertainty.draws_by_value(papers, requests, entities, first_year)
    rows = rows.select([*_SERIES, *_POINT])
    points = zip(*(rows[name].to_pylist() for name in rows.column_names), strict=True)
    for (entity, *switches), of_series in groupby(points, key=lambda point: point[: len(_SERIES)]):
        spec, series = Specification(*switches), {}
        for *_, p, value, low, high, status, n in of_series:
            drawn = draws.get((entity, p, spec)) if low is not None else None
            series[str(p)] = Observation(value, low, high, status, n or 0, drawn)
        seen.add_series(of.id, entity, spec, series)
