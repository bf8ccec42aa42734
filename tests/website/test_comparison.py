"""When a comparison holds: the rule in words, and the script's rule against the page's over random series."""

from __future__ import annotations

import random
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

import pytest

from macaw.indicators import indicators
from macaw.site.compare import Comparison, compare, outcome, rule
from macaw.site.data import Point
from macaw.site.language import LANGUAGES
from macaw.site.pages.home import answer, held

LISTS = ("ai", "top_ml", "NeurIPS", "panel_2020_2024")
A, B = SimpleNamespace(id="AAA", name="Aland", name_zh="甲"), SimpleNamespace(id="BBB", name="Bland", name_zh="乙")


def point(value: float, low: float | None = None, high: float | None = None, status: str = "A") -> Point:
    return Point(2024, value, low, high, status, 100, 1.0)


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        (point(3), point(2), 1),
        (point(2), point(3), -1),
        (point(2), point(2), 0),
        (point(3, status="U"), point(2), None),
        (point(3, 1, 5), point(2), None),
        (point(3, 2.5, 5), point(2, 1, 2.4), 1),
        # Level by chance within intervals is not level.
        (point(2, 1, 3), point(2, 1, 3), None),
        (point(3, status="P"), point(2), 1),
    ],
)
def test_what_two_values_say(a: Point, b: Point, said: int | None) -> None:
    assert outcome(a, b) == said


@pytest.mark.parametrize(
    ("a", "b", "counts", "verdict"),
    [
        (point(3), point(2), (8, 2, 0, 5), "ahead"),
        (point(3), point(2), (7, 3, 0, 0), "depends"),
        # The usual definition is in the minority: it is not the answer.
        (point(3), point(2), (1, 9, 0, 0), "depends"),
        (point(2), point(2), (0, 0, 4, 0), "level"),
        (point(3, status="U"), point(2), (6, 0, 0, 9), "open"),
        (point(3, status="U"), point(2), (3, 3, 0, 9), "depends"),
        (point(3, 1, 5), point(2), (0, 0, 0, 4), "open"),
    ],
)
def test_a_verdict_is_never_that_of_a_minority(
    a: Point, b: Point, counts: tuple[int, int, int, int], verdict: str
) -> None:
    found = Comparison("papers", 2024, a, b, *counts)
    assert found.verdict == verdict
    said = answer(found, "more", LANGUAGES[0], A, B, indicators()["papers"])  # type: ignore[arg-type]
    assert said.startswith(
        {"ahead": "Aland leads", "level": "Level", "depends": "Depends on", "open": "Not settled"}[verdict]
    )
    assert "paper" in said
    assert str(found.open) in held(found, LANGUAGES[0], A, B)  # type: ignore[arg-type]


USUAL = ("fractional", "workplace", "as_is", "venue", "ai")


def series(random_: random.Random) -> list[Point]:
    found = []
    for year in range(2018, 2026):
        if random_.random() < 0.25:
            continue
        value = float(random_.randint(0, 4))
        wide = random_.random() < 0.3
        status = random_.choice("AAAPEU")
        found.append(
            Point(
                year, value, value - 1 if wide else None, value + random_.randint(0, 2) if wide else None, status, 9, 1
            )
        )
    return found


def packed(points: list[Point]) -> list[Any]:
    return [
        [p.period for p in points],
        [p.value for p in points],
        "".join(p.status for p in points),
        [p.low for p in points],
        [p.high for p in points],
    ]


def test_the_script_judges_as_the_page_does(chromium: Any) -> None:
    page = chromium.new_page()
    page.set_content("<!doctype html><title>x</title>")
    page.evaluate("window.macaw = { lang: 'en' }")
    for name in ("chart.js", "comparison.js"):
        page.add_script_tag(content=files("macaw.site").joinpath("assets", name).read_text("utf-8"))
    page.evaluate("rule => macaw.judgeBy(rule)", rule())
    random_ = random.Random(6)
    verdicts = set()
    for _ in range(300):
        stored: dict[str, dict[tuple[str, ...], list[Point]]] = {"AAA": {}, "BBB": {}}
        same = random_.random() < 0.4
        for venues in LISTS:
            for counting in ("fractional", "full"):
                for e in stored:
                    known = stored[e].get(("fractional", "workplace", "as_is", "venue", venues))
                    key = (counting, "workplace", "as_is", "venue", venues)
                    stored[e][key] = known if same and known is not None else series(random_)
        data = SimpleNamespace(
            series=lambda _, s=stored: {e: s[e][USUAL] for e in s},
            every_specification=lambda _, s=stored: s,
            reference_year=lambda _: 2023,
        )
        made = compare(data, "papers", A, B)  # type: ignore[arg-type]
        given = [{"|".join((*k, "mainland", "ai")): packed(v) for k, v in stored[e].items()} for e in ("AAA", "BBB")]
        told = page.evaluate(
            """([a, b, key]) => {
              const both = macaw.compared(macaw.points(a[key]), macaw.points(b[key]), 2023);
              if (!both) return null;
              const found = macaw.definitions([["mainland", a, b]], both[0].p);
              const v = macaw.verdict(macaw.outcome(both[0], both[1]), found);
              return [both[0].p, v.higher, v.lower, v.level, v.open, v.verdict];
            }""",
            [*given, "|".join((*USUAL, "mainland", "ai"))],
        )
        assert told == (made and [made.period, made.higher, made.lower, made.level, made.open, made.verdict])
        verdicts.add(made and made.verdict)
    assert verdicts >= {"ahead", "depends", "open"}
    page.close()
