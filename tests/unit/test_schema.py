"""The vocabulary of columns and tables: complete, used, in both languages, each meaning once."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import duckdb
import pyarrow as pa
import pytest

from macaw import schema
from macaw.errors import MacawError
from macaw.organisations.names import has_han

COLUMNS = tomllib.loads(files("macaw.schema").joinpath("columns.toml").read_text("utf-8"))
TABLES = tomllib.loads(files("macaw.schema").joinpath("tables.toml").read_text("utf-8"))
# A table like another has its key and columns.
TABLES = {name: {**TABLES.get(entry.get("like", name), {}), **entry} for name, entry in TABLES.items()}
STAGES = ("sources", "tables", "organisations", "relevance", "activity", "indicators", "claims")


def test_every_column_is_used():
    assert set(COLUMNS) - {c for t in TABLES.values() for c in t["columns"]} == set()


@pytest.mark.parametrize("table", TABLES)
def test_columns_of_a_table_are_known_and_stand_once(table):
    columns = TABLES[table]["columns"]
    assert set(columns) <= set(COLUMNS)
    assert len(columns) == len(set(columns))
    assert set(TABLES[table]["key"]) <= set(columns)


@pytest.mark.parametrize("table", TABLES)
def test_table_says_its_grain_in_both_languages(table):
    entry = TABLES[table]
    assert re.match(r"One row per .*\.$", entry["grain"])
    assert "一行" in entry["grain_zh"]
    assert entry["stage"] in STAGES


@pytest.mark.parametrize("column", COLUMNS)
def test_column_says_its_meaning_in_both_languages(column):
    entry = COLUMNS[column]
    assert set(entry) == {"type", "unit", "meaning", "meaning_zh"}
    assert entry["meaning"].endswith((".", "?"))
    assert has_han(entry["meaning_zh"])
    assert not has_han(entry["meaning"])
    assert entry["type"] in ("text", "whole", "number", "flag")


@pytest.mark.parametrize("language", ["meaning", "meaning_zh"])
def test_no_two_columns_mean_the_same(language):
    meanings = [re.sub(r"\W", "", entry[language]).casefold() for entry in COLUMNS.values()]
    assert sorted({m for m in meanings if meanings.count(m) > 1}) == []


@pytest.mark.parametrize("column", [c for c, e in COLUMNS.items() if e["type"] in ("whole", "number")])
def test_numbers_have_a_unit(column):
    # `value` carries its unit in the row; its ends are in the same unit.
    assert COLUMNS[column]["unit"] or column in ("value", "low", "high")


def test_tables_follow_the_datas_way():
    order = [STAGES.index(entry["stage"]) for entry in TABLES.values()]
    assert order == sorted(order)


def test_arrow_types():
    types = {f.name: f.type for f in schema.arrow_schema("coverage")}
    assert (types["venues"], types["period"], types["is_panel"]) == (pa.string(), pa.int64(), pa.bool_())
    assert {f.name: f.type for f in schema.arrow_schema("values")}["value"] == pa.float64()


GOOD = pa.table({"raw_name": ["MIT"], "mentions": [1], "works": [1]})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (GOOD.select(["raw_name", "works"]), r"table raw_names: columns are \['raw_name', 'works'\]"),
        (GOOD.select(["mentions", "raw_name", "works"]), r"expected \['raw_name', 'mentions', 'works'\]"),
        (GOOD.append_column("more", pa.array([1])), "columns are"),
        (GOOD.set_column(1, "mentions", pa.array(["1"])), "column mentions is string, expected int64"),
        (GOOD.set_column(1, "mentions", pa.array([1], pa.int32())), "column mentions is int32, expected int64"),
    ],
)
def test_a_table_of_another_shape_is_refused(data, message):
    with pytest.raises(MacawError, match=message):
        schema.check("raw_names", data)


def test_a_column_of_nothing_but_nulls_fits_any_type():
    schema.check("raw_names", GOOD.set_column(1, "mentions", pa.nulls(1)))


def test_unknown_names_say_where_to_add_them():
    with pytest.raises(MacawError, match=r"column 'zeta' is not in schema/columns\.toml"):
        schema.column("zeta")
    with pytest.raises(MacawError, match=r"table 'zeta' is not in schema/tables\.toml"):
        schema.table("zeta")


@pytest.fixture(scope="module")
def database(demo_build):
    with duckdb.connect(str(demo_build / "macaw.duckdb"), read_only=True) as con:
        yield con


def test_a_build_has_every_table_with_its_columns_and_types(database):
    names = {name for (name,) in database.execute("select table_name from information_schema.tables").fetchall()}
    assert names == set(TABLES)
    for name in TABLES:
        schema.check(name, database.sql(f'select * from "{name}" limit 1').to_arrow_table())


@pytest.mark.parametrize("name", [t for t in TABLES if TABLES[t]["key"]])
def test_the_key_of_a_table_is_unique(database, name):
    keys = ", ".join(f'"{k}"' for k in TABLES[name]["key"])
    twice = database.execute(f'select {keys} from "{name}" group by {keys} having count(*) > 1').fetchall()
    assert twice == []
