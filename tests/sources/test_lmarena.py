"""Copies of LMArena's leaderboard in their three layouts. Every model here is invented."""

from __future__ import annotations

import httpx
import pytest

from macaw.errors import MacawError, SourceError
from macaw.pipeline import _files
from macaw.sources import download, origins
from macaw.sources.lmarena.fetch import remote_files
from macaw.sources.lmarena.read import read

REST = "95_pct_ci,votes,organization,license,knowledge_cutoff,url"
ROW = "Parrot,1287,+3/-4,42046,Birds,Proprietary,2023/10,https://p.example"
LAYOUTS = {
    "elo": f"rank,model,arena_elo,{REST}\n1,{ROW}\n",
    "score": f"rank,model,arena_score,{REST}\n1,{ROW}\n",
    "style": f"rank,rank_stylectrl,model,arena_score,{REST}\n1,2,{ROW}\n",
}
NAME = "lmarena/2024-06-19_3792cf0_lmsys.csv"


@pytest.fixture
def reading(write, tmp_path):
    return lambda text, name=NAME: read([write(name, text)], tmp_path)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_row(reading, rows, layout):
    made = reading(LAYOUTS[layout])
    assert rows(made, "source_arena_scores") == [
        {
            "measured": "2024-06-19",
            "source": "lmarena",
            "file": NAME,
            "position": 0,
            "title": "Parrot",
            "score": 1287,
            "low": 1283,
            "high": 1290,
            "raw_name": "Birds",
            "licence": "Proprietary",
            "link": "https://p.example",
        }
    ]
    assert made.refused == []


@pytest.mark.parametrize("name", [NAME, "models/lmarena/2025-08-06_lmarena_text.csv"])
def test_copies_are_found_in_the_data_folder(write, tmp_path, name):
    path = write(name, "x")
    assert _files(tmp_path, origins()["lmarena"].patterns) == [path]


@pytest.mark.parametrize(
    ("line", "reason", "value", "action"),
    [
        ("2,Parrot,1,+1/-1,1,Birds,MIT,,", "duplicate of a model in the same file", "Parrot", "rejected"),
        ("2,,1200,+1/-1,1,Birds,MIT,,u", "model has no name", "u", "rejected"),
        ("2,Owl,high,+1/-1,1,Birds,MIT,,", "arena_elo is not a number", "high", "rejected"),
        ("2,Owl,1200", "has 3 cells, the header 9", "2", "rejected"),
        ("2,Owl,1200,±5,1,Birds,MIT,,", "95_pct_ci is not an interval", "±5", "noted"),
    ],
)
def test_an_odd_record_is_listed(reading, rows, line, reason, value, action):
    made = reading(LAYOUTS["elo"] + line + "\n")
    assert [(r.position, r.reason, r.value, r.action) for r in made.refused] == [(1, reason, value, action)]
    scores = rows(made, "source_arena_scores")
    assert len(scores) == (2 if action == "noted" else 1)
    assert scores[-1]["low"] == (None if action == "noted" else 1283)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("lmarena/leaderboard.csv", LAYOUTS["elo"], "does not begin with a date"),
        ("lmarena/2024-13-01_lmsys.csv", LAYOUTS["elo"], "does not begin with a date"),
        (NAME, LAYOUTS["elo"].replace("arena_elo", "points"), "has no column 'arena_score'"),
        (NAME, LAYOUTS["elo"].replace("organization", "org"), "has no column 'organization'"),
    ],
)
def test_a_file_that_is_no_copy_is_named(reading, name, text, words):
    with pytest.raises(SourceError, match=words):
        reading(text, name)


def test_two_copies_of_a_day_are_an_error(write, tmp_path):
    files = [write(f"lmarena/2024-06-19_{n}.csv", LAYOUTS["elo"]) for n in "ab"]
    with pytest.raises(SourceError, match="is a copy of the same day"):
        read(files, tmp_path)


def tags(*pages: object) -> httpx.Client:
    """A client that answers with pages of tags."""
    waiting = iter(pages)
    return httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200, json=next(waiting))))


@pytest.fixture(autouse=True)
def no_lookup(monkeypatch):
    monkeypatch.setattr(download, "_addresses", lambda host: [])


def test_the_last_copy_of_each_month_is_fetched_under_either_name(tmp_path):
    named = ["2024.06.18", "2024.06.30", "2024.07.01", "2025.07.31", "2025.08.06", "v1.0.0"]
    files = remote_files(tags([{"name": n} for n in named], []), tmp_path)
    assert [f.path for f in files] == [
        "2024-06-30_lmsys.csv",
        "2024-07-01_lmsys.csv",
        "2025-07-31_lmsys.csv",
        "2025-07-31_lmarena_text.csv",
        "2025-08-06_lmarena_text.csv",
    ]
    assert files[0].url.endswith("/2024.06.30/csv/lmsys.csv")


def test_an_answer_of_another_form_is_told(tmp_path):
    with pytest.raises(MacawError, match="is no list of tags"):
        remote_files(tags({"message": "rate limited"}), tmp_path)
