"""People behind papers, as counts: who works where in a year, and who moved, with bounds for names that many bear.

A name is not a person. Two people of one name at one organisation in one year are told apart only by whom they write
with: the works of a name that many people bear fall into groups that share a further author, and each group may be a
person of its own. A name that few bear is taken for one person. Nothing here is validated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

import pyarrow as pa

from macaw.schema import to_table

if TYPE_CHECKING:
    import duckdb

RESEARCHER_INPUTS = ("works", "authorships", "matches", "source_authors", "registry_venue_lists")
MOVE_INPUTS = (*RESEARCHER_INPUTS, "owners")
# Years between two papers within which a change of affiliation is a move, and organisations a name may have in one.
WITHIN, AT_MOST = 3, 5
COUNTERPARTS = ("USA", "CHN")

# Where each author of an AI paper works; papers that list affiliations for the paper as a whole do not tell.
_PLACED = """
create temp table placed as
select distinct w.work, w.period, s.author, s.author_group, s.is_ambiguous, m.organisation, m.country, m.is_ancestor
from works as w
join authorships as a on a.work = w.work
join source_authors as s on s.work = a.work and s.slot = a.slot
join matches as m on m.raw_name = a.raw_name
where w.is_published and w.listing = 'per_author'
  and w.venue in (select venue from registry_venue_lists where venues = 'ai')
"""
_BY_ENTITY = """
create temp table by_entity as
select distinct organisation as entity, period, author, author_group, is_ambiguous, work
from placed
where organisation is not null and not is_ancestor
union
select distinct country, period, author, author_group, is_ambiguous, work
from placed
where country is not null and not is_ancestor
union
select distinct 'WLD', period, author, author_group, is_ambiguous, work from placed
"""
_NAMES = """
select entity, period, author, any_value(author_group), any_value(is_ambiguous), count(*),
  case when any_value(is_ambiguous) and count(*) > 1 then list(work order by work) end
from by_entity
group by entity, period, author
order by entity, period, author
"""


def groups_of(works: Iterable[str], others: Mapping[str, frozenset[int]]) -> int:
    """How many groups works fall into if those that share a further author belong together.

    >>> groups_of(["a", "b", "c"], {"a": frozenset({1, 2}), "b": frozenset({2, 3}), "c": frozenset({4})})
    2
    """
    groups: list[set[int]] = []
    alone = 0
    for work in works:
        mine = set(others.get(work, ()))
        if not mine:
            alone += 1
            continue
        apart = [group for group in groups if not group & mine]
        for group in groups:
            if group & mine:
                mine |= group
        groups = [*apart, mine]
    return len(groups) + alone


def researchers_table(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """The table `researchers`: names by entity and year; `parts` is how many people a name may be."""
    con.execute(_PLACED)
    con.execute(_BY_ENTITY)
    authors = _authors(con)
    rows = []
    for entity, period, author, group, ambiguous, works, listed in con.execute(_NAMES).fetchall():
        parts = 1
        if listed:
            parts = groups_of(listed, {work: authors[work] - {author} for work in listed})
        rows.append((entity, period, author, group, ambiguous, works, parts))
    return to_table("researchers", rows)


def _authors(con: duckdb.DuckDBPyConnection) -> dict[str, frozenset[int]]:
    found = con.execute("select work, list(author) from source_authors group by work").fetchall()
    return {work: frozenset(authors) for work, authors in found}


_YEARS = """
select p.author, any_value(p.is_ambiguous), p.period,
  list(distinct coalesce(o.owner, p.organisation)) filter (p.organisation is not null),
  list(distinct p.country) filter (p.country is not null),
  list(distinct p.work)
from placed as p
left join owners as o on o.organisation = p.organisation and o.ownership = 'as_is'
where not p.is_ancestor
group by p.author, p.period
order by p.author, p.period
"""
Year = tuple[int, bool, int, list[str] | None, list[str] | None, list[str]]


def moves_table(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """The table `moves`: authors who came to or left an organisation or a country in a year, with bounds.

    A move: a name's next paper within three years has none of the places of the one before. movers counts those of
    names that few bear, and of the others those that share a further author before and after; movers_low only those
    that share one, movers_high all.
    """
    con.execute(_PLACED)
    authors = _authors(con)
    counted: dict[tuple[str, str, str, int], list[set[int]]] = defaultdict(lambda: [set(), set(), set()])
    for before, after in _pairs(con.execute(_YEARS).fetchall()):
        author, ambiguous = after[0], after[1]
        known = _others(before, authors) & _others(after, authors)
        levels = (True, bool(known) or not ambiguous, bool(known))
        for key in _changes(before, after):
            for names, counts in zip(counted[key], levels, strict=True):
                if counts:
                    names.add(author)
    rows = [(*key, len(some), len(least), len(every)) for key, (every, some, least) in sorted(counted.items())]
    return to_table("moves", rows)


def _pairs(years: list[Year]) -> Iterator[tuple[Year, Year]]:
    """Each year of a name with the next one that it has, if that is near."""
    for before, after in pairwise(years):
        if before[0] == after[0] and after[2] - before[2] <= WITHIN:
            yield before, after


def _others(year: Year, authors: Mapping[str, frozenset[int]]) -> frozenset[int]:
    return frozenset().union(*(authors[work] for work in year[5])) - {year[0]}


def _changes(before: Year, after: Year) -> Iterator[tuple[str, str, str, int]]:
    """Series, definition, entity and year of every total that the change from one year to the next adds to."""
    was_in, is_in = set(before[4] or ()), set(after[4] or ())
    places = ((set(before[3] or ()), set(after[3] or ())), (was_in, is_in))
    for left, reached in places:
        if not left or not reached or left & reached or max(len(left), len(reached)) > AT_MOST:
            continue
        for entity in reached:
            yield "researcher_arrivals", "any", entity, after[2]
            for country in COUNTERPARTS:
                if country in was_in and country not in is_in:
                    yield "researcher_arrivals", f"from_{country}", entity, after[2]
        for entity in left:
            yield "researcher_departures", "any", entity, after[2]
            for country in COUNTERPARTS:
                if country in is_in and country not in was_in:
                    yield "researcher_departures", f"to_{country}", entity, after[2]
