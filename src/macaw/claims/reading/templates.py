"""Tests drafted from a sentence by templates; none judges where number and subject may not belong together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from macaw.claims.reading.checkable import Relation
from macaw.claims.reading.entities import Entity, find_entities, find_languages, find_venues
from macaw.claims.reading.linking import Link, measures, pattern_of
from macaw.claims.reading.quantities import Quantity
from macaw.claims.reading.sentences import Sentence
from macaw.claims.record import LATEST, Test
from macaw.indicators import indicators

_CLAUSE = re.compile(r"[，；;：:。]|,(?!\d)|\s[–—]\s")
_YEARS = ("year", "relative", "quarter", "month", "part", "day", "half", "date")
_GROWS = re.compile(
    r"增长|增加|上升|提高|年增|成长|上涨|增幅|rose|grew|increas|up\b|growth|climb|rise|gain", re.IGNORECASE
)
_FALLS = re.compile(
    r"下降|下滑|减少|下跌|年减|跌幅|降幅|fell|declin|drop|decreas|down\b|fall|shr[aiu]nk", re.IGNORECASE
)
_SHARE = re.compile(r"占|份额|比例|比重|share|percent of|per cent of|% of", re.IGNORECASE)


@dataclass(frozen=True)
class Drafted:
    """A test that a template makes of a clause, and why nothing may be judged by it ("" if it may)."""

    measure: str
    test: Test
    clause: tuple[int, int]
    doubt: str = ""
    doubt_zh: str = ""


_DOUBTS = {
    "proxy": ("the indicator measures something near it, not the same", "该指标所测与此相近而不相同"),
    "negation": ("the clause is negated", "该分句含否定"),
    "several": ("several countries or numbers stand in the clause", "该分句中有多个国家或数字"),
    "predicate": ("the words of the measure do not stand beside the number", "度量词不在该数字旁"),
    "uncheckable": ("the sentence asserts nothing of past or present", "该句未陈述过去或现在的事实"),
    "years": ("several years stand in the sentence", "该句中有多个年份"),
    "subset": ("the clause speaks of a part that the indicator does not tell apart", "该分句所述为指标未区分的一部分"),
}
# Words that narrow a number to a part of what an indicator measures.
_SUBSET = re.compile(
    r"其中|省|自治区|全市|北京市|上海|深圳|广东|浙江|江苏|加州|中小|民营|国有|高校|大学|of which|among (?:them|those)"
    r"|California|Beijing's|Shanghai|Shenzhen|province|city of|universit|women|female|under \d+|aged",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"并非|并不|不是|没有|从未|不再|\bnot\b|n't\b|\bnever\b|\bno longer\b|\bdenied\b|否认|谣", re.IGNORECASE
)


def draft_tests(sentence: Sentence, links: list[Link]) -> list[Drafted]:
    """The tests that templates make of a sentence, at most one per clause and measure."""
    named = [e for e in find_entities(sentence.folded) if e.id != "WLD"]
    found: list[Drafted] = []
    for link in links:
        row = measures()[link.measure]
        of_languages = any(t.get("language") for t in row["templates"])
        entities = find_languages(sentence.folded) if of_languages else named
        for start, end in _clauses(sentence.folded):
            for template in row["templates"]:
                made = _of_template(sentence, link.measure, row, template, entities, (start, end))
                if made:
                    found.append(made)
                    break
    return found


def _clauses(folded: str) -> list[tuple[int, int]]:
    cuts = [0, *(m.end() for m in _CLAUSE.finditer(folded)), len(folded)]
    return [(a, b) for a, b in pairwise(cuts) if b > a]


def _of_template(
    sentence: Sentence,
    measure: str,
    row: dict[str, Any],
    template: dict[str, Any],
    entities: list[Entity],
    at: tuple[int, int],
) -> Drafted | None:
    if "unit" not in template:
        return _comparison(sentence, measure, row, template, entities, at)
    start, end = at
    quantities = [q for q in sentence.quantities if start <= q.start < end and q.unit == template["unit"]]
    if not quantities:
        return None
    quantity = quantities[0]
    clause = sentence.folded[start:end]
    if not _is_meant(template, sentence.folded) or not _is_taken_so(template, clause, quantity):
        return None
    subject, doubt = _subject(template, entities, at)
    if subject is None:
        return None
    period, unclear = _period(sentence, at)
    test = _value_test(template, quantity, subject, period, _choices(template, sentence), clause)
    doubt = doubt or unclear or _doubt(sentence, row, test, "words" not in template, at, len(quantities))
    return Drafted(measure, test, at, *_DOUBTS.get(doubt, ("", "")))


def _is_meant(template: dict[str, Any], folded: str) -> bool:
    """Whether the words that a template asks for stand in the sentence, and none that it forbids."""
    some, never = template.get("words"), template.get("not_words")
    return (some is None or bool(pattern_of(some).search(folded))) and not (never and pattern_of(never).search(folded))


def _is_taken_so(template: dict[str, Any], clause: str, quantity: Quantity) -> bool:
    """Whether the clause states what the template takes: a share or level, or a rise."""
    if template["unit"] != "percent":
        return bool(template["take"] == "value")
    grows = bool(_GROWS.search(clause) or _FALLS.search(clause))
    if template["take"] == "growth":
        return grows and _SHARE.search(clause) is None
    return not grows or bool(_SHARE.search(clause))


def _subject(template: dict[str, Any], entities: list[Entity], at: tuple[int, int]) -> tuple[str | None, str]:
    """The entity a number belongs to and the doubt about it: the clause's, else the sentence's only one."""
    ids = list(dict.fromkeys(e.id for e in entities))
    inside = list(dict.fromkeys(e.id for e in entities if at[0] <= e.start < at[1]))
    fixed = template.get("entity")
    if fixed:
        leader = template.get("leader")
        named = fixed in ids and (leader is None or leader in ids)
        others = set(inside) - {fixed, leader}
        if leader and named:
            order = [e.id for e in entities if e.id in (fixed, leader)]
            return fixed, "" if order[0] == fixed and not others else "several"
        return (fixed, "several" if others else "") if named else (None, "")
    if len(inside) == 1:
        return inside[0], ""
    if not inside and len(ids) == 1:
        return ids[0], ""
    return next(iter(inside or ids), None), "several"


def _doubt(sentence: Sentence, row: dict[str, Any], test: Test, beside: bool, at: tuple[int, int], numbers: int) -> str:
    clause = sentence.folded[at[0] : at[1]]
    if not sentence.checkable:
        return "uncheckable"
    if _NEGATED.search(clause):
        return "negation"
    if numbers > 1:
        return "several"
    if beside and not pattern_of(row["any"]).search(clause):
        return "predicate"
    if _SUBSET.search(clause):
        return "subset"
    return "proxy" if test.role == "proxy" else ""


def _choices(template: dict[str, Any], sentence: Sentence) -> dict[str, tuple[str, ...]]:
    """The switches that a template or the words of a sentence narrow: definitions, and the venues it names."""
    of = indicators()[template["indicator"]]
    prefix = template.get("definitions")
    definitions = tuple(d for d in of.definitions if prefix and d.startswith(prefix))
    venues = find_venues(sentence.folded) if of.base == "cells" else ()
    return {k: v for k, v in (("definition", definitions), ("venues", venues)) if v}


def _role(template: dict[str, Any], over: Mapping[str, tuple[str, ...]]) -> str:
    """What a test can do: papers stand for AI only nearly, but papers at a venue are themselves what is said of it."""
    return "settles" if over.get("venues") else str(template["role"])


def _value_test(
    template: dict[str, Any],
    q: Quantity,
    entity: str,
    period: str,
    over: dict[str, tuple[str, ...]],
    clause: str,
) -> Test:
    scale = float(template["scale"])
    low, high = q.rounded_low, q.rounded_high
    if template["take"] == "growth" and _FALLS.search(clause) and not _GROWS.search(clause):
        low, high = (None if high is None else -high), (None if low is None else -low)
    of = indicators()[template["indicator"]]
    stated = q.low if q.low == q.high and q.low is not None else None
    return Test(
        id=template["indicator"].replace("_", "-"),
        says=f"{of.title} of {entity}",
        says_zh=f"{entity}：{of.title_zh}",
        role=_role(template, over),
        indicator=of.id,
        entity=entity,
        period=period,
        take=template["take"],
        over=over,
        at_least=None if low is None else _tidy(low * scale),
        at_most=None if high is None else _tidy(high * scale),
        stated=None if stated is None else _tidy(stated * scale),
    )


def _comparison(
    sentence: Sentence,
    measure: str,
    row: dict[str, Any],
    template: dict[str, Any],
    entities: list[Entity],
    at: tuple[int, int],
) -> Drafted | None:
    """A test of A exceeds B: A the only subject before the words, B the only one behind them."""
    relations = [r for r in sentence.relations if r.id in ("exceeds", "behind") and at[0] <= r.start < at[1]]
    if not relations or not _is_meant(template, sentence.folded):
        return None
    relation: Relation = relations[0]
    before = list(dict.fromkeys(e.id for e in entities if e.start < relation.start and e.kind != "group"))
    behind = list(dict.fromkeys(e.id for e in entities if relation.end <= e.start < at[1] and e.kind != "group"))
    if re.match("比|较", relation.text):
        return None
    if len(behind) != 1 or not before or before[-1] == behind[0]:
        return None
    doubt = "several" if len(before) > 1 else ""
    if relation.negated:
        doubt = "negation"
    clause = sentence.folded[at[0] : at[1]]
    if not doubt and not pattern_of(row["any"]).search(clause):
        doubt = "predicate"
    if not doubt and _SUBSET.search(clause):
        doubt = "subset"
    period, unclear = _period(sentence, at)
    over = _choices(template, sentence)
    role = _role(template, over)
    doubt = doubt or unclear or ("uncheckable" if not sentence.checkable else "proxy" if role == "proxy" else "")
    of = indicators()[template["indicator"]]
    bound = {"above": 1.0} if relation.id == "exceeds" else {"below": 1.0}
    test = Test(
        id=template["indicator"].replace("_", "-"),
        says=f"{of.title} of {before[-1]} over that of {behind[0]}",
        says_zh=f"{before[-1]} 与 {behind[0]} 之比：{of.title_zh}",
        role=role,
        indicator=of.id,
        entity=before[-1],
        against=behind[0],
        period=period,
        take="ratio",
        over=over,
        above=bound.get("above"),
        below=bound.get("below"),
    )
    return Drafted(measure, test, at, *_DOUBTS.get(doubt, ("", "")))


def _period(sentence: Sentence, at: tuple[int, int]) -> tuple[str, str]:
    """The year a clause, or else its sentence, speaks of; the latest that was known if none. Beside it the doubt."""
    spans = [t for t in sentence.times if t.kind in ("years", "decade", "past")]
    for start, end in (at, (0, len(sentence.folded))):
        years = {
            t.first[:4]
            for t in sentence.times
            if t.kind in _YEARS and t.first and t.last and t.first[:4] == t.last[:4] and start <= t.start < end
        }
        if len(years) == 1 and not spans:
            return years.pop(), ""
        if years:
            return LATEST, "years"
    return LATEST, ""


def _tidy(value: float) -> float:
    return float(f"{value:.10g}")
