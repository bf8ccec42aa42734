"""A report on an article as a document (JSON), as Markdown, and as text for a terminal, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from macaw.claims.reading.check import Checked, Report
from macaw.claims.reading.draft import normal_form
from macaw.claims.reading.evidence import SWITCHES, Evidence
from macaw.claims.reading.quantities import Quantity
from macaw.claims.reading.sentences import Sentence
from macaw.indicators import Indicator, Specification, indicators, is_fraction

_BOUNDS = {
    "exact": "",
    "about": "≈ ",
    "nearly": "≲ ",
    "just_over": "≳ ",
    "more_than": "> ",
    "at_least": "≥ ",
    "less_than": "< ",
    "at_most": "≤ ",
    "range": "",
}
_MOST_READINGS = 4
# Ways of writing that a terminal or Markdown reader might take for commands.
_UNSAFE = str.maketrans(dict.fromkeys(map(chr, [*range(9), *range(11, 32), 127, 8234, 8235, 8237, 8238]), "·"))


def document(report: Report) -> dict[str, Any]:
    """The whole report as plain data: the article, counts, and every sentence with all that was found in it."""
    article = report.article
    return {
        "article": {
            "source": article.name,
            "title": article.title,
            "date": article.date.isoformat() if article.date else None,
            "outlet": article.outlet,
            "url": article.url,
            "language": article.language,
            "paragraphs": len(article.paragraphs),
            "note": None if article.date else "no date is known: words such as last year are not resolved (--date)",
            "note_zh": None if article.date else "文章日期未知：“去年”等相对时间未换算（--date）",
        },
        "counts": {
            **_counts(report),
            "quantities": sum(len(c.sentence.quantities) for c in report.checked),
            "linked": sum(bool(_indicators(c)) for c in report.checkable),
            "in_ledger": sum(bool(c.claims) for c in report.checked),
        },
        "sentences": [_sentence(c, report) for c in report.checked],
    }


def _sentence(c: Checked, report: Report) -> dict[str, Any]:
    s = c.sentence
    return {
        "text": s.text,
        "start": s.start,
        "end": s.start + len(s.text),
        "paragraph": c.paragraph,
        "sentence": c.number,
        "checkable": s.checkable,
        "reasons": list(s.reasons),
        "speaker": s.speaker,
        "quotations": [{"start": a, "end": b, "text": s.text[a:b]} for a, b in s.quotations],
        "quantities": [{**vars(q), "quoted": _inside(q.start, s)} for q in s.quantities],
        "times": [vars(t) for t in s.times],
        "relations": [vars(r) for r in s.relations],
        "entities": [{**vars(e), "text": s.text[e.start : e.end]} for e in c.entities],
        "measures": [{k: list(v) if isinstance(v, tuple) else v for k, v in vars(link).items()} for link in c.links],
        "indicators": _indicators(c),
        "evidence": [_evidence(e, s) for e in c.evidence],
        "claims": [_claim(claim.id, report.verdicts) for claim in c.claims],
        "normal": normal_form(c) if s.checkable else None,
        "settled_by": _settled_by(c)[0],
        "settled_by_zh": _settled_by(c)[1],
    }


def _inside(at: int, s: Sentence) -> bool:
    return any(a <= at < b for a, b in s.quotations)


def _indicators(c: Checked) -> list[str]:
    return list(dict.fromkeys(i for link in c.links for i in link.indicators))


def _evidence(e: Evidence, s: Sentence) -> dict[str, Any]:
    test = e.drafted.test
    start, end = e.drafted.clause
    return {
        "measure": e.drafted.measure,
        "clause": s.text[start:end],
        "indicator": test.indicator,
        "title": indicators()[test.indicator].title,
        "title_zh": indicators()[test.indicator].title_zh,
        "unit": indicators()[test.indicator].unit if test.take == "value" else test.take,
        "taken": test.take,
        "entity": test.entity,
        "against": test.against or None,
        "period": test.period,
        "role": test.role,
        "stated_low": None if test.bounds[0] == float("-inf") else test.bounds[0],
        "stated_high": None if test.bounds[1] == float("inf") else test.bounds[1],
        "cautions": [en for en, _ in e.cautions],
        "cautions_zh": [zh for _, zh in e.cautions],
        "values": [
            {
                **{k: getattr(r, k) for k in ("view", "period", "value", "low", "high", "status", "n")},
                **vars(r.specification),
            }
            for r in e.readings
        ],
    }


def _claim(claim: str, verdicts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    row = verdicts.get(claim, {})
    kept = ("verdict", "verdict_name", "verdict_name_zh", "statement", "statement_zh", "summary", "summary_zh")
    return {"id": claim, **{k: row.get(k) for k in kept}}


def _settled_by(c: Checked) -> tuple[str, str]:
    """What could settle a sentence, said plainly where nothing can yet."""
    if not c.sentence.checkable:
        return "", ""
    listed = _indicators(c)
    if listed:
        return ", ".join(listed[:4]), "、".join(indicators()[i].title_zh for i in listed[:4])
    if c.links:
        beside = [*(f for link in c.links for f in link.figures), *(r for link in c.links for r in link.records)]
        more = f"; beside it: {', '.join(beside)}" if beside else ""
        more_zh = f"；可参考：{'、'.join(beside)}" if beside else ""
        return f"no indicator measures {c.links[0].title} yet{more}", f"尚无指标测量{c.links[0].title_zh}{more_zh}"
    return "its words name no indicator of Macaw", "本项目没有与此相关的指标"


# -- for reading ---------------------------------------------------------------------------------------------


def quantity_text(q: Quantity) -> str:
    """A quantity as it was understood: "≥ 1 year", "2,000,000,000 to 9,900,000,000 USD".

    >>> from macaw.claims.reading.sentences import read_sentence
    >>> [quantity_text(q) for q in read_sentence("落后至少一年，约为几十亿美元。").quantities]
    ['≥ 1 year', '≈ 2 to 9.9 billion USD']
    """
    ends = [e for e in (q.low, q.high) if e is not None]
    scale, word = _scale(max(map(abs, ends), default=0.0))
    numbers = " to ".join(dict.fromkeys(f"{e / scale:,.10g}" if e / scale < 1e15 else f"{e:.3g}" for e in ends))
    mark = _BOUNDS[q.bound] or ("≈ " if q.approximate else "")
    return f"{mark}{numbers}{word} {q.unit.replace('_', ' ')}"


def _scale(value: float) -> tuple[float, str]:
    for scale, word in ((1e12, " trillion"), (1e9, " billion"), (1e6, " million")):
        if scale <= value < 1e15:
            return scale, word
    return 1.0, ""


def lines(report: Report) -> Iterator[tuple[str, str]]:
    """The report as lines with a style each: head, sentence, found, evidence, ledger, note."""
    article = report.article
    about = " · ".join(str(x) for x in (article.outlet, article.date, article.url) if x)
    yield "head", _plain(article.title or article.name)
    if about:
        yield "note", _plain(about)
    if not article.date:
        yield "note", "No date is known: words such as last year are not resolved (--date). 日期未知，相对时间未换算。"
    for c in report.checked:
        if c.sentence.checkable or c.claims:
            yield from _lines_of(c, report)
    n = _counts(report)
    yield (
        "head",
        f"Sentences: {n['sentences']}; checkable: {n['checkable']}; with values at hand: {n['with_values']}. "
        f"共 {n['sentences']} 句，可核查 {n['checkable']} 句，其中 {n['with_values']} 句有现成数值。",
    )


def _counts(report: Report) -> dict[str, int]:
    """Sentences, checkable ones, and those on which there are values at hand."""
    with_values = sum(bool(c.evidence) for c in report.checkable)
    return {"sentences": len(report.checked), "checkable": len(report.checkable), "with_values": with_values}


def _lines_of(c: Checked, report: Report) -> Iterator[tuple[str, str]]:
    s = c.sentence
    yield "sentence", f"¶{c.paragraph}.{c.number} {_plain(s.text)}"
    if not s.checkable:
        yield "note", "Not checkable by rule, but in the ledger. 按规则不可核查，但台账中有对应主张。"
    if s.speaker:
        yield "found", f"said by 说话者: {_plain(s.speaker)}"
    if s.quantities:
        yield "found", "quantities 数量: " + "; ".join(f"{_plain(q.text)} = {quantity_text(q)}" for q in s.quantities)
    dated = [f"{_plain(s.text[t.start : t.end])} = {_days(t.first, t.last)}" for t in s.times if t.first or t.last]
    if dated:
        yield "found", "times 时间: " + "; ".join(dated)
    by, by_zh = _settled_by(c)
    if by and not c.claims:
        yield "found", f"could be settled by 可据以判断: {by} · {by_zh}"
    for e in c.evidence:
        yield from _evidence_lines(e)
    for claim in c.claims:
        row = report.verdicts.get(claim.id)
        if row:
            yield "ledger", f"ledger 台账 {claim.id}: {row['verdict_name']} · {row['verdict_name_zh']}"
    open_ones = [claim.id for claim in c.claims if claim.id not in report.verdicts]
    if open_ones:
        yield (
            "ledger",
            f"ledger 台账, no verdict at hand 尚无判定: {', '.join(open_ones)} (macaw claims run --build DIR)",
        )


def _days(first: str | None, last: str | None) -> str:
    return first if first == last and first else f"{first or '…'} to {last or '…'}"


def _evidence_lines(e: Evidence) -> Iterator[tuple[str, str]]:
    test, of = e.drafted.test, indicators()[e.drafted.test.indicator]
    against = f" / {test.against}" if test.against else ""
    yield "evidence", f"values at hand · 现有数值: {of.title} · {of.title_zh}, {test.entity}{against}"
    for en, zh in e.cautions:
        yield "note", f"but {en} · 但{zh}"
    for r in _shown(e):
        scale, unit = (
            (100.0, "%") if _is_share(of, test.take) else (1.0, of.unit if test.take == "value" else test.take)
        )
        value = "–" if r.value is None else f"{scale * r.value:.4g}"
        spread = "" if r.low is None and r.high is None else f" ({_end(r.low, scale)} to {_end(r.high, scale)})"
        yield (
            "note",
            f"  {r.period} {value}{spread} {unit}, status {r.status}, {_under(r.specification, of, e)}",
        )
    if len(e.shown) > _MOST_READINGS:
        yield "note", f"  … {len(e.shown) - _MOST_READINGS} more specifications (--format json)"


def _under(spec: Specification, of: Indicator, e: Evidence) -> str:
    """The choices that make a difference to an indicator, and those in which the readings differ."""
    usual = (
        ("definition",)
        if of.single
        else ("definition", "counting", *(s for s in ("venues",) if s in of.rests_on.switches))
    )
    told = [s for s in SWITCHES if s in usual or len({getattr(r.specification, s) for r in e.shown}) > 1]
    return ", ".join(getattr(spec, s) for s in told)


def _shown(e: Evidence) -> Sequence[Any]:
    return e.shown[:_MOST_READINGS]


def _is_share(of: Indicator, take: str) -> bool:
    """Whether a value is written in percent, as articles write it."""
    return take == "growth" or (take == "value" and is_fraction(of.unit))


def _end(x: float | None, scale: float) -> str:
    return "…" if x is None else f"{scale * x:.4g}"


def _plain(text: str) -> str:
    """A text without control characters and marks of writing direction, on one line."""
    return " ".join(text.translate(_UNSAFE).split())


_MARKDOWN = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>|#"})
_PREFIX = {
    "head": "# ",
    "sentence": "\n## ",
    "found": "- ",
    "evidence": "- **evidence** ",
    "ledger": "- **ledger** ",
    "note": "  ",
}


def markdown(report: Report) -> str:
    """The report as Markdown; what the article says is escaped."""
    made = []
    for number, (style, line) in enumerate(lines(report)):
        escaped = line.strip().translate(_MARKDOWN)
        if style == "head" and number:
            made.append(f"\n---\n\n{escaped}")
        elif style == "note":
            made.append(f"\n{escaped}" if number == 1 else f"  - {escaped}")
        else:
            made.append(f"{_PREFIX[style]}{escaped}")
    return "\n".join(made) + "\n"
