"""What the server answers beside files, as OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from macaw.version import __version__

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_ASKED: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "sql": (
        "Answer one SELECT in DuckDB's dialect over the published tables",
        {"query": _TEXT, "limit": {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 1000}},
        {
            "columns": _TEXTS,
            "types": _TEXTS,
            "rows": {"type": "array", "items": {"type": "array"}},
            "is_cut": {"type": "boolean", "description": "Whether there are more rows than were asked for."},
        },
    ),
    "resolve": (
        "Say which organisations raw names mean, with probability and evidence",
        {"names": {"type": "array", "items": _TEXT, "minItems": 1, "maxItems": 200}},
        {"answers": {"type": "array", "items": {"type": "object"}}},
    ),
    "check": (
        "Find the sentences of an article that can be checked, and what the evidence says",
        {"text": {**_TEXT, "maxLength": 100_000}, "date": {**_TEXT, "format": "date", "default": None}},
        {
            "article": {"type": "object"},
            "counts": {"type": "object"},
            "sentences": {"type": "array", "items": {"type": "object"}},
        },
    ),
}
_REFUSALS = {
    "400": "The question is worded wrongly",
    "403": "A page of another site asked",
    "408": "The question did not arrive in time",
    "413": "The question is too large",
    "415": "The question is no JSON",
    "421": "The server is not called so",
    "503": "Another question of this kind is being answered",
    "504": "The answer took too long or too much memory and was stopped",
}


def described(questions: Iterable[str]) -> dict[str, Any]:
    """The OpenAPI document of a server that answers these questions."""
    error = {"type": "object", "properties": {"error": _TEXT, "remedy": {"type": ["string", "null"]}}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Macaw on this machine",
            "description": "What `macaw serve` answers beside the files of the site, whose own interface is described"
            " in /api/v1/openapi.json.",
            "version": __version__,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api"}],
        "paths": {f"/{name}": {"post": _post(name)} for name in questions},
        "components": {"schemas": {"Error": error}},
    }


def _post(name: str) -> dict[str, Any]:
    summary, question, answer = _ASKED[name]
    required = [k for k, v in question.items() if "default" not in v]
    refused = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {
        "operationId": name,
        "summary": summary,
        "requestBody": {"required": True, "content": _json(question, required)},
        "responses": {
            "200": {"description": "The answer", "content": _json(answer, list(answer))},
            **{status: {"description": text, "content": refused} for status, text in _REFUSALS.items()},
        },
    }


def _json(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"application/json": {"schema": {"type": "object", "properties": properties, "required": required}}}
