"""The words that rows of the registry may use: properties, stages, sectors, exchanges, sources."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from macaw.errors import RegistryError
from macaw.registry.load import entries_of

FILE = "vocabulary.toml"
KINDS = ("property", "stage", "sector", "exchange", "source")


@dataclass(frozen=True)
class Term:
    """A word with its names; of a property also what its values look like and whether an organisation has one only."""

    name: str
    name_zh: str
    is_name: bool = False
    once: bool = False
    form: re.Pattern[str] | None = None


@cache
def vocabulary() -> dict[str, dict[str, Term]]:
    """Terms by kind (`property`, `stage`, `sector`, `exchange`, `source`) and word.

    Raises `RegistryError` naming the entry that lacks a name or has a form that is no regular expression.

    >>> vocabulary()["sector"]["semiconductors"].name_zh
    '半导体'
    """
    found: dict[str, dict[str, Term]] = {kind: {} for kind in KINDS}
    for kind, words in entries_of(FILE):
        if kind not in found:
            raise RegistryError(f"registry/{FILE}: [{kind}] is no kind of word", f"one of {', '.join(KINDS)}")
        found[kind] = {word: _term(f"{kind}.{word}", entry) for word, entry in words.items()}
    return found


def _term(where: str, entry: dict[str, Any]) -> Term:
    try:
        return Term(**{**entry, "form": re.compile(entry["form"]) if "form" in entry else None})
    except (TypeError, re.error) as error:
        raise RegistryError(f"registry/{FILE}: [{where}]: {error}", "see the entries beside it") from None
