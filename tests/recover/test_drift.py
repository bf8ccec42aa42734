"""What dies or jumps is found in simulated series; with nothing wrong, few builds have an alarm."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaw.drift import Count, Rule, against_past, against_release, never
from macaw.drift.alarm import beta_share, tail


def world(seed: int, spread: float, *, series: int = 40, years: int = 10, last: float = 1.0) -> list[Count]:
    """Counts that grow by about 15 % a year, each with a spread of its own beyond counting noise; of series 0 the last
    is `last` times what it would have been."""
    of = np.random.default_rng(seed)
    made = []
    for number in range(series):
        mean = of.lognormal(4.5, 1)
        for year in range(years):
            mean *= math.exp(0.15 + of.normal(0, spread))
            factor = last if number == 0 and year == years - 1 else 1.0
            made.append(Count(f"s{number}", year, int(of.poisson(mean * factor))))
    return made


def named(seed: int, spread: float, last: float = 1.0) -> set[str]:
    return {f.series for f in against_past(world(seed, spread, last=last), Rule()) if f.alarm}


@pytest.mark.parametrize("spread", [0.0, 0.1, 0.2, 0.5])
def test_few_builds_have_an_alarm_when_nothing_is_wrong(spread):
    assert np.mean([bool(named(seed, spread)) for seed in range(200)]) <= 0.08


@pytest.mark.parametrize(("last", "found"), [(0.0, 0.9), (6.0, 0.9), (0.1, 0.75)])
def test_what_dies_or_jumps_is_found(last, found):
    assert np.mean(["s0" in named(seed, 0.15, last) for seed in range(100)]) >= found


def test_an_alarm_says_what_happened():
    past = [Count("v", y, 100 + y % 3) for y in range(2000, 2024)]
    rule = Rule(least=5)
    for count, alarm in ((0, "died"), (20, "fell"), (900, "jumped"), (101, "")):
        (found,) = against_past([*past, Count("v", 2024, count)], rule)
        assert (found.alarm, found.period, found.against) == (alarm, 2024, "earlier_periods")


def test_a_part_is_judged_by_its_share():
    parts = [Count("c", y, n, e) for y, (n, e) in enumerate([(100, 1000), (110, 1000), (300, 3000), (1000, 10_000)])]
    assert [f.alarm for f in against_past(parts, Rule())] == [""]


def test_the_last_release_is_compared_period_by_period():
    old = [Count("v", y, 500) for y in (2020, 2021, 2022)]
    new = [Count("v", 2020, 505), Count("v", 2021, 300)]
    found = {f.period: f.alarm for f in against_release(new, old, Rule())}
    assert found == {2020: "", 2021: "fell", 2022: "died"}


def test_a_series_without_a_past_is_not_judged():
    assert against_past([Count("v", 2024, 50)], Rule()) == []


def test_a_code_that_never_occurs_is_named_only_if_its_successor_does():
    totals = {"G06N 3/02": 0, "G06N 3/04": 7, "G06K 9/62": 0, "G06N 3/0": 90, "G06F 18/00": 0}
    successors = {"G06N 3/02": "G06N 3/0", "G06N 3/04": "G06N 3/0", "G06K 9/62": "G06F 18/00"}
    assert [(f.series, f.alarm) for f in never(totals, successors, Rule())] == [("G06N 3/02", "never")]


@given(st.integers(1, 30), st.integers(1, 30), st.floats(0.01, 0.99))
def test_the_incomplete_beta_function_is_a_sum_of_binomials(a, b, x):
    n = a + b - 1
    plainly = sum(math.comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1))
    assert beta_share(a, b, x) == pytest.approx(plainly, abs=1e-9)


@given(st.integers(0, 3000), st.floats(0.5, 3000), st.floats(0.001, 1))
def test_a_probability_is_one(count, expected, variance):
    assert 0 <= tail(count, expected, variance) <= 1
