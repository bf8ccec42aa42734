"""The first page: who leads in AI, in what, and how sure is it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from macaw.site.chart import Line, lines
from macaw.site.compare import Comparison, compare
from macaw.site.data import Data, Entity, Point
from macaw.site.language import Language
from macaw.site.page import Page, Part
from macaw.site.settings import settings

USA, CHINA = "USA", "CHN"
# The chart begins this many years before the last.
_SPAN = 15


def pages(data: Data, lang: Language) -> Iterator[Page]:
    """The overview of one language."""
    a, b = data.entities.get(USA), data.entities.get(CHINA)
    yield Page(
        path="index.html",
        template="home.html",
        title=lang.t("home.title"),
        summary=lang.t("home.summary"),
        nav="home",
        context={"a": a, "b": b, "questions": [_question(q, data, lang, a, b) for q in settings()["question"]]},
    )


def _question(
    question: dict[str, Any], data: Data, lang: Language, a: Entity | None, b: Entity | None
) -> dict[str, Any]:
    """What a card shows: its words, chart and how far the answer holds."""
    shown: dict[str, Any] = {"key": question["key"], "title": lang.t("question." + question["key"])}
    indicator = next((i for i in question["indicators"] if i in data.indicators), None)
    found = compare(data, indicator, a, b) if indicator and a and b else None
    if indicator is None or a is None or b is None:
        return shown | {"answer": lang.t("home.unbuilt"), "built": False}
    of = data.indicators[indicator]
    if found is None:
        return shown | {"answer": lang.t("home.no_pair"), "built": False}
    return shown | {
        "built": True,
        "indicator": of,
        "answer": answer(found, question["better"], lang, a, b, of.unit),
        "chart": _chart(data, lang, indicator, a, b),
        "held": found,
        "share": lang.number(found.agreeing / found.definitions, "fraction") if found.definitions > 1 else "",
    }


def answer(found: Comparison, better: str, lang: Language, a: Entity, b: Entity, unit: str) -> str:
    """The comparison in a sentence."""
    first, second = (a, found.a), (b, found.b)
    if found.difference == 0:
        value = lang.number(found.a.value, unit)
        return lang.t("home.level", a=lang.name(a), b=lang.name(b), va=value, year=found.period)
    if (found.difference < 0) != (better == "less"):
        first, second = second, first
    said = lang.t(
        "home.less" if better == "less" else "home.ahead",
        a=lang.name(first[0]),
        b=lang.name(second[0]),
        va=lang.number(first[1].value, unit),
        vb=lang.number(second[1].value, unit),
        year=found.period,
    )
    return said + (" " + lang.t("home.overlap") if found.overlaps else "")


def _chart(data: Data, lang: Language, indicator: str, a: Entity, b: Entity) -> Markup:
    of = data.indicators[indicator]
    series = data.series(indicator)
    last = max(p.period for e in (a, b) for p in series.get(e.id, ()) if p.value is not None)
    shown = [Line(lang.name(e), _since(series.get(e.id, []), last - _SPAN), n) for n, e in ((1, a), (2, b))]
    title = f"{lang.pick(of.title, of.title_zh)}: {lang.name(a)}, {lang.name(b)}"
    return lines(shown, lang, of.unit, title, width=360, height=190)


def _since(points: list[Point], first: int) -> list[Point]:
    return [p for p in points if p.period >= first]


PART = Part("overview", pages)
