"""Open estimates: amounts with their width, every factor with its reason, and ends that a reader can move."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from markupsafe import Markup

from macaw.estimates import Answer, available, estimate
from macaw.estimates.answer import MONEY
from macaw.estimates.report import label
from macaw.estimates.sensitivity import Share, Swing
from macaw.site.chart import Bar, bars
from macaw.site.data import Data
from macaw.site.language import Language
from macaw.site.page import Page, Part

# The total whose variance is shown.
_TOTAL = "rd"
_FACTORS = 6


@cache
def answers() -> tuple[Answer, ...]:
    """Every shipped estimate."""
    return tuple(estimate(name, country, year) for name, country, year in available())


def path(answer: Answer) -> str:
    """Where the page of an estimate stands."""
    model = answer.model
    return f"estimate/{model.name}-{model.country}-{model.year}.html"


def pages(data: Data, lang: Language) -> Iterator[Page]:
    """The list of estimates, and a page for each."""
    found = [(answer, path(answer), _parts(answer, lang)) for answer in answers()]
    yield Page(
        path="estimates.html",
        template="estimates.html",
        title=lang.t("estimate.title"),
        summary=lang.t("estimate.summary"),
        nav="estimates",
        context={
            "found": [
                (lang.pick(a.model.title, a.model.title_zh), where, label(a, _TOTAL, lang.code == "zh"), parts)
                for a, where, parts in found
            ],
            "money": MONEY,
        },
    )
    for answer, where, parts in found:
        model = answer.model
        yield Page(
            path=where,
            template="estimate.html",
            title=lang.pick(model.title, model.title_zh),
            summary=lang.pick(model.note, model.note_zh),
            nav="estimates",
            context={
                "model": model,
                "label": label(answer, _TOTAL, lang.code == "zh"),
                "parts": parts,
                "money": MONEY,
                "svg": _chart(answer, lang),
                "variance": _variance(answer, lang),
                "checks": _checks(answer, lang),
                "state": state(answer),
            },
        )


def _titles(answer: Answer, lang: Language) -> dict[str, str]:
    titles = {c.id: lang.pick(c.title, c.title_zh) for c in answer.model.components}
    return titles | {t.id: lang.pick(t.title, t.title_zh) for t in answer.model.totals}


def _parts(answer: Answer, lang: Language) -> list[dict[str, Any]]:
    """A row for each component and total: title, whether it is a total, points in each kind of money."""
    titles = _titles(answer, lang)
    rows: dict[str, dict[str, Any]] = {}
    for a in answer.amounts:
        if a.kind != "scope":
            row = rows.setdefault(a.id, {"id": a.id, "title": titles[a.id], "total": a.kind == "total", "points": {}})
            row["points"][a.money] = " · ".join(f"{v:.2g}" for v in (a.p5, a.median, a.p95))
    return list(rows.values())


def _chart(answer: Answer, lang: Language) -> Markup:
    titles = _titles(answer, lang)
    shown = [answer.amount(c.id, "nominal") for c in answer.model.components if not c.step]
    shown += [answer.amount(t.id, "nominal") for t in answer.model.totals]
    rows = [Bar(titles[a.id], a.median, a.p5, a.p95, colour=2 if a.kind == "total" else 1, status="E") for a in shown]
    title = lang.pick(answer.model.title, answer.model.title_zh)
    return bars(rows, lang, "", title, width=960, name_width=400)


def _variance(answer: Answer, lang: Language) -> list[list[str]]:
    swings = {s.factor: s for s in answer.tornado[_TOTAL]}
    shown = [s for s in answer.shares[_TOTAL] if s.in_all >= 0.005][:_FACTORS]
    return [_variance_row(answer, s, swings, lang) for s in shown]


def _variance_row(answer: Answer, share: Share, swings: dict[str, Swing], lang: Language) -> list[str]:
    moving = [answer.model.factor(f) for f in share.factors if swings[f].low != swings[f].high]
    between = lang.t("site.between")
    return [
        between.join(lang.pick(f.title, f.title_zh) for f in moving),
        lang.t("estimate.yes") if share.judged else lang.t("estimate.no"),
        f"{max(share.alone, 0):.0%}",
        f"{share.in_all:.0%}",
        between.join(f"{swings[f.id].low:.2g} → {swings[f.id].high:.2g}" for f in moving),
    ]


def _checks(answer: Answer, lang: Language) -> list[dict[str, Any]]:
    return [
        {
            "text": lang.pick(h.check.text, h.check.text_zh),
            "url": h.check.url,
            "source": h.check.source_title,
            "median": f"{h.median:.2g}",
            "currency": h.check.currency,
            "within": f"{h.within:.0%}",
        }
        for h in answer.checks
    ]


def state(answer: Answer) -> dict[str, Any]:
    """What the page's script draws anew: distributions, what moves together, and how components are made."""
    model = answer.model
    return {
        "factors": {f.id: [f.distribution.kind, f.distribution.low, f.distribution.high] for f in model.factors},
        "groups": [list(g) for g in model.groups()],
        "together": {t.factors[0]: t.correlation for t in model.together},
        "components": [
            {"id": c.id, "scope": c.scope, "step": c.step, "times": c.times, "rest": c.times_rest, "by": c.divided_by,
             "of": c.of}
            for c in model.components
        ],
        "totals": {t.id: t.scopes for t in model.totals},
        "money": {
            "own": 1,
            "nominal": 1 / model.money.per_dollar,
            "real": 1 / model.money.per_dollar / model.money.deflator,
            "ppp": 1 / model.money.per_international_dollar,
        },
    }  # fmt: skip


PART = Part("estimates", pages)
