"""Nowcasts: a known delay is found again, intervals hold as often as they say, breaks and refusals are said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaw.errors import MacawError
from macaw.sure.nowcast import Cell, breaks, learn, of_last_release, pairs, read_cells
from nowcast import SCALE, SHAPE, covered, simulated


@pytest.mark.parametrize(
    ("size", "batch", "least", "most"), [(30, 1, 0.88, 0.95), (300, 1, 0.86, 0.94), (300, 4, 0.86, 0.94)]
)
def test_intervals_hold_the_final_count_as_often_as_they_say(size, batch, least, most):
    """The small version, with bounds for its size; benchmarks/nowcast.py --simulate makes many more."""
    assert least <= covered(size, batch, 100, seed=size) <= most


def test_a_known_delay_is_found_again():
    cells, _ = simulated(np.random.default_rng(1), 5000)
    delay = learn(cells)
    assert (delay.scale, delay.shape) == pytest.approx((SCALE, SHAPE), rel=0.05)
    assert 0.5 < delay.dispersion < 2
    assert delay.breaks == ()


def test_batches_are_seen_as_dispersion():
    found = [learn(simulated(np.random.default_rng(s), 500, 6)[0]).dispersion for s in range(10)]
    assert 4 < np.mean(found) < 8


def test_two_values_have_two_statuses():
    cells, _ = simulated(np.random.default_rng(1), 500)
    found = of_last_release(cells)
    assert [n.period for n in found] == [2019, 2020, 2021, 2022, 2023]
    for n in found:
        assert n.counted.status == "P"
        assert n.counted.low is None
        if n.refused:
            assert n.complete < 0.5
            assert (n.expected.status, n.expected.value) == ("O", None)
        else:
            assert n.expected.status == "F"
            assert n.counted.value <= n.expected.high
            assert n.expected.low <= n.expected.value <= n.expected.high
    assert found[-1].refused


def test_least_says_what_is_refused():
    cells, _ = simulated(np.random.default_rng(1), 500)
    assert not of_last_release(cells, least=0.1)[-1].refused
    assert all(n.refused for n in of_last_release(cells, least=1.0))


def test_a_jump_of_closed_years_is_a_break_and_teaches_nothing():
    cells, _ = simulated(np.random.default_rng(2), 3000)
    jumped = [Cell(c.series, c.released, c.period, c.count * (1.2 if c.released >= 2024 else 1)) for c in cells]
    delay = learn(jumped)
    assert delay.breaks == (("a", 2023.0, 2024.0),)
    assert delay.scale == pytest.approx(SCALE, rel=0.1)


def test_what_is_no_delay_is_refused():
    """All years of the last five grow by the same share, those of four years ago as well: closed years would too."""
    cells, level = [], dict.fromkeys(range(2010, 2022), 1000.0)
    for released in (2020, 2021, 2022):
        cells += [Cell("a", float(released), year, level[year]) for year in level if year < released]
        level = {year: n * (1.15 if released - year - 1 < 5 else 1.0) for year, n in level.items()}
    with pytest.raises(MacawError, match="no delay"):
        learn(cells)


def test_too_few_releases_are_refused():
    with pytest.raises(MacawError, match="at least 4"):
        learn([Cell("a", 2020.0, 2019, 5.0), Cell("a", 2021.0, 2019, 8.0)])


@given(
    st.lists(
        st.tuples(st.sampled_from([2020.0, 2021.0, 2022.5]), st.integers(2012, 2019), st.integers(0, 99)), max_size=30
    )
)
def test_pairs_join_each_release_with_the_next(rows):
    cells = {(r, p): Cell("a", r, p, float(n)) for r, p, n in rows}
    found = pairs(cells.values())
    for pair in found:
        assert (pair.first, pair.period) in cells
        assert (pair.second, pair.period) in cells
        assert not any(pair.first < r < pair.second and p == pair.period for r, p in cells)
    years = {p for _, p in cells}
    assert len(found) == sum(max(sum(p == y for _, p in cells) - 1, 0) for y in years)
    assert breaks(found) <= {(p.series, p.first, p.second) for p in found}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"series": "a", "released": "2024-12-16", "period": "2023"}, "count is empty"),
        ({"series": "a", "released": "yesterday", "period": "2023", "count": "1"}, "line 2"),
        ({"series": "a", "released": "2024-12-16", "period": "2023", "count": "-1"}, "0 or more"),
        ({"series": "a", "released": "2024-12-16", "period": "2023", "count": "nan"}, "0 or more"),
        ({"series": "a", "released": "2024-12-16", "period": "x", "count": "1"}, "line 2"),
    ],
)
def test_a_wrong_row_is_named(row, told):
    with pytest.raises(MacawError, match=told):
        read_cells([row], "r.csv")
