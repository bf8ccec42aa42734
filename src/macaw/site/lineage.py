"""From an indicator back to the files of publishers: which tables it rests on, and what makes each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

from macaw import registry, schema
from macaw.engine import Query, load
from macaw.indicators import BY_QUERIES_OF_PAPERS, Indicator, of_patents

_PACKAGES = ("macaw.indicators", "macaw.relevance", "macaw.organisations", "macaw.tables")


@dataclass(frozen=True)
class Origin:
    """A table that an indicator rests on; `query` makes it, or code does where there is none."""

    name: str
    stage: str
    grain: str
    grain_zh: str
    query: Query | None
    inputs: tuple[str, ...]


def query_of(table: str) -> Query | None:
    """The query that makes a table; None for a table that a reader or other code makes."""
    if table in BY_QUERIES_OF_PAPERS:
        return of_patents(table)[0]
    for package in _PACKAGES:
        if files(package).joinpath(f"{table}.sql").is_file():
            return load(package, table)
    return None


def lineage(of: Indicator) -> list[Origin]:
    """Every table behind an indicator, from the one it reads to those of the sources; each once."""
    todo, seen, found = [of.rests_on.table(name) for name in of.rests_on.inputs], set[str](), []
    while todo:
        name = todo.pop(0)
        if name in seen:
            continue
        seen.add(name)
        if name in registry.TABLES or name not in schema.tables():
            continue
        table, query = schema.table(name), query_of(name)
        inputs = _inputs(name, query, of)
        found.append(Origin(name, table.stage, table.grain, table.grain_zh, query, inputs))
        todo += inputs
    order = list(schema.tables())
    return sorted(found, key=lambda o: -order.index(o.name))


# Names of everything that has any value, and works fetched for some organisations, which hold nothing of other
# domains: what stands behind these says nothing of an indicator.
_NAMES_ONLY = frozenset({"entities", "selection_works", "selection_years"})


def _inputs(name: str, query: Query | None, of: Indicator) -> tuple[str, ...]:
    """What a table is made from; where domains are united, only the domain that makes the indicator's series."""
    if query is None or name in _NAMES_ONLY:
        return ()
    if name in BY_QUERIES_OF_PAPERS:
        return tuple(of_patents(name)[1].values())
    if name not in _UNITED:
        return query.inputs
    domains = {i.partition("_")[2] for i in query.inputs if i.startswith(_OF_A_DOMAIN)}
    mine = {domain for domain in domains if _makes(f"evidence_{domain}", of)} or domains
    return tuple(i for i in query.inputs if not i.startswith(_OF_A_DOMAIN) or i.partition("_")[2] in mine)


# Tables that unite one of each domain, as evidence_models and coverage_models.
_UNITED = ("evidence", "evidence_coverage")
_OF_A_DOMAIN = ("evidence_", "coverage_")


def _makes(table: str, of: Indicator) -> bool:
    query, series = query_of(table), str(of.parameters.get("series", ""))
    return query is not None and (f"'{series}'" in query.text or series in _statistics(query))


def _statistics(query: Query) -> frozenset[str]:
    """Series that come from tables of statistics, if the query reads these."""
    if "statistics" not in query.inputs:
        return frozenset()
    return frozenset(registry.tables()["registry_statistics"]["series"].to_pylist())


def kept_by_hand(origins: Iterable[Origin], of: Indicator) -> list[str]:
    """Tables of the registry that these read, by name."""
    read = {name for origin in origins for name in origin.inputs} | {
        of.rests_on.table(name) for name in (*of.rests_on.inputs, *of.query.inputs)
    }
    return sorted(read & set(registry.TABLES))
