"""Makes tables from a few columns: the rest are filled with what is usual."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from macaw import registry, schema
from macaw.relevance import DEFINITION

Row = Mapping[str, object]

# What a column holds where a test does not say; any other column is null.
DEFAULTS: dict[str, object] = {
    "activity_kind": "paper",
    "adds_up": True,
    "affiliation_status": "A",
    "authors": 1,
    "citation_status": "A",
    "citation_venues": 1,
    "citations_collected": True,
    "collected_venues": 1,
    "definition": DEFINITION,
    "held": True,
    "held_venues": 1,
    "is_ancestor": False,
    "is_collected": True,
    "is_panel": True,
    "is_published": True,
    "kind": "company",
    "listing": "per_author",
    "located": 100,
    "measure": "papers",
    "ownership": "any",
    "papers": 100,
    "part": 0,
    "period": 2020,
    "place": "any",
    "place_country": "",
    "probability": 1.0,
    "share": 1.0,
    "slot": 0,
    "slots": 1,
    "source": "spec",
    "status": "A",
    "starts_break": False,
    "territory": "any",
    "topic": "ai",
    "total": 1.0,
    "value": 1.0,
    "venue": "V",
    "venue_folder": "v",
    "venues": "ai",
    "with_citations": 100,
}
# A column that a test does not give, but another that says the same unless it is given too.
FOLLOWS = {"shared_total": "total", "records": "total", "shared_records": "records", "name": "entity"}


def arrow_schema(table: str) -> pa.Schema:
    """The schema of a table of the build or of the registry."""
    return registry.tables()[table].schema if table in registry.TABLES else schema.arrow_schema(table)


def filled(table: str, rows: Iterable[Row]) -> pa.Table:
    """Rows with some of a table's columns as the whole table."""
    arrow = arrow_schema(table)
    complete = []
    for given in rows:
        unknown = set(given) - set(arrow.names)
        assert not unknown, f"table {table} has no column {', '.join(sorted(unknown))}"
        complete.append({name: _cell(name, given) for name in arrow.names})
    columns = [pa.array([row[f.name] for row in complete], f.type, from_pandas=False) for f in arrow]
    return pa.table(columns, schema=arrow)


def _cell(name: str, given: Row) -> object:
    if name in given:
        return given[name]
    if FOLLOWS.get(name) in given or FOLLOWS.get(name) in FOLLOWS:
        return _cell(FOLLOWS[name], given)
    return DEFAULTS.get(name)
