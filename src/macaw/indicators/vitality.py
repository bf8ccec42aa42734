"""The vitality score: a weighted mean of percentiles, and the ranks it gives under all weights there are.

With the percentiles x of an entity e and weights w of its known pillars the score is w·x / Σw. Peer j is ahead where
w·(x_j − x_e) > 0: on one side of a plane through the origin. The planes of all peers cut the weights into cells; within
a cell nobody overtakes. A peer is not ahead on a closed set, so that the fewest that can be ahead are so at a vertex,
where planes and sides of the simplex meet. Up to three pillars all vertices are tried, in whole numbers. Of more there
are too many; integer programming then finds the best: one binary variable a peer, as few of them 1 as can be. The
solver works in floating point, whose tolerance can only find too few ahead; the count is therefore repeated in whole
numbers at the exact vertex it found, and if both agree it is proved.
The worst rank is the same with all signs turned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from macaw.indicators.standing import Standing

# Then what was found so far stands, unproved.
_SECONDS = 10.0
_ACTIVE = 1e-7
_MOST_PLANES = 300

Row = tuple[int, ...]
Whole = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Vitality:
    """A score from 0 to 100 on the known pillars, and its rank among the `of` peers of which these are known too.

    best and worst differ by ties; lowest and highest are the score if each other pillar with a weight were 0 or 100;
    top and bottom the ranks under the best and the worst weights, `proved` in whole numbers.
    """

    score: float
    known: tuple[str, ...]
    best: int
    worst: int
    of: int
    lowest: float
    highest: float
    top: int
    bottom: int
    proved: bool


def vitality(
    entity: str, pillars: Mapping[str, Mapping[str, Standing]], weights: Mapping[str, Fraction]
) -> Vitality | None:
    """The vitality of an entity from the standings by pillar.

    A pillar that it has no percentile in is left out, as is one of weight 0; None where none is left.
    """
    known = tuple(p for p, found in pillars.items() if weights[p] and entity in found and found[entity].of > 1)
    if not known:
        return None
    total = sum((weights[p] for p in known), Fraction(0))
    # Whole numbers: how many are behind; dividing a pillar by its number of peers only rescales its weight.
    peers = [e for e in pillars[known[0]] if all(e in pillars[p] for p in known)]
    behind = {e: tuple(pillars[p][e].behind for p in known) for e in peers}
    scale = [weights[p] / (pillars[p][entity].of - 1) for p in known]
    scores = {e: sum(w * x for w, x in zip(scale, row, strict=True)) for e, row in behind.items()}
    own = scores[entity]
    others = [tuple(x - y for x, y in zip(behind[e], behind[entity], strict=True)) for e in peers if e != entity]
    fewest, proved_fewest = fewest_ahead(others)
    fewest_behind, proved_behind = fewest_ahead([tuple(-x for x in row) for row in others])
    weight_of_all = sum(weights.values())
    return Vitality(
        score=float(100 * own / total),
        known=known,
        best=1 + sum(s > own for s in scores.values()),
        worst=sum(s >= own for s in scores.values()),
        of=len(peers),
        lowest=float(100 * own / weight_of_all),
        highest=float(100 * (own + weight_of_all - total) / weight_of_all),
        top=1 + fewest,
        bottom=1 + len(others) - fewest_behind,
        proved=proved_fewest and proved_behind,
    )


def fewest_ahead(differences: Sequence[Row]) -> tuple[int, bool]:
    """The fewest rows d with w·d > 0 over all weights w ≥ 0 that are not all 0, and whether that is proved.

    >>> fewest_ahead([(1, 1), (2, -1), (-1, 2), (-1, -1)])
    (2, True)
    """
    always = sum(min(row) > 0 for row in differences)
    counted = Counter(row for row in differences if min(row) <= 0 < max(row))
    if not counted:
        return always, True
    rows, times = list(counted), list(counted.values())
    vertices = _vertices(rows)
    if vertices is not None:
        return always + int(((vertices @ np.array(rows).T > 0) @ np.array(times)).min()), True
    found, weights = _solve(rows, times)
    attained = [
        sum(n for row, n in counted.items() if sum(w * x for w, x in zip(exact, row, strict=True)) > 0)
        for exact in _exact(rows, weights)
    ]
    fewest = min(attained)
    return always + fewest, fewest == found


def _vertices(rows: list[Row]) -> Whole | None:
    """Weights at every vertex, as whole numbers; None where there are too many to try."""
    n = len(rows[0])
    planes = np.array([*rows, *np.eye(n, dtype=int).tolist()], dtype=np.int64)
    if n == 1:
        rays = planes
    elif n == 2:
        rays = planes[:, ::-1] * np.array([1, -1])
    elif n == 3 and len(planes) <= _MOST_PLANES:
        first, second = np.triu_indices(len(planes), k=1)
        rays = np.cross(planes[first], planes[second])
    else:
        return None
    rays = np.where(rays.max(axis=1, keepdims=True) <= 0, -rays, rays)
    kept: Whole = rays[(rays.min(axis=1) >= 0) & (rays.max(axis=1) > 0)]
    return kept


def _solve(rows: list[Row], times: list[int]) -> tuple[int, list[float]]:
    """A lower bound of the fewest rows ahead, each counted so many times, and weights near those that give it."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    d = np.array(rows, dtype=float)
    d /= d.max(axis=1, keepdims=True)
    peers, n = d.shape
    # d·w ≤ z: z must be 1 where a row is ahead; Σw = 1.
    ahead = LinearConstraint(np.hstack([d, -np.eye(peers)]), ub=0.0)
    simplex = LinearConstraint(np.concatenate([np.ones(n), np.zeros(peers)]), lb=1.0, ub=1.0)
    answer = milp(
        np.concatenate([np.zeros(n), np.array(times, dtype=float)]),
        constraints=[ahead, simplex],
        integrality=np.concatenate([np.zeros(n), np.ones(peers)]),
        bounds=Bounds(0.0, 1.0),
        options={"time_limit": _SECONDS, "mip_rel_gap": 0.0},
    )
    if answer.x is None:
        return 0, [1.0 / n] * n
    return int(np.ceil(answer.mip_dual_bound - 1e-6)), [float(w) for w in answer.x[:n]]


