"""Makes the organisations' tables that are walks over a graph or calls of the matcher, not joins."""

from __future__ import annotations

import contextlib
import pickle
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from macaw import provenance
from macaw.organisations.forest import Model
from macaw.organisations.lexicon import Facts
from macaw.organisations.match import Matcher
from macaw.organisations.ownership import ROLLED_UP, Edge, owners
from macaw.schema import to_table

if TYPE_CHECKING:
    import duckdb

# What loading a file raises that is no whole pickle of this version.
_UNREADABLE = (OSError, EOFError, pickle.UnpicklingError, AttributeError, ImportError, LookupError, ValueError)
# Matchers kept, the newest of those made; each takes some 75 MB.
_KEPT = 3
# What a matcher is made of.
MATCHER_INPUTS = ("organisations", "organisation_names", "ancestors", "places", "registry_legal_forms")


def owners_table(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """The table `owners`, from the registry's ownership edges."""
    edges = con.execute("select child, parent, kind, from_year, to_year, stated from registry_ownership").fetchall()
    return to_table(
        "owners",
        sorted(
            (
                (o, r, a, b, w)
                for o, r, a, b, w in owners(Edge(c, p, f, t, s) for c, p, k, f, t, s in edges if k in ROLLED_UP)
            ),
            key=lambda row: (row[0], row[1], row[2] or 0),
        ),
    )


def ancestors_of(parents: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """All organisations above each one; a cycle, which ROR has, ends where it closes.

    >>> sorted(ancestors_of({"lab": ["institute"], "institute": ["academy"]})["lab"])
    ['academy', 'institute']
    """
    above: dict[str, frozenset[str]] = {}
    for organisation in parents:
        found: set[str] = set()
        waiting = list(parents[organisation])
        while waiting:
            parent = waiting.pop()
            if parent not in found and parent != organisation:
                found.add(parent)
                waiting += parents.get(parent, ())
        above[organisation] = frozenset(found)
    return above


def ancestors_table(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """The table `ancestors`, from ROR's relations of kind parent."""
    claimed = dict(con.execute("select value, organisation from registry_facts where property = 'ror'").fetchall())
    parents: dict[str, list[str]] = defaultdict(list)
    for ror, parent in con.execute(
        "select ror, related_ror from source_relations where relation = 'parent' order by ror, related_ror"
    ).fetchall():
        child, above = claimed.get(ror, f"ror:{ror}"), claimed.get(parent, f"ror:{parent}")
        if child != above:
            parents[child].append(above)
    return to_table("ancestors", sorted((o, a) for o, found in ancestors_of(parents).items() for a in found))


def group_members_table(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """The table `group_members`, from the registry's groups."""
    rows = con.execute(
        "select group_id, name, name_zh, kind, member from registry_groups order by group_id, member"
    ).fetchall()
    return to_table("group_members", rows)


def places_table(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """The table `places`, in the order of the registry's files, which decides between two meanings of a word."""
    return to_table("places", con.execute("select name, country, place_kind from registry_places").fetchall())


def matcher_from(con: duckdb.DuckDBPyConnection, model: Model | None = None) -> Matcher:
    """A matcher over the tables organisations, organisation_names, ancestors, places and registry_legal_forms."""
    facts = {
        organisation: Facts(kind, country, city)
        for organisation, kind, country, city in con.execute(
            "select organisation, kind, country, city from organisations"
        ).fetchall()
    }
    above: dict[str, set[str]] = defaultdict(set)
    for organisation, ancestor in con.execute("select organisation, ancestor from ancestors").fetchall():
        above[organisation].add(ancestor)
    names = con.execute(
        "select organisation, name, match_rule, country, ror, ror is null from organisation_names"
    ).fetchall()
    return Matcher(
        names=[row for row in names if row[0] in facts],
        facts=facts,
        ancestors={o: frozenset(a) for o, a in above.items()},
        places=con.execute("select name, country, place_kind from places").fetchall(),
        legal_forms=[form for (form,) in con.execute("select form from registry_legal_forms").fetchall()],
        model=model,
    )


def kept(file: Path, make: Callable[[], Matcher]) -> Matcher:
    """The matcher kept in a file of the user's own cache, else a new one, which is kept if the folder allows it.

    A pickle is code: the file must be one that Macaw wrote, so it is looked for in the cache folder only.
    """
    with contextlib.suppress(*_UNREADABLE), file.open("rb") as stream:
        found: Matcher = pickle.load(stream)  # noqa: S301
        return found
    matcher = make()
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with provenance.atomic(file) as temporary, temporary.open("wb") as stream:
            pickle.dump(matcher, stream, protocol=5)
        for old in sorted(file.parent.glob("*.pickle"), key=lambda f: f.stat().st_mtime)[:-_KEPT]:
            old.unlink()
    return matcher


@dataclass(frozen=True)
class Matches:
    """Rows of `matches` from raw names: every one through the matcher."""

    matcher: Matcher

    def __call__(self, raws: pa.RecordBatch) -> pa.Table:
        """The rows of a batch of raw names."""
        return to_table("matches", self._rows(raws["raw_name"].to_pylist()))

    def _rows(self, raws: Sequence[str]) -> Iterator[tuple[object, ...]]:
        for raw, matches in zip(raws, self.matcher.match_many(raws), strict=True):
            for m in matches:
                yield raw, m.organisation, m.ror, m.country, m.is_ancestor, m.probability, m.evidence


def matches_of(con: duckdb.DuckDBPyConnection) -> Matches:
    """What makes rows of `matches`, from the tables of `MATCHER_INPUTS`."""
    return Matches(matcher_from(con))
