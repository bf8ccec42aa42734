"""How far one country's best model stands behind another's, on a date, in points and in days.

A country's frontier on a date is the best score of its models released by then; a model counts for every country its
source lists, from the day of its release. Two ways lead from scores to days:

- **By level**: days since the leader first had a model at least as good as the follower's best on the date,
  `lag = date - min{d : F_leader(d) >= F_follower(date)}`. It grows by a day each day until the follower's next record.
  Where the follower's best is above the leader's, the roles change and the lag is negative.
- **By rate**: the gap in points over the points a day by which the leader's frontier rose in the year before,
  `lag = (F_leader - F_follower) / rise`; rise is the least-squares slope of the leader's frontier, day by day. It needs
  no model as old as the lag, but takes the year's mean pace for the pace across the gap; of a lag of more than that
  year only the lower end is given.

The interval holds what is not known of the models: each is left out in turn, and each time scores are drawn within
their errors and release dates within the days they may mean. Its ends are the least 5 % and the greatest 95 % point
over all these: how far single models and dates carry the value, not what another year of models would give.

Days are ordinals. All statistics act on the last axis, so that draws are computed together; NaN is no value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Side = NDArray[np.bool_]
SEED = 20240221
DRAWS = 100
WINDOW = 365
TAILS = (5.0, 95.0)


@dataclass(frozen=True)
class Estimate:
    """A value with its interval; None where it cannot be had, or where an end is open.

    A lag by rate of more than the year whose pace it takes has no value, but a lower end.
    """

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Models:
    """Models of a leader and a follower; one that both list is of both.

    `day` is the day of release as given, between `earliest` and `latest`, the days it may mean; NaN where nothing is
    known but that the model is out. `error` is the standard error of `score`.
    """

    day: Numbers
    earliest: Numbers
    latest: Numbers
    score: Numbers
    error: Numbers
    leads: Side
    follows: Side

    @classmethod
    def of(cls, leader: Sequence[tuple[float, float]], follower: Sequence[tuple[float, float]]) -> Models:
        """Models from (day, score) of each side, all known exactly."""
        day, score = np.array([*leader, *follower], dtype=float).reshape(-1, 2).T
        leads = np.arange(day.size) < len(leader)
        return cls(day, day, day, score, np.zeros(day.size), leads, ~leads)

    def without(self, index: int) -> Models:
        """All models but one."""
        return Models(*(np.delete(column, index) for column in vars(self).values()))

    def drawn(self, random: np.random.Generator, draws: int) -> Models:
        """The models as often as asked, with days and scores drawn from what they may be."""
        size = (draws, self.day.size)
        day = np.floor(self.earliest + random.random(size) * (self.latest + 1 - self.earliest))
        return replace(self, day=day, score=random.normal(self.score, self.error, size))


def best(models: Models, side: Side, on: float) -> Numbers:
    """The frontier of one side: its best score on a day.

    >>> models = Models.of(leader=[(1, 10.0), (5, 8.0), (9, 30.0)], follower=[])
    >>> float(best(models, models.leads, on=6))
    10.0
    """
    found = np.max(np.where(side & ~(models.day > on), models.score, -np.inf), axis=-1, initial=-np.inf)
    return np.where(np.isfinite(found), found, np.nan)


def gap(models: Models, on: float) -> Numbers:
    """Points between the two frontiers on a day.

    >>> float(gap(Models.of(leader=[(1, 10.0), (5, 20.0)], follower=[(8, 10.0)]), on=9))
    10.0
    """
    return best(models, models.leads, on) - best(models, models.follows, on)


def lag_by_level(models: Models, on: float) -> Numbers:
    """Days since the leader first had what the follower has; negative where the follower is ahead.

    >>> float(lag_by_level(Models.of(leader=[(1, 10.0), (5, 20.0)], follower=[(8, 10.0)]), on=9))
    8.0
    """
    leader, follower = best(models, models.leads, on), best(models, models.follows, on)
    is_ahead = (leader >= follower)[..., None]
    side = np.where(is_ahead, models.leads, models.follows)
    level = np.minimum(leader, follower)[..., None]
    reached = np.where(side & (models.score >= level) & ~np.isnan(models.day), models.day, np.inf).min(
        axis=-1, initial=np.inf
    )
    days = np.where(np.isfinite(reached), on - reached, np.nan)
    return np.where(is_ahead[..., 0], days, -days)


def rise(models: Models, on: float, window: int = WINDOW) -> Numbers:
    """Points a day by which the leader's frontier rose in the days up to one: the slope of a line through each day.

    Days before the leader's first model of known date are left out; NaN where fewer than two are left.

    >>> models = Models.of(leader=[(d, 0.1 * d) for d in range(1000)], follower=[])
    >>> round(float(rise(models, on=999)), 9)
    0.1
    """
    usable = models.leads & (models.day <= on)
    order = np.argsort(np.where(usable, models.day, np.inf), axis=-1, kind="stable")
    day = np.take_along_axis(np.where(usable, models.day, np.inf), order, axis=-1)
    score = np.take_along_axis(np.where(usable, models.score, -np.inf), order, axis=-1)
    level = np.maximum.accumulate(score, axis=-1)
    # Each level holds from its day until the one before the next; sums of days over such a span are exact.
    start = np.clip(np.min(day, axis=-1, initial=np.inf), on - window + 1, on + 1)
    begins = np.clip(day, start[..., None], on + 1)
    ends = np.concatenate([begins[..., 1:], np.full_like(begins[..., :1], on + 1)], axis=-1)
    spans, middle = ends - begins, (begins + ends - 1) / 2
    days = on - start + 1
    deviations = spans * (middle - ((start + on) / 2)[..., None])
    with np.errstate(invalid="ignore", divide="ignore"):
        moment = np.where(spans > 0, level * deviations, 0.0).sum(axis=-1)
        slope = moment / (days * (days**2 - 1) / 12)
    # A frontier never falls: less than nothing is rounding.
    return np.where(days >= 2, np.maximum(slope, 0.0), np.nan)


def lag_by_rate(models: Models, on: float) -> Numbers:
    """The gap in days of the leader's pace in the year before; infinite where it is more than that year's.

    >>> days = [(float(d), 0.1 * d) for d in range(1000)]
    >>> round(float(lag_by_rate(Models.of(leader=days, follower=[(d + 90, s) for d, s in days]), on=999)), 6)
    90.0
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        days = gap(models, on) / rise(models, on)
    return np.where(np.abs(days) <= WINDOW, days, np.where(np.isnan(days), np.nan, np.copysign(np.inf, days)))


