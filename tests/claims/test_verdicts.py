"""The table of verdicts (verdicts.md beside this file) holds, and a changed number changes the verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaw.claims.settle import VERDICTS, settle
from macaw.sure.observation import weight
from support.claims import claim, read, settled

PAGE = Path(__file__).with_name("verdicts.md").read_text("utf-8")
CASES = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| bound")
]
_BOUNDS = {">=": {"at_least": 450.0, "at_most": None}, "<=": {"at_least": None, "at_most": 450.0},
           "=": {"at_least": 445.0, "at_most": 455.0}}  # fmt: skip


@pytest.mark.parametrize(("bound", "role", "tense", "then", "now", "verdict", "why"), CASES)
def test_readings_lead_to_the_verdict(bound, role, tense, then, now, verdict, why):
    # A past claim names its time, so that its rule does too.
    time = {"period": "2023"} if tense == "past" else {}
    made = claim(tense=tense, test={"role": role, **_BOUNDS[bound.split()[0]], **time})
    assert settled(made, {"2023": then, "2025": now}).verdict == verdict, why


def test_every_verdict_on_values_has_a_case():
    by_rule = {"not_checkable", "replaced"}
    assert {case[5] for case in CASES} | by_rule == set(VERDICTS)


def test_the_factor_is_that_of_the_least_and_greatest_value():
    found = settled(claim(), {"2023": "300 310 360"})
    assert found.factor == pytest.approx((450 / 360, 450 / 300))


def test_a_rule_without_tests_settles_nothing_and_one_that_is_not_checkable_says_so():
    bare = replace(claim(), rule=replace(claim().rule, tests=()))
    assert settle(bare, {}).verdict == "not_settled_by_public_data"
    closed = replace(bare, rule=replace(bare.rule, checkable=False))
    assert settle(closed, {}).verdict == "not_checkable"
    assert settle(closed, {}, replaced=True).verdict == "replaced"


values = st.floats(1, 1000).map(lambda x: round(x, 3))


@given(st.lists(values, min_size=3, max_size=3, unique=True))
def test_three_sure_values_decide_by_the_bound_alone(numbers):
    """An oracle in three lines: the verdict is what comparing the numbers says."""
    found = settled(claim(), {"2023": " ".join(map(str, numbers)), "2025": " ".join(map(str, numbers))}).verdict
    above = sum(n >= 450 for n in numbers)
    assert found == {3: "supported", 0: "overstated"}.get(above, "supported_only_under_a_named_definition")


@given(st.lists(values, min_size=3, max_size=3, unique=True), st.integers(0, 2))
def test_a_changed_number_changes_the_verdict(numbers, place):
    holding = [n + 450 for n in numbers]
    before = settled(claim(), {"2023": " ".join(map(str, holding))}).verdict
    changed = [*holding[:place], 449.0, *holding[place + 1 :]]
    after = settled(claim(), {"2023": " ".join(map(str, changed))}).verdict
    assert (before, after) == ("supported", "supported_only_under_a_named_definition")


@given(st.lists(st.tuples(values, st.sampled_from("ABEIPUQOKML")), min_size=3, max_size=3))
def test_no_value_without_a_sure_status_ever_supports_or_contradicts(cells):
    """Whatever the numbers: a plain verdict needs that what is known is sure, and that most is known."""
    text = " ".join(f"{value}{status}" for value, status in cells)
    found = settled(claim(), {"2023": text})
    if found.verdict in ("supported", "contradicted", "overstated", "understated", "out_of_date"):
        sure = [s for _, s in cells if weight(s) == "settles"]
        assert len(sure) >= 2
        assert not [s for _, s in cells if weight(s) == "caps"]


@given(st.lists(values, min_size=3, max_size=3), st.integers(0, 400))
def test_a_wider_interval_never_makes_a_verdict_plainer(numbers, width):
    narrow = settled(claim(), {"2023": " ".join(map(str, numbers))}).verdict
    wide = settled(claim(), {"2023": " ".join(f"{n}[{max(0, n - width)},{n + width}]" for n in numbers)}).verdict
    if wide in ("supported", "overstated"):
        assert narrow == wide


def test_a_span_of_years_holds_only_if_every_year_does():
    made = claim(test={"period": "2021:2023"})
    every = {"2021": "500 500 510", "2022": "500 510 520", "2023": "500 520 530"}
    assert settled(made, every).verdict == "supported"
    assert settled(made, {**every, "2022": "400 400 410"}).verdict == "overstated"
    assert settled(made, {**every, "2022": "L L L"}).verdict == "not_settled_by_public_data"


def test_data_that_are_too_old_say_nothing_of_the_present():
    assert settled(claim(), {"2019": "500 510 520"}).verdict == "not_settled_by_public_data"
    assert {r.why for r in read(claim(), {"2019": "500 510 520"})["level"]} == {"old"}
    assert settled(claim(), {"2020": "500 510 520"}).verdict == "supported"


def test_what_the_article_could_not_know_is_not_held_against_it():
    made = claim()
    found = {(r.view, r.period) for r in read(made, {"2023": "500 510 520", "2024": "400 410 420"})["level"]}
    assert found == {("then", "2023"), ("now", "2024")}


def test_a_forecast_waits_until_it_is_due():
    made = claim(tense="future", type="forecast", due=date(2025, 10, 29))
    assert settled(made, {"2023": "500 510 520", "2024": "500 510 520"}).verdict == "not_settled_by_public_data"
    assert settled(made, {"2025": "500 510 520"}).verdict == "supported"
