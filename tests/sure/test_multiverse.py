"""The multiverse against a straightforward count over all combinations, and how statements are read."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import product

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import macaw
from macaw import schema
from macaw.errors import MacawError, UsageError
from macaw.indicators import indicators
from macaw.sure import curve
from macaw.sure.multiverse import ALL_SWITCHES, choices, multiverse, row, rows, specifications, turned
from macaw.sure.observation import Observation, joined
from macaw.sure.specifications import SWITCHES, without_idle_switches
from macaw.sure.statement import Statement, parse

PAPERS = indicators()["papers"]
OVER = {"venues": ("ai", "CVPR"), "window": ("1",), "territory": ("mainland",)}


def fetched(values):
    """A table of values made by a function of entity, specification and period; None leaves a value out."""

    def fetch(of, specs, entities):
        made = []
        for entity, spec, period in product(entities, specs, (2018, 2019, 2020)):
            found = values(entity, spec, period)
            if found is not None:
                value, status = found if isinstance(found, tuple) else (found, "A")
                known = {
                    "entity": entity,
                    "indicator": of.id,
                    "period": period,
                    "value": float(value),
                    "status": status,
                }
                made.append(known | {s: getattr(spec, s) for s in SWITCHES} | {"low": None, "high": None, "n": 1})
        names = schema.arrow_schema("values")
        return pa.Table.from_pylist(made, schema=pa.schema([f for f in names if f.name in made[0]]) if made else names)

    return fetch


def of_2019(values, text="papers CHN > USA", over=OVER):
    [found] = multiverse(parse(text, str), (2019, 2019), fetched(values), over=over)
    return found


def test_every_combination_is_counted_once():
    found = of_2019(lambda e, s, p: hash((e, *vars(s).values())) % 97 + 1)
    # counting 2 × venues 2 × (workplace, and owner under 3 rules of ownership)
    assert len(found.combinations) == 2 * 2 * (1 + 3)
    assert len({tuple(c.choices.values()) for c in found.combinations}) == len(found.combinations)


@given(st.dictionaries(st.tuples(st.sampled_from(["full", "fractional"]), st.sampled_from(["ai", "CVPR"]),
                                 st.sampled_from(["workplace", "owner"])), st.integers(1, 5)))  # fmt: skip
def test_the_share_is_that_of_a_plain_count(table):
    def values(entity, spec, period):
        return 3 if entity == "USA" else table.get((spec.counting, spec.venues, spec.place), 4)

    found = of_2019(values)
    seen = [values("CHN", s, 2019) > 3 for s in specifications(PAPERS, choices(PAPERS, found.statement, over=OVER))]
    idle = {s for s in ALL_SWITCHES if len({c.choices[s] for c in found.combinations}) == 1}
    if not idle & {"counting", "venues", "place", "ownership"}:
        assert found.share == sum(seen) / len(seen)
    assert (found.share == 1) is all(seen)
    assert (found.share == 0) is (not any(seen))


def test_the_switch_that_alone_decides_has_all_flips_and_all_variance():
    found = of_2019(lambda e, s, p: 1 if e == "USA" else (2 if s.venues == "CVPR" else 0.5))
    first, *others = found.influences()
    assert (first.switch, first.variance) == ("venues", pytest.approx(1))
    assert first.flips == first.pairs > 0
    assert all(o.flips == 0 for o in others)
    assert row(found)["turns_most"].startswith("venues")


def test_a_switch_without_effect_is_not_counted_twice():
    found = of_2019(lambda e, s, p: 1 if e == "USA" else (2 if s.counting == "full" else 0.5))
    assert len(found.combinations) == 2
    assert found.share == 0.5


def test_unsure_values_are_left_open_and_said():
    found = of_2019(lambda e, s, p: (1, "A") if e == "USA" else (2, "U" if s.venues == "ai" else "A"))
    assert found.share == 1.0
    assert {c.holds for c in found.combinations if c.choices["venues"] == "ai"} == {"open"}
    assert "more are not sure enough" in curve.summary(found)
    nothing = of_2019(lambda e, s, p: (1 if e == "USA" else 2, "U"))
    assert nothing.share is None
    assert nothing.share_at_face == 1.0


def test_a_missing_value_is_no_zero():
    found = of_2019(lambda e, s, p: None if e == "USA" and s.venues == "ai" else 1 if e == "USA" else 2)
    assert {c.choices["venues"] for c in found.combinations} == {"CVPR"}
    assert found.without_value > 0


def test_a_window_needs_all_its_years():
    over = OVER | {"window": ("1", "3")}
    found = of_2019(lambda e, s, p: 1 if e == "USA" else p - 2017, over=over)
    assert {c.choices["window"] for c in found.combinations} <= {"1"}
    china = {2018: 0.1, 2019: 0.2, 2020: 2}
    made = fetched(lambda e, s, p: 1 if e == "USA" else china[p])
    [last] = multiverse(parse("papers CHN > USA", str), (2020, 2020), made, over=over)
    assert {(c.choices["window"], round(c.left, 3), c.holds) for c in last.combinations} == {
        ("1", 2.0, "yes"), ("3", 0.767, "no")}  # fmt: skip


def test_china_stands_for_its_group_in_a_wider_territory():
    found = of_2019(lambda e, s, p: {"USA": 3, "CHN": 2, "CHN+HKG+MAC": 4, "CHN+HKG+MAC+TWN": 5}[e],
                    over=OVER | {"territory": ("mainland", "with_hkg_mac", "with_twn")})  # fmt: skip
    assert {(c.choices["territory"], c.left) for c in found.combinations} == {
        ("mainland", 2), ("with_hkg_mac", 4), ("with_twn", 5)}  # fmt: skip


def test_a_panel_stands_for_its_own_years_only():
    over = OVER | {"venues": ("ai", "panel_2020_2024", "panel_2013_2018")}
    found = of_2019(lambda e, s, p: len(s.venues) if e == "CHN" else 1, over=over)
    assert {c.choices["venues"] for c in found.combinations} == {"ai"}


def test_ranks_levels_and_multiples():
    ranked = parse("papers CHN rank <= 2", str)
    values = {"CHN": 5, "USA": 9, "DEU": 5, "FRA": 1}
    [found] = multiverse(ranked, (2019, 2019), fetched(lambda e, s, p: values[e]), among=tuple(values), over=OVER)
    assert [(c.left, c.holds) for c in found.combinations] == [(2.0, "yes")]
    assert of_2019(lambda e, s, p: values[e], "papers USA > 1.5 x CHN").share == 1
    assert of_2019(lambda e, s, p: values[e], "papers USA > 2 x CHN").share == 0
    assert of_2019(lambda e, s, p: values[e], "papers USA >= 9", {"window": ("1",)}).share == 1


def test_the_year_it_turns():
    def values(e, s, p):
        return 1.5 if e == "USA" else {2018: 1, 2019: 2, 2020: 3}[p]

    found = multiverse(parse("papers CHN > USA", str), (2018, 2020), fetched(values), over=OVER)
    assert turned(found) == 2019
    assert turned(multiverse(parse("papers CHN < USA", str), (2018, 2020), fetched(values), over=OVER)) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("papers CHN USA", "is no comparison"),
        ("love CHN > USA", "no indicator 'love'"),
        ("papers CHN > CHN", "with itself"),
        ("papers CHN rank < USA", "a rank is compared with a number"),
        ("", "is no comparison"),
    ],
)
def test_a_wrong_statement_is_told(text, told):
    with pytest.raises(UsageError, match=told):
        parse(text, str)


def test_names_with_spaces_and_chinese_relations_are_read():
    assert parse("papers United States ≥ 0.5x 中国", str) == Statement("papers", "United States", ">=", "中国", 0.5)


def test_a_switch_the_indicator_lacks_is_told():
    with pytest.raises(UsageError, match="does not depend on place"):
        choices(indicators()["gross_rd"], parse("gross_rd CHN > USA", str), over={"place": ("owner",)})


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xy")), unique=True), st.booleans())
def test_idle_switches_are_dropped_and_no_other(found, idle):
    kept = without_idle_switches(
        found, ("one", "two"), lambda f: {"one": f[0], "two": f[1]}, lambda f: f[1] if idle else f
    )
    if idle:
        assert {f[1] for f in kept} <= {f[1] for f in found}
        assert len({f[0] for f in kept}) <= 1 or len({f[1] for f in found}) > 1
    assert set(kept) <= set(found)


@given(st.floats(0, 9), st.floats(0, 9), st.floats(0, 3), st.floats(0, 3))
def test_a_difference_has_the_ends_of_both(a, b, wide, narrow):
    found = joined(
        Observation(a, a - wide, a + wide, "A"), Observation(b, b - narrow, b + narrow, "I"), lambda x, y: x - y
    )
    assert found.status == "I"
    assert found.ends == pytest.approx((a - b - wide - narrow, a - b + wide + narrow), abs=1e-9)


def test_curves_are_valid_and_hold_every_combination(tmp_path):
    found = of_2019(lambda e, s, p: hash((e, *vars(s).values())) % 97 + 1)
    drawn = ET.fromstring(curve.svg(found, "papers <CHN> & USA"))
    circles = drawn.findall(".//{http://www.w3.org/2000/svg}circle")
    assert len(circles) == len(found.combinations)
    page = curve.page(found, "papers CHN > USA")
    assert page.count("<tr>") == len(found.combinations) + 1
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in page
    curve.write(found, "t", tmp_path / "c.svg")
    curve.write(found, "t", tmp_path / "c.html")
    with pytest.raises(UsageError, match="a chart is"):
        curve.write(found, "t", tmp_path / "c.pdf")
    assert len(rows(found)) == len(found.combinations)


def test_the_release_answers_from_what_it_holds():
    found = macaw.open().multiverse("papers CHN > USA", period="2018:2020")
    assert [m.period for m in found] == [2018, 2019, 2020]
    assert all(m.combinations for m in found)
    with pytest.raises(MacawError):
        macaw.open().multiverse("papers CHN > USA", over={"venues": ("nowhere",)})