def _exact(rows: list[Row], near: list[float]) -> list[list[Fraction]]:
    """Exact weights near those of the solver: the corners of the simplex, the point itself, the vertex it lies on."""
    n = len(near)
    corners = [[Fraction(int(i == k)) for i in range(n)] for k in range(n)]
    plain = [Fraction(w).limit_denominator(10**6) for w in near]
    touched = [row for row in rows if abs(sum(w * x for w, x in zip(near, row, strict=True))) < _ACTIVE * max(row)]
    touched += [tuple(int(i == k) for i in range(n)) for k in range(n) if near[k] < _ACTIVE]
    found = [*corners, plain, _on_planes(touched, near)]
    return [w for w in found if min(w) >= 0 and any(w)]


def _on_planes(planes: list[Row], near: list[float]) -> list[Fraction]:
    """The point on all planes through the origin whose free coordinates are those of a point near by."""
    n = len(near)
    solved: dict[int, list[Fraction]] = {}
    for plane in planes:
        row = [Fraction(x) for x in plane]
        for pivot, known in solved.items():
            row = [x - row[pivot] * y for x, y in zip(row, known, strict=True)]
        # The largest weight stays free, so that nothing is divided by what is nearly 0.
        pivot = next((k for k in sorted(range(n), key=lambda k: near[k]) if row[k]), -1)
        if pivot < 0 or len(solved) == n - 1:
            continue
        row = [x / row[pivot] for x in row]
        solved = {p: [x - known[pivot] * y for x, y in zip(known, row, strict=True)] for p, known in solved.items()}
        solved[pivot] = row
    free = {k: Fraction(near[k]).limit_denominator(10**6) for k in range(n) if k not in solved}
    return [free[k] if k in free else -sum((solved[k][f] * w for f, w in free.items()), Fraction(0)) for k in range(n)]
