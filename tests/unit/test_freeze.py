"""A release holds values of the build's own sources only, and of none that forbids it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from importlib.resources import files

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from macaw import pipeline
from macaw.errors import MacawError
from macaw.indicators import Specification
from macaw.indicators.values import Block
from macaw.release import freeze as freezing
from macaw.release.freeze import freeze
from macaw.sources import origin


@pytest.fixture
def forbidding(monkeypatch):
    """Makes one source forbid releases."""

    def make(name: str) -> None:
        closed = replace(origin(name), values_may_be_released=False)
        monkeypatch.setattr(freezing, "origin", lambda asked: closed if asked == name else origin(asked))

    return make


def test_a_source_that_forbids_releases_stops_them_if_the_build_read_it(demo_build, tmp_path, forbidding):
    forbidding("paperlists")
    with pytest.raises(MacawError, match="values of paperlists may not be released"):
        freeze(demo_build, tmp_path / "out", "test")


def test_one_that_the_build_did_not_read_does_not(demo_build, tmp_path, forbidding):
    forbidding("epoch")
    freeze(demo_build, tmp_path / "out", "test")
    record = json.loads((tmp_path / "out" / "release.json").read_text("utf-8"))
    assert set(record["sources"]) >= {"paperlists", "ror"}
    assert "epoch" not in record["sources"]


def test_a_build_that_does_not_say_its_sources_is_refused(demo_build, tmp_path):
    shutil.copytree(demo_build, tmp_path / "build")
    record = json.loads((demo_build / "build.json").read_text("utf-8"))
    del record["sources"]
    (tmp_path / "build" / "build.json").write_text(json.dumps(record), "utf-8")
    with pytest.raises(MacawError, match="does not say which sources"):
        freeze(tmp_path / "build", tmp_path / "out", "test")


# -- what stands beside papers -------------------------------------------------------------------------------

# A model and a deal that are invented.
MODELS = """\
Model,Organization,Publication date,Training compute (FLOP),Confidence,Country (of organization),Model accessibility,\
Link,Base model,Training hardware
Parrot-1,DeepMind,2023-05-01,1e24,Confident,United Kingdom of Great Britain and Northern Ireland,API access,,,
"""
DEALS = {
    "deals/rounds.csv": "company,day,amount,country\nMacaw Ltd,2020-01-02,5000000,USA\n",
    "deals/rounds.toml": """
file = "rounds.csv"
title = "Rounds"
exported = 2021-01-01
[columns]
company = "company"
date = "day"
amount = "amount"
country = "country"
[values]
currency = "USD"
""",
}


@pytest.fixture
def data(demo_data, write, tmp_path, monkeypatch):
    """Papers, languages and a model, whose values may be released, and deals, whose values may not."""
    beside = Specification(venues="none")
    blocks = [Block("places", ("papers",), (Specification(venues="CVPR"),)), Block("all", (), (beside,), "evidence")]
    monkeypatch.setattr(pipeline, "published", lambda: tuple(blocks))
    shutil.copytree(demo_data, tmp_path / "data")
    write("data/epoch/notable_ai_models.csv", MODELS)
    for name, text in DEALS.items():
        write(f"data/{name}", text)
    return tmp_path / "data"


def test_a_build_with_deals_of_ones_own_is_refused_with_the_way_out(data, tmp_path):
    pipeline.build(data, tmp_path / "build")
    with pytest.raises(MacawError, match=r"values of deals may not be released\n.*--releasable"):
        freeze(tmp_path / "build", tmp_path / "out", "test")


def test_a_releasable_build_has_nothing_of_such_sources_and_all_of_the_others(data, tmp_path):
    report = pipeline.build(data, tmp_path / "build", releasable=True)
    assert report.left_out == ["deals"]
    evidence = pq.read_table(tmp_path / "build" / "parquet" / "evidence.parquet")
    assert {"epoch", "gpt3_languages", "cldr", "figures"} <= set(evidence["source"].to_pylist())
    assert "deals" not in evidence["source"].to_pylist()
    freeze(tmp_path / "build", tmp_path / "out", "test")
    assert "deals" not in json.loads((tmp_path / "out" / "release.json").read_text("utf-8"))["sources"]
    values = pq.read_table(tmp_path / "out" / "values.parquet")
    known = values.filter(pc.is_valid(pc.field("value"))).select(["indicator", "entity"]).to_pylist()
    held = {(r["indicator"], r["entity"]) for r in known}
    assert held >= {
        ("notable_models", "GBR"),
        ("notable_models", "alphabet"),
        ("language_share", "lang:zh"),
        ("central_science_budget", "CHN"),
    }
    assert not {i for i, _ in held} & {"deals", "deal_amount"}


def test_a_release_cites_where_its_figures_stand_and_none_that_nobody_read(demo_build, tmp_path):
    freeze(demo_build, tmp_path / "out", "test")
    cited = json.loads((tmp_path / "out" / "release.json").read_text("utf-8"))["figures"]
    assert {place["grade"] for place in cited} == {"read", "reported"}
    assert all(place["source_title"] and place["url"] and place["accessed"] for place in cited)
    found = {figure for place in cited for figure in place["figures"]}
    assert found >= {"central_science_budget_2021", "guidance_funds_raised_2020", "native_speakers_english_2024"}
    assert not found & {"federal_ai_rd_2020_unread", "central_science_budget_2022"}


def test_the_shipped_release_holds_values_of_sources_that_may_be_released_only():
    release = json.loads(files("macaw.released").joinpath("release.json").read_text("utf-8"))
    assert all(origin(name).values_may_be_released for name in release["sources"])
    assert set(release["sources"]) >= {"paperlists", "ror", "epoch", "lmarena", "ncses", "gpt3_languages", "cldr"}
    values = pq.read_table(str(files("macaw.released").joinpath("values.parquet")))
    held = {(r["indicator"], r["entity"]) for r in values.select(["indicator", "entity"]).to_pylist()}
    assert held >= {
        ("notable_models", "CHN"),
        ("notable_models", "alphabet"),
        ("ai_venture_capital", "USA"),
        ("language_share", "lang:zh"),
    }
    deals = values.filter(pc.field("indicator").isin(["deals", "deal_amount"]) & pc.is_valid(pc.field("value")))
    assert deals.num_rows == 0
