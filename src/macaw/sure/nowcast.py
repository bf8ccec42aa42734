"""What a year will come to once all is reported, from how earlier years grew between releases.

A year's records arrive late. Between two releases a year grows by what was reported in between, and only the age of
the year tells how much: so successive releases of one series tell the delay. A delay has a Weibull distribution here,
and a year's records fall evenly over it. That gives the mean of a year's growth from one release to the next. Its
variance has three parts: chance, as of counts, times a dispersion; what all series of a release share in a year; and
revision, a share of the level, as seen in years that are long closed. Jumps of closed years are no delay but another
source or definition: such pairs of releases are left out of the fit and said. Reporting triangles: Mack 1993; negative
binomial growth and its reasons: Höhle and an der Heiden 2014.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from macaw.errors import MacawError
from macaw.sure.observation import Observation

Array = NDArray[np.float64]
# Years after which a year is closed: what changes then is revision or a break, not delay.
CLOSED = 5.0
# A pair of releases breaks where the median closed year moves by more than this share.
BREAK = 0.05
# Below this share known nothing is expected of a year.
LEAST_COMPLETE = 0.5
DRAWS = 4_000
_PARTS = (np.arange(24) + 0.5) / 24
_ROUNDS = 6
# A curve by which closed years still lack more than this has not seen a delay.
_STILL_OPEN = 0.1
_LEAST_GROWTH = 1e-3


@dataclass(frozen=True)
class Cell:
    """What one release had of one year of one series; `released` in years, as 2024.96 is December 2024."""

    series: str
    released: float
    period: int
    count: float


@dataclass(frozen=True)
class Pair:
    """One year in two successive releases of a series."""

    series: str
    period: int
    first: float
    second: float
    before: float
    after: float

    @property
    def age(self) -> float:
        """Age of the year's end at the earlier release."""
        return self.first - self.period - 1


@dataclass(frozen=True)
class Delay:
    """A delay learned from releases: its curve, how much years scatter about it, and what was left out."""

    scale: float
    shape: float
    dispersion: float
    revision: float
    # Spread of a year's growth that all series of a release share, as a share of the growth.
    shared: float
    covariance: tuple[tuple[float, float], tuple[float, float]]
    integers: bool
    pairs: int
    # Series and releases whose closed years jumped.
    breaks: tuple[tuple[str, float, float], ...]

    def complete(self, period: int, released: float) -> float:
        """Share of a year's final count that a release holds.

        >>> delay = Delay(1.0, 1.0, 1.0, 0.0, 0.0, ((0.0, 0.0), (0.0, 0.0)), True, 0, ())
        >>> [round(delay.complete(2020, at), 2) for at in (2020.5, 2021, 2023)]
        [0.11, 0.37, 0.91]
        """
        return float(_complete(np.array(self.scale), np.array(self.shape), np.array(released - period)))


@dataclass(frozen=True)
class Nowcast:
    """A year that is not complete: what is counted so far and what is expected in the end, each with its status.

    `counted` has status P. `expected` has F and a 90 % interval, or O and no value where the year is refused.
    """

    series: str
    period: int
    complete: float
    counted: Observation
    expected: Observation

    @property
    def refused(self) -> bool:
        """Whether too little is known to expect anything."""
        return self.expected.value is None


def pairs(cells: Iterable[Cell]) -> list[Pair]:
    """Each year of each series in every two successive releases that hold it."""
    by_year: dict[tuple[str, int], list[Cell]] = defaultdict(list)
    for c in sorted(cells, key=lambda c: (c.series, c.period, c.released)):
        by_year[c.series, c.period].append(c)
    return [
        Pair(s, p, a.released, b.released, a.count, b.count)
        for (s, p), found in by_year.items()
        for a, b in pairwise(found)
        if b.released > a.released
    ]


def breaks(found: Sequence[Pair], tolerance: float = BREAK) -> set[tuple[str, float, float]]:
    """Series and releases between which the median closed year moved by more than `tolerance`."""
    moved: dict[tuple[str, float, float], list[float]] = defaultdict(list)
    for p in found:
        if p.age >= CLOSED and p.before > 0:
            moved[p.series, p.first, p.second].append(p.after / p.before - 1)
    return {key for key, shares in moved.items() if abs(float(np.median(shares))) > tolerance}


