"""Settles every claim over a build's tables and gives the tables of verdicts and of their evidence."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from macaw import provenance, schema
from macaw.claims import text
from macaw.claims.measure import Reading, readings
from macaw.claims.observations import INPUTS, Connect, gather
from macaw.claims.record import Claim
from macaw.claims.settle import Settled, settle
from macaw.indicators import indicators
from macaw.sure.specifications import SWITCHES

TABLES = ("verdicts", "claim_evidence", "verdict_history")
# Registry tables that decide which entity is which.
REGISTRY = ("registry_territories", "registry_groups", "registry_countries", "registry_facts")
__all__ = ["INPUTS", "REGISTRY", "TABLES", "Ruling", "ledger_tables", "rulings"]


@dataclass(frozen=True)
class Ruling:
    """One claim settled: the verdict, all readings of its tests, and the figures others published."""

    claim: Claim
    settled: Settled
    readings: Mapping[str, Sequence[Reading]]
    figures: Sequence[Mapping[str, Any]]
    by: Claim | None = None


def rulings(claims: Sequence[Claim], connect: Connect) -> list[Ruling]:
    """Settle claims over a build; drafts are left out, since nobody has confirmed their rules."""
    confirmed = [c for c in claims if c.article.state == "confirmed"]
    seen = gather(confirmed, connect)
    figures = (
        connect(("figures",)).sql("select * from figures order by series, period, figure").to_arrow_table().to_pylist()
    )
    followed = {c.replaces: c for c in confirmed if c.replaces}
    found = []
    for claim in confirmed:
        read = {t.id: readings(t, claim.article, seen, claim.due) for t in claim.rule.tests}
        beside = [f for f in figures if {f["series"], f["figure"]} & set(claim.rule.figures)]
        by = followed.get(claim.id)
        found.append(Ruling(claim, settle(claim, read, by is not None), read, beside, by))
    return found


def rule_hash(claim: Claim) -> str:
    """What a rule says, as a hash: a verdict under another rule is another verdict."""
    return provenance.hash_text(json.dumps(asdict(claim.rule), default=str, sort_keys=True))[:12]


def ledger_tables(claims: Sequence[Claim], connect: Connect, release: str) -> dict[str, pa.Table]:
    """The tables verdicts, claim_evidence and verdict_history of a build; the history is the shipped release's."""
    ruled = rulings(claims, connect)
    return {
        "verdicts": _table("verdicts", [_verdict_row(r, release) for r in ruled]),
        "claim_evidence": _table("claim_evidence", [row for r in ruled for row in _evidence_rows(r)]),
        "verdict_history": _table("verdict_history", shipped_history()),
    }


def shipped_history() -> list[dict[str, Any]]:
    """The verdicts of every release until the shipped one, which is among them."""
    file = files("macaw.released").joinpath("verdict_history.parquet")
    rows: list[dict[str, Any]] = pq.read_table(str(file)).to_pylist() if file.is_file() else []
    return rows


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    arrow = schema.arrow_schema(name)
    return pa.table({f.name: pa.array([r[f.name] for r in rows], f.type) for f in arrow}, schema=arrow)


def _verdict_row(r: Ruling, release: str) -> dict[str, Any]:
    claim, settled = r.claim, r.settled
    factor = settled.factor or (None, None)
    return {
        "claim": claim.id,
        "article": claim.file.removesuffix(".toml"),
        "statement": claim.statement,
        "statement_zh": claim.statement_zh,
        "verdict": settled.verdict,
        "holds_under": text.under(settled, "en"),
        "holds_under_zh": text.under(settled, "zh"),
        "factor_low": factor[0],
        "factor_high": factor[1],
        "specifications_yes": sum(len(t.yes) for t in settled.deciding),
        "specifications_no": sum(len(t.no) for t in settled.deciding),
        "specifications_open": sum(len(t.unsettled) for t in settled.deciding),
        "state_then": settled.then,
        "state_now": settled.now,
        "verdict_line": text.summary(claim, settled, "en"),
        "verdict_line_zh": text.summary(claim, settled, "zh"),
        "verdict_reason": text.reason(claim, settled, r.figures, r.by, "en"),
        "verdict_reason_zh": text.reason(claim, settled, r.figures, r.by, "zh"),
        "registered": claim.rule.registered.isoformat(),
        "rule_hash": rule_hash(claim),
        "replaced_by": r.by.id if r.by else None,
        "release": release,
    }


def _evidence_rows(r: Ruling) -> list[dict[str, Any]]:
    rows = []
    for test in r.claim.rule.tests:
        rows += [
            {
                "claim": r.claim.id,
                "test": test.id,
                "role": test.role,
                "view": reading.view,
                "indicator": test.indicator,
                "taken": test.take,
                "entity": test.entity,
                "against": test.against or None,
                "data_period": reading.period,
                **{s: getattr(reading.specification, s) for s in SWITCHES},
                "value": _rounded(reading.value),
                "low": _rounded(reading.low),
                "high": _rounded(reading.high),
                "unit": indicators()[test.indicator].unit if test.take == "value" else test.take,
                "status": reading.status,
                "n": reading.n,
                "holds": reading.holds if test.role != "context" else "beside",
                "why_open": reading.why or None,
            }
            for reading in r.readings[test.id]
        ]
    rows += [_figure_row(r.claim, f) for f in r.figures]
    return rows


def _rounded(x: float | None) -> float | None:
    """To twelve digits, so that a value does not depend on the order in which an engine adds."""
    return None if x is None else float(f"{x:.12g}")


def _figure_row(claim: Claim, f: Mapping[str, Any]) -> dict[str, Any]:
    empty = dict.fromkeys(SWITCHES, "")
    return {
        "claim": claim.id,
        "test": f["figure"],
        "role": "figure",
        "view": "now",
        "indicator": None,
        "taken": "value",
        "entity": f["entity"],
        "against": None,
        "data_period": str(f["period"]),
        **empty,
        "value": f["value"],
        "low": f["low"],
        "high": f["high"],
        "unit": f["unit"],
        "status": "A" if f["grade"] == "read" else "U",
        "n": 1,
        "holds": "beside",
        "why_open": None,
    }
