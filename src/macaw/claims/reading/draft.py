"""Drafts a record of the ledger from an article; the rule is left for a person, and marked so."""

from __future__ import annotations

import json
import re
from typing import Any

from macaw.claims.reading.check import Checked, Report
from macaw.claims.reading.quantities import Quantity

_FILL = "TO FILL IN"
_RELATIONS = {
    "more_than": ">",
    "at_least": ">=",
    "less_than": "<",
    "at_most": "<=",
    "range": "in",
    "about": "≈",
    "nearly": "≈",
    "just_over": "≈",
}
_TYPE_OF_RELATION = {
    "exceeds": "comparison",
    "behind": "comparison",
    "comparison": "comparison",
    "grows": "trend",
    "falls": "trend",
    "rank": "rank",
    "share": "share",
}


def claim_type(c: Checked) -> str:
    """The ledger's type of a sentence, as far as its words tell."""
    kinds = {r.id for r in c.sentence.relations}
    units = {q.unit for q in c.sentence.quantities}
    durations = any(q.kind == "duration" for q in c.sentence.quantities)
    if any(q.kind == "rank" for q in c.sentence.quantities):
        return "rank"
    if durations and "behind" in kinds:
        return "lag"
    if "percent" in units and kinds & {"grows", "falls"}:
        return "growth"
    if "percent" in units:
        return "share"
    if c.sentence.quantities:
        return "level"
    for name, of in _TYPE_OF_RELATION.items():
        if name in kinds:
            return of
    return "event" if c.sentence.times else "qualitative"


def normal_form(c: Checked) -> dict[str, Any]:
    """Subject, measure, place, period, relation and value of a sentence, as far as they are known; null where not."""
    s = c.sentence
    quantity = s.quantities[0] if s.quantities else None
    countries = list(dict.fromkeys(e.id for e in c.entities if e.kind == "country"))
    years = sorted({t.first[:4] for t in s.times if t.first and t.last and t.first[:4] == t.last[:4]})
    return {
        "type": claim_type(c),
        "subject": [e.id for e in c.entities],
        "measure": c.links[0].measure if c.links else None,
        "place": countries[0] if len(countries) == 1 else None,
        "period": years[0] if len(years) == 1 else None,
        "relation": _RELATIONS.get(quantity.bound, "=") if quantity else (s.relations[0].id if s.relations else None),
        "value": quantity.low if quantity and quantity.low == quantity.high else None,
        "low": quantity.low if quantity and quantity.low != quantity.high else None,
        "high": quantity.high if quantity and quantity.low != quantity.high else None,
        "unit": quantity.unit if quantity else None,
        "rounding": _rounding(quantity) if quantity else None,
        "negated": any(r.negated for r in s.relations),
    }


def _rounding(q: Quantity) -> float | None:
    if q.rounded_low is None or q.rounded_high is None or q.low != q.high:
        return None
    return float(f"{q.rounded_high - q.rounded_low:.10g}") or None


def draft_record(report: Report) -> str:
    """A record in the ledger's format, of the checkable sentences that no claim of the ledger holds yet.

    Every rule is empty but for the indicators that could settle it, named in a comment. `macaw claims check` takes the
    file once a person has put something in the place of every "TO FILL IN" and given what is commented out; as long
    as `state` is "draft" it gets no verdict.
    """
    article = report.article
    title = article.title or _FILL
    out = [
        "# Drafted by macaw check: what a machine read. Read each claim, write the rule before you look at values,",
        f'# put something in the place of every “{_FILL}”, then set state = "confirmed". See docs/claims.md.',
        '# 机器草拟：请逐条阅读，先写规则再看数值，补全各处 TO FILL IN，最后改为 state = "confirmed"。',
        "",
        "[article]",
        f"title = {_text(title)}",
        f"title_en = {_text(title if article.language == 'en' else _FILL)}",
        f"outlet = {_text(article.outlet or _FILL)}",
        f"outlet_en = {_text(article.outlet if article.outlet and article.outlet.isascii() else _FILL)}",
        f"date = {article.date.isoformat()}" if article.date else "# date = YYYY-MM-DD   # not stated in the article",
        f"url = {_text(article.url or _FILL)}",
        f"language = {_text(article.language)}",
        'state = "draft"',
    ]
    fresh = [c for c in report.checkable if not c.claims]
    for c in fresh:
        out += _claim_lines(c, report)
    if not fresh:
        out.append("\n# No checkable sentence that the ledger does not hold already.")
    return "\n".join(out) + "\n"


