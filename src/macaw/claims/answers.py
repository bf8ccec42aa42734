"""What is asked of the ledger: every claim with its verdict and evidence, as plain documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from macaw.claims import text
from macaw.claims.ledger import TABLES, ledger_tables, shipped_history
from macaw.claims.record import Claim, load_file, load_records
from macaw.claims.settle import VERDICTS
from macaw.errors import MacawError, UsageError
from macaw.indicators import indicator


class Holder(Protocol):
    """A build or the shipped release (see `macaw.api.Observatory`)."""

    is_release: bool

    def file(self, table: str) -> Path:
        """The Parquet file of a table."""

    def table(self, name: str) -> pa.Table:
        """A whole table."""

    def connection(self, tables: Iterable[str]) -> Any:
        """A connection that knows these tables."""

    @property
    def records(self) -> Callable[..., pa.Table]:
        """The records behind a number, by indicator, entity, period and switches."""


def claims_of(records: Path | None) -> tuple[Claim, ...]:
    """The package's claims, or those of a file or folder of records; raises `RecordError`."""
    if records is None:
        return load_records()
    return load_records(records) if records.is_dir() else load_file(records)


def documents(holder: Holder, records: Path | None = None) -> list[dict[str, Any]]:
    """Every claim with article, quotation, rule, verdict, reason, values, figures and history, drafts left out.

    The package's claims as the build or release settled them; those of `records` settled anew, which needs a build.
    """
    claims = claims_of(records)
    tables = _settled(holder, claims, anew=records is not None)
    known = {c.id: c for c in claims}
    evidence: dict[str, list[dict[str, Any]]] = {}
    for row in tables["claim_evidence"].to_pylist():
        evidence.setdefault(row["claim"], []).append(row)
    history: dict[str, list[dict[str, Any]]] = {}
    for row in tables["verdict_history"].to_pylist():
        history.setdefault(row["claim"], []).append({k: row[k] for k in ("release", "verdict", "rule_hash")})
    return [
        _document(known[row["claim"]], row, evidence.get(row["claim"], []), _earlier(history, row))
        for row in tables["verdicts"].to_pylist()
        if row["claim"] in known
    ]


def _settled(holder: Holder, claims: Sequence[Claim], *, anew: bool) -> Mapping[str, pa.Table]:
    if not anew and all(holder.file(t).is_file() for t in TABLES):
        return {t: holder.table(t) for t in TABLES}
    if holder.is_release:
        raise MacawError(
            "the shipped release holds the verdicts on the package's own claims only, not all that new ones ask for",
            "build it: macaw build --data DIR --out DIR, then add --build DIR",
        )
    return ledger_tables(claims, holder.connection, "anew")


def one(found: Sequence[Mapping[str, Any]], claim: str) -> dict[str, Any]:
    """The document of one claim; the end of its id is enough if only one has it. Raises `UsageError`."""
    exact = [d for d in found if d["id"] == claim]
    near = exact or [d for d in found if claim and d["id"].endswith(f"-{claim}")]
    if len(near) == 1:
        return dict(near[0])
    listed = ", ".join(str(d["id"]) for d in near) or "see: macaw claims run"
    raise UsageError(f"{'several claims are' if near else 'no claim is'} called {claim!r}", listed)


