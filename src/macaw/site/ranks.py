"""Places with the range that intervals leave open."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from macaw.site.data import Data, Point
from macaw.uncertainty.ranks import TOPS


@dataclass(frozen=True)
class Rank:
    """Best and worst place among `of` that have a value."""

    best: int
    worst: int
    of: int
    # The chance to be among the first so many, where errors were drawn and leave it open.
    chances: tuple[tuple[int, float], ...] = field(default=(), repr=False)

    @property
    def chance(self) -> tuple[int, float] | None:
        """The smallest number of first places that it is neither sure to be among nor sure not to be."""
        return next(((k, p) for k, p in self.chances if 0.05 < p < 0.95), None)


@cache
def drawn_ranks(data: Data, indicator: str) -> dict[tuple[str, int], dict[str, Rank]]:
    """Ranks by kind and year from the table `ranks`: drawn with the errors that entities share, which cancel."""
    made: dict[tuple[str, int], dict[str, Rank]] = {}
    for r in data.rank_rows(indicator):
        chances = tuple((k, r[f"top_{k}"]) for k in TOPS)
        found = Rank(r["rank_low"], r["rank_high"], r["ranked"], chances)
        made.setdefault((r["kind"], r["period"]), {})[r["entity"]] = found
    return made


def ranks(points: Mapping[str, Point | None]) -> dict[str, Rank]:
    """The place of each entity, the largest value first; one without a value has none, ties share a range.

    >>> one = Point(2020, 3.0, None, None, "A", 1, None)
    >>> ranks({"a": one, "b": one._replace(value=5.0), "c": one, "d": one._replace(value=None), "e": None})["a"]
    Rank(best=2, worst=3, of=3)
    """
    ends = {
        e: (p.value if p.low is None else p.low, p.value if p.high is None else p.high)
        for e, p in points.items()
        if p is not None and p.value is not None
    }
    lows, highs = sorted(low for low, _ in ends.values()), sorted(high for _, high in ends.values())
    n = len(ends)
    return {
        e: Rank(1 + n - bisect_right(lows, high), n - bisect_left(highs, low), n) for e, (low, high) in ends.items()
    }
