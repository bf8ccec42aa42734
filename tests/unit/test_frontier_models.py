"""Which day of release a model of another source gets, and what the frontiers are measured on."""

from __future__ import annotations

import pytest

from macaw.indicators.frontier_models import (
    Releases,
    date_in_name,
    frontier_models_table,
    frontiers_table,
    release,
)
from support.steps import Steps

RELEASES = Releases(
    index=[
        ("parrot-2-0101", "Parrot 2", "Parrot 2 (Jan)", "2024-01-01"),
        ("parrot-2-0505", "Parrot 2", "Parrot 2 (May)", "2024-05-05"),
        ("Owl-7B-Instruct", "Owl-7B", None, "2023-03-03"),
    ],
    lists=[("Cat", "2022-02-02"), ("Parrot 2", "2023-12-20")],
)


@pytest.mark.parametrize(
    ("name", "day", "said_by"),
    [
        ("Parrot-2-0505", "2024-05-05", "version"),
        ("Parrot 2 (May)", "2024-05-05", "version"),
        ("Parrot-2", "2023-12-20", "model"),
        ("parrot-2-0606", "2024-06-06", "name"),
        ("Parrot-2-API (2024-07-07)", "2024-07-07", "name"),
        ("owl-7b", "2023-03-03", "model"),
        ("Owl-7B-chat-bf16", "2023-03-03", "model, loosely"),
        ("CAT", "2022-02-02", "model"),
        ("Dog", None, "nothing"),
    ],
)
def test_the_surest_of_several_ways_wins(name, day, said_by):
    found = RELEASES.of(name, "2024-08-31")
    assert (found.day, found.said_by) == (day, said_by)


def test_a_day_after_the_model_was_seen_is_another_models():
    assert RELEASES.of("Parrot-2-0505", "2024-03-31").day == "2023-05-05"
    assert RELEASES.of("Parrot 2 (May)", "2024-03-31").said_by == "nothing"


@pytest.mark.parametrize(
    ("name", "seen", "day"),
    [
        ("Gemini-Exp-1121", "2024-11-30", "2024-11-21"),
        ("Deepseek-v2.5-1210", "2025-01-31", "2024-12-10"),
        ("Grok-3-Preview-02-24", "2025-03-28", "2025-02-24"),
        ("Qwen3-30B-A3B-Instruct-2507", "2025-08-06", "2025-07"),
        ("Command A (03-2025)", "2025-03-28", "2025-03"),
        ("claude-3-5-sonnet-20241022", None, "2024-10-22"),
        ("GPT-3.5-Turbo-0314", None, None),
        ("Llama-3.1-405b", "2024-08-31", None),
        ("Model-20241399", None, None),
        ("Llama-3-8192", "2024-08-31", None),
    ],
)
def test_days_within_names(name, seen, day):
    assert date_in_name(name, seen) == day


@pytest.mark.parametrize(
    ("text", "other", "days"),
    [
        ("2024-05-13", None, ("2024-05-13", "2024-05-13")),
        ("2024-02", None, ("2024-02-01", "2024-02-29")),
        ("2024-12-15", None, ("2024-12-01", "2024-12-31")),
        ("2024-12-17", "2024-12-05", ("2024-12-05", "2024-12-17")),
        ("2024-08-06", "2024-05-13", ("2024-08-06", "2024-08-06")),
    ],
    ids=["a day", "a month", "the 15th", "another day within a month", "another version"],
)
def test_the_days_a_release_may_mean(text, other, days):
    found = release(text, "index", other)
    assert (found.earliest, found.latest) == days


def given(tables):
    """The two tables, made from source tables."""
    steps = Steps(tables)
    con = steps.engine.con
    names = ("source_index_scores", "source_arena_scores", "models", "record_parts", "matches", "organisations")
    for name in names:
        con.register(name, steps.table(name))
    con.register("frontier_models", made := frontier_models_table(con))
    return made.to_pylist(), frontiers_table(con).to_pylist()


def test_from_sources_to_frontiers():
    index = [("a", "USA", "2024-01-10", 100.0), ("b", "USA", "2024-03-10", 120.0), ("c", "CHN", "2024-04-02", 110.0)]
    arena = [("Parrot", "Birds", 1250.0), ("Panda", "Bears", 1200.0), ("Ghost", "Nobody", 1300.0)]
    models, frontiers = given(
        {
            "source_index_scores": [
                {"record": r, "title": r, "model_name": r, "released": d, "score": s} for r, _, d, s in index
            ],
            "record_parts": [{"record": r, "part_kind": "country", "name": c, "country": c} for r, c, _, _ in index],
            "source_arena_scores": [
                {"measured": "2024-05-31", "title": t, "raw_name": o, "score": s, "low": s - 2, "high": s + 2}
                for t, o, s in arena
            ],
            "matches": [{"raw_name": n, "organisation": n, "country": "USA"} for n in ("Birds", "Bears")],
            "organisations": [
                {"organisation": "Birds", "country": "USA"},
                {"organisation": "Bears", "country": "CHN"},
            ],
        }
    )
    ghost = next(m for m in models if m["title"] == "Ghost")
    assert (ghost["country"], ghost["released"], ghost["said_by"]) == (None, None, "nothing")
    value = {(f["definition"], f["measure"], f["measured"]): f["value"] for f in frontiers}
    assert value["epoch_index", "gap", "2024-04-02"] == 10
    assert value["epoch_index", "lag_by_level", "2024-04-02"] == 23
    assert value["arena", "gap", "2024-05-31"] == 50
    # The arena's models have no day here, so that no pace and no lag is known.
    assert {m for d, m, _ in value if d == "arena"} == {"gap"}
    assert {f["entity"] for f in frontiers} == {"CHN"}
    [told] = {f["detail"] for f in frontiers if (f["definition"], f["measured"]) == ("epoch_index", "2024-04-02")}
    assert told == (
        "best: c (110 points, 2024-04-02); of USA: b (120 points, 2024-03-10);"
        " of USA first as good: b (120 points, 2024-03-10)"
    )


def test_without_sources_there_is_nothing():
    assert given({}) == ([], [])
