"""Vitality and the range of its ranks over all weights are what enumeration in whole numbers gives."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from macaw.indicators.standing import standings
from macaw.indicators.vitality import fewest_ahead, vitality

WIDTHS = st.integers(1, 4)


def determinant(rows):
    if not rows:
        return 1
    first, *rest = rows
    return sum((-1) ** k * x * determinant([r[:k] + r[k + 1 :] for r in rest]) for k, x in enumerate(first))


def vertices(rows):
    """Every ray of weights ≥ 0 in which planes of the rows and sides of the simplex meet."""
    n = len(rows[0])
    planes = sorted({*rows, *(tuple(int(i == k) for i in range(n)) for k in range(n))})
    for chosen in combinations(planes, n - 1):
        # The cross product of n - 1 planes lies in all of them.
        ray = [(-1) ** k * determinant([p[:k] + p[k + 1 :] for p in chosen]) for k in range(n)]
        for sign in (1, -1):
            signed = tuple(sign * w for w in ray)
            if min(signed) >= 0 and any(signed):
                yield signed


def ahead(rows, weights):
    return sum(sum(w * x for w, x in zip(weights, row, strict=True)) > 0 for row in rows)


@st.composite
def differences(draw):
    n = draw(WIDTHS)
    size = draw(st.sampled_from([1, 3, 500]))
    row = st.tuples(*[st.integers(-size, size)] * n)
    return draw(st.lists(row, min_size=1, max_size=6 if n == 4 else 8))


@settings(max_examples=150, deadline=None)
@given(differences())
def test_fewest_ahead_is_the_least_over_all_vertices(rows):
    assert fewest_ahead(rows) == (min(ahead(rows, w) for w in vertices(rows)), True)


@settings(max_examples=150, deadline=None)
@given(differences(), st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(any))
def test_no_weights_leave_fewer_ahead(rows, weights):
    n = len(rows[0])
    if any(weights[:n]):
        assert fewest_ahead(rows)[0] <= ahead(rows, weights[:n])


@st.composite
def tables(draw):
    """Values of a few entities in a few pillars, some missing, and weights."""
    pillars = ["a", "b", "c"][: draw(st.integers(1, 3))]
    entities = [f"e{k}" for k in range(draw(st.integers(1, 7)))]
    value = st.one_of(st.none(), st.integers(0, 4).map(float))
    values = {p: {e: draw(value) for e in entities} for p in pillars}
    weights = {p: Fraction(draw(st.integers(0, 3))) for p in pillars}
    return values, weights


def percentile(values, entity):
    """The share of the others with a value that are behind."""
    known = {e: v for e, v in values.items() if v is not None}
    if entity not in known or len(known) < 2:
        return None
    return Fraction(100 * sum(v < known[entity] for v in known.values()), len(known) - 1)


def plain(values, weights, entity):
    """Score and ranks among those of whom the same pillars are known, from the definition."""
    entities = next(iter(values.values()))
    x = {e: {p: percentile(values[p], e) for p in values} for e in entities}
    known = [p for p in values if weights[p] and x[entity][p] is not None]
    if not known:
        return None
    total = sum(weights[p] for p in known)
    peers = [e for e in entities if all(x[e][p] is not None for p in known)]
    score = {e: sum(weights[p] * x[e][p] for p in known) / total for e in peers}
    best = 1 + sum(s > score[entity] for s in score.values())
    worst = sum(s >= score[entity] for s in score.values())
    return tuple(known), score[entity], best, worst, len(peers)


@settings(max_examples=200, deadline=None)
@given(tables())
def test_vitality_is_what_its_definition_says(table):
    values, weights = table
    standing = {p: standings(held) for p, held in values.items()}
    for entity in next(iter(values.values())):
        found, expected = vitality(entity, standing, weights), plain(values, weights, entity)
        if expected is None:
            assert found is None
            continue
        known, score, best, worst, of = expected
        assert (found.known, found.best, found.worst, found.of) == (known, best, worst, of)
        assert abs(found.score - float(score)) < 1e-9
        assert found.lowest <= found.score + 1e-9
        assert found.score <= found.highest + 1e-9
        assert found.top <= best <= worst <= found.bottom
        # The middle of the weights and what is next to their corners are within the range too.
        nearly = [{p: Fraction(int(p in known), 1 if p == one else 10**9) for p in values} for one in known]
        for other in (*nearly, {p: Fraction(int(p in known)) for p in values}):
            _, _, first, last, _ = plain(values, other, entity)
            assert found.top <= first
            assert last <= found.bottom


def test_a_missing_pillar_is_never_zero():
    values = {
        "research": {"a": 9.0, "b": 5.0, "c": 1.0},
        "money": {"a": None, "b": 1.0, "c": 2.0},
    }
    equal = dict.fromkeys(values, Fraction(1))
    found = vitality("a", {p: standings(v) for p, v in values.items()}, equal)
    assert (found.score, found.known, found.best, found.of) == (100.0, ("research",), 1, 3)
    assert (found.lowest, found.highest) == (50.0, 100.0)


def test_weights_of_pillars_that_are_not_known_give_no_score():
    values = {"research": {"a": 9.0, "b": 5.0}, "money": {"a": None, "b": 1.0}}
    found = {p: standings(v) for p, v in values.items()}
    assert vitality("a", found, {"research": Fraction(0), "money": Fraction(1)}) is None
