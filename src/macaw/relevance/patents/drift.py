"""Classes of a definition that have died: no document has them any more, while many have what replaced them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from macaw.relevance.patents.definitions import AI, Successor, categories, concordance, definitions, intervals
from macaw.relevance.patents.symbols import held, interval, key

# So many documents with the successor make the absence of the old class no chance.
FEW = 10


@dataclass(frozen=True)
class Dead:
    """A class a definition names for a topic, which no document has, and how many classes given are its successor's."""

    definition: str
    topic: str
    old: str
    new: str
    successors: int


def dead_classes(symbols: Iterable[str], definition: str, few: int = FEW) -> list[Dead]:
    """The dead classes of a definition in the CPC classes that documents have, repeats included.

    A class whose successor the definition takes on by the concordance is silent.

    >>> [d.old for d in dead_classes(["G06V10/82"] * 20, "cset_1790_published")][:1]
    ['G06K9']
    >>> dead_classes(["G06V10/82"] * 20, "cset_1790")
    []
    """
    keys = np.array([k for s in symbols if (k := key(s)) is not None], dtype=str)
    of = definitions()[definition]
    topics = [(AI, of.universe), *((c.topic, c.clauses) for c in categories().values())]
    found = []
    for successor in concordance():
        n = int(held(keys, [interval(successor.new)]).sum())
        if n < few or held(keys, [interval(successor.old)]).any():
            continue
        for topic, clauses in topics:
            patterns = [p for clause in clauses for p in clause.cpc]
            if _names(patterns, successor) and not of.concordance:
                found.append(Dead(definition, topic, successor.old, successor.new, n))
    return found


def _names(patterns: list[str], successor: Successor) -> bool:
    """Whether the patterns would take on the successor: they name the old class."""
    return len(intervals(patterns, [successor])) > len(patterns)
