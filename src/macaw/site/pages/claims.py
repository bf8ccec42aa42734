"""The ledger: the list of claims, a page for each with its rule and evidence, a card to embed, a feed of verdicts."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from macaw import registry
from macaw.claims import answers, claimreview, text
from macaw.claims.record import Claim, Test, load_records
from macaw.site.chart import Line, lines
from macaw.site.data import Data
from macaw.site.language import LANGUAGES, Language
from macaw.site.page import File, Page, Part, environment

# Rows of evidence that stand in a page; the data of the claim holds all.
MOST_ROWS = 60
_SWITCHES = ("definition", "counting", "venues", "place", "ownership", "territory", "topic")
_FEED = uuid.UUID("6f5d0ad2-5c0f-5a0e-9f8a-0d6f7e1f6a11")


@lru_cache(maxsize=1)
def ledger(data: Data) -> tuple[dict[str, Any], ...]:
    """Every claim with its verdict, as documents; none where the build or release has no verdicts."""
    return tuple(answers.documents(data.observatory)) if data.has("verdicts") else ()


@lru_cache(maxsize=1)
def _records() -> dict[str, Claim]:
    return {claim.id: claim for claim in load_records()}


def pages(data: Data, lang: Language) -> Iterator[Page]:
    """The list and a page for each claim; nothing without verdicts."""
    found = ledger(data)
    if not found:
        return
    articles = {d["article"]["url"]: d["article"] for d in found}
    told = lang.t("claims.one_article") if len(articles) == 1 else lang.t("claims.some_articles", n=len(articles))
    yield Page(
        path="claims.html",
        template="claims.html",
        title=lang.t("claims.title"),
        summary=lang.t("claims.summary"),
        nav="claims",
        context={
            "claims": [brief(d, lang) for d in found],
            "articles": articles,
            "told": told,
            "totals": {v: (verdict_name(v, lang), n) for v, n in answers.totals(found).items()},
            "kinds": sorted({d["type"] for d in found}),
        },
    )
    by_id = {d["id"]: d for d in found}
    for d in found:
        yield Page(
            path=f"claim/{d['id']}.html",
            template="claim.html",
            title=pick(d, "statement", lang),
            summary=f"{pick(d, 'verdict_name', lang)}. {pick(d, 'summary', lang)}"[:300],
            nav="claims",
            context=_context(d, by_id, data, lang),
            described=tuple(_reviews(d, lang)),
        )


def pick(document: Mapping[str, Any], field: str, lang: Language) -> str:
    """A field of a document in this language."""
    return str(document[f"{field}_zh"] if lang.code == "zh" else document[field]) or str(document[field])


def verdict_name(verdict: str, lang: Language) -> str:
    """The name of a verdict."""
    return text.say("verdict", verdict, lang.code)


def brief(d: Mapping[str, Any], lang: Language) -> dict[str, Any]:
    """What a list shows of a claim."""
    return {
        "id": d["id"],
        "verdict": d["verdict"],
        "verdict_name": pick(d, "verdict_name", lang),
        "statement": pick(d, "statement", lang),
        "summary": pick(d, "summary", lang),
        "quote": d["quote"],
        "speaker": pick(d, "speaker", lang),
        "kind": d["type"],
        "article": d["article"],
        "words": " ".join(str(d[k]) for k in ("statement", "statement_zh", "quote", "translation", "speaker",
                                              "speaker_zh", "id")).casefold(),
    }  # fmt: skip


def _context(
    d: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]], data: Data, lang: Language
) -> dict[str, Any]:
    record = _records()[d["id"]]
    known = d["specifications"]["yes"] + d["specifications"]["no"]
    related = {
        key: (other, pick(by_id[other], "statement", lang))
        for key, other in (
            ("attributes", d["attributes"]),
            ("replaces", d["replaces"]),
            ("replaced_by", d["replaced_by"]),
        )
        if other in by_id
    }
    return {
        "d": d,
        "verdict_name": pick(d, "verdict_name", lang),
        "brief": brief(d, lang),
        "reason": pick(d, "reason", lang),
        "reason_other": d["reason"] if lang.code == "zh" else d["reason_zh"],
        "holds_under": (d["holds_under_zh"] if lang.code == "zh" else d["holds_under"]) or "",
        "share": lang.number(d["share_holding"], "fraction") if d["share_holding"] is not None else "",
        "known": known,
        "tests": [_test(test, d, data, lang) for test in record.rule.tests],
        "figures": [_figure(f, lang) for f in d["figures"]],
        "normal": _normal(d["normal"], data, lang),
        "rule": {k: pick(d["rule"], k, lang) for k in ("seen", "tolerance", "vintage", "left_open", "pending")},
        "authority": pick(d, "authority", lang),
        "article_title": lang.pick(d["article"]["title_en"], d["article"]["title"]),
        "outlet": lang.pick(d["article"]["outlet_en"], d["article"]["outlet"]),
        "related": related,
        "history": [h | {"name": verdict_name(h["verdict"], lang)} for h in d["history"]],
        "file": record.file,
    }


def _normal(normal: Mapping[str, Any], data: Data, lang: Language) -> str:
    """The statement in normal form: of what, which measure, where and when, and how much."""
    stated = [normal[k] for k in ("low", "value", "high") if normal[k] is not None]
    amount = " – ".join(text.plain(x) for x in stated)
    unit = pick(normal, "unit", lang) if stated else ""
    parts = [pick(normal, k, lang) for k in ("subject", "measure", "definition")]
    place = data.entities.get(normal["place"])
    relation = lang.t("relation." + normal["relation"])
    parts += [lang.name(place) if place else normal["place"], _period(normal["period"], lang)]
    parts.append(f"{relation} {amount} {unit}".strip())
    return " · ".join(part for part in parts if part)


def _period(stated: str, lang: Language) -> str:
    """A year, day or span of a claim in words of the language; empty where it speaks of no time."""
    if stated == "none":
        return ""
    if re.fullmatch(r"\d{4}(-\d\d-\d\d)?", stated):
        return text.period(stated, lang.code)
    if decade := re.fullmatch(r"(\d{4})s", stated):
        return lang.t("claims.decade", year=decade[1])
    if month := re.fullmatch(r"(\d{4})-(\d\d)", stated):
        return lang.t("claims.month", year=month[1], month=month[2])
    return lang.t("claims.span", years=stated.replace(":", "–"))


# -- evidence --------------------------------------------------------------------------------------------


def _test(test: Test, d: Mapping[str, Any], data: Data, lang: Language) -> dict[str, Any]:
    """What a test measured: its words, its rows, and a chart where it follows series of years."""
    rows = [v for v in d["values"] if v["test"] == test.id]
    varied = [s for s in _SWITCHES if len({r[s] for r in rows}) > 1]
    of = data.indicators.get(test.indicator)
    return {
        "id": test.id,
        "says": lang.pick(test.says, test.says_zh),
        "needs": text.needs(test, lang.code) if test.role != "context" else "",
        "role": test.role,
        "indicator": of,
        "entities": [data.entities[e] for e in (test.entity, test.against) if e in data.entities],
        "rows": [_row(test, row, varied, lang) for row in rows[:MOST_ROWS]],
        "count": len(rows),
        "chart": _chart(test, data, lang),
    }


def _row(test: Test, row: Mapping[str, Any], varied: list[str], lang: Language) -> dict[str, str]:
    ends = [text.measured(test, row[e], lang.code) for e in ("low", "high") if row[e] is not None]
    why = text.say("why", row["why_open"], lang.code) if row["why_open"] else ""
    return {
        "period": text.period(row["data_period"], lang.code) if row["data_period"] else lang.t("status.none"),
        "view": lang.t(f"view.{row['view']}"),
        "specification": lang.t("site.between").join(text.choice(row[s], lang.code) for s in varied),
        "value": text.measured(test, row["value"], lang.code) if row["value"] is not None else lang.t("status.none"),
        "interval": " – ".join(ends),
        "status": row["status"] or "",
        "status_name": lang.t(f"status.{row['status']}") if row["status"] else "",
        "holds": lang.t(f"holds.{row['holds']}"),
        "why": why,
    }


def _chart(test: Test, data: Data, lang: Language) -> Markup:
    """The series of whom the test is about, under the usual definition; empty where there is no series."""
    series = data.series(test.indicator)
    shown = [
        Line(lang.name(data.entities[e]), series[e], n)
        for n, e in enumerate(filter(None, (test.entity, test.against)), 1)
        if e in series and e in data.entities and sum(p.value is not None for p in series[e]) > 1
    ]
    if not shown:
        return Markup("")
    of = data.indicators[test.indicator]
    return lines(shown, lang, of.unit, f"{lang.pick(of.title, of.title_zh)}: {', '.join(s.name for s in shown)}")


@lru_cache(maxsize=1)
def _figures() -> dict[str, dict[str, Any]]:
    return {row["figure"]: row for row in registry.tables()["registry_figures"].to_pylist()}


def _figure(figure: Mapping[str, Any], lang: Language) -> dict[str, Any]:
    kept = _figures()[figure["figure"]]
    return {
        "title": pick(kept, "title", lang),
        "period": figure["period"],
        "value": text.amount(figure["value"], figure["unit"], lang.code, kept["unit_zh"] or ""),
        "source": kept["source_title"],
        "url": kept["url"],
        "grade": text.say("grade", kept["grade"], lang.code),
    }


# -- for machines ----------------------------------------------------------------------------------------


def _reviews(d: Mapping[str, Any], lang: Language) -> Iterator[dict[str, Any]]:
    """The ClaimReview of a claim that can be rated; its address is that of the page itself."""
    if claimreview.rating(d["verdict"]) is None:
        return
    made = claimreview.review(d, f"{d['id']}.html", "../index.html", lang.code)
    yield made


def files(data: Data) -> Iterator[File]:
    """In each language a card for each claim, and the feed."""
    found = ledger(data)
    if not found:
        return
    for lang in LANGUAGES:
        card = environment().get_template("claim_card.html")
        for d in found:
            made = card.render(d=d, brief=brief(d, lang), lang=lang, t=lang.t, release=data.release)
            yield File(f"{lang.code}/claim/card/{d['id']}.html", made.encode())
        feed = environment().get_template("feed.xml")
        entries = [_entry(d, lang) for d in found]
        made = feed.render(entries=entries, lang=lang, t=lang.t, updated=max(e["updated"] for e in entries))
        yield File(f"{lang.code}/feed.xml", made.encode())


def _entry(d: Mapping[str, Any], lang: Language) -> dict[str, str]:
    """An entry of the feed: a new one whenever verdict or rule changes."""
    return {
        "id": uuid.uuid5(_FEED, f"{d['id']}\n{d['verdict']}\n{d['rule_hash']}").urn,
        "title": f"{pick(d, 'verdict_name', lang)}: {pick(d, 'statement', lang)}",
        "summary": pick(d, "summary", lang),
        "link": f"claim/{d['id']}.html",
        "updated": f"{d['rule']['registered']}T00:00:00Z",
    }


PART = Part("claims", pages, files)
