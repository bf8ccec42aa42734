"""Intervals of the demo build: of what they are given, what they hold, and that a question does not change them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest

from macaw import api
from macaw.cli import main
from macaw.errors import MacawError
from macaw.indicators import Specification, indicator, indicators
from macaw.uncertainty import PARTS, Papers, ends, reason, with_intervals
from macaw.uncertainty.chance import hashes, right_and_missed, stand_ins, uniforms
from macaw.uncertainty.chance import unseen as unseen_papers
from macaw.uncertainty.intervals import unseen
from macaw.uncertainty.papers import INPUTS
from macaw.uncertainty.report import tables, words


@pytest.fixture(scope="module")
def built(demo_build: Path) -> api.Observatory:
    return api.open(demo_build)


def test_an_interval_holds_its_value(built):
    rows = built.table("values")
    rows = rows.filter(pc.is_valid(rows["low"]))
    ours = [r for r in rows.to_pylist() if indicators()[r["indicator"]].base == "cells"]
    assert len(ours) > 10_000
    assert all(r["low"] <= r["value"] <= r["high"] for r in ours)
    assert sum(r["low"] < r["high"] for r in ours) > 1000


def test_what_has_a_reason_has_no_interval_and_most_else_has_one(built):
    rows = [r for r in built.table("values").to_pylist() if indicators()[r["indicator"]].base == "cells" and r["value"]]
    switches = Specification().__dict__
    known = {True: [], False: []}
    for r in rows:
        spec = Specification(**{s: r[s] for s in switches})
        known[reason(indicators()[r["indicator"]], spec) is None].append(r["low"] is not None)
    assert not any(known[False])
    # Zeros of means and sums of citations have none.
    assert np.mean(known[True]) > 0.85


def test_every_query_on_cells_has_a_formula_or_a_reason():
    from macaw.uncertainty.formulas import FORMULAS

    for of in indicators().values():
        if of.base == "cells" and reason(of, Specification(venues=of.venues)) is None:
            assert of.query_name in FORMULAS, of.id


def test_a_question_about_one_entity_gets_the_interval_of_the_whole_build(built):
    stored = built.values("papers_share", entity="USA,CHN", counting="full,fractional")
    bare = stored
    for end in ("low", "high"):
        at = bare.schema.get_field_index(end)
        bare = bare.set_column(at, end, pc.if_else(pc.is_valid(bare[end]), None, bare[end]))
    papers = Papers(built.connection(INPUTS), ["USA"])
    specs = [(indicator("papers_share"), Specification(counting=c)) for c in ("full", "fractional")]
    drawn = with_intervals(bare, papers, specs)
    usa = [i for i, e in enumerate(stored["entity"].to_pylist()) if e == "USA"]
    assert usa
    assert stored.take(usa).equals(drawn.take(usa))


def test_what_a_build_does_not_publish_is_drawn_on_request(built):
    found = built.values("papers", entity="USA", venues="vision", place="owner", ownership="as_was", period=2021)
    assert found["value"][0].as_py()
    assert found["low"].null_count == 0


def test_each_part_alone_is_within_what_it_can_do(built):
    rows = built.uncertainty("papers_share", entity="USA", venues="CVPR")
    assert rows
    assert all(r["widest"] in (*PARTS, None) for r in rows)
    known = [r for r in rows if r["low"] is not None]
    # The demo's CVPR papers all have affiliations, and AI is told by venue: only names can be wrong.
    assert all(r["classification_low"] == r["classification_high"] == r["value"] for r in known)
    assert any(r["matching_low"] < r["matching_high"] for r in known)


def test_the_shipped_release_cannot_say_what_an_interval_is_made_of():
    with pytest.raises(MacawError, match="not the records"):
        api.open().uncertainty("papers", entity="USA")


def test_a_reason_is_told(built):
    rows = built.uncertainty("papers", entity="USA", topic="vision")
    assert {r["reason"] for r in rows if r["value"]} == {
        reason(indicator("papers"), Specification(topic="vision")).text
    }


@pytest.mark.parametrize("asked", [{"topic": "vision"}, {"venues": "CVPR"}])
def test_every_value_is_told_with_its_interval_or_with_why_it_has_none(built, asked):
    rows = built.uncertainty("papers", entity="USA,DEU", **asked)
    assert all((r["reason"] is None) == (r["low"] is not None or r["high"] is not None) for r in rows)
    for lang, why in (("en", "reason"), ("zh", "reason_zh")):
        found = list(tables(rows, lang))
        assert sum(len(shown) for _, shown in found) == len(rows)
        told = [r[words(lang)["why"]] for heading, shown in found if heading == words(lang)["without"] for r in shown]
        assert told == [r[why] for r in rows if r["reason"]]
    assert words("en").keys() == words("zh").keys()


def test_what_intervals_are_made_of_is_said_in_chinese(built, capsys):
    command = ["uncertainty", "papers", "--entity", "USA", "--topic", "vision", "--build", str(built.path)]
    with pytest.raises(SystemExit) as ended:
        main([*command, "--lang", "zh"])
    assert not ended.value.code
    shown = capsys.readouterr()
    assert "没有区间的数值" in shown.err
    assert "标题用词" in shown.out


def test_ranks_hold_the_place_as_counted_and_chances_add_up(built):
    rows = built.table("ranks").to_pylist()
    assert all(r["rank_low"] <= r["rank"] <= r["rank_high"] <= r["ranked"] for r in rows)
    assert all(r["top_1"] <= r["top_3"] <= r["top_5"] <= r["top_10"] for r in rows)
    groups: dict[tuple[object, ...], float] = {}
    for r in rows:
        key = (r["indicator"], r["kind"], r["period"], r["venues"])
        groups[key] = groups.get(key, 0.0) + r["top_1"]
    # Those who tie are all first.
    assert all(total >= 0.99 for total in groups.values())


# -- the draws -------------------------------------------------------------------------------------------


def test_draws_depend_on_the_name_alone():
    both, one = hashes(["Google", "谷歌"]), hashes(["谷歌"])
    assert (uniforms(both, 50, 0)[1] == uniforms(one, 50, 0)[0]).all()
    assert not (uniforms(both, 50, 0) == uniforms(both, 50, 1)).any()


def test_draws_are_uniform_and_names_independent():
    drawn = uniforms(hashes([f"name {i}" for i in range(500)]), 400, 0)
    assert abs(drawn.mean() - 0.5) < 0.002
    assert abs(np.quantile(drawn, 0.05) - 0.05) < 0.003
    assert np.abs(np.corrcoef(drawn[:40]) - np.eye(40)).max() < 0.3


def test_matches_are_wrong_as_often_as_stated():
    names = hashes([f"name {i}" for i in range(4000)])
    right, missed = right_and_missed(names, np.full(4000, 0.1), ["education"], np.zeros(4000, int), 200)
    assert right[:, 0].all()
    assert not missed[:, 0].any()
    assert abs(right[:, 1:].mean() - 0.9) < 0.002
    assert abs(missed[:, 1:].mean() - 0.944 * 0.1 / 0.9) < 0.01


def test_papers_that_are_not_located_are_all_stood_for():
    made = stand_ins("V 2020", ["AAA"] * 30 + ["BBB"] * 10, 12, 300, 0.0)
    assert (made[:, 0] == 1).all()
    assert (made[:, 1:].sum(axis=0) == 52).all()
    assert abs(made[:30, 1:].sum(axis=0).mean() - 39) < 0.5


def test_undefined_draws_are_left_out_and_half_of_them_are_too_many():
    some, most = np.arange(200.0), np.arange(200.0)
    some[1:40], most[1:150] = np.nan, np.nan
    low, high = ends(np.stack([some, most]).astype(np.float32))
    assert low[0] > 40
    assert high[0] < 199
    assert np.isnan(low[1])
    assert np.isnan(high[1])


def test_unseen_papers_are_more_where_fewer_are_found():
    assert [unseen(d) for d in (0.99, 0.9, 0.6, 0.3)] == sorted(unseen(d) for d in (0.99, 0.9, 0.6, 0.3))


def test_growth_from_few_papers_is_less_sure_than_without_what_nobody_found():
    none, some = np.full(2000, 1.0), np.full(2000, 0.7)
    names = hashes([f"name {i}" for i in range(2000)])
    assert not unseen_papers(names, none, 50, 9).any()
    drawn = unseen_papers(names, some, 50, 9)
    assert not drawn[:, 0].any()
    # The mean of a negative binomial of half a success.
    assert abs(drawn[:, 1:].mean() - 0.5 * 0.3 / 0.7) < 0.01


def test_no_share_is_more_than_all(built):
    rows = built.table("values").to_pylist()
    assert all(r["high"] <= 1 for r in rows if r["indicator"] == "papers_share" and r["high"] is not None)
