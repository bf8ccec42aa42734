"""Indicators in every draw: the same formulas as their SQL files, over arrays.

Column 0 is the count as it stands, so that what these give there must be what the SQL gives (intervals.py checks it).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from macaw.uncertainty.chance import Ints
from macaw.uncertainty.papers import Draws, Series


@dataclass(frozen=True)
class World:
    """What an entity's series is set against: the world's by year, and the years of which a growth can be told."""

    total: Mapping[int, Draws]
    ends: tuple[int, ...]


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
        return _made(of.key, of.period, of.total / all_papers)


def growth(of: Series, world: World, span: int) -> Series:
    """Mean of the last half of the span over the mean of the first, cube root, minus one (growth.sql)."""

    def measured(years: Draws) -> Draws:
        early, late = years[:, : span // 2].sum(axis=1), years[:, span // 2 :].sum(axis=1)
        return np.asarray(np.power(late / early, 1.0 / 3.0) - 1.0, np.float32)

    return _over_windows(of, world, span, measured)


def growth_parat(of: Series, world: World, span: int) -> Series:
    """Mean of the yearly changes from years with papers (growth_parat.sql)."""

    def measured(years: Draws) -> Draws:
        base, following = years[:, :-1], years[:, 1:]
        known = base > 0
        changes = np.where(known, (following - base) / np.where(known, base, 1), 0)
        return np.asarray(changes.sum(axis=1) / known.sum(axis=1), np.float32)

    return _over_windows(of, world, span, measured)


def _over_windows(of: Series, world: World, span: int, measured: Callable[[Draws], Draws]) -> Series:
    """A measure of `span` successive years (keys × years × draws) for each window that ends in a known year."""
    keys, index = np.unique(of.key, return_inverse=True)
    found: list[tuple[Ints, int, Draws]] = []
    for end in world.ends:
        years = np.zeros((len(keys), span, of.total.shape[1]), np.float32)
        inside = (of.period > end - span) & (of.period <= end)
        years[index[inside], of.period[inside] - (end - span + 1)] = of.total[inside]
        some = years[:, :, 0].sum(axis=1) > 0
        with np.errstate(divide="ignore", invalid="ignore"):
            found.append((keys[some], end, measured(years[some])))
    if not found:
        return _made(keys[:0], keys[:0], of.total[:0])
    return _made(
        np.concatenate([k for k, _, _ in found]),
        np.concatenate([np.full(len(k), end) for k, end, _ in found]),
        np.concatenate([d for _, _, d in found]),
    )


def _made(key: Ints, period: Ints, total: Draws) -> Series:
    return Series(key, period, total, total)


# By the name of the query that gives the value. What is not here has no interval, for a reason in reasons.toml.
FORMULAS: Mapping[str, Callable[[Series, World, int], Series]] = {
    "record_sum": record_sum,
    "record_mean": record_mean,
    "papers_share": papers_share,
    "growth": growth,
    "growth_parat": growth_parat,
}
