"""The first page: who leads in AI, in what, and how sure is it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from macaw import registry
from macaw.claims.settle import NOT_CHECKABLE, NOT_SETTLED, REPLACED
from macaw.indicators import Indicator, default_specification
from macaw.site.chart import Line, lines
from macaw.site.compare import Comparison, compare, rule
from macaw.site.data import Data, Entity, Point, venue_lists
from macaw.site.language import Language
from macaw.site.page import Page, Part, entity_path, slug
from macaw.site.pages import claims
from macaw.site.settings import settings

USA, CHINA = "USA", "CHN"
_UNSETTLED = (NOT_SETTLED, NOT_CHECKABLE, REPLACED)
# The chart begins this many years before the last.
_SPAN = 15


@dataclass(frozen=True)
class Answered:
    """What answers a question: an indicator, what stands for the two countries there, and their comparison."""

    indicator: Indicator
    a: Entity
    b: Entity
    found: Comparison


def pages(data: Data, lang: Language) -> Iterator[Page]:
    """The overview of one language."""
    a, b = data.entities.get(USA), data.entities.get(CHINA)
    choice = _choice(data)
    answers = [(q, answered(q, data, a, b)) for q in settings()["question"]]
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
            "questions": [_question(q, data, lang, found) for q, found in answers],
            "verdicts": _verdicts(data, lang),
            "state": _state(data, lang, choice, answers),
        },
    )


def _choice(data: Data) -> list[Entity]:
    """Countries and groups of countries a reader may compare: those with most papers."""
    countries = data.of_kind("country")[: settings()["home"]["choice"]]
    return [*countries, *(e for e in data.of_kind("group") if e.of == "country")]


def _state(
    data: Data, lang: Language, choice: list[Entity], answers: list[tuple[dict[str, Any], Answered | None]]
) -> dict[str, Any]:
    meanings = registry.tables()["registry_territories"].to_pylist()
    return {
        "choice": {e.id: [lang.name(e), f"series/{e.kind}/{slug(e.id)}", entity_path(e)] for e in choice},
        "territories": {r["territory"]: r["group_id"] for r in meanings if r["counted_as"] == CHINA},
        "counted_with": settings()["home"]["counted_with"],
        "questions": [
            {
                "key": q["key"],
                "better": q["better"],
                "indicator": of.id,
                "unit": of.unit,
                "words": lang.unit(of.unit, of.unit_zh),
                "since": of.since,
                "title": lang.pick(of.title, of.title_zh),
                "reference": data.reference_year(of.id),
                "specification": "|".join(("fractional", default_specification(of).place, "as_is", *_usual(of))),
            }
            for q, found in answers
            if (of := found.indicator if found else _indicator(q, data))
        ],
        "answers": lang.section("home"),
        "one": lang.section("one"),
        "rule": rule(),
    }


def _usual(of: Indicator) -> tuple[str, str, str, str]:
    return of.definitions[0], of.venues, "mainland", "ai"


def _indicator(question: dict[str, Any], data: Data) -> Indicator | None:
    return next((data.indicators[i] for i in question["indicators"] if i in data.indicators), None)


def answered(question: dict[str, Any], data: Data, a: Entity | None, b: Entity | None) -> Answered | None:
    """The first indicator that has values of both, or of the group with which its source counts a country."""
    if a is None or b is None:
        return None
    for of in (data.indicators[i] for i in question["indicators"] if i in data.indicators):
        for pair in ((a, b), (_counted_with(a, data), _counted_with(b, data))):
            found = compare(data, of.id, *pair)
            if found:
                return Answered(of, *pair, found)
    return None


def _counted_with(entity: Entity, data: Data) -> Entity:
    return data.entities.get(settings()["home"]["counted_with"].get(entity.id, ""), entity)


def _verdicts(data: Data, lang: Language) -> list[dict[str, Any]]:
    """Claims that evidence settles one way or another, where the build has any."""
    settled = [d for d in claims.ledger(data) if d["verdict"] not in _UNSETTLED]
    return [claims.brief(d, lang) for d in settled[: settings()["home"]["verdicts"]]]


def _question(question: dict[str, Any], data: Data, lang: Language, answered: Answered | None) -> dict[str, Any]:
    """What a card shows: its words, chart and how far the answer holds."""
    shown: dict[str, Any] = {"key": question["key"], "title": lang.t("question." + question["key"])}
    if answered is None:
        known = _indicator(question, data)
        return shown | {"answer": lang.t("home.no_pair" if known else "home.unbuilt"), "built": False}
    of, a, b, found = answered.indicator, answered.a, answered.b, answered.found
    return shown | {
        "built": True,
        "indicator": of,
        "a": a,
        "b": b,
        "venues": lang.name(venue_lists()[of.venues]) if of.venues in venue_lists() else "",
        "answer": answer(found, question["better"], lang, a, b, of),
        "chart": _chart(data, lang, of, a, b),
        "held": found,
        "held_text": held(found, lang, a, b),
    }


def answer(found: Comparison, better: str, lang: Language, a: Entity, b: Entity, of: Indicator) -> str:
    """The comparison in a sentence, which leads with what is not settled or depends on the definition."""
    first, second = (a, found.a), (b, found.b)
    if found.verdict == "ahead" and (found.outcome == -1) != (better == "less"):
        first, second = second, first
    key = "less" if found.verdict == "ahead" and better == "less" else found.verdict
    said = lang.t(
        f"home.{key}",
        a=lang.name(first[0]),
        b=lang.name(second[0]),
        va=_value(lang, of, first[1]),
        vb=_value(lang, of, second[1]),
        year=f"{of.since}–{found.period}" if of.since else found.period,
    )
    if found.outcome is not None:
        return said
    return lang.t("home.because", said=said, why=lang.t("home.low" if found.low_reliability else "home.overlap"))


def _value(lang: Language, of: Indicator, point: Point) -> str:
    """A value with its unit, and with its interval where it has one."""
    value = lang.measured(point.value, of.unit, of.unit_zh)
    if point.low is None or point.high is None:
        return value
    low, high = lang.number(point.low, of.unit), lang.number(point.high, of.unit)
    return lang.t("home.with_interval", value=value, low=low, high=high)


def held(found: Comparison, lang: Language, a: Entity, b: Entity) -> str:
    """Under how many definitions it holds, and how many are open."""
    if not found.settled:
        return lang.t("home.none_sure", open=found.open)
    if found.verdict in ("depends", "open"):
        counts = {"higher": found.higher, "lower": found.lower, "n": found.settled, "open": found.open}
        return lang.t("home.sides", a=lang.name(a), b=lang.name(b), **counts)
    if found.settled == 1:
        return lang.t("home.one_definition", open=found.open)
    share = lang.number(found.agreeing / found.settled, "fraction")
    return lang.t("home.held", share=share, n=found.settled, open=found.open)


def _chart(data: Data, lang: Language, of: Indicator, a: Entity, b: Entity) -> Markup:
    series = data.series(of.id)
    last = max(p.period for e in (a, b) for p in series.get(e.id, ()) if p.value is not None)
    shown = [Line(lang.name(e), _since(series.get(e.id, []), last - _SPAN), n) for n, e in ((1, a), (2, b))]
    title = f"{lang.pick(of.title, of.title_zh)}: {lang.name(a)}, {lang.name(b)}"
    return lines(shown, lang, of.unit, title, width=360, height=190)


def _since(points: list[Point], first: int) -> list[Point]:
    return [p for p in points if p.period >= first]


PART = Part("overview", pages)
