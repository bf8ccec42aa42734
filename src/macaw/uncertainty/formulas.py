"""Indicators in every draw: the same formulas as their SQL files, over arrays.

Column 0 is the count as it stands, so that what these give there must be what the SQL gives (intervals.py checks it).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from macaw.uncertainty.chance import Draws, Ints, Words, unseen
from macaw.uncertainty.papers import Series
from macaw.uncertainty.rates import Floats

# Purposes of the draws of unseen papers: one for each half and year.
_UNSEEN = 1000


@dataclass(frozen=True)
class World:
    """What an entity's series is set against: the world's by year, and the years of which a growth can be told."""

    total: Mapping[int, Draws]
    ends: tuple[int, ...]
    # By key: the chance that a paper's name is found, and what its own draws depend on.
    recall: Floats
    names: Words

    def unseen(self, of: Window, years: range) -> Draws:
        """What nobody found of each key in some years: its papers that are there, each worth what it is on average."""
        known = [self.total[y] for y in years if y in self.total]
        found, whole = sum(float(d[0]) for d in known), sum(float(np.median(d[1:])) for d in known)
        # The chance that a paper is located, and its name known.
        chance = self.recall[of.keys] * (min(found / whole, 1.0) if whole else 1.0)
        purpose = _UNSEEN + years.start * 100 + len(years)
        return of.credit[:, None] * unseen(self.names[of.keys], chance, of.years.shape[2] - 1, purpose)


def record_sum(of: Series, world: World, span: int) -> Series:
    """The sum (record_sum.sql)."""
    return of


def record_mean(of: Series, world: World, span: int) -> Series:
    """The sum over the works that have the measure (record_mean.sql)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return _made(of.key, of.period, of.total / of.weight)


def papers_share(of: Series, world: World, span: int) -> Series:
    """The sum over the world's (papers_share.sql)."""
    if not len(of.key):
        return of
    years, index = np.unique(of.period, return_inverse=True)
    all_papers = np.stack([world.total[y] for y in years.tolist()])[index]
    with np.errstate(divide="ignore", invalid="ignore"):
        # Names that were missed may be on papers that are the entity's already.
        return _made(of.key, of.period, np.minimum(of.total / all_papers, 1.0))


def growth(of: Series, world: World, span: int) -> Series:
    """Mean of the last half of the span over the mean of the first, cube root, minus one (growth.sql).

    Each half has the papers that are there although none was found: a few papers make no sure growth.
    """

    def measured(of: Window) -> Draws:
        half = span // 2
        early = of.years[:, :half].sum(axis=1) + world.unseen(of, range(of.end - span + 1, of.end - half + 1))
        late = of.years[:, half:].sum(axis=1) + world.unseen(of, range(of.end - half + 1, of.end + 1))
        return np.asarray(np.power(late / early, 1.0 / 3.0) - 1.0, np.float32)

    return _over_windows(of, world, span, measured)


def growth_parat(of: Series, world: World, span: int) -> Series:
    """Mean of the yearly changes from years with papers (growth_parat.sql), each year with those nobody found."""

    def measured(of: Window) -> Draws:
        unseen = [world.unseen(of, range(year, year + 1)) for year in range(of.end - span + 1, of.end + 1)]
        years = of.years + np.stack(unseen, axis=1)
        base, following = years[:, :-1], years[:, 1:]
        known = base > 0
        changes = np.where(known, (following - base) / np.where(known, base, 1), 0)
        return np.asarray(changes.sum(axis=1) / known.sum(axis=1), np.float32)

    return _over_windows(of, world, span, measured)


@dataclass(frozen=True)
class Window:
    """Some keys in successive years (keys × years × draws), the last of them, and what a paper gives each."""

    keys: Ints
    end: int
    years: Draws
    credit: Draws


def _over_windows(of: Series, world: World, span: int, measured: Callable[[Window], Draws]) -> Series:
    """A measure of `span` successive years for each window that ends in a known year."""
    keys, index = np.unique(of.key, return_inverse=True)
    found: list[tuple[Ints, int, Draws]] = []
    for end in world.ends:
        years = np.zeros((len(keys), span, of.total.shape[1]), np.float32)
        inside = (of.period > end - span) & (of.period <= end)
        years[index[inside], of.period[inside] - (end - span + 1)] = of.total[inside]
        works = np.bincount(index[inside], of.works[inside], len(keys)).astype(np.float32)
        some = years[:, :, 0].sum(axis=1) > 0
        credit = years[some, :, 0].sum(axis=1) / works[some]
        with np.errstate(divide="ignore", invalid="ignore"):
            found.append((keys[some], end, measured(Window(keys[some], end, years[some], credit))))
    if not found:
        return _made(keys[:0], keys[:0], of.total[:0])
    return _made(
        np.concatenate([k for k, _, _ in found]),
        np.concatenate([np.full(len(k), end) for k, end, _ in found]),
        np.concatenate([d for _, _, d in found]),
    )


def _made(key: Ints, period: Ints, total: Draws) -> Series:
    return Series(key, period, total, total, np.ones(len(key), np.int64))


# By the name of the query that gives the value. What is not here has no interval, for a reason in reasons.toml.
FORMULAS: Mapping[str, Callable[[Series, World, int], Series]] = {
    "record_sum": record_sum,
    "record_mean": record_mean,
    "papers_share": papers_share,
    "growth": growth,
    "growth_parat": growth_parat,
}
