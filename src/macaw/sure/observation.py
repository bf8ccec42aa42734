"""One value with its range and status, what a status lets it do, and what two of them make together."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from macaw.uncertainty import Draws, interval

# A number, or one in every draw.
Number = Any
Join = Callable[[Number, Number], Number]


@dataclass(frozen=True)
class Observation:
    """One value with its range, status and number of records."""

    value: float | None
    low: float | None
    high: float | None
    status: str
    n: int = 0
    # The value in every draw, the first as counted: what is told of two values is told of their draws together.
    draws: Draws | None = field(default=None, compare=False, repr=False)

    @property
    def ends(self) -> tuple[float, float] | None:
        """Both ends: of an open one infinity, of a point the point; None where nothing is known."""
        if self.value is None and self.low is None and self.high is None:
            return None
        if self.low is None and self.high is None:
            assert self.value is not None
            return self.value, self.value
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        return (low, high) if self.value is None else (min(low, self.value), max(high, self.value))


@cache
def weight(status: str) -> str:
    """What a status lets a value do: settles, caps or open.

    >>> weight("A"), weight("U")
    ('settles', 'open')
    """
    found: str = _statuses().get(status, "open")
    return found


@cache
def _statuses() -> dict[str, str]:
    return tomllib.loads(files("macaw.sure").joinpath("statuses.toml").read_text("utf-8"))


def worst(statuses: Sequence[str]) -> str:
    """The least sure of several statuses.

    >>> worst(["A", "U", "I"])
    'U'
    """
    order = list(_statuses())
    return max(statuses, key=lambda s: order.index(s) if s in order else len(order))


def joined(a: Observation, b: Observation, join: Join) -> Observation | None:
    """What `join`, which rises with a and falls with b, gives of two values, and of their draws or else their ends.

    None if not finite.
    """
    status = worst((a.status, b.status))
    n = min(a.n, b.n)
    if a.value is None or b.value is None or a.ends is None or b.ends is None:
        return Observation(None, None, None, status if weight(status) == "open" else "O", n)
    value = float(join(a.value, b.value))
    together = drawn_together((a, b))
    if together is not None and math.isfinite(value):
        found = interval(np.asarray(join(together[0], together[1]), np.float32))
        return Observation(value, min(found[0], value), max(found[1], value), status, n) if found else None
    low, high = float(join(a.ends[0], b.ends[1])), float(join(a.ends[1], b.ends[0]))
    if not all(map(math.isfinite, (value, low, high))):
        return None
    exact = a.ends[0] == a.ends[1] and b.ends[0] == b.ends[1]
    return Observation(value, None if exact else low, None if exact else high, status, n)


def drawn_together(observed: Sequence[Observation]) -> list[Draws] | None:
    """The draws of several values; of an exact one, or of none at all, the value.

    None if none is drawn, or one has another interval.
    """
    known = [o.draws for o in observed if o.draws is not None]
    if not known or any(o.draws is None and (o.value is None or o.low is not None) for o in observed):
        return None
    return [np.full_like(known[0], o.value) if o.draws is None else o.draws for o in observed]
