"""Every SQL file can be said in each dialect, reads only what is before it, and gives what the schema says."""

from __future__ import annotations

import pytest
import sqlglot

from macaw import registry, schema
from macaw.engine import DIALECTS, load, translate
from macaw.indicators import BASES, indicators
from support.engines import DuckDB
from support.rows import filled
from support.steps import FILES, QUERIES, Steps

FILE_IDS = [name for _, name in FILES]
STAGES = list(dict.fromkeys(t.stage for t in schema.tables().values()))
# Tables that `compute` and `records` hand to the indicators' queries.
HANDED = {"specifications", "scope", "counted", "computed", "chosen"}
BASE_OF = {i.query_name: i.base for i in indicators().values()}
INDICATOR_QUERIES = sorted(BASE_OF)
_SERIES = [
    "entity", "place_country", "topic", "period", "counting", "place", "ownership", "definition", "venues",
    "territory", "value", "n",
]  # fmt: skip
INDICATOR_COLUMNS = {
    "cells": _SERIES,
    "patents": _SERIES,
    "references": _SERIES,
    "science_links": _SERIES,
    "evidence": [*_SERIES, "low", "high", "known", "status"],
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("package", "name"), FILES, ids=FILE_IDS)
def test_translates_and_parses_back(package, name, dialect):
    query = load(package, name)
    tree = sqlglot.parse_one(translate(query.text, dialect), read=dialect)
    assert tree.named_selects == sqlglot.parse_one(query.text, read="duckdb").named_selects


@pytest.mark.parametrize(("package", "name"), FILES, ids=FILE_IDS)
def test_reads_only_what_is_before_it(package, name):
    order = list(schema.tables())
    read = set(load(package, name).inputs) - set(registry.TABLES) - HANDED
    if name in schema.tables():
        allowed = order[: order.index(name)]
    else:
        last = STAGES.index("indicators" if package == "macaw.indicators" else package.removeprefix("macaw."))
        allowed = [t.name for t in schema.tables().values() if STAGES.index(t.stage) <= last]
    assert read <= set(allowed)


@pytest.mark.parametrize("name", QUERIES)
def test_gives_the_columns_of_its_table(name):
    assert Steps({}).table(name).schema == schema.arrow_schema(name)


def test_every_file_is_accounted_for():
    assert {name for _, name in FILES} == {
        *QUERIES,
        *INDICATOR_QUERIES,
        "unknown_statuses",
        "unknown_countries",
        "unknown_parts",
        "unplaced_deals",
        *(name for base in BASES.values() for name in (base.counted, base.finish, *base.records)),
    }


@pytest.mark.parametrize("name", ["unknown_statuses", "unknown_countries", "unknown_parts", "unplaced_deals"])
def test_refused_records_have_the_columns_of_their_table(name):
    query = load("macaw.tables", name)
    found = DuckDB().run(query, {t: filled(t, ()) for t in query.inputs})
    assert found.schema.names == schema.arrow_schema("rejected").names


@pytest.mark.parametrize("name", INDICATOR_QUERIES)
def test_indicator_query_gives_a_value_for_each_specification(name):
    tree = sqlglot.parse_one(load("macaw.indicators", name).text, read="duckdb")
    assert tree.named_selects == INDICATOR_COLUMNS[BASE_OF[name]]


@pytest.mark.parametrize("base", BASES)
def test_values_have_the_columns_of_their_table(base):
    tree = sqlglot.parse_one(load("macaw.indicators", BASES[base].finish).text, read="duckdb")
    assert tree.named_selects == schema.arrow_schema("values").names


@pytest.mark.parametrize("name", sorted({base.records[-2] for base in BASES.values() if base.cells}))
def test_what_chooses_records_tells_the_same_of_each(name):
    tree = sqlglot.parse_one(load("macaw.indicators", name).text, read="duckdb")
    assert tree.named_selects == ["work", "value", "share", "by_place"]


@pytest.mark.parametrize("base", BASES)
def test_records_keep_to_the_vocabulary(base):
    tree = sqlglot.parse_one(load("macaw.indicators", BASES[base].records[-1]).text, read="duckdb")
    assert [schema.column(name).name for name in tree.named_selects] == tree.named_selects
