"""Which indicators could settle a sentence, by the words of its measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from macaw.claims.reading.lexicon import Words, words


@dataclass(frozen=True)
class Link:
    """A measure a sentence is about: its indicators (may be none), and series of figures or records that bear on it."""

    measure: str
    title: str
    title_zh: str
    indicators: tuple[str, ...]
    figures: tuple[str, ...]
    records: tuple[str, ...]
    words: tuple[str, ...]


def pattern_of(of: Mapping[str, list[str]]) -> Words:
    """Words of a measure in both languages; English ones begin at a word."""
    return Words(of["zh"], of["en"], begins=True)


@cache
def _measures() -> list[tuple[dict[str, Any], Words, Words | None, Words | None]]:
    return [
        (row, pattern_of(row["any"]), *(pattern_of(row[k]) if k in row else None for k in ("all", "none")))
        for row in words("measures")["measure"]
    ]


@cache
def measures() -> dict[str, dict[str, Any]]:
    """The rows of measures.toml by id."""
    return {row["id"]: row for row, *_ in _measures()}


def link(folded: str) -> list[Link]:
    """The measures a folded sentence is about, the one with most words first.

    >>> [(l.measure, l.indicators[0]) for l in link("中国的生成式人工智能落后美国至少一年")]
    [('lag', 'frontier_lag_days')]
    """
    found = []
    for row, some, other, never in _measures():
        hits = list(dict.fromkeys(m[0] for m in some.finditer(folded)))
        if hits and (other is None or other.search(folded)) and not (never and never.search(folded)):
            found.append(
                Link(
                    row["id"],
                    row["title"],
                    row["title_zh"],
                    tuple(row["indicators"]),
                    tuple(row.get("figures", ())),
                    tuple(row.get("records", ())),
                    tuple(hits),
                )
            )
    return sorted(found, key=lambda found: -sum(map(len, found.words)))
