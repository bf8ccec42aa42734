"""The interface for programs that is only files: JSON below `api/v1`, described by OpenAPI 3.1."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

from macaw import provenance, schema
from macaw.api import Observatory
from macaw.claims import answers
from macaw.engine import connect, scan
from macaw.errors import MacawError
from macaw.indicators import Indicator, default_specification, indicators
from macaw.release.downloads import usual_values
from macaw.release.openapi import described
from macaw.sources import Origin
from macaw.version import __version__

FOLDER = "api/v1"
# What tells the series of an indicator apart in these files; the other switches stand as usual.
_SERIES = ("entity", "definition", "counting")
POINT = ("period", "value", "low", "high", "status", "n", "completeness")


def slug(identifier: str) -> str:
    """An id as part of an address.

    >>> slug("ror:00f54p054"), slug("CHN+HKG")
    ('ror-00f54p054', 'CHN-HKG')
    """
    return re.sub(r"[^A-Za-z0-9._-]", "-", identifier)


def write_static_api(observatory: Observatory, out: Path, sources: tuple[Origin, ...], *, private: bool) -> int:
    """Write the interface below `out`/api/v1; the number of files.

    Values are those under each indicator's usual specification, with both countings and every definition.
    """
    folder = out / FOLDER
    entities = observatory.table("entities").to_pylist()
    con = connect()
    scan(con, "values", observatory.file("values"))
    of_entity: dict[str, list[dict[str, Any]]] = {}
    known, release = [], ""
    for of in indicators().values():
        query, parameters = usual_values(of)
        rows = con.sql(query, params=parameters).to_arrow_table().to_pylist()
        release = rows[0]["release"] if rows else release
        series = list(_series(rows))
        _write(folder / "indicators" / f"{of.id}.json", _codebook(of) | {"has_values": bool(rows)})
        known.append(
            {"id": of.id, "title": of.title, "title_zh": of.title_zh, "unit": of.unit, "has_values": bool(rows)}
        )
        if rows:
            _write(folder / "values" / f"{of.id}.json", _values(of, series))
        for one in series:
            mine = {k: v for k, v in one.items() if k != "entity"}
            of_entity.setdefault(one["entity"], []).append({"indicator": of.id, "unit": of.unit, **mine})
    _write(folder / "indicators.json", known)
    listed: list[dict[str, Any]] = []
    taken: set[str] = set()
    for row in entities:
        path = f"entities/{row['kind']}/{slug(row['entity'])}.json"
        # Some file systems do not tell a from A.
        if path.casefold() in taken:
            raise MacawError(f"{path}: two entities would have this address", "give one of them another id")
        taken.add(path.casefold())
        listed.append({**row, "address": path})
        _write(folder / path, {**row, "release": release, "columns": POINT, "series": of_entity.get(row["entity"], [])})
    _write(folder / "entities.json", listed)
    claims = list(_claims(observatory, folder))
    if claims:
        _write(folder / "claims.json", claims)
    _write(folder / "index.json", _index(release, sources, private=private))
    _write(folder / "openapi.json", described(release, with_claims=bool(claims)))
    values = len(list((folder / "values").glob("*.json")))
    return len(listed) + len(known) + values + len(claims) + bool(claims) + 4


def _claims(observatory: Observatory, folder: Path) -> Iterator[dict[str, str]]:
    """Write every claim of the ledger with rule, verdict and evidence; what the list says of each."""
    if not observatory.file("verdicts").is_file():
        return
    listed = ("id", "verdict", "verdict_name", "verdict_name_zh", "statement", "statement_zh", "summary", "summary_zh")
    for document in answers.documents(observatory):
        _write(folder / "claims" / f"{document['id']}.json", document)
        yield {k: document[k] for k in listed} | {"address": f"claims/{document['id']}.json"}


def _series(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows of the table `values`, in its order, as a series for each entity, definition and counting."""
    ordered = sorted(rows, key=lambda r: (*(r[s] for s in _SERIES), r["period"]))
    for key, points in groupby(ordered, key=lambda r: tuple(r[s] for s in _SERIES)):
        yield {**dict(zip(_SERIES, key, strict=True)), "values": [[p[c] for c in POINT] for p in points]}


def _values(of: Indicator, series: list[dict[str, Any]]) -> dict[str, Any]:
    usual = default_specification(of)
    switches = {s: getattr(usual, s) for s in of.rests_on.switches if s != "definition"}
    return {
        "indicator": of.id,
        "title": of.title,
        "title_zh": of.title_zh,
        "unit": of.unit,
        "switches": switches,
        "columns": POINT,
        "series": series,
    }


def _codebook(of: Indicator) -> dict[str, Any]:
    """What a program needs of an indicator's page."""
    shown = ("id", "title", "title_zh", "unit", "unit_zh", "short", "short_zh", "know", "know_zh", "definitions")
    facts = asdict(of)
    return {k: facts[k] for k in shown} | {
        "query": f"{of.query_name}.sql",
        "reads": of.query.inputs,
        "parameters": of.parameters,
        "values": f"values/{of.id}.json",
    }


def _index(release: str, sources: tuple[Origin, ...], *, private: bool) -> dict[str, Any]:
    return {
        "release": release,
        "macaw": __version__,
        "is_private": private,
        "description": "openapi.json",
        "entities": "entities.json",
        "indicators": "indicators.json",
        "statuses": schema.column("status").meaning,
        "sources": [
            {"name": o.name, "title": o.title, "title_zh": o.title_zh, "citation": o.citation, "licence": o.licence}
            for o in sources
        ],
    }


def _write(path: Path, document: Any) -> None:
    """Write JSON compactly: there are thousands of files, and programs read them."""
    with provenance.atomic(path) as temporary:
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        temporary.write_text(text + "\n", "utf-8")
