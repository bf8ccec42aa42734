"""What a test takes of values, by hand and against plain arithmetic."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaw.claims.measure import readings
from macaw.claims.observations import Observations, specifications
from macaw.claims.record import Test
from support.claims import claim, observation, put

ARTICLE = claim().article


def one(test: Test, *given: tuple[str, str, str], entities=None):
    """The only reading of a test; values are (period, cell, entity)."""
    seen = Observations(entities or {})
    for period, cell, entity in given:
        put(seen, test, period, [cell], entity)
    found = readings(test, ARTICLE, seen)
    assert len({(r.value, r.low, r.high, r.status, r.holds, r.why) for r in found if r.view != "then"}) == 1, found
    return next(r for r in found if r.view != "then")


def make(**changed) -> Test:
    base = {"id": "t", "says": "it", "says_zh": "它", "role": "settles", "indicator": "gross_rd_constant",
            "entity": "CHN", "period": "2019", "at_least": 1.0}  # fmt: skip
    return Test(**{**base, **changed})


@pytest.mark.parametrize(
    ("a", "b", "value", "low", "high", "status", "holds"),
    [
        ("50", "100", 0.5, None, None, "A", "no"),
        ("50[40,60]", "100", 0.5, 0.4, 0.6, "A", "no"),
        ("50[40,120]", "100[80,125]", 0.5, 0.32, 1.5, "A", "open"),
        ("50", "100U", 0.5, None, None, "U", "open"),
        ("50", "0", None, None, None, "A", "open"),
        ("50", "L", None, None, None, "L", "open"),
        ("150P", "100", 1.5, None, None, "P", "yes"),
    ],
)
def test_a_ratio_carries_intervals_and_the_worse_status(a, b, value, low, high, status, holds):
    found = one(make(take="ratio", against="USA"), ("2019", a, "CHN"), ("2019", b, "USA"))
    assert (found.value, found.low, found.high) == (pytest.approx(value), pytest.approx(low), pytest.approx(high))
    assert (found.status, found.holds) == (status, holds)


def test_a_difference_may_be_of_either_sign():
    found = one(make(take="difference", against="USA", at_least=0.0), ("2019", "50", "CHN"), ("2019", "80", "USA"))
    assert (found.value, found.holds) == (-30, "no")


def test_the_last_of_the_days_before_a_day_at_the_beginning_of_the_calendar():
    assert one(make(period="0001-01-20", at_least=5.0), ("0001-01-02", "5", "CHN")).holds == "yes"


def test_growth_is_on_the_year_before_and_stops_at_a_break():
    growth = make(take="growth", at_least=0.095, at_most=0.105)
    assert one(growth, ("2018", "100", "CHN"), ("2019", "110", "CHN")).value == pytest.approx(0.1)
    assert one(growth, ("2018", "100", "CHN"), ("2019", "110", "CHN")).holds == "yes"
    assert one(growth, ("2018", "100", "CHN"), ("2019", "110B", "CHN")).why == "break"
    assert one(growth, ("2019", "110", "CHN")).holds == "open"


def test_a_change_is_over_the_mean_of_its_base_and_stops_at_a_break_between():
    change = make(take="change", base="2015:2016", at_least=0.4)
    years = [("2015", "90", "CHN"), ("2016", "110", "CHN"), ("2019", "150", "CHN")]
    assert one(change, *years).value == pytest.approx(0.5)
    assert one(change, *years, ("2018", "120B", "CHN")).why == "break"
    # A break before the base does not matter.
    assert one(change, *years, ("2014", "80B", "CHN")).value == pytest.approx(0.5)


def test_a_rank_is_the_place_among_those_listed():
    rank = make(take="rank", among=("USA", "CHN", "DEU"), at_least=None, at_most=1.0)
    found = one(rank, ("2019", "50", "CHN"), ("2019", "80", "USA"), ("2019", "50", "DEU"))
    assert (found.value, found.holds) == (2, "no")
    assert one(rank, ("2019", "L", "CHN"), ("2019", "80", "USA")).holds == "open"


UNIVERSITIES = {f"u{n}": ("education", "CHN" if n % 2 else "USA") for n in range(1, 7)}


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ("60 50 40 30 20 10", 2, 2),  # u1 and u3 of the first three
        ("60 40 40 40 20 10", 1, 2),  # three tie for two places: u3 is in or not
        ("50 50 50 50 50 50", 0, 3),  # all tie: any three
    ],
)
def test_how_many_of_the_first_are_of_a_country_is_a_range_where_several_tie(values, low, high):
    test = make(take="among_first", among=("education",), first=3, at_least=2.0)
    cells = [("2019", v, e) for e, v in zip(UNIVERSITIES, values.split(), strict=True)]
    found = one(test, *cells, entities=UNIVERSITIES)
    assert (found.low, found.high) == (low, high)
    assert found.holds == ("yes" if low >= 2 else "no" if high < 2 else "open")


def test_a_day_takes_the_last_measurement_of_the_weeks_before():
    test = make(indicator="frontier_gap", period="2024-10-29", over={"definition": ("epoch_index",)})
    seen = Observations({})
    spec = specifications(test)[0]
    for day, cell in (("2024-09-30", "5"), ("2024-10-31", "9"), ("2024-08-01", "1")):
        seen.add(test.indicator, "CHN", spec, day, observation(cell))
    assert [r.value for r in readings(test, ARTICLE, seen)] == [5]
    late = make(indicator="frontier_gap", period="2024-12-30", over={"definition": ("epoch_index",)})
    assert [r.holds for r in readings(late, ARTICLE, seen)] == ["open"]


def test_a_switch_that_makes_no_difference_is_not_counted():
    """Full and fractional counting of a figure are one number, not two that agree."""
    test = make(indicator="notable_models")
    assert len(specifications(test)) > 1
    assert len(readings(test, ARTICLE, _filled(test, "5"))) == 1


def _filled(test: Test, cell: str) -> Observations:
    seen = Observations({})
    put(seen, test, "2019", [cell])
    return seen


bounds = st.floats(-100, 100).map(lambda x: round(x, 2))


@given(bounds, bounds, bounds)
def test_an_interval_holds_fails_or_leaves_open_as_its_ends_do(low, high, bound):
    low, high = sorted((low, high))
    test = make(at_least=bound)
    found = readings(test, ARTICLE, _filled(test, f"[{low},{high}]"))[0]
    assert found.holds == ("yes" if low >= bound else "no" if high < bound else "open")


@given(bounds, bounds, bounds, bounds)
def test_between_two_bounds_too(low, high, least, most):
    (low, high), (least, most) = sorted((low, high)), sorted((least, most))
    test = make(at_least=least, at_most=most)
    found = readings(test, ARTICLE, _filled(test, f"[{low},{high}]"))[0]
    inside = least <= low and high <= most
    outside = high < least or low > most
    assert found.holds == ("yes" if inside else "no" if outside else "open")
