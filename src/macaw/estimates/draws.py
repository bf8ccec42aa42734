"""Draws a model: factors that move together, components, scopes and totals, all from one seed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from macaw.estimates.distributions import Array
from macaw.estimates.model import Model


def normals(model: Model, independent: Array) -> dict[str, Array]:
    """Standard normal numbers by varying factor, correlated as the model says.

    `independent` has a row for each factor of `model.groups()`, group after group.
    """
    correlation = {t.factors: t.correlation for t in model.together}
    found: dict[str, Array] = {}
    row = 0
    for group in model.groups():
        block = independent[row : row + len(group)]
        if len(group) > 1:
            r = correlation[group]
            matrix = np.full((len(group), len(group)), r) + (1 - r) * np.eye(len(group))
            block = np.linalg.cholesky(matrix) @ block
        found |= dict(zip(group, block, strict=True))
        row += len(group)
    return found


def factors(model: Model, independent: Array) -> dict[str, Array]:
    """Values of every factor, a fixed one included."""
    z, size = normals(model, independent), independent.shape[1]
    return {f.id: f.distribution.at(z.get(f.id, np.zeros(size))) for f in model.factors}


def amounts(model: Model, values: Mapping[str, Array]) -> dict[str, Array]:
    """Billions of the model's currency by component, scope and total."""
    found: dict[str, Array] = {}
    for c in model.components:
        made = sum((found[o] for o in c.of), start=np.zeros(1)) if c.of else np.ones(1)
        for name in c.times:
            made = made * values[name]
        for name in c.times_rest:
            made = made * (1 - values[name])
        for name in c.divided_by:
            made = made / values[name]
        found[c.id] = made
    scopes = {s: _sum(found[c.id] for c in model.components if c.scope == s and not c.step) for s in model.scopes}
    return found | scopes | {t.id: _sum(scopes[s] for s in t.scopes) for t in model.totals}


def _sum(parts: object) -> Array:
    return np.sum(np.vstack(list(parts)), axis=0)  # type: ignore[call-overload, no-any-return]


def draw(model: Model, size: int, seed: int) -> tuple[dict[str, Array], dict[str, Array]]:
    """Factors and amounts of `size` draws; the same seed gives the same numbers."""
    width = sum(len(g) for g in model.groups())
    values = factors(model, np.random.default_rng(seed).standard_normal((width, size)))
    return values, amounts(model, values)
