"""What must hold on Epoch AI's and LMArena's real files, counted another way with the csv module."""

from __future__ import annotations

import csv
import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import macaw

pytestmark = pytest.mark.data
DATA = os.environ.get("MACAW_TEST_DATA")
if not DATA:
    pytest.skip("MACAW_TEST_DATA names no folder of real data", allow_module_level=True)
US, CHINA = "United States of America", "China"


def read(name: str) -> list[dict[str, str]]:
    with (Path(DATA) / "models" / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def observatory(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    for name in ("models", "ror"):
        (folder / name).symlink_to(Path(DATA) / name)
    macaw.build(folder, folder / "build")
    return macaw.open(folder / "build")


def values(observatory, indicator, entity, **switches):
    rows = observatory.values(indicator, entity=entity, **switches).to_pylist()
    return {r["period"]: r for r in rows}


@pytest.mark.parametrize(("entity", "name"), [("USA", US), ("CHN", CHINA)])
def test_notable_models_as_the_csv_has_them(observatory, entity, name):
    full, fractional = Counter(), Counter()
    for row in read("epoch_notable_ai_models.csv"):
        listed = row["Country (of organization)"].split(",")
        year = int(row["Publication date"][:4])
        full[year] += name in listed
        fractional[year] += listed.count(name) / len(listed)
    for counting, expected in (("full", full), ("fractional", fractional)):
        found = values(observatory, "notable_models", entity, counting=counting)
        assert {y: r["value"] for y, r in found.items()} == {y: pytest.approx(n) for y, n in expected.items()}


def test_largest_runs(observatory):
    rows = [r for n in ("notable", "large_scale", "frontier") for r in read(f"epoch_{n}_ai_models.csv")]
    for entity, name in (("USA", US), ("CHN", CHINA)):
        found = values(observatory, "largest_training_run", entity, period="2020:2025", counting="full")
        for year, row in found.items():
            runs = [
                float(r["Training compute (FLOP)"])
                for r in rows
                if r["Publication date"].startswith(str(year))
                and name in r["Country (of organization)"]
                and r["Training compute (FLOP)"]
            ]
            assert row["value"] == pytest.approx(max(runs))


@pytest.mark.parametrize(("on", "lag", "low", "high"), [("2024-02-21", 344, 253, 344), ("2024-10-29", 131, 98, 595)])
def test_the_lag_by_the_index(observatory, on, lag, low, high):
    scored = [
        (date.fromisoformat(r["release_date"]), float(r["eci_score"]), r["country"])
        for r in read("epoch_benchmark_index.csv")
        if r["eci_score"]
    ]
    best = max(s for d, s, c in scored if c == CHINA and d <= date.fromisoformat(on))
    first = min(d for d, s, c in scored if US in c and s >= best)
    assert (date.fromisoformat(on) - first).days == lag
    [found] = [
        r for r in observatory.frontier("CHN", on) if (r["definition"], r["measure"]) == ("epoch_index", "lag_by_level")
    ]
    assert (found["value"], found["low"], found["high"]) == (lag, low, high)


def test_the_gap_in_the_arena_on_two_days_a_month_apart(observatory):
    gaps = {
        r["measured"]: r["value"]
        for r in observatory.table("frontiers").to_pylist()
        if (r["definition"], r["measure"], r["entity"]) == ("arena", "gap", "CHN")
    }
    assert len(gaps) == 15
    # The best American and the best Chinese model of each copy, as a reader sees them.
    assert (gaps["2024-09-30"], gaps["2024-10-31"]) == (1339 - 1257, 1340 - 1285)


@pytest.mark.parametrize(
    ("copy", "chinese", "reached", "lag"),
    [
        # The first American model as good as China's best, and its day as its name or its maker's announcement has it.
        ("2024-09-30_9816991", "Qwen2.5-72b-Instruct", ("GPT-4-Turbo-2024-04-09", "2024-04-09"), 174),
        ("2024-10-31_aabfe8b", "Yi-Lightning", ("GPT-4o-2024-05-13", "2024-05-13"), 171),
    ],
)
def test_the_lag_by_the_arena(observatory, copy, chinese, reached, lag):
    score = {r["model"]: int(r["arena_score"]) for r in read(f"lmarena/{copy}_lmsys.csv")}
    name, day = reached
    assert score[name] >= score[chinese]
    measured = copy[:10]
    assert (date.fromisoformat(measured) - date.fromisoformat(day)).days == lag
    [found] = [
        r
        for r in observatory.table("frontiers").to_pylist()
        if (r["definition"], r["measure"], r["entity"], r["measured"]) == ("arena", "lag_by_level", "CHN", measured)
    ]
    assert found["value"] == lag
    assert f"best: {chinese}" in found["detail"]
    assert f"first as good: {name}" in found["detail"]


def test_names_of_organisations_are_matched(observatory):
    matched = {r["raw_name"] for r in observatory.table("matches").to_pylist() if r["organisation"]}
    named = Counter(o for r in read("epoch_notable_ai_models.csv") for o in r["Organization"].split(",") if o)
    assert sum(n for o, n in named.items() if o in matched) / named.total() > 0.93
    countries = {r["country"] for r in observatory.table("frontier_models").to_pylist() if r["title"] == "GLM-4.5"}
    assert countries == {"CHN"}


def test_what_was_refused_is_listed(observatory):
    reasons = Counter((r["source"], r["reason"].split(",")[0]) for r in observatory.table("rejected").to_pylist())
    assert reasons == {
        ("epoch", "model has no date"): 26,
        ("epoch", "unknown country"): 5,
        ("epoch", "base model is in no list of models: its country is unknown"): 29,
        ("epoch", "chip is not in the list of hardware: its maker is known only if its name tells"): 23,
        ("epoch", "model is dated before its base model: one of the two days is wrong"): 7,
        # Meta on 2025-07-17: 3,400 people without a kind of staff.
        ("epoch", "report has no company"): 1,
        ("lmarena", "duplicate of a model in the same file"): 1,
    }


def test_plain_sums_of_clusters_are_above_ours(observatory):
    existing = [r for r in read("epoch_hub_2025-12/gpu_clusters.csv") if r["Status"] == "Existing"]
    plain = sum(float(r["H100 equivalents"] or 0) for r in existing if r["Country"] == US)
    ours = values(observatory, "gpu_clusters", "USA", definition="epoch_existing", counting="full")[2025]["value"]
    assert plain == pytest.approx(1_394_626, abs=1)
    assert ours == pytest.approx(1_021_384, abs=1)
