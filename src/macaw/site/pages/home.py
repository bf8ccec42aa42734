"""The first page: who leads in AI, in what, and how sure is it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from macaw import registry
from macaw.claims.settle import NOT_CHECKABLE, NOT_SETTLED, REPLACED
from macaw.indicators import Indicator, default_specification
from macaw.site.chart import Line, lines
from macaw.site.compare import Comparison, compare
from macaw.site.data import Data, Entity, Point
from macaw.site.language import Language
from macaw.site.page import Page, Part, entity_path, slug
from macaw.site.pages import claims
from macaw.site.settings import settings

USA, CHINA = "USA", "CHN"
_UNSETTLED = (NOT_SETTLED, NOT_CHECKABLE, REPLACED)
# The chart begins this many years before the last.
_SPAN = 15


def pages(data: Data, lang: Language) -> Iterator[Page]:
    """The overview of one language."""
    a, b = data.entities.get(USA), data.entities.get(CHINA)
    choice = _choice(data)
    yield Page(
        path="index.html",
        template="home.html",
        title=lang.t("home.title"),
        summary=lang.t("home.summary"),
        nav="home",
        context={
            "a": a,
            "b": b,
            "choice": choice,
            "questions": [_question(q, data, lang, a, b) for q in settings()["question"]],
            "verdicts": _verdicts(data, lang),
            "state": _state(data, lang, choice),
        },
    )


def _choice(data: Data) -> list[Entity]:
    """Countries and groups of countries a reader may compare: those with most papers."""
    countries = data.of_kind("country")[: settings()["home"]["choice"]]
    return [*countries, *(e for e in data.of_kind("group") if e.of == "country")]


def _state(data: Data, lang: Language, choice: list[Entity]) -> dict[str, Any]:
    territories = registry.tables()["registry_territories"].to_pylist()
    return {
        "choice": {e.id: [lang.name(e), f"series/{e.kind}/{slug(e.id)}", entity_path(e)] for e in choice},
        "territories": {r["territory"]: r["group_id"] for r in territories if r["counted_as"] == CHINA},
        "questions": [
            {
                "key": q["key"],
                "better": q["better"],
                "indicator": of.id,
                "unit": of.unit,
                "title": lang.pick(of.title, of.title_zh),
                "reference": data.reference_year(of.id),
                "specification": "|".join(
                    (
                        "fractional",
                        default_specification(of).place,
                        "as_is",
                        of.definitions[0],
                        q.get("venues", of.venues),
                        "mainland",
                        "ai",
                    )
                ),
            }
            for q in settings()["question"]
            if (of := _indicator(q, data))
        ],
        "answers": lang.section("home"),
    }


def _indicator(question: dict[str, Any], data: Data) -> Indicator | None:
    return next((data.indicators[i] for i in question["indicators"] if i in data.indicators), None)


def _verdicts(data: Data, lang: Language) -> list[dict[str, Any]]:
    """Claims that evidence settles one way or another, where the build has any."""
    settled = [d for d in claims.ledger(data) if d["verdict"] not in _UNSETTLED]
    return [claims.brief(d, lang) for d in settled[: settings()["home"]["verdicts"]]]


def _question(
    question: dict[str, Any], data: Data, lang: Language, a: Entity | None, b: Entity | None
) -> dict[str, Any]:
    """What a card shows: its words, chart and how far the answer holds."""
    shown: dict[str, Any] = {"key": question["key"], "title": lang.t("question." + question["key"])}
    of = _indicator(question, data)
    if of is None or a is None or b is None:
        return shown | {"answer": lang.t("home.unbuilt"), "built": False}
    venues = question.get("venues")
    found = compare(data, of.id, a, b, venues)
    if found is None:
        return shown | {"answer": lang.t("home.no_pair"), "built": False}
    return shown | {
        "built": True,
        "indicator": of,
        "specification": f"&venues={venues}" if venues else "",
        "answer": answer(found, question["better"], lang, a, b, of.unit),
        "chart": _chart(data, lang, of, a, b, venues),
        "held": found,
        "minority": found.definitions > 1 and 2 * found.agreeing < found.definitions,
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
    said += " " + lang.t("home.overlap") if found.overlaps else ""
    return said + (" " + lang.t("home.low") if found.low_reliability else "")


def _chart(data: Data, lang: Language, of: Indicator, a: Entity, b: Entity, venues: str | None) -> Markup:
    series = data.series(of.id, venues)
    last = max(p.period for e in (a, b) for p in series.get(e.id, ()) if p.value is not None)
    shown = [Line(lang.name(e), _since(series.get(e.id, []), last - _SPAN), n) for n, e in ((1, a), (2, b))]
    title = f"{lang.pick(of.title, of.title_zh)}: {lang.name(a)}, {lang.name(b)}"
    return lines(shown, lang, of.unit, title, width=360, height=190)


def _since(points: list[Point], first: int) -> list[Point]:
    return [p for p in points if p.period >= first]


PART = Part("overview", pages)
