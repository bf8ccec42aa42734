"""Whether a comparison of two entities holds, and under how many of the published definitions.

The rule stands here and, for the pairs that a reader chooses, in assets/comparison.js; what both must agree on is data
(`rule`), and a test compares them over every pair and question of the first page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from macaw import registry
from macaw.site.data import Data, Entity, Point, published
from macaw.site.settings import settings
from macaw.sure.observation import weight
from macaw.sure.specifications import wider

VERDICTS = ("ahead", "level", "depends", "open")
_CHINA = "CHN"
_STATUSES = "ABEFIKLMOPQU"


@cache
def rule() -> dict[str, Any]:
    """What decides: the oldest year, the least agreement, statuses that are not sure, lists that are one venue."""
    lists = registry.tables()["registry_venue_lists"].to_pylist()
    return {
        "oldest": settings()["compare"]["oldest"],
        "agreement": settings()["compare"]["agreement"],
        "open": "".join(s for s in _STATUSES if weight(s) == "open"),
        "single": sorted({r["venues"] for r in lists if r["venues"] == r["venue"]}),
    }


@dataclass(frozen=True)
class Comparison:
    """Two entities on one indicator in one year: the usual values, and what every definition says of that year."""

    indicator: str
    period: int
    a: Point
    b: Point
    # Definitions under which the first is surely higher, lower, or exactly level; and those that are open: a value is
    # not sure, or intervals overlap.
    higher: int
    lower: int
    level: int
    open: int

    @property
    def settled(self) -> int:
        """Definitions whose values are sure and apart, or exactly level."""
        return self.higher + self.lower + self.level

    @property
    def outcome(self) -> int | None:
        """What the usual definition says: 1 higher, -1 lower, 0 level, None open."""
        return outcome(self.a, self.b)

    @property
    def agreeing(self) -> int:
        """The settled definitions that say what the usual one says; what most say where that one is open."""
        by_outcome = {1: self.higher, -1: self.lower, 0: self.level}
        return max(by_outcome.values()) if self.outcome is None else by_outcome[self.outcome]

    @property
    def verdict(self) -> str:
        """One of `VERDICTS`: the minority is never the answer, and what is not sure is none."""
        if self.settled and self.agreeing < rule()["agreement"] * self.settled:
            return "depends"
        if self.outcome is None:
            return "open"
        return "ahead" if self.outcome else "level"

    @property
    def low_reliability(self) -> bool:
        """Whether a usual value rests on few records, or on what was collected only in part."""
        return not (_sure(self.a) and _sure(self.b))


def outcome(a: Point, b: Point) -> int | None:
    """1 where the first is surely higher, -1 lower, 0 for two exact equal values, None where it is open.

    >>> p = lambda value, low=None, high=None, status="A": Point(2024, value, low, high, status, 10, 1.0)
    >>> outcome(p(3), p(2)), outcome(p(2), p(2)), outcome(p(3, status="U"), p(2)), outcome(p(3, 1, 4), p(2))
    (1, 0, None, None)
    """
    if not (_sure(a) and _sure(b)):
        return None
    (low_a, high_a), (low_b, high_b) = _ends(a), _ends(b)
    if low_a > high_b:
        return 1
    if low_b > high_a:
        return -1
    return 0 if low_a == high_a == low_b == high_b else None


def _sure(point: Point) -> bool:
    return point.status not in rule()["open"]


def _ends(point: Point) -> tuple[float, float]:
    value = point.value or 0.0
    ends = value if point.low is None else point.low, value if point.high is None else point.high
    return published(ends[0]), published(ends[1])


def last_common(a: Sequence[Point], b: Sequence[Point], *, sure: bool = False) -> tuple[Point, Point] | None:
    """The points of the last year in which both have a value; with `sure` one of which both are sure."""
    by_year = {p.period: p for p in b if p.value is not None}
    both = [(p, by_year[p.period]) for p in a if p.value is not None and p.period in by_year]
    if sure:
        both = [(p, q) for p, q in both if _sure(p) and _sure(q)]
    return both[-1] if both else None


def compare(data: Data, indicator: str, a: Entity, b: Entity) -> Comparison | None:
    """The comparison under the usual definition and under all others; None without a common year.

    A year that is not sure counts only where no sure one is at most `oldest` years older; then the last year of which
    at least half is known.
    """
    series = data.series(indicator)
    of_a, of_b = series.get(a.id, []), series.get(b.id, [])
    both, certain = last_common(of_a, of_b), last_common(of_a, of_b, sure=True)
    if both is None:
        return None
    if certain and certain[0].period >= both[0].period - rule()["oldest"]:
        both = certain
    else:
        best = data.reference_year(indicator) or both[0].period
        both = last_common([p for p in of_a if p.period <= best], of_b) or both
    found = list(definitions(data, indicator, a, b, both[0].period).values())
    return Comparison(indicator, both[0].period, *both, *(found.count(said) for said in (1, -1, 0, None)))


def definitions(data: Data, indicator: str, a: Entity, b: Entity, period: int) -> dict[tuple[str, ...], int | None]:
    """What every published definition says of one year, by specification and territory of China; lists of venues only.

    A single conference is no definition of the field; and a switch that changes no value is not counted twice.
    """
    stored, single = data.every_specification(indicator), set(rule()["single"])
    found: dict[tuple[str, ...], tuple[Point, Point]] = {}
    for territory, other_a, other_b in _territories(a.id, b.id):
        of_a, of_b = stored.get(other_a, {}), stored.get(other_b, {})
        for specification in of_a.keys() & of_b.keys():
            if specification[-1] in single:
                continue
            points = [next((p for p in s[specification] if p.period == period), None) for s in (of_a, of_b)]
            if points[0] and points[1]:
                found[(*specification, territory)] = (points[0], points[1])
    return {key: outcome(*found[key]) for key in _without_idle(found)}


def _without_idle(found: dict[tuple[str, ...], tuple[Point, Point]]) -> list[tuple[str, ...]]:
    """The definitions without choices of a switch that changes no value; the first choice in order stays."""
    keys = sorted(found)
    for n in range(len(keys[0]) if keys else 0):
        choices = {key[n] for key in keys}
        alike: dict[tuple[str, ...], set[tuple[object, ...]]] = defaultdict(set)
        times: dict[tuple[str, ...], int] = defaultdict(int)
        for key in keys:
            rest = key[:n] + key[n + 1 :]
            alike[rest].add(tuple((published(p.value or 0.0), *_ends(p), p.status) for p in found[key]))
            times[rest] += 1
        if all(len(each) == 1 and times[rest] == len(choices) for rest, each in alike.items()):
            keys = [key for key in keys if key[n] == min(choices)]
    return keys


def _territories(a: str, b: str) -> list[tuple[str, str, str]]:
    """What stands for the two under each meaning of China; mainland alone where neither is China."""
    if _CHINA not in (a, b):
        return [("mainland", a, b)]
    names = {"mainland": _CHINA} | {t: group for (t, counted), group in wider().items() if counted == _CHINA}
    return [(t, g if a == _CHINA else a, g if b == _CHINA else b) for t, g in names.items()]
