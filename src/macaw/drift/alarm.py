"""Series of counts that die or jump: each against its own past, against the last release, and against a successor.

A count is taken as negative binomial around what the series' last count, the kind's usual growth and the exposure (a
total that the count is a part of) lead to expect. The spread of yearly growth is what the kind's past growth shows
beyond counting noise, so that a kind that always moved much must move more to be named. An alarm is a two-sided
probability below `alpha` shared by all tests of the kind: with nothing wrong, at most that share of builds names
anything.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Added to counts before logarithms, so that zero has one.
_HALF = 0.5
_STEPS = 400
_TINY = 1e-300


@dataclass(frozen=True)
class Count:
    """A count of one series in one period, out of `exposure` (1 if it is no part of a total)."""

    series: str
    period: int
    count: int
    exposure: float = 1.0


@dataclass(frozen=True)
class Rule:
    """How a kind of series is judged.

    alpha: share of builds, with nothing wrong, in which the kind has an alarm. least: smallest expected count that is
    judged. spread: standard deviation of growth from period to period as long as too little past is known (and the
    least it is taken to be is `floor`). revision: the same for a count of one period from release to release.
    """

    alpha: float = 0.05
    least: float = 5.0
    spread: float = 0.5
    floor: float = 0.1
    revision: float = 0.02


@dataclass(frozen=True)
class Finding:
    """One judged count: what was expected, how probable so far a count is, and the alarm ('' for none).

    alarm: died (nothing where something was due), fell, jumped, never (a definition's code that never occurs though its
    successor does). against: earlier_periods, last_release or successor.
    """

    series: str
    period: int
    count: int
    expected: float
    probability: float
    alarm: str
    against: str


def beta_share(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22).

    >>> round(beta_share(2, 3, 0.5), 6), beta_share(1, 1, 0.25)
    (0.6875, 0.25)
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - beta_share(b, a, 1 - x)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x) - math.log(a)
    )
    c, d = 1.0, 1.0 / max(abs(1 - (a + b) * x / (a + 1)), _TINY)
    value = d
    for m in range(1, _STEPS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 / (1 + term * d or _TINY)
            c = 1 + term / c or _TINY
            value *= c * d
        if abs(c * d - 1) < 1e-14:
            break
    return min(max(front * value, 0.0), 1.0)


def tail(count: int, expected: float, variance: float) -> float:
    """Two-sided probability of so far a count: the larger of the negative binomial's, and the lognormal's.

    Both have that mean and that relative variance of the mean; the first is right for small counts, the second has the
    heavier upper tail that growth has.

    >>> tail(100, 100.0, 0.01) > 0.9, tail(0, 100.0, 0.01) < 1e-20
    (True, True)
    """
    size = 1.0 / variance
    share = size / (size + expected)
    at_most = beta_share(size, count + 1.0, share)
    at_least = 1.0 if count == 0 else 1.0 - beta_share(size, float(count), share)
    distance = math.log((count + _HALF) / (expected + _HALF)) / math.sqrt(variance + 1 / (expected + _HALF))
    return min(1.0, max(2 * min(at_most, at_least), math.erfc(abs(distance) / math.sqrt(2))))


def _growth(history: Sequence[Count]) -> list[tuple[float, float]]:
    """Logarithms of growth from period to period, each with the variance that counting noise gives it."""
    return [
        (
            math.log((b.count + _HALF) / b.exposure) - math.log((a.count + _HALF) / a.exposure),
            1 / (a.count + _HALF) + 1 / (b.count + _HALF),
        )
        for a, b in itertools.pairwise(history)
    ]


# Fewer steps of past growth than this do not tell how a kind moves.
_FEW = 12


def usual(growth: Sequence[tuple[float, float]], rule: Rule) -> tuple[float, float]:
    """Usual growth of a kind and the variance of growth beyond counting noise.

    Growth is that of the median; the variance is of moments, since heavy tails are what false alarms come from.
    """
    if len(growth) < _FEW:
        return 0.0, rule.spread**2
    ordered = sorted(g for g, _ in growth)
    middle = ordered[len(ordered) // 2]
    excess = sum((g - middle) ** 2 - noise for g, noise in growth) / len(growth)
    return middle, max(excess, rule.floor**2)


def _named(count: int, expected: float, probability: float, limit: float) -> str:
    if probability >= limit:
        return ""
    return "died" if count == 0 else "fell" if count < expected else "jumped"


def _histories(counts: Iterable[Count]) -> dict[str, list[Count]]:
    found: dict[str, list[Count]] = {}
    for count in sorted(counts, key=lambda c: (c.series, c.period)):
        found.setdefault(count.series, []).append(count)
    return found


def against_past(counts: Iterable[Count], rule: Rule) -> list[Finding]:
    """The last count of every series against the one before it; a series of one period has no past: not judged."""
    histories = {s: h for s, h in _histories(counts).items() if len(h) > 1}
    middle, variance = usual([g for h in histories.values() for g in _growth(h[:-1])], rule)
    judged = []
    for history in histories.values():
        before, last = history[-2:]
        expected = (before.count + _HALF) / before.exposure * last.exposure * math.exp(middle)
        if max(expected, last.count) >= rule.least:
            noise = variance + 1 / (before.count + _HALF)
            judged.append((last, expected, tail(last.count, expected, noise)))
    limit = rule.alpha / max(len(judged), 1)
    return [
        Finding(c.series, c.period, c.count, expected, p, _named(c.count, expected, p, limit), "earlier_periods")
        for c, expected, p in judged
    ]


def against_release(counts: Iterable[Count], released: Iterable[Count], rule: Rule) -> list[Finding]:
    """Every count against that of the same series and period in the last release; one that is gone counts as zero."""
    now = {(c.series, c.period): c.count for c in counts}
    judged = []
    for old in sorted(released, key=lambda c: (c.series, c.period)):
        if old.count >= rule.least:
            count = now.get((old.series, old.period), 0)
            judged.append((old, count, tail(count, float(old.count), rule.revision**2)))
    limit = rule.alpha / max(len(judged), 1)
    return [
        Finding(o.series, o.period, n, float(o.count), p, _named(n, o.count, p, limit), "last_release")
        for o, n, p in judged
    ]


def never(totals: Mapping[str, int], successors: Mapping[str, str], rule: Rule) -> list[Finding]:
    """Codes of a definition that never occur in the data although their successors do: the definition must be mended.

    >>> [f.series for f in never({"G06N 3/02": 0, "G06N 3/0": 40}, {"G06N 3/02": "G06N 3/0"}, Rule())]
    ['G06N 3/02']
    """
    return [
        Finding(code, 0, 0, float(totals.get(successor, 0)), 0.0, "never", "successor")
        for code, successor in sorted(successors.items())
        if totals.get(code, 0) == 0 and totals.get(successor, 0) >= rule.least
    ]
