"""Whether a comparison holds under every combination of reasonable switches, and which switch turns it."""

from __future__ import annotations

import math
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import combinations as pairs_of
from typing import Any

import pyarrow as pa

from macaw.errors import UsageError
from macaw.indicators import Indicator, Specification, default_specification, indicators
from macaw.indicators.values import COUNTINGS, OWNERSHIPS, PLACES, TERRITORIES
from macaw.sure.observation import Observation, joined, weight, worst
from macaw.sure.specifications import (
    SWITCHES,
    combinations,
    computed_under,
    counted_as,
    panel_years,
    places,
    wider,
    without_idle_switches,
)
from macaw.sure.statement import Statement

WINDOW = "window"
ALL_SWITCHES = (*SWITCHES, WINDOW)
HOLDS = ("yes", "no", "open")
# Rows of the table `values` of an indicator under specifications, of these entities.
Fetch = Callable[[Indicator, Sequence[Specification], Sequence[str]], pa.Table]
Over = Mapping[str, Sequence[str]]


@cache
def settings() -> dict[str, Any]:
    """The choices that are reasonable, and how switches are called."""
    return tomllib.loads(files("macaw.sure").joinpath("multiverse.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Combination:
    """One combination of choices, what both sides are under it, and whether the statement holds.

    `outcome` is the log of the ratio where both sides are above 0, else their difference; of a rank the places above
    the one asked for. `at_face` tells whether it holds of the values alone, be they sure or not.
    """

    choices: Mapping[str, str]
    left: float
    right: float
    outcome: float
    status: str
    holds: str
    at_face: bool


@dataclass(frozen=True)
class Influence:
    """What one switch does: pairs that differ in it alone, those of them it turns, and its share of variance."""

    switch: str
    pairs: int
    flips: int
    variance: float


@dataclass(frozen=True)
class Multiverse:
    """A statement about one period under every combination that has values."""

    statement: Statement
    period: int
    combinations: tuple[Combination, ...]
    # Combinations of which a side has no value.
    without_value: int

    @property
    def settled(self) -> tuple[Combination, ...]:
        """Combinations whose values are sure enough to say yes or no."""
        return tuple(c for c in self.combinations if c.holds != "open")

    @property
    def share(self) -> float | None:
        """Share of the settled combinations under which the statement holds; None if none is settled."""
        return _share([c.holds == "yes" for c in self.settled])

    @property
    def share_at_face(self) -> float | None:
        """The same of all combinations with values, those of low reliability included."""
        return _share([c.at_face for c in self.combinations])

    @property
    def rest(self) -> tuple[Combination, ...]:
        """What switches are judged by: the settled combinations, or all where none is."""
        return self.settled or self.combinations

    def influences(self) -> list[Influence]:
        """Every switch that varies, the one with the largest share of variance first."""
        varying = [s for s in ALL_SWITCHES if len({c.choices[s] for c in self.rest}) > 1]
        return sorted((_influence(self.rest, s) for s in varying), key=lambda i: (-i.variance, -i.flips, i.switch))


def _share(found: Sequence[bool]) -> float | None:
    return sum(found) / len(found) if found else None


def _influence(found: Sequence[Combination], switch: str) -> Influence:
    groups: dict[tuple[str, ...], list[Combination]] = defaultdict(list)
    by_choice: dict[str, list[float]] = defaultdict(list)
    for c in found:
        groups[tuple(c.choices[s] for s in ALL_SWITCHES if s != switch)].append(c)
        by_choice[c.choices[switch]].append(c.outcome)
    pairs = [p for g in groups.values() for p in pairs_of(g, 2)]
    flips = sum(a.at_face != b.at_face for a, b in pairs)
    mean = sum(c.outcome for c in found) / len(found)
    spread = sum((c.outcome - mean) ** 2 for c in found)
    between = sum(len(v) * (sum(v) / len(v) - mean) ** 2 for v in by_choice.values())
    return Influence(switch, len(pairs), flips, between / spread if spread > 0 else 0.0)


# -- which combinations --------------------------------------------------------------------------------------


def choices(
    of: Indicator, statement: Statement, topic: str = "ai", over: Over | None = None
) -> dict[str, Sequence[str]]:
    """The choices of every switch that means something for an indicator and the entities compared.

    `over` replaces the choices of a switch. Raises `UsageError` for a switch the indicator does not depend on.
    """
    compared = [e for e in (statement.entity, statement.other) if e]
    made: dict[str, Sequence[str]] = {"definition": of.definitions, "ownership": OWNERSHIPS}
    if not of.single:
        made["counting"] = COUNTINGS
    if of.base == "cells":
        made |= {"venues": of.lists or settings()["venues"], "topic": (topic,)}
        made["place"] = PLACES if all(e in places() for e in compared) else ("workplace",)
    if any((t, e) in wider() for e in compared for t in TERRITORIES):
        made["territory"] = TERRITORIES
    made[WINDOW] = settings()[WINDOW]
    for switch in over or ():
        if switch not in made:
            raise UsageError(f"{of.id} does not depend on {switch}", f"it depends on {', '.join(made)}")
        _check_choices(of, switch, (over or {})[switch])
    return made | dict(over or {})


def _check_choices(of: Indicator, switch: str, given: Sequence[str]) -> None:
    """Refuse a choice that a switch does not have; venues and topics are many, and known to the observatory."""
    known = {"counting": COUNTINGS, "place": PLACES, "ownership": OWNERSHIPS, "territory": TERRITORIES}
    allowed: Sequence[str] = (known | {"definition": of.definitions}).get(switch, given)
    wrong = [c for c in given if c not in allowed or not c]
    if switch == WINDOW:
        wrong = [c for c in given if not (c.isdecimal() and 1 <= int(c) <= 20)]
        allowed = ("1", "2", "3", "… 20")
    if wrong or not given:
        raise UsageError(f"{switch} {', '.join(map(repr, wrong))} is unknown", f"choose from {', '.join(allowed)}")


def specifications(of: Indicator, chosen: Mapping[str, Sequence[str]]) -> tuple[Specification, ...]:
    """Every combination, window apart; where the work is done does not depend on who owns whom."""
    found = combinations(of, {k: v for k, v in chosen.items() if k != WINDOW})
    if of.base == "cells" and len(chosen["place"]) > 1:
        usual = default_specification(of).ownership
        found = tuple(s if s.place == "owner" else replace(s, ownership=usual) for s in found)
    return tuple(dict.fromkeys(found))


# -- what holds under them -----------------------------------------------------------------------------------


_Series = Mapping[int, Observation]


@dataclass(frozen=True)
class _World:
    """A specification with the series of both sides, and of those a rank is among."""

    spec: Specification
    left: _Series
    right: _Series | None
    others: tuple[_Series, ...]


def _series(rows: pa.Table) -> dict[tuple[str, ...], dict[int, Observation]]:
    """Series by entity and switches."""
    found: dict[tuple[str, ...], dict[int, Observation]] = defaultdict(dict)
    columns = ("entity", *SWITCHES, "period", "value", "low", "high", "status", "n")
    for row in zip(*(rows[c].to_pylist() for c in columns), strict=True):
        *key, period, value, low, high, status, n = row
        if value is not None:
            found[tuple(key)][int(str(period)[:4])] = Observation(value, low, high, status, n or 0)
    return found


def _mean(series: _Series, period: int, window: int) -> Observation | None:
    """The mean of the years of a window; None if one of them has no value."""
    known = [series[p] for p in range(period - window + 1, period + 1) if p in series]
    if len(known) < window:
        return None
    if window == 1:
        return known[0]
    value = sum(o.value or 0.0 for o in known) / window
    ends = [o.ends or (value, value) for o in known]
    low, high = (sum(e[n] for e in ends) / window for n in (0, 1))
    exact = low == high
    status = worst([o.status for o in known])
    return Observation(value, None if exact else low, None if exact else high, status, sum(o.n for o in known))


def multiverse(
    statement: Statement,
    periods: tuple[int, int],
    fetch: Fetch,
    *,
    among: Sequence[str] = (),
    topic: str = "ai",
    over: Over | None = None,
) -> list[Multiverse]:
    """The statement for each year with data in a period, under every combination; `among` are those ranked.

    Raises `UsageError` for an indicator that is not told by year.
    """
    of = indicators()[statement.indicator]
    chosen = choices(of, statement, topic, over)
    specs = specifications(of, chosen)
    entities = dict.fromkeys(e for e in (statement.entity, statement.other, *among) if e)
    asked = dict.fromkeys(counted_as(e, s) for e in entities for s in specs)
    series = _series(fetch(of, tuple(dict.fromkeys(computed_under(of, s) for s in specs)), tuple(asked)))

    def of_entity(entity: str, spec: Specification) -> _Series:
        under = computed_under(of, spec)
        return series.get((counted_as(entity, spec), *(getattr(under, s) for s in SWITCHES)), {})

    worlds = [
        _World(
            s,
            of_entity(statement.entity, s),
            of_entity(statement.other, s) if statement.other else None,
            tuple(of_entity(e, s) for e in among if e != statement.entity),
        )
        for s in specs
    ]
    years = sorted({y for found in series.values() for y in found if periods[0] <= y <= periods[1]})
    found = [_of_year(statement, worlds, chosen[WINDOW], year) for year in years]
    return [m for m in found if m.combinations]


def _of_year(statement: Statement, worlds: Sequence[_World], windows: Sequence[str], year: int) -> Multiverse:
    found, lost = [], 0
    for world in worlds:
        first, last = panel_years().get(world.spec.venues, (0, 9999))
        for window in windows:
            if not first <= year - int(window) + 1 <= year <= last:
                continue
            made = _combination(statement, world, int(window), year)
            if made is None:
                lost += 1
            else:
                found.append(made)
    kept = without_idle_switches(
        found,
        ALL_SWITCHES,
        choices=lambda c: c.choices,
        outcome=lambda c: (c.left, c.right, c.status),
    )
    return Multiverse(statement, year, tuple(sorted(kept, key=lambda c: c.outcome)), lost)


def _combination(statement: Statement, world: _World, window: int, year: int) -> Combination | None:
    left = _mean(world.left, year, window)
    number = Observation(statement.number, None, None, "A")
    right = number if world.right is None else _mean(world.right, year, window)
    if left is None or right is None or left.value is None or right.value is None:
        return None
    if statement.is_rank:
        others = (_mean(series, year, window) for series in world.others)
        place = 1 + sum(o is not None and (o.value or 0.0) > left.value for o in others)
        left = Observation(float(place), None, None, left.status, left.n)
    factor = statement.number if statement.other else 1.0
    difference = joined(left, right, lambda a, b: a - factor * b)
    if difference is None or difference.value is None or left.value is None:
        return None
    return Combination(
        choices={s: getattr(world.spec, s) for s in SWITCHES} | {WINDOW: str(window)},
        left=left.value,
        right=right.value,
        outcome=_outcome(statement, left.value, factor * right.value),
        status=difference.status,
        holds=_holds(statement, difference),
        at_face=statement.holds(difference.value),
    )


def _outcome(statement: Statement, left: float, right: float) -> float:
    if not statement.is_rank and left > 0 and right > 0:
        return math.log(left / right)
    return left - right


def _holds(statement: Statement, difference: Observation) -> str:
    if weight(difference.status) == "open" or difference.ends is None:
        return "open"
    told = {statement.holds(end) for end in difference.ends}
    return "open" if len(told) > 1 else "yes" if told.pop() else "no"


def turned(found: Iterable[Multiverse]) -> int | None:
    """The first year from which on a statement holds under most combinations in every later year; None if never.

    Years without a settled combination are passed over, unless there is no other.
    """
    years = sorted(found, key=lambda m: m.period)
    told = [(m.period, m.share) for m in years if m.share is not None]
    since: int | None = None
    for period, share in told or [(m.period, m.share_at_face or 0.0) for m in years]:
        since = (since or period) if share > 0.5 else None
    return since


def row(found: Multiverse) -> dict[str, Any]:
    """One year in one row: how many combinations hold, and which switch moves and turns it most."""
    most = found.influences()
    turning = max(most, key=lambda i: (i.flips / max(i.pairs, 1), i.variance), default=None)
    settled = found.settled
    return {
        "indicator": found.statement.indicator,
        "period": found.period,
        "holds": sum(c.holds == "yes" for c in settled),
        "of": len(settled),
        "share": None if found.share is None else round(found.share, 3),
        "unsure": len(found.combinations) - len(settled),
        "at_face": None if found.share_at_face is None else round(found.share_at_face, 3),
        "most_variance": f"{most[0].switch} {most[0].variance:.0%}" if most and most[0].variance else "–",
        "turns_most": f"{turning.switch} {turning.flips} of {turning.pairs}" if turning and turning.flips else "–",
    }


def rows(found: Multiverse) -> list[dict[str, Any]]:
    """Every combination of one year."""
    told = {"indicator": found.statement.indicator, "period": found.period}
    return [
        told | dict(c.choices) | {k: getattr(c, k) for k in ("left", "right", "status", "holds", "at_face")}
        for c in found.combinations
    ]