def learn(cells: Iterable[Cell]) -> Delay:
    """The delay that the series of one source or office share.

    Raises `MacawError` where releases hold fewer than four years growing between them.
    """
    every = pairs(cells)
    broken = breaks(every)
    kept = [p for p in every if (p.series, p.first, p.second) not in broken and p.before > 0]
    young = [p for p in kept if p.age < CLOSED]
    if len(young) < 4:
        raise MacawError(
            f"{len(young)} years are seen growing between two releases, at least 4 are needed",
            f"keep more releases ({len(broken)} pairs of releases were left out as breaks)",
        )
    revision = _revision([p for p in kept if p.age >= CLOSED])
    logs, covariance, dispersion = _fit(young, revision)
    shared = _shared(young, logs, dispersion)
    scale, shape = (float(v) for v in np.exp(logs))
    complete = float(_complete(np.array(scale), np.array(shape), np.array(CLOSED + 1)))
    if complete < 1 - _STILL_OPEN:
        raise MacawError(
            f"what changed between these releases is no delay: by it a year would be {complete:.0%} complete after "
            f"{CLOSED:g} years, and closed years stand still",
            "keep more releases, or leave out those between which the source changed",
        )
    (a, b), (c, d) = covariance
    integers = all(float(v).is_integer() for p in kept for v in (p.before, p.after))
    return Delay(
        scale, shape, dispersion, revision, shared, ((float(a), float(b)), (float(c), float(d))), integers, len(young),
        tuple(sorted(broken)),
    )  # fmt: skip


def nowcast(
    delay: Delay,
    series: str,
    period: int,
    released: float,
    count: float,
    *,
    at: float | None = None,
    least: float = LEAST_COMPLETE,
    seed: int = 1,
    draws: int = DRAWS,
) -> Nowcast:
    """What a year with `count` so far is expected to come to, in the end or in a release `at` a later time.

    Refused where less than `least` of it is known.
    """
    known = delay.complete(period, released)
    counted = Observation(count, None, None, "P", round(count))
    if known < least:
        return Nowcast(series, period, known, counted, Observation(None, None, None, "O"))
    made = predict(delay, period, released, count, at=at, seed=seed, draws=draws)
    low, middle, high = (float(v) for v in np.quantile(made, (0.05, 0.5, 0.95)))
    return Nowcast(series, period, known, counted, Observation(middle, low, high, "F", round(count)))


def predict(
    delay: Delay, period: int, released: float, count: float, *, at: float | None, seed: int, draws: int
) -> Array:
    """Draws of a later count, with chance, revision and the uncertainty of the curve."""
    rng = np.random.default_rng((seed, period))
    scale, shape = np.exp(rng.multivariate_normal(np.log([delay.scale, delay.shape]), delay.covariance, size=draws).T)
    now = _complete(scale, shape, np.array(released - period))
    later = np.ones(draws) if at is None else _complete(scale, shape, np.array(at - period))
    # Jeffreys' prior on the final count makes what is still to come negative binomial of size count + 1/2; records that
    # come by the batch, of about the dispersion's size, are counted by the batch.
    together = np.exp(delay.shared * rng.standard_normal(draws))
    mean = np.maximum((count + delay.dispersion / 2) * (later - now) / now * together, _LEAST_GROWTH)
    # The dispersion is itself an estimate from few years.
    free = max(delay.pairs - 2, 1)
    variance = delay.dispersion * free / rng.chisquare(free, draws) * mean * later / now
    grown = _growth(rng, mean, variance, integers=delay.integers)
    found: Array = np.maximum(count + grown + delay.revision * count * rng.standard_normal(draws), 0.0)
    return found


def _growth(rng: np.random.Generator, mean: Array, variance: Array, *, integers: bool) -> Array:
    rate = rng.gamma(mean**2 / variance, variance / mean)
    if not integers:
        return rate
    over = np.maximum(variance - mean, 1e-9)
    return rng.poisson(rng.gamma(mean**2 / over, over / mean)).astype(np.float64)


def _complete(scale: Array, shape: Array, since: Array) -> Array:
    """Share reported `since` the start of a year, of records that fall evenly over it."""
    ages = np.maximum(since[..., None] - _PARTS, 0.0)
    reported = -np.expm1(-((ages / scale[..., None]) ** shape[..., None]))
    found: Array = np.maximum(reported.mean(axis=-1), 1e-9)
    return found


def _revision(closed: Sequence[Pair]) -> float:
    """How far closed years move, as a share of their level (root mean square; small counts tell nothing)."""
    moved = np.array([p.after / p.before - 1 for p in closed if p.before >= 10])
    return float(np.sqrt(np.mean(moved**2))) if len(moved) else 0.0


