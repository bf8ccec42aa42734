"""Topics of papers by venue and title, the usual definition: papers at AI venues are AI.

A field is given by the venue (a paper at a vision conference is vision) or by a keyword in the title.
The definition is named `venue`; those that read titles and abstracts (topics.py) stand beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from macaw import schema

DEFINITION = "venue"
# Work, topic, definition, probability, reason.
Row = tuple[str, str, str, float, str]
# Not measured: a field taken from a venue is nearly sure, one taken from a word less so.
BY_VENUE, BY_KEYWORD = 0.95, 0.85


@dataclass(frozen=True)
class Topic:
    """A topic: the venue fields that imply it, and the words in a title that do."""

    id: str
    fields: frozenset[str]
    keywords: tuple[str, ...]
    pattern: re.Pattern[str] | None = field(init=False)

    def __post_init__(self) -> None:
        latin = sorted((k for k in self.keywords if k.isascii()), key=lambda k: (-len(k), k))
        other = sorted(k for k in self.keywords if not k.isascii())
        choices = [rf"\b(?:{'|'.join(map(re.escape, latin))})\b"] if latin else []
        choices += [re.escape(k) for k in other]
        object.__setattr__(self, "pattern", re.compile("|".join(choices)) if choices else None)

    def reason(self, venue_fields: frozenset[str], title: str) -> tuple[float, str] | None:
        """Probability and reason if a paper has the topic.

        >>> Topic("vision", frozenset({"vision"}), ("optical flow",)).reason(frozenset(), "fast optical flow")
        (0.85, 'title: optical flow')
        """
        implied = self.fields & venue_fields
        if implied:
            return BY_VENUE, f"venue: {min(implied)}"
        found = self.pattern.search(title) if self.pattern else None
        return (BY_KEYWORD, f"title: {found.group()}") if found else None


def record_topics(
    works: Iterable[tuple[str, str, str]],
    topics: Iterable[Topic],
    venue_fields: dict[str, frozenset[str]],
    ai_venues: frozenset[str],
) -> list[Row]:
    """Rows of `record_topics` from (work, venue, title) of published works, in the order given."""
    kept = tuple(t for t in topics if t.id not in ("ai", "all"))
    rows: list[Row] = []
    for work, venue, title in works:
        rows.append((work, "all", DEFINITION, 1.0, "any topic"))
        if venue in ai_venues:
            rows.append((work, "ai", DEFINITION, 1.0, f"venue: {venue}"))
        fields, lowered = venue_fields.get(venue, frozenset()), title.lower()
        for topic in kept:
            found = topic.reason(fields, lowered)
            if found:
                rows.append((work, topic.id, DEFINITION, *found))
    return rows


def topics_table(rows: Sequence[Row]) -> pa.Table:
    """The table `record_topics`."""
    arrow = schema.arrow_schema("record_topics")
    columns = zip(*rows, strict=True) if rows else ((),) * len(arrow)
    return pa.table([pa.array(c, type=f.type) for c, f in zip(columns, arrow, strict=True)], schema=arrow)
