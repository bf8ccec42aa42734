"""macaw profile: one entity at a glance, several side by side, tidy rows, and what it says to nonsense."""

from __future__ import annotations

import csv
import io
import json

import pytest

from macaw.indicators.pillars import pillars


@pytest.fixture
def profile(run, demo_build):
    return lambda *arguments: run("profile", *arguments, "--build", demo_build)


def test_one_company(profile):
    found = profile("Google")
    assert found.code == 0
    assert "Alphabet" in found.err
    for pillar in pillars().values():
        assert pillar.name in found.out
    assert "not zero, unknown" in found.out
    assert "Vitality: " in found.err
    assert "over all weights" in found.err


def test_in_chinese(profile):
    found = profile("谷歌", "--lang", "zh")
    assert found.code == 0
    assert "并非为零，而是未知" in found.out
    assert "活力：" in found.err
    assert not any(pillar.name in found.out for pillar in pillars().values())


def test_several_side_by_side(profile):
    found = profile("Google", "Microsoft", "--peers", "us-big-tech")
    assert found.code == 0
    header = found.out.splitlines()[0]
    assert "Alphabet" in header
    assert "Microsoft" in header
    assert "rank over all weights" in found.out
    assert "US Big Tech" in found.err


def test_rows_for_a_machine(profile):
    rows = list(csv.DictReader(io.StringIO(profile("USA", "CHN", "--format", "csv").out)))
    assert json.loads(profile("USA", "--format", "json").out)[0]["entity"] == "USA"
    vitality = [r for r in rows if r["indicator"] == "vitality"]
    assert [r["entity"] for r in vitality] == ["USA", "CHN"]
    for r in vitality:
        assert int(r["rank_top"]) <= int(r["rank_best"]) <= int(r["rank_worst"]) <= int(r["rank_bottom"])
        assert float(r["low"]) <= float(r["value"]) <= float(r["high"])
    missing = [r for r in rows if r["status"] == "L"]
    assert missing
    assert all(r["value"] == "" and r["percentile"] == "" for r in missing)


def test_weights_change_the_score_and_never_the_values(profile):
    def rows(*weights):
        return list(csv.DictReader(io.StringIO(profile("Google", "--format", "csv", *weights).out)))

    plain, weighted = rows(), rows("--weights", "research=0,models=1")
    assert plain[:-1] == weighted[:-1]
    assert plain[-1]["n"] != weighted[-1]["n"] or plain[-1]["value"] == weighted[-1]["value"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name a company or country"),
        (("Nobody at all",), "no entity is called"),
        (("WLD",), "is a world"),
        (("Google", "--peers", "nonsense"), "there are no peers 'nonsense'"),
        (("Google", "--weights", "luck=1"), "no pillar 'luck'"),
    ],
)
def test_nonsense_is_told_with_what_to_do(profile, arguments, said):
    found = profile(*arguments)
    assert found.code == 2
    assert said in found.err
    assert "→" in found.err
    assert found.out == ""