def _fit(young: Sequence[Pair], revision: float) -> tuple[Array, Array, float]:
    """Logs of scale and shape, their covariance and the dispersion, by weights that follow the fit."""
    before, after = (np.array([getattr(p, k) for p in young]) for k in ("before", "after"))
    logs = np.zeros(2)
    dispersion = 1.0
    for _ in range(_ROUNDS):
        ratio = _ratios(young, logs)
        growth = np.maximum(before * (ratio - 1), _LEAST_GROWTH)
        spread = np.sqrt(growth * ratio + (revision * before) ** 2 / max(dispersion, 1e-6) + 1e-6)

        def residuals(at: Array, spread: Array = spread) -> Array:
            found: Array = (after - before * _ratios(young, at)) / spread
            return found

        found = least_squares(residuals, logs, bounds=([-4, -1.6], [3, 1.6]))
        logs = found.x
        dispersion = float(np.sum(found.fun**2) / max(len(young) - 2, 1))
    covariance = np.linalg.pinv(found.jac.T @ found.jac) * dispersion
    return logs, covariance, max(dispersion, 1e-6)


def _shared(young: Sequence[Pair], logs: Array, dispersion: float) -> float:
    """Spread of the growth of a year about the curve, beyond chance, where several series tell of it."""
    years: dict[tuple[float, float, int], list[int]] = defaultdict(list)
    for n, p in enumerate(young):
        years[p.first, p.second, p.period].append(n)
    ratio = _ratios(young, logs)
    before, after = (np.array([getattr(p, k) for p in young]) for k in ("before", "after"))
    growth = np.maximum(before * (ratio - 1), _LEAST_GROWTH)
    beyond, scale = [], []
    for rows in years.values():
        if len(rows) > 1:
            total = growth[rows].sum()
            chance = dispersion * (growth[rows] * ratio[rows]).sum()
            beyond.append((after[rows] - before[rows] * ratio[rows]).sum() ** 2 - chance)
            scale.append(total**2)
    # Years that grow much tell more of it than those that hardly grow.
    return float(np.sqrt(max(np.sum(beyond) / np.sum(scale), 0.0))) if len(beyond) > 1 else 0.0


def _ratios(young: Sequence[Pair], logs: Array) -> Array:
    scale, shape = np.exp(logs)
    first, second = (np.array([getattr(p, k) - p.period for p in young]) for k in ("first", "second"))
    return _complete(scale, shape, second) / _complete(scale, shape, first)


def of_last_release(cells: Sequence[Cell], *, least: float = LEAST_COMPLETE, at: float | None = None) -> list[Nowcast]:
    """Every year of the last release that is not closed, learned from all releases; the youngest year last.

    Raises `MacawError` where no delay can be learned.
    """
    delay = learn(cells)
    last = max(c.released for c in cells)
    young = [c for c in cells if c.released == last and last - c.period - 1 < CLOSED]
    return [
        nowcast(delay, c.series, c.period, last, c.count, at=at, least=least)
        for c in sorted(young, key=lambda c: (c.series, c.period))
    ]


def read_file(file: Path) -> list[Cell]:
    """The cells of a CSV file, as `read_cells` takes them."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return read_cells(csv.DictReader(lines), file.name)
    except (UnicodeDecodeError, csv.Error) as error:
        raise MacawError(f"{file.name}: is not CSV in UTF-8 ({error})", "save it as CSV UTF-8") from None


def read_cells(rows: Iterable[Mapping[str, str]], name: str) -> list[Cell]:
    """Cells of a table with the columns series, released (YYYY-MM-DD), period and count.

    Raises `MacawError` naming the line and the value that is wrong.
    """
    found = []
    for line, row in enumerate(rows, 2):
        if missing := [c for c in ("series", "released", "period", "count") if not row.get(c)]:
            raise MacawError(
                f"{name}, line {line}: {', '.join(missing)} is empty", "columns: series, released, period, count"
            )
        try:
            day, period, count = date.fromisoformat(row["released"]), int(row["period"]), float(row["count"])
        except ValueError as error:
            raise MacawError(f"{name}, line {line}: {error}", "as in series,2024-12-16,2023,325") from None
        if not (np.isfinite(count) and count >= 0):
            raise MacawError(f"{name}, line {line}: count is {row['count']}", "write a count of 0 or more")
        found.append(Cell(row["series"], years(day), period, count))
    if not found:
        raise MacawError(f"{name}: holds no row", "columns: series, released, period, count")
    return found


def years(day: date) -> float:
    """A date in years.

    >>> years(date(2024, 7, 2))
    2024.5
    """
    start, end = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return day.year + (day - start).days / (end - start).days
