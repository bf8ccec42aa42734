"""Whether a comparison of two entities holds, and under what share of the published definitions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from macaw import registry
from macaw.site.data import Data, Entity, Point

# A definition whose last common year is older than this many years before the default's is left out.
OLDEST = 3
_CHINA = "CHN"
_LOW = "U"


@dataclass(frozen=True)
class Comparison:
    """Two entities on one indicator: values of the last common year, and how many definitions agree."""

    indicator: str
    period: int
    a: Point
    b: Point
    # Definitions under which both have a value, and those of them under which the same one is ahead.
    definitions: int
    agreeing: int

    @property
    def difference(self) -> float:
        """Value of the first less value of the second."""
        return (self.a.value or 0.0) - (self.b.value or 0.0)

    @property
    def low_reliability(self) -> bool:
        """Whether a value rests on few records, or on what was collected only in part."""
        return _LOW in (self.a.status, self.b.status)

    @property
    def overlaps(self) -> bool:
        """Whether both have intervals and these overlap."""
        ends = (self.a.low, self.a.high, self.b.low, self.b.high)
        if any(end is None for end in ends):
            return False
        return not (self.a.low > self.b.high or self.b.low > self.a.high)  # type: ignore[operator]


def last_common(a: Sequence[Point], b: Sequence[Point], *, sure: bool = False) -> tuple[Point, Point] | None:
    """The points of the last year in which both have a value; with `sure` one that is not of low reliability."""
    by_year = {p.period: p for p in b if p.value is not None}
    both = [(p, by_year[p.period]) for p in a if p.value is not None and p.period in by_year]
    if sure:
        both = [(p, q) for p, q in both if _LOW not in (p.status, q.status)]
    return both[-1] if both else None


def compare(data: Data, indicator: str, a: Entity, b: Entity, venues: str | None = None) -> Comparison | None:
    """The comparison under the usual definition, and how many of all agree; None without a common year.

    A year in which a value is of low reliability (few records, or collected only in part) counts only where no other
    is at most `OLDEST` years older.
    """
    series = data.series(indicator, venues)
    of_a, of_b = series.get(a.id, []), series.get(b.id, [])
    both, certain = last_common(of_a, of_b), last_common(of_a, of_b, sure=True)
    if both is None:
        return None
    if certain and certain[0].period >= both[0].period - OLDEST:
        both = certain
    else:
        # Of values that are all of low reliability, those of the last year of which at least half is known.
        best = data.reference_year(indicator) or both[0].period
        both = last_common([p for p in of_a if p.period <= best], of_b) or both
    sign = _sign((both[0].value or 0.0) - (both[1].value or 0.0))
    found = definitions(data, indicator, a, b, both[0].period - OLDEST)
    return Comparison(indicator, both[0].period, *both, len(found), sum(_sign(d) == sign for d in found.values()))


def definitions(data: Data, indicator: str, a: Entity, b: Entity, since: int) -> dict[tuple[str, ...], float]:
    """First less second in the last common year under every published specification, and every territory of China.

    Those under which no common year is sure are left out where there are others, and those whose last is before
    `since`.
    """
    stored = data.every_specification(indicator)
    found: dict[tuple[str, ...], tuple[bool, float]] = {}
    for territory, other_a, other_b in _territories(a.id, b.id):
        of_a, of_b = stored.get(other_a, {}), stored.get(other_b, {})
        for specification in of_a.keys() & of_b.keys():
            points = of_a[specification], of_b[specification]
            certain = last_common(*points, sure=True)
            both = certain or last_common(*points)
            if both and both[0].period >= since:
                difference = (both[0].value or 0.0) - (both[1].value or 0.0)
                found[(*specification, territory)] = (certain is not None, difference)
    any_sure = any(sure for sure, _ in found.values())
    return {key: difference for key, (sure, difference) in found.items() if sure or not any_sure}


def _territories(a: str, b: str) -> list[tuple[str, str, str]]:
    """What stands for the two under each meaning of China; mainland alone where neither is China."""
    if _CHINA not in (a, b):
        return [("mainland", a, b)]
    wider: dict[str, str] = defaultdict(lambda: _CHINA)
    for r in registry.tables()["registry_territories"].to_pylist():
        if r["counted_as"] == _CHINA:
            wider[r["territory"]] = r["group_id"]
    names = {"mainland": _CHINA} | dict(wider)
    return [(t, g if a == _CHINA else a, g if b == _CHINA else b) for t, g in names.items()]


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