def _earlier(history: Mapping[str, Sequence[Mapping[str, Any]]], row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The verdicts of other releases: the one that is shown is not its own past."""
    return [h for h in history.get(row["claim"], []) if h["release"] != row["release"]]


def _document(
    claim: Claim, row: Mapping[str, Any], evidence: Sequence[Mapping[str, Any]], history: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    known = row["specifications_yes"] + row["specifications_no"]
    article = {k: v.isoformat() if k == "date" else v for k, v in asdict(claim.article).items()}
    rule = asdict(claim.rule)
    rule["registered"] = claim.rule.registered.isoformat()
    rule["tests"] = [{k: v for k, v in t.items() if v not in (None, "", (), 0)} for t in rule["tests"]]
    return {
        "id": claim.id,
        "verdict": row["verdict"],
        "verdict_name": text.say("verdict", row["verdict"], "en"),
        "verdict_name_zh": text.say("verdict", row["verdict"], "zh"),
        "statement": claim.statement,
        "statement_zh": claim.statement_zh,
        "summary": row["verdict_line"],
        "summary_zh": row["verdict_line_zh"],
        "reason": row["verdict_reason"],
        "reason_zh": row["verdict_reason_zh"],
        "holds_under": row["holds_under"] or None,
        "holds_under_zh": row["holds_under_zh"] or None,
        "factor": [row["factor_low"], row["factor_high"]] if row["factor_low"] is not None else None,
        "specifications": {s: row[f"specifications_{s}"] for s in ("yes", "no", "open")},
        "share_holding": row["specifications_yes"] / known if known else None,
        "then": row["state_then"],
        "now": row["state_now"],
        "values": [{k: v for k, v in e.items() if k != "claim"} for e in evidence if e["role"] != "figure"],
        "figures": [_figure(e) for e in evidence if e["role"] == "figure"],
        "part": claim.part,
        "attributes": claim.attributes or None,
        "type": claim.type,
        "tense": claim.tense,
        "quote": claim.quote,
        "translation": claim.translation,
        "paragraph": claim.paragraph,
        "sentence": claim.sentence,
        "speaker": claim.speaker,
        "speaker_zh": claim.speaker_zh,
        "authority": claim.authority,
        "authority_zh": claim.authority_zh,
        "article": article,
        "normal": asdict(claim.normal),
        "rule": rule,
        "rule_hash": row["rule_hash"],
        "replaces": claim.replaces or None,
        "replaced_by": row["replaced_by"],
        "due": claim.due.isoformat() if claim.due else None,
        "history": list(history),
        "release": row["release"],
    }


def _figure(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "figure": row["test"],
        "period": row["data_period"],
        **{k: row[k] for k in ("value", "low", "high", "unit")},
    }


def totals(found: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many claims have each verdict, in the order of verdicts."""
    counted = [d["verdict"] for d in found]
    return {v: counted.count(v) for v in VERDICTS if v in counted}


def history_rows(verdicts: pa.Table, release: str) -> list[dict[str, Any]]:
    """The history of verdicts until and with a release that is about to be frozen, each release once."""
    earlier = [r for r in shipped_history() if r["release"] != release]
    present = [
        {"claim": r["claim"], "release": release, **{k: r[k] for k in ("verdict", "rule_hash")}}
        for r in verdicts.to_pylist()
    ]
    return sorted([*earlier, *present], key=lambda r: (r["claim"], r["release"]))


def records_behind(holder: Holder, document: Mapping[str, Any], test: str) -> list[dict[str, Any]]:
    """The records behind a test's values, under the first specification of each definition, as in `macaw records`.

    Each row names the entity and the definition it was asked for. Raises `UsageError` for an unknown test, `MacawError`
    on the release, which holds no records.
    """
    rows = [v for v in document["values"] if v["test"] == test and v["data_period"]]
    if not rows:
        known = ", ".join(dict.fromkeys(v["test"] for v in document["values"])) or "none"
        raise UsageError(f"claim {document['id']} has no value of a test {test!r}", f"its tests: {known}")
    rule = next(t for t in document["rule"]["tests"] if t["id"] == test)
    first = {r["definition"]: r for r in sorted(rows, key=lambda r: (r["view"] == "then", r["holds"] == "open"))}
    found = []
    for definition, row in first.items():
        of = indicator(row["indicator"])
        asked = {s: row[s] for s in of.rests_on.switches} | {"territory": row["territory"]}
        for entity in filter(None, (row["entity"], row["against"])):
            made = holder.records(of.id, entity=entity, period=_years(rule, row["data_period"]), **asked)
            found += [{"asked": entity, "under": definition, **r} for r in made.to_pylist()]
    return found


def _years(rule: Mapping[str, Any], data_period: str) -> str:
    """The years that a value rests on: also those before it that a rise is measured from."""
    year = int(data_period[:4])
    first = year - 1 if rule.get("take") == "growth" else int(rule["base"][:4]) if rule.get("base") else year
    return f"{min(first, year)}:{year}"