def _claim_lines(c: Checked, report: Report) -> list[str]:
    s, normal = c.sentence, normal_form(c)
    date = report.article.date.strftime("%Y%m%d") if report.article.date else "undated"
    outlet = re.sub(r"[^a-z0-9]+", "-", (report.article.outlet or "").casefold()).strip("-") or "article"
    chinese = report.article.language == "zh"
    speaker = s.speaker or "the article"
    indicators = list(dict.fromkeys(i for link in c.links for i in link.indicators))
    measure = c.links[0].title if c.links else _FILL
    measure_zh = c.links[0].title_zh if c.links else _FILL
    lines = [
        "",
        "[[claim]]",
        f"id = {_text(f'draft-{outlet[:20].strip(chr(45))}-{date}-p{c.paragraph}s{c.number}')}",
        f"statement = {_text(_FILL if chinese else s.text)}",
        f"statement_zh = {_text(s.text if chinese else _FILL)}",
        f"quote = {_text(s.text)}",
        f"translation = {_text(_FILL)}",
        f"paragraph = {c.paragraph}",
        f"sentence = {c.number}",
        f"speaker = {_text(speaker)}",
        f"speaker_zh = {_text(s.speaker or '该文')}",
        f"authority = {_text(_FILL)}",
        f"authority_zh = {_text(_FILL)}",
        'part = "content"',
        f"type = {_text(normal['type'])}",
        'tense = "past"' if normal["period"] else 'tense = "present"',
        "[claim.normal]",
        f"subject = {_text(', '.join(normal['subject']) or _FILL)}",
        f"subject_zh = {_text('、'.join(normal['subject']) or _FILL)}",
        f"measure = {_text(measure)}",
        f"measure_zh = {_text(measure_zh)}",
        f"definition = {_text(_FILL)}",
        f"definition_zh = {_text(_FILL)}",
        f"place = {_text(normal['place'] or _FILL)}",
        f"period = {_text(normal['period'] or 'latest')}",
        f"relation = {_text(normal['relation'] or _FILL)}",
    ]
    numbers = ("value", "low", "high", "rounding")
    lines += [f"{key} = {_number(normal[key])}" for key in numbers if normal[key] is not None]
    if normal["unit"]:
        lines += [f"unit = {_text(normal['unit'])}", f"unit_zh = {_text(normal['unit'])}"]
    lines += [
        "[claim.rule]",
        "# registered = YYYY-MM-DD   # the day on which you wrote this rule, before looking at values",
        f"seen = {_text(_FILL)}",
        f"seen_zh = {_text(_FILL)}",
        f"left_open = {_text(_FILL)}",
        f"left_open_zh = {_text(_FILL)}",
        f"# Indicators that could settle it: {', '.join(indicators) or 'none that Macaw has'}.",
    ]
    lines += [f"# {line}" for e in c.evidence for line in _test_lines(e.drafted.test)]
    return lines


def _test_lines(test: Any) -> list[str]:
    """A test as a template of the measure would have it, to be taken or left."""
    kept = (
        "id",
        "says",
        "says_zh",
        "role",
        "indicator",
        "entity",
        "against",
        "period",
        "take",
        "at_least",
        "at_most",
        "above",
        "below",
        "stated",
    )
    values = {k: getattr(test, k) for k in kept if getattr(test, k) not in (None, "")}
    return [
        "[[claim.rule.test]]",
        *(f"{k} = {_text(v) if isinstance(v, str) else _number(v)}" for k, v in values.items()),
    ]


def _text(text: str) -> str:
    """A text as TOML writes it: JSON's escapes are TOML's, but for DEL and lone surrogates."""
    clean = text.replace("\x7f", "").encode("utf-8", "replace").decode()
    return json.dumps(clean, ensure_ascii=False)


def _number(x: float) -> str:
    return f"{x:.0f}" if float(x).is_integer() and abs(x) < 1e15 else repr(float(x))
