"""Numbers of any length and dates at the ends of the calendar end the reading."""

from __future__ import annotations

import math
from datetime import date

import pytest

from macaw.claims.reading.quantities import find_quantities
from macaw.claims.reading.sentences import read_sentence
from macaw.claims.reading.times import find_times


def test_a_long_number_in_a_chinese_sentence_is_read_in_one_way():
    """Tried in every way it could be cut, this one would not end."""
    find_quantities(f"公司编号{'1' * 200}，见 https://example.com/{'13' * 40}，共{'亿' * 30}元。", [])


NINES, ZEROS = "9" * 400, "1" + "0" * 400


@pytest.mark.parametrize(
    "number", [NINES, ZEROS, f"{NINES}.5", f"0.{'0' * 400}1", "亿" * 60, "三" * 400, f"{ZEROS}万亿"]
)
@pytest.mark.parametrize(
    "sentence",
    [
        "China published {} papers in 2023.",
        "It raised ${}bn, up {} percent, {} times as much.",
        "{} of {} papers are Chinese; one in {}, {} to {}.",
        "中国发表了{}篇论文，融资{}亿美元，增长{}%，是{}倍。",
        "{}分之{}，{}至{}人，几{}万，过去{}年。",
        "Over the past {} years it grew {}-fold to {} million.",
    ],
)
def test_a_number_of_hundreds_of_figures_measures_nothing(number, sentence):
    for quantity in read_sentence(sentence.replace("{}", number), date(2024, 10, 29)).quantities:
        ends = (quantity.low, quantity.high, quantity.rounded_low, quantity.rounded_high)
        assert all(math.isfinite(end) for end in ends if end is not None)


@pytest.mark.parametrize("on", [date.min, date.max])
def test_dates_at_the_ends_of_the_calendar(on):
    in_chinese = "昨天、明天、上周、本周、下周、去年、明年、上月、下月、过去10年"
    in_english = "yesterday, tomorrow, last week, next week, last year, the past decade"
    assert any(time.kind == "relative" for time in find_times(f"{in_chinese}; {in_english}", on))
