"""Why a value has no interval: a part of its error is not known."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from macaw.indicators import Indicator, Specification


@dataclass(frozen=True)
class Reason:
    """Why there is no interval, in both languages."""

    id: str
    text: str
    text_zh: str


@cache
def reasons() -> dict[str, Reason]:
    """All reasons by id (reasons.toml)."""
    document = tomllib.loads(files("macaw.uncertainty").joinpath("reasons.toml").read_text("utf-8"))
    return {name: Reason(name, entry["text"], entry["text_zh"]) for name, entry in document["reason"].items()}


@cache
def _rules() -> list[dict[str, Any]]:
    document = tomllib.loads(files("macaw.uncertainty").joinpath("reasons.toml").read_text("utf-8"))
    rules: list[dict[str, Any]] = document["without"]
    return rules


def _holds(condition: list[str] | dict[str, list[str]], fact: str) -> bool:
    return fact not in condition["other_than"] if isinstance(condition, dict) else fact in condition


def reason(of: Indicator, spec: Specification) -> Reason | None:
    """Why an indicator has no interval of ours under a specification; None where it has one.

    >>> from macaw.indicators import indicator
    >>> reason(indicator("papers"), Specification()) is None
    True
    >>> reason(indicator("papers"), Specification(topic="vision")).id
    'topic'
    >>> reason(indicator("papers"), Specification(definition="model")).id
    'texts'
    """
    facts = {
        "base": of.base,
        "query": of.query_name,
        "measure": str(of.parameters.get("measure", "")),
        "topic": spec.topic,
        "venues": spec.venues,
        "definition": spec.definition,
    }
    for rule in _rules():
        if all(_holds(rule[name], fact) for name, fact in facts.items() if name in rule):
            return reasons()[str(rule["reason"])]
    return None


def why_none(
    of: Indicator, spec: Specification, value: float | None, ends: tuple[float | None, float | None]
) -> Reason | None:
    """Why one value has no interval; None where it has one.

    >>> from macaw.indicators import indicator
    >>> why_none(indicator("papers"), Specification(), 0.0, (None, None)).id
    'zero'
    >>> why_none(indicator("papers"), Specification(), 3.0, (2.0, 4.0)) is None
    True
    """
    if any(end is not None for end in ends):
        return None
    if value is None:
        return reasons()["no_value"]
    return reason(of, spec) or reasons()["few" if value else "zero"]
