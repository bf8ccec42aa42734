"""The static interface as OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from macaw import schema
from macaw.version import __version__

_TYPES = {"text": "string", "whole": "integer", "number": "number", "flag": "boolean"}


def described(release: str, *, with_claims: bool = False) -> dict[str, Any]:
    """The OpenAPI document of the files below api/v1."""
    claims = {
        "/claims.json": _get("All claims of the ledger with their verdicts", "Claims"),
        "/claims/{claim}.json": _get("A claim with quotation, rule, verdict, evidence and history", "Claim", "claim"),
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Macaw, static interface",
            "description": "Files of JSON: any file host answers these addresses. Values are those under each"
            " indicator's usual specification, with both countings and every definition; the downloads hold all.",
            "version": f"1 ({release})",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "./"}],
        "paths": {
            "/index.json": _get("The release, its sources and where to begin", "Index"),
            "/entities.json": _get("All entities, with the address of each one's values", "Entities"),
            "/entities/{kind}/{entity}.json": _get("One entity and its series", "EntityValues", "kind", "entity"),
            "/indicators.json": _get("All indicators", "Indicators"),
            "/indicators/{indicator}.json": _get("What an indicator means", "Indicator", "indicator"),
            "/values/{indicator}.json": _get("An indicator's series of all entities", "IndicatorValues", "indicator"),
            **(claims if with_claims else {}),
        },
        "components": {"schemas": _schemas()},
        "externalDocs": {"description": f"Made by Macaw {__version__}", "url": "../../downloads/datapackage.json"},
    }


def _get(summary: str, answer: str, *parameters: str) -> dict[str, Any]:
    return {
        "get": {
            "summary": summary,
            "operationId": "get" + answer,
            "parameters": [
                {"name": p, "in": "path", "required": True, "schema": {"type": "string"}, "description": _MEANING[p]}
                for p in parameters
            ],
            "responses": {
                "200": {
                    "description": summary,
                    "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{answer}"}}},
                },
                "404": {"description": "There is none of that name"},
            },
        }
    }


_MEANING = {
    "kind": "Kind of the entity, as in entities.json.",
    "entity": "Id of the entity, every character but letters, digits, dot, underscore and hyphen written as a hyphen.",
    "indicator": "Id of the indicator; permanent.",
    "claim": "Id of the claim; permanent.",
}


def _schemas() -> dict[str, Any]:
    text, whole = {"type": "string"}, {"type": "integer"}
    maybe = {"type": ["string", "null"]}
    point = {
        "type": "array",
        "description": "period, value, low, high, status, n, completeness, as `columns` says. A value that is not"
        " there is null, and its status says why: " + schema.column("status").meaning,
        "prefixItems": [
            whole,
            {"type": ["number", "null"]},
            {"type": ["number", "null"]},
            {"type": ["number", "null"]},
            text,
            {"type": ["integer", "null"]},
            {"type": ["number", "null"]},
        ],
        "items": False,
    }
    points = {"type": "array", "items": point}
    series = {"definition": text, "counting": {"enum": ["full", "fractional"]}, "values": points}
    entity = {
        c.name: {"type": [_TYPES[c.type], "null"], "description": c.meaning} for c in schema.table("entities").columns
    }
    columns = {"type": "array", "items": text}
    return {
        "Index": _object(release=text, macaw=text, is_private={"type": "boolean"}, sources={"type": "array"}),
        "Entities": {"type": "array", "items": _object(address=text, **entity)},
        "EntityValues": _object(
            **entity,
            release=text,
            columns=columns,
            series={"type": "array", "items": _object(indicator=text, unit=text, **series)},
        ),
        "Indicators": {
            "type": "array",
            "items": _object(id=text, title=text, title_zh=text, unit=text, has_values={"type": "boolean"}),
        },
        "Indicator": _object(
            id=text,
            title=text,
            title_zh=text,
            unit=text,
            short=text,
            short_zh=text,
            know={"type": "array", "items": text},
            know_zh={"type": "array", "items": text},
            definitions={"type": "array", "items": text},
            query=text,
            values=maybe,
        ),
        "Claims": {
            "type": "array",
            "items": _object(id=text, verdict=text, statement=text, statement_zh=text, summary=text, address=text),
        },
        "Claim": _object(
            id=text,
            verdict=text,
            statement=text,
            statement_zh=text,
            reason=text,
            reason_zh=text,
            quote=text,
            rule={"type": "object"},
            rule_hash=text,
            values={"type": "array", "items": {"type": "object"}},
            figures={"type": "array", "items": {"type": "object"}},
            history={"type": "array", "items": {"type": "object"}},
            release=text,
        ),
        "IndicatorValues": _object(
            indicator=text,
            title=text,
            title_zh=text,
            unit=text,
            switches={"type": "object", "additionalProperties": text},
            columns=columns,
            series={"type": "array", "items": _object(entity=text, **series)},
        ),
    }


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": sorted(properties)}
