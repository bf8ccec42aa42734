"""Who counts for an organisation's work, by rule of ownership and year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from macaw.errors import RegistryError

RULES = ("none", "as_was", "as_is")
# A joint venture has no one owner and an affiliate (Ant Group beside Alibaba) is no part of one: both keep their count.
ROLLED_UP = ("subsidiary",)


@dataclass(frozen=True)
class Edge:
    """An ownership from its first to its last year, None without limit; `where` is the row that says so."""

    child: str
    parent: str
    first: int | None
    last: int | None
    where: str = "ownership.csv"


Span = tuple[str, str, int | None, int | None, str]


def owners(edges: Iterable[Edge]) -> list[Span]:
    """Rows of the table `owners` for every organisation in a family of owners and owned.

    Under `none` each counts for itself; under `as_is` for its ultimate owner today, in all years; under
    `as_was` for its ultimate owner of each year. Raises `RegistryError` for a cycle or two owners at once.

    >>> for row in owners([Edge("deepmind", "alphabet", 2014, None)]): print(row)
    ('alphabet', 'as_is', None, None, 'alphabet')
    ('alphabet', 'as_was', None, None, 'alphabet')
    ('alphabet', 'none', None, None, 'alphabet')
    ('deepmind', 'as_is', None, None, 'alphabet')
    ('deepmind', 'as_was', None, 2013, 'deepmind')
    ('deepmind', 'as_was', 2014, None, 'alphabet')
    ('deepmind', 'none', None, None, 'deepmind')
    """
    by_child: dict[str, list[Edge]] = defaultdict(list)
    members: set[str] = set()
    for edge in edges:
        by_child[edge.child].append(edge)
        members |= {edge.child, edge.parent}
    rows: list[Span] = []
    for organisation in sorted(members):
        rows.append((organisation, "as_is", None, None, _ultimate(organisation, by_child, None)))
        rows += _as_was(organisation, by_child)
        rows.append((organisation, "none", None, None, organisation))
    return rows


def _ultimate(organisation: str, by_child: dict[str, list[Edge]], year: int | None) -> str:
    """The owner at the top of the chain in a year; None is today."""
    seen = [organisation]
    while True:
        current = {e.parent: e.where for e in by_child.get(seen[-1], ()) if _holds(e, year)}
        if len(current) > 1:
            raise RegistryError(
                f"registry/{' and '.join(current.values())}: {seen[-1]} has owners {', '.join(sorted(current))} "
                f"at once ({year or 'today'})",
                "close one span with a `to` year, or make one an affiliate",
            )
        if not current:
            return seen[-1]
        [(parent, where)] = current.items()
        if parent in seen:
            raise RegistryError(f"registry/{where}: cycle {' → '.join([*seen, parent])}", "remove one row")
        seen.append(parent)


def _holds(edge: Edge, year: int | None) -> bool:
    if year is None:
        return edge.last is None
    # The year of a sale counts for the buyer, whose span begins in it.
    return (edge.first is None or edge.first <= year) and (edge.last is None or year < edge.last)


def _as_was(organisation: str, by_child: dict[str, list[Edge]]) -> list[Span]:
    changes = sorted({y for edges in by_child.values() for e in edges for y in (e.first, e.last) if y is not None})
    starts: list[int | None] = [None, *changes]
    spans: list[Span] = []
    for start, following in zip(starts, [*changes, None], strict=True):
        year = start if start is not None else (changes[0] - 1 if changes else 0)
        owner = _ultimate(organisation, by_child, year)
        last = None if following is None else following - 1
        if spans and spans[-1][4] == owner:
            spans[-1] = (organisation, "as_was", spans[-1][2], last, owner)
        else:
            spans.append((organisation, "as_was", start, last, owner))
    return spans
