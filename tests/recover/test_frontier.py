"""The lag between two frontiers is found again in simulated models and held by its interval; a plain count agrees."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaw.indicators.frontier import (
    WINDOW,
    Estimate,
    Models,
    deciding,
    estimates,
    gap,
    lag_by_level,
    lag_by_rate,
    rise,
)

PACE = 0.05


def simulated(seed: int, lag: float, *, models: int = 400, days: int = 1500, error: float = 0.0) -> Models:
    """A leader whose best model rises by PACE a day, and a follower who is there `lag` days later; most models of both
    are worse than the best. Scores are seen with an error."""
    random = np.random.default_rng(seed)
    day = np.sort(random.integers(0, days, 2 * models)).astype(float)
    leads = random.random(2 * models) < 0.5
    behind = np.where(leads, 0.0, lag)
    worse = np.where(random.random(2 * models) < 0.5, 0.0, random.exponential(5, 2 * models))
    score = PACE * (day - behind) - worse + random.normal(0, error, 2 * models)
    return Models(day, day, day, score, np.full(2 * models, error), leads, ~leads)


@pytest.mark.parametrize("lag", [0, 60, 180, 300])
@pytest.mark.parametrize("statistic", [lag_by_level, lag_by_rate])
def test_the_lag_is_recovered_from_dense_exact_models(statistic, lag):
    found = [float(statistic(simulated(seed, lag), on=1499)) for seed in range(20)]
    # Models come every few days, so that a level is met a few days late on either side.
    assert np.mean(found) == pytest.approx(lag, abs=6)


def test_a_follower_who_is_ahead_has_a_negative_lag():
    ahead = simulated(1, -120)
    assert float(lag_by_level(ahead, on=1499)) == pytest.approx(-120, abs=15)
    assert float(lag_by_rate(ahead, on=1499)) == pytest.approx(-120, abs=15)


@pytest.mark.parametrize("error", [0.5, 1.0])
def test_the_interval_by_rate_holds_the_truth(error):
    # Taking the best of noisy scores overstates both frontiers about equally; single years may still fall outside.
    held = 0
    for seed in range(20):
        models = simulated(seed, 150, models=120, error=error)
        found = estimates(models, 1499, draws=40)["lag_by_rate"]
        held += found.low is not None and found.low <= 150 and (found.high is None or found.high >= 150)
    assert held >= 17


def test_a_day_that_may_be_any_of_a_month_widens_the_interval():
    exact = Models.of(leader=[(0, 1.0), (100, 2.0), (101, 2.0)], follower=[(150, 2.0), (151, 2.0)])
    vague = Models(exact.day, exact.earliest, exact.latest + 30, exact.score, exact.error, exact.leads, exact.follows)
    narrow, wide = (estimates(m, 200)["lag_by_level"] for m in (exact, vague))
    assert narrow.value == wide.value == 100
    assert (narrow.low, narrow.high) == (99, 100)
    assert wide.low < 85
    assert wide.high == 100


def test_leaving_out_the_one_model_that_carries_the_value_shows_in_the_interval():
    models = Models.of(leader=[(0, 5.0), (500, 9.0)], follower=[(300, 4.0), (600, 8.0)])
    found = estimates(models, 700)["lag_by_level"]
    # Without the follower's second model its best is 4, which the leader had on day 0; without the leader's second one
    # the follower has been ahead since day 600.
    assert (found.value, found.low, found.high) == (200, -100, 700)


def test_the_same_models_give_the_same_interval_twice():
    models = simulated(3, 90, models=40, error=1.0)
    assert estimates(models, 1400) == estimates(models, 1400)


@pytest.mark.parametrize(
    ("leader", "follower"),
    [([], []), ([(1, 5.0)], []), ([], [(1, 5.0)]), ([(50, 5.0)], [(1, 5.0)])],
    ids=["nobody", "no follower", "no leader", "not yet"],
)
def test_without_models_there_is_no_value(leader, follower):
    found = estimates(Models.of(leader, follower), 10)
    assert found["gap"].value is None
    assert found["lag_by_level"].value is None


def test_of_a_lag_beyond_the_year_the_lower_end_is_given():
    still = Models.of(leader=[(0, 5.0), (500, 4.0)], follower=[(0, 4.0)])
    slow = Models.of(leader=[(0, 50.0), (900, 50.1)], follower=[(0, 4.0)])
    ahead = Models.of(leader=[(0, 4.0)], follower=[(0, 5.0)])
    assert float(rise(still, on=900)) == 0
    for models in (still, slow):
        assert estimates(models, 1000)["lag_by_rate"] == Estimate(None, WINDOW, None)
    assert estimates(ahead, 1000)["lag_by_rate"] == Estimate(None, None, -WINDOW)


def test_no_gap_and_no_pace_is_no_lag_by_rate():
    level = Models.of(leader=[(0, 5.0)], follower=[(0, 5.0)])
    assert estimates(level, 900)["lag_by_rate"] == Estimate(None, None, None)


def test_a_model_of_unknown_day_is_in_the_gap_but_not_in_the_pace():
    day = np.array([0.0, 100.0, np.nan, 50.0])
    leads = np.array([True, True, True, False])
    models = Models(day, day, day, np.array([1.0, 2.0, 9.0, 1.0]), np.zeros(4), leads, ~leads)
    assert float(gap(models, on=200)) == 8
    assert 0 < float(rise(models, on=200)) < 0.02
    assert 2 in deciding(models, on=200)


# -- a plain count ---------------------------------------------------------------------------------------------


def plain(leader, follower, on):
    """Gap, lag by level and rise by loops over days."""
    past = [(d, s) for d, s in leader if d <= on]
    behind = [(d, s) for d, s in follower if d <= on]
    top = max((s for _, s in past), default=None)
    other = max((s for _, s in behind), default=None)
    if top is None or other is None:
        return None, None, slope(past, on)
    if top >= other:
        return top - other, on - min(d for d, s in leader if s >= other), slope(past, on)
    return top - other, -(on - min(d for d, s in follower if s >= top)), slope(past, on)


def slope(past, on):
    points = []
    for day in range(on - WINDOW + 1, on + 1):
        known = [s for d, s in past if d <= day]
        if known:
            points.append((day, max(known)))
    if len(points) < 2:
        return None
    middle = sum(d for d, _ in points) / len(points)
    found = sum((d - middle) * s for d, s in points) / sum((d - middle) ** 2 for d, _ in points)
    return found if found > 1e-12 else None


model = st.tuples(st.integers(0, 900), st.integers(0, 40).map(float))


@given(st.lists(model, max_size=8), st.lists(model, max_size=8), st.integers(0, 1000))
def test_statistics_agree_with_a_plain_count(leader, follower, on):
    models = Models.of(leader, follower)
    found = [None if np.isnan(v) else float(v) for v in (f(models, on) for f in (gap, lag_by_level, rise))]
    if found[2] is not None and found[2] <= 1e-12:
        found[2] = None
    expected = plain(leader, follower, on)
    assert found == [None if e is None else pytest.approx(e, abs=1e-9) for e in expected]