Statistic = Callable[[Models, float], Numbers]
STATISTICS: dict[str, Statistic] = {
    "gap": gap,
    "rise": rise,
    "lag_by_level": lag_by_level,
    "lag_by_rate": lag_by_rate,
}


def estimates(models: Models, on: float, *, seed: int = SEED, draws: int = DRAWS) -> dict[str, Estimate]:
    """Every statistic on a day, with the interval that leaving out models and drawing their dates and scores gives."""
    random = np.random.default_rng(seed)
    samples = [kept.drawn(random, draws) for kept in (models, *map(models.without, deciding(models, on)))]
    return {name: _estimate(statistic, models, samples, on) for name, statistic in STATISTICS.items()}


def _estimate(statistic: Statistic, models: Models, samples: list[Models], on: float) -> Estimate:
    value = float(statistic(models, on))
    if np.isnan(value):
        return Estimate(None, None, None)
    drawn = [found[~np.isnan(found)] for found in (statistic(sample, on) for sample in samples)]
    ends = [np.percentile(found, TAILS, method="nearest") for found in drawn if found.size]
    low, high = min(value, *(e[0] for e in ends)), max(value, *(e[1] for e in ends))
    if np.isinf(value):
        # Beyond the year on one side: how far is not known, but not less than the year.
        low, high = (min(low, WINDOW), high) if value > 0 else (low, max(high, -WINDOW))
    return Estimate(*(float(v) if np.isfinite(v) else None for v in (value, low, high)))


def deciding(models: Models, on: float) -> list[int]:
    """The models whose absence may change a statistic: each that was its side's best when it came, or has no date."""
    found: set[int] = set()
    for side in (models.leads, models.follows):
        highest = -np.inf
        for index in np.argsort(models.day, kind="stable"):
            if not side[index] or models.day[index] > on:
                continue
            if models.score[index] > highest or np.isnan(models.day[index]):
                found.add(int(index))
            highest = max(highest, models.score[index])
    return sorted(found)
