"""Which factors make the width of a total: Sobol indices, and a tornado of one factor at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm, qmc, sobol_indices

from macaw.estimates.distributions import Array
from macaw.estimates.draws import amounts, factors
from macaw.estimates.model import JUDGEMENT, Model

# A power of two, as Sobol sequences ask.
SAMPLES = 8192


@dataclass(frozen=True)
class Share:
    """Share of a total's variance that a group of factors makes: alone, and with all it interacts with."""

    factors: tuple[str, ...]
    judged: bool
    alone: float
    in_all: float


@dataclass(frozen=True)
class Swing:
    """A total with one factor at its 5 % and its 95 % point and all others at their medians."""

    factor: str
    low: float
    high: float


def shares(model: Model, total: str, seed: int, samples: int = SAMPLES) -> list[Share]:
    """Sobol indices of each group of factors that move together, the largest first.

    Factors that move together have no share of their own, so that a group is one input (Saltelli et al. 2010, whose
    estimators SciPy uses).
    """
    groups = model.groups()
    first, in_all = _indices(model, total, groups, seed, samples)
    found = [Share(g, _judged(model, g), float(a), float(t)) for g, a, t in zip(groups, first, in_all, strict=True)]
    return sorted(found, key=lambda s: -s.in_all)


def judged_share(model: Model, total: str, seed: int, samples: int = SAMPLES) -> float:
    """Share of a total's variance in which judged factors have a part: their total effect taken as one input."""
    judged = tuple(f for g in model.groups() if _judged(model, g) for f in g)
    rest = tuple(f for g in model.groups() if not _judged(model, g) for f in g)
    if not judged or not rest:
        return 1.0 if judged else 0.0
    # The estimator may step over 1 by its own error.
    return min(1.0, float(_indices(model, total, (judged, rest), seed, samples)[1][0]))


def _judged(model: Model, group: Sequence[str]) -> bool:
    return any(model.factor(f).grade == JUDGEMENT for f in group)


def _indices(
    model: Model, total: str, groups: Sequence[tuple[str, ...]], seed: int, samples: int
) -> tuple[Array, Array]:
    order = [f for g in model.groups() for f in g]
    rows = {f: n for n, f in enumerate(order)}
    points = qmc.Sobol(2 * len(order), rng=np.random.default_rng(seed)).random(samples).T
    z: Array = norm.ppf(np.clip(points, 1e-12, 1 - 1e-12))
    a, b = z[: len(order)], z[len(order) :]

    def result(x: Array) -> Array:
        return amounts(model, factors(model, x))[total]

    mixed = []
    for group in groups:
        x = a.copy()
        of = [rows[f] for f in group]
        x[of] = b[of]
        mixed.append(result(x))
    known = {"f_A": result(a)[None], "f_B": result(b)[None], "f_AB": np.array(mixed)[:, None]}
    if not np.ptp(known["f_A"]):
        return np.zeros(len(groups)), np.zeros(len(groups))
    found = sobol_indices(func=known, n=samples)
    return np.ravel(found.first_order), np.ravel(found.total_order)


def tornado(model: Model, total: str) -> list[Swing]:
    """One swing for each varying factor, the widest first."""
    order = [f for g in model.groups() for f in g]
    middle = {f.id: np.array([f.distribution.points()[1]]) for f in model.factors}
    found = []
    for name in order:
        low, _, high = model.factor(name).distribution.points()
        ends = [float(amounts(model, middle | {name: np.array([end])})[total][0]) for end in (low, high)]
        found.append(Swing(name, *ends))
    return sorted(found, key=lambda s: -abs(s.high - s.low))
