"""Where an entity stands among its peers: rank and percentile."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Standing:
    """Best and worst rank (ties share the ranks between) among `of` peers with a value, and how many are behind."""

    best: int
    worst: int
    of: int
    behind: int

    @property
    def percentile(self) -> float | None:
        """The share of the other peers that are behind, 0 to 100; None where there is no other."""
        return 100 * self.behind / (self.of - 1) if self.of > 1 else None


def standings(values: Mapping[str, float | None]) -> dict[str, Standing]:
    """The standing of each entity that has a value, the largest first; one without a value has none.

    >>> found = standings({"a": 5.0, "b": 3.0, "c": 3.0, "d": 0.0, "e": None})
    >>> found["b"], round(found["b"].percentile)
    (Standing(best=2, worst=3, of=4, behind=1), 33)
    """
    known = {e: v for e, v in values.items() if v is not None}
    ordered = sorted(known.values())
    n = len(ordered)
    found = {}
    for entity, value in known.items():
        behind, up_to = bisect_left(ordered, value), bisect_right(ordered, value)
        found[entity] = Standing(1 + n - up_to, n - behind, n, behind)
    return found
