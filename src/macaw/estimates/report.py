"""An answer as tables to read: amounts, what makes the width, factors, and what others published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from macaw.estimates.answer import MONEY, Answer
from macaw.estimates.sensitivity import Share

# Factors shown of each total.
_SHOWN = 6
Row = dict[str, Any]


def tables(answer: Answer) -> Iterator[tuple[str, list[Row]]]:
    """Headings, each with the rows of its table, or with none."""
    model = answer.model
    yield f"{model.title}  {model.title_zh}", []
    yield f"{model.note}\n{model.note_zh}", []
    money = f"own = billion {model.money.currency}, nominal and real = billion USD (real: of {model.money.base_year}), "
    yield f"5 %, 50 % and 95 % points; {money}ppp = billion international dollars", _amounts(answer)
    for total in model.totals:
        yield f"{_label(answer, total.id)}  Variance of: {total.title}", _variance(answer, total.id)
    yield "Factors, at their 5 %, 50 % and 95 % points", _factors(answer)
    yield "Beside what others published; within = share of draws inside their bounds", _checks(answer)


def label(answer: Answer, total: str, chinese: bool = False) -> str:
    """Whether a total is an estimate or a scenario, and why, in one sentence."""
    percent = f"{answer.judged[total]:.0%}"
    if not answer.is_scenario(total):
        told = f"Estimate: judged factors have a part in {percent} of its variance."
        return f"估计：判断性因素涉及其方差的 {percent}。" if chinese else told
    told = f"Scenario: judged factors have a part in {percent} of its variance; it settles no claim."
    return f"情景：判断性因素涉及其方差的 {percent}，不据以裁定任何说法。" if chinese else told


def _label(answer: Answer, total: str) -> str:
    return f"{label(answer, total)} {label(answer, total, chinese=True)}"


def _amounts(answer: Answer) -> list[Row]:
    titles = {c.id: c.title for c in answer.model.components} | {t.id: t.title for t in answer.model.totals}
    rows: dict[str, Row] = {}
    for a in answer.amounts:
        row = rows.setdefault(a.id, {"part": titles.get(a.id, a.id), "kind": a.kind})
        row[a.money] = f"{a.p5:.2g} · {a.median:.2g} · {a.p95:.2g}"
    # Scopes with one component say the same twice.
    return [r for r in rows.values() if r["kind"] != "scope" and all(m in r for m in MONEY)]


def _variance(answer: Answer, total: str) -> list[Row]:
    swings = {s.factor: s for s in answer.tornado[total]}
    shown = [s for s in answer.shares[total] if s.in_all >= 0.005][:_SHOWN]
    return [_variance_row(answer, s, swings) for s in shown]


def _variance_row(answer: Answer, share: Share, swings: dict[str, Any]) -> Row:
    moving = [swings[f] for f in share.factors if swings[f].low != swings[f].high]
    return {
        "factor": "; ".join(answer.model.factor(s.factor).title for s in moving),
        "judged": "yes" if share.judged else "no",
        "alone": f"{max(share.alone, 0):.0%}",
        "in_all": f"{share.in_all:.0%}",
        "swing": "; ".join(f"{s.low:.2g} → {s.high:.2g}" for s in moving),
    }


def _factors(answer: Answer) -> list[Row]:
    rows = []
    for f in answer.model.factors:
        low, middle, high = f.distribution.points()
        points = f"{middle:.4g}" if low == high else f"{low:.3g} · {middle:.3g} · {high:.3g}"
        rows.append({"factor": f.id, "points": points, "unit": f.unit, "grade": f.grade, "why": f.sentence})
    return rows


def _checks(answer: Answer) -> list[Row]:
    return [
        {"published": h.check.text, "of": h.check.of, "median": f"{h.median:.2g} bn {h.check.currency}",
         "within": f"{h.within:.0%}", "grade": h.check.grade}
        for h in answer.checks
    ]  # fmt: skip
