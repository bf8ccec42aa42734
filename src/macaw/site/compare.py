"""Whether a comparison of two entities holds, and under what share of the published definitions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from macaw import registry
from macaw.site.data import Data, Entity, Point

# A definition whose last common year is older than this many years before the default's is left out.
OLDEST = 3
_CHINA = "CHN"


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
    def overlaps(self) -> bool:
        """Whether both have intervals and these overlap."""
        ends = (self.a.low, self.a.high, self.b.low, self.b.high)
        if any(end is None for end in ends):
            return False
        return not (self.a.low > self.b.high or self.b.low > self.a.high)  # type: ignore[operator]


def last_common(a: list[Point], b: list[Point]) -> tuple[Point, Point] | None:
    """The points of the last year in which both have a value."""
    by_year = {p.period: p for p in b if p.value is not None}
    both = [(p, by_year[p.period]) for p in a if p.value is not None and p.period in by_year]
    return both[-1] if both else None


def compare(data: Data, indicator: str, a: Entity, b: Entity) -> Comparison | None:
    """The comparison under the default definition, and how many of the others agree; None without a common year."""
    series = data.series(indicator)
    both = last_common(series.get(a.id, []), series.get(b.id, []))
    if both is None:
        return None
    sign = _sign((both[0].value or 0.0) - (both[1].value or 0.0))
    signs = [
        _sign(difference)
        for period, difference in definitions(data, indicator, a, b).values()
        if period >= both[0].period - OLDEST
    ]
    return Comparison(indicator, both[0].period, *both, len(signs), sum(s == sign for s in signs))


def definitions(data: Data, indicator: str, a: Entity, b: Entity) -> dict[tuple[str, ...], tuple[int, float]]:
    """Last common year and difference under every published specification, and every territory of China."""
    stored = data.every_specification(indicator)
    found: dict[tuple[str, ...], tuple[int, float]] = {}
    for territory, other_a, other_b in _territories(a.id, b.id):
        of_a, of_b = stored.get(other_a, {}), stored.get(other_b, {})
        for specification in of_a.keys() & of_b.keys():
            years = of_a[specification].keys() & of_b[specification].keys()
            if years:
                last = max(years)
                difference = of_a[specification][last] - of_b[specification][last]
                found[(*specification, territory)] = (last, difference)
    return found


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
