"""Makes any table from the ones a test gives, by running the queries between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files

import pyarrow as pa

from macaw import registry, schema
from macaw.engine import Query, connect, load
from macaw.indicators import BY_QUERIES_OF_PAPERS, Indicator, Specification, of_patents
from macaw.organisations import tables as organisation_tables

from .engines import DuckDB, Engine
from .rows import Row, arrow_schema, filled

PACKAGES = ("macaw.tables", "macaw.organisations", "macaw.indicators")
# Every SQL file of the project: (package, name).
FILES = [
    (package, entry.name.removesuffix(".sql"))
    for package in PACKAGES
    for entry in sorted(files(package).iterdir(), key=lambda e: e.name)
    if entry.name.endswith(".sql")
]
# The queries that make a table of the schema.
QUERIES: dict[str, Query] = {name: load(package, name) for package, name in FILES if name in schema.tables()}
_REAL = ("registry_countries", "registry_territories")


class Steps:
    """Tables by name: given ones as they are, others made when asked for, on one engine."""

    def __init__(self, given: Mapping[str, Sequence[Row]], engine: Engine | None = None) -> None:
        self.given = {name: list(rows) for name, rows in given.items()}
        self.engine = engine or DuckDB()
        self._made: dict[str, pa.Table] = {}

    def table(self, name: str) -> pa.Table:
        """The table of that name: given, usual for what is given, or made by its query."""
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def rows(self, name: str) -> list[dict[str, object]]:
        """The same as rows."""
        return self.table(name).to_pylist()

    def values(
        self,
        of: Indicator,
        specifications: Sequence[Specification],
        asked: Sequence[str] = (),
        *,
        by_country: bool = False,
    ) -> pa.Table:
        """Values of an indicator: of all entities, or of those asked for, which then have every period."""
        scope = asked or self.table("entities")["entity"].to_pylist()
        # A spec gives cells and coverage of papers and patents as they are; of what they cite it gives what is before.
        stands_for = of.rests_on.stands_for if of.base in ("references", "science_links") else {}
        tables = {name: self.table(stands_for.get(name, name)) for name in of.rests_on.inputs}
        tables["scope"] = pa.table({"entity": pa.array(scope, pa.string())})
        made = self.engine.values(of, specifications, tables, fill=bool(asked), by_country=by_country)
        return typed("values", made)

    def _make(self, name: str) -> pa.Table:
        if name in self.given:
            return filled(name, self.given[name])
        if name in _REAL:
            return registry.tables()[name]
        usual = _USUAL.get(name, lambda given: None)(self.given)
        if usual is not None:
            return filled(name, usual)
        if name in QUERIES:
            query = QUERIES[name]
            return typed(name, self.engine.run(query, {table: self.table(table) for table in query.inputs}))
        if name in BY_QUERIES_OF_PAPERS:
            query, reads = of_patents(name)
            return typed(name, self.engine.run(query, {used: self.table(table) for used, table in reads.items()}))
        if name == "owners" and "registry_ownership" in self.given:
            con = connect()
            con.register("registry_ownership", self.table("registry_ownership"))
            return organisation_tables.owners_table(con)
        return filled(name, ())


def typed(name: str, data: pa.Table) -> pa.Table:
    """Rows with the columns of the schema in its types; other columns are an error."""
    arrow = arrow_schema(name)
    assert data.schema.names == arrow.names, f"{name}: {data.schema.names}, expected {arrow.names}"
    return data.cast(arrow)


# -- what is usual where a test gives only a part -----------------------------------------------------------

Given = Mapping[str, Sequence[Row]]


def _named(given: Given, *columns: str) -> list[str]:
    """The different values of some columns in all given tables."""
    return sorted({str(r[c]) for rows in given.values() for r in rows for c in columns if r.get(c) is not None})


def _topics(given: Given) -> list[Row]:
    return [{"work": r["work"]} for r in filled("works", given.get("works", ())).to_pylist() if r["is_published"]]


def _lists(given: Given) -> list[Row]:
    venues = _named(given, "venue")
    return [{"venue": v} for v in venues or ["V"]]


def _organisations(given: Given) -> list[Row]:
    names = _named(given, "organisation", "owner", "child", "parent")
    return [{"organisation": n, "name": n} for n in names]


def _venue_years(given: Given) -> list[Row] | None:
    if "authorships" in given or "works" not in given:
        return None
    works = filled("works", given["works"]).to_pylist()
    return [{"venue": v, "period": p} for v, p in sorted({(w["venue"], w["period"]) for w in works})]


def _entities(given: Given) -> list[Row] | None:
    if "cells" not in given and "evidence" not in given:
        return None
    kinds = dict.fromkeys(registry.tables()["registry_countries"]["country"].to_pylist(), "country")
    return [{"entity": e, "kind": kinds.get(e, "world" if e == "WLD" else "company")} for e in _named(given, "entity")]


def _coverage(given: Given) -> list[Row] | None:
    if "cells" not in given:
        return None
    periods = {r["period"] for r in filled("cells", given["cells"]).to_pylist()}
    return [{"period": p} for p in range(min(periods), max(periods) + 1)] if periods else []


_USUAL: dict[str, Callable[[Given], Sequence[Row] | None]] = {
    "record_topics": _topics,
    "registry_venue_lists": _lists,
    "organisations": _organisations,
    "venue_years": _venue_years,
    "entities": _entities,
    "coverage": _coverage,
}
