"""Distributions of a factor, each a function of one standard normal number, so that factors can move together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr

Array = NDArray[np.float64]
# `low` and `high` are the 5 % and 95 % points, except of a uniform distribution, whose ends they are.
KINDS = ("fixed", "lognormal", "logitnormal", "uniform")
_Z95 = 1.6448536269514722


@dataclass(frozen=True)
class Distribution:
    """One of `KINDS` with its two points; of a fixed number both are the same.

    >>> share = Distribution("logitnormal", 0.02, 0.08)
    >>> [round(float(x), 3) for x in share.at(np.array([-_Z95, 0.0, _Z95]))]
    [0.02, 0.04, 0.08]
    """

    kind: str
    low: float
    high: float

    def at(self, z: Array) -> Array:
        """The factor's values where a standard normal number has the values `z`."""
        if self.kind == "fixed":
            return np.full_like(z, self.low)
        if self.kind == "uniform":
            spread: Array = self.low + (self.high - self.low) * ndtr(z)
            return spread
        inner, outer = _SCALES[self.kind]
        low, high = inner(self.low), inner(self.high)
        made: Array = outer((low + high) / 2 + (high - low) / (2 * _Z95) * z)
        return made

    def points(self) -> tuple[float, float, float]:
        """The 5 %, 50 % and 95 % points."""
        low, middle, high = self.at(np.array([-_Z95, 0.0, _Z95]))
        return float(low), float(middle), float(high)

    def wrong(self) -> str | None:
        """What is wrong with the two points, if anything."""
        if self.kind not in KINDS:
            return f"distribution is {self.kind!r}; it is one of {', '.join(KINDS)}"
        if not np.isfinite([self.low, self.high]).all():
            return f"low and high are {self.low:g} and {self.high:g}; both must be finite"
        if (self.low != self.high) if self.kind == "fixed" else (self.low >= self.high):
            return f"low and high are {self.low:g} and {self.high:g}; low must be below high"
        if self.kind == "lognormal" and self.low <= 0:
            return f"low is {self.low:g}; a lognormal amount is above 0"
        if self.kind == "logitnormal" and not 0 < self.low < self.high < 1:
            return f"low and high are {self.low:g} and {self.high:g}; a share lies between 0 and 1"
        return None


_SCALES = {"lognormal": (np.log, np.exp), "logitnormal": (logit, expit)}


def from_entry(entry: Mapping[str, object]) -> Distribution:
    """The distribution that an entry of a model's file states."""
    kind = str(entry.get("distribution", "fixed"))
    value = entry.get("value")
    low, high = (value, value) if kind == "fixed" else (entry.get("low"), entry.get("high"))
    return Distribution(kind, _number(low), _number(high))


def _number(given: object) -> float:
    return float(given) if isinstance(given, int | float) and not isinstance(given, bool) else float("nan")
