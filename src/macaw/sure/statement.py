"""Reads a comparison: `papers CHN > USA`, `papers huawei >= 0.5 x google`, `papers CHN rank <= 3`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from macaw.errors import UsageError
from macaw.indicators.indicator import indicator

_RELATION = re.compile(r"^(\S+)\s+(.+?)\s*(>=|<=|>|<|≥|≤)\s*(.+)$")
_TIMES = re.compile(r"^([0-9.]+)\s*[x×*]\s*(.+)$")
_NUMBER = re.compile(r"^-?[0-9]*\.?[0-9]+(e[0-9]+)?$")
_RANK = re.compile(r"^(.+?)\s+rank$")
EVERY = "*"
_HOW = "as in 'papers CHN > USA', 'papers CHN > 1.5 x USA', 'papers CHN rank <= 3' or 'papers CHN > 1000'"


@dataclass(frozen=True)
class Statement:
    """An entity's value, or its rank among its kind, against `factor` × another's value, or a number."""

    indicator: str
    entity: str
    relation: str
    other: str | None
    number: float
    is_rank: bool = False

    def holds(self, difference: float) -> bool:
        """Whether the relation holds of the left side less the right one."""
        return {
            ">": difference > 0,
            ">=": difference >= 0,
            "<": difference < 0,
            "<=": difference <= 0,
        }[self.relation]


def parse(text: str, entity: Callable[[str], str]) -> Statement:
    """The statement that a text makes; `entity` finds an id by any name. The indicator `*` stands for every one.

    Raises `UsageError` for a text that is no comparison, and for an unknown indicator or entity.

    >>> parse("papers CHN > 2 x USA", str)
    Statement(indicator='papers', entity='CHN', relation='>', other='USA', number=2.0, is_rank=False)
    """
    found = _RELATION.match(text.strip())
    if not found:
        raise UsageError(f"{text!r} is no comparison", _HOW)
    name, left, relation, right = found.groups()
    if name != EVERY:
        indicator(name)
    relation = {"≥": ">=", "≤": "<="}.get(relation, relation)
    ranked = _RANK.match(left)
    if ranked:
        if not _NUMBER.match(right):
            raise UsageError(f"{text!r}: a rank is compared with a number", _HOW)
        return Statement(name, entity(ranked.group(1)), relation, None, float(right), is_rank=True)
    if _NUMBER.match(right):
        return Statement(name, entity(left), relation, None, float(right))
    times = _TIMES.match(right)
    factor, other = (float(times.group(1)), times.group(2)) if times else (1.0, right)
    made = Statement(name, entity(left), relation, entity(other), factor)
    if made.entity == made.other:
        raise UsageError(f"{text!r} compares {made.entity} with itself", "name two entities")
    return made
