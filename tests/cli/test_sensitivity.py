"""Headlines without one input in turn: by hand, and on the demo against values computed without it."""

from __future__ import annotations

import json

import pytest

import macaw
from macaw.errors import MacawError, UsageError
from macaw.sure import sensitivity as inputs
from macaw.sure.observation import Observation
from macaw.sure.sensitivity import detail, sensitivity, summary
from macaw.sure.statement import Statement

SAID = Statement("papers", "CHN", ">", "USA", 1.0)


def series(**by_entity: float) -> dict[str, dict[int, Observation]]:
    return {entity: {2020: Observation(value, None, None, "A", 1)} for entity, value in by_entity.items()}


def test_each_input_is_left_out_in_turn():
    found = {
        "": series(CHN=60, USA=50),
        "small": series(CHN=58, USA=49),
        "large": series(CHN=20, USA=40),
        "only": {},
    }
    (one,) = sensitivity(SAID, "venue", found, (2000, 2100))
    assert one.with_all.outcome == 1.2
    assert one.with_all.holds
    assert [w.left_out for w in one.without] == ["only", "large", "small"]  # The furthest first.
    assert one.turning == ("large",)
    assert one.alone == ("only",)
    assert one.moved(one.without[1]) == pytest.approx(0.5 / 1.2 - 1)


def test_a_year_in_which_a_side_is_0_is_told():
    found = {"": series(CHN=60, USA=0), "x": series(CHN=60, USA=0), "y": series(CHN=0, USA=0), "z": series(CHN=9)}
    (one,) = sensitivity(SAID, "venue", found, (2000, 2100))
    assert (one.with_all.outcome, one.with_all.holds) == (None, True)
    assert one.turning == ("y",)
    assert one.alone == ("z",)
    assert {w.left_out: one.moved(w) for w in one.without} == {"x": 0.0, "y": None, "z": None}
    for lang in ("en", "zh"):
        assert "60 : 0" in summary("papers CHN > USA", one, lang).values()
        assert len(detail(one, lang)) == 3
    (none,) = sensitivity(SAID, "venue", {"": series(CHN=0, USA=50), "x": series(CHN=0, USA=20)}, (2000, 2100))
    assert (none.with_all.outcome, none.with_all.holds, none.turning) == (0.0, False, ())


def test_an_input_without_which_the_right_side_is_0_leaves_a_value():
    found = {"": series(CHN=60, USA=70), "x": series(CHN=60, USA=0)}
    (one,) = sensitivity(SAID, "venue", found, (2000, 2100))
    assert one.without[0].outcome is None
    assert one.turning == ("x",)
    assert one.alone == ()


def test_a_rank_is_told_among_its_kind():
    said = Statement("papers", "CHN", "<=", None, 1.0, is_rank=True)
    found = {"": series(CHN=60, USA=50, DEU=9), "x": series(CHN=8, USA=50, DEU=9)}
    (one,) = sensitivity(said, "venue", found, (2000, 2100), among=("CHN", "USA", "DEU"))
    assert (one.with_all.outcome, one.without[0].outcome) == (1, 3)
    assert one.turning == ("x",)


def test_both_languages_have_the_same_words():
    words = inputs.texts()
    assert words["en"].keys() == words["zh"].keys()
    found = {"": series(CHN=60, USA=50), "x": series(CHN=20, USA=40)}
    (one,) = sensitivity(SAID, "source", found, (2000, 2100))
    for lang in ("en", "zh"):
        assert len(summary("papers CHN > USA", one, lang)) == 9
        assert [row[words[lang]["holds"]] for row in detail(one, lang)] == [words[lang]["yes"], words[lang]["no"]]


def test_main_headlines_are_comparisons_of_known_indicators():
    release = macaw.open()
    for text in inputs.headlines(()):
        assert inputs.texts()["headlines"]
        assert release.entity(text.split()[1])


def test_papers_without_a_venue_are_those_of_the_rest(run, demo_build):
    """The papers of all venues less those of one, counted apart."""
    observatory = macaw.open(demo_build)
    (one,) = observatory.sensitivity("papers CHN > USA", period=2018, counting="full")

    def papers(entity: str, venues: str) -> float:
        (row,) = observatory.values("papers", entity=entity, venues=venues, period=2018, counting="full").to_pylist()
        return row["value"] or 0.0

    assert (one.with_all.left, one.with_all.right) == (papers("CHN", "ai"), papers("USA", "ai"))
    (without,) = [w for w in one.without if w.left_out == "CVPR"]
    assert (without.left or 0.0) == papers("CHN", "ai") - papers("CHN", "CVPR")
    shown = run("sensitivity", "papers CHN > USA", "--period", 2018, "--counting", "full", "--build", demo_build,
                "--format", "json")  # fmt: skip
    assert len(json.loads(shown.out)) == 1 + len(one.without)


def test_evidence_of_one_source_rests_on_it_alone(demo_build):
    found = macaw.open(demo_build).sensitivity("language_share lang:en > lang:zh")
    assert found
    for one in found:
        assert one.inputs == "source"
        assert one.alone == ("gpt3_languages",)


def test_what_cannot_be_asked_is_refused(demo_build):
    with pytest.raises(MacawError, match="holds no inputs"):
        macaw.open().sensitivity("papers CHN > USA")
    with pytest.raises(UsageError, match="cannot be asked here"):
        inputs.headlines(["* CHN > USA"])
    with pytest.raises(UsageError, match="rests on patent offices"):
        macaw.open(demo_build).sensitivity("ai_patents CHN > USA")
    with pytest.raises(UsageError, match="rests on what is cited"):
        macaw.open(demo_build).sensitivity("us_references_share CHN > DEU")
    with pytest.raises(UsageError, match="CVPR is one venue"):
        macaw.open(demo_build).sensitivity("papers CHN > USA", venues="CVPR")
