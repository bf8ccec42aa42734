"""`macaw sql --all --out DIR`: the set runs from the first file to the last and gives what the build gives."""

from __future__ import annotations

import duckdb
import pyarrow.parquet as pq
import pytest
import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from engines import differences_of
from macaw import registry, schema
from macaw.cli import main
from macaw.release.script import given, made, statements

# What BigQuery's reference lists, of what the queries use; DATEDIFF is what the parser calls its DATE_DIFF.
FUNCTIONS_OF_BIGQUERY = {
    "ABS", "CASE", "CAST", "COALESCE", "COUNT", "DATEDIFF", "DENSE_RANK", "EXISTS", "GREATEST", "IF", "LAG", "LEAST",
    "LENGTH", "LOWER", "MAX", "MIN", "NULLIF", "POWER", "RANK", "REPLACE", "ROUND", "ROW_NUMBER", "SPLIT", "SUBSTRING",
    "SUM", "UPPER",
}  # fmt: skip


@pytest.fixture(scope="module")
def warehouse(demo_build, tmp_path_factory):
    """A database in which the set has run, over the tables that Python made for the demo's build."""
    folder = tmp_path_factory.mktemp("set")
    with pytest.raises(SystemExit) as stopped:
        main(["sql", "--all", "--dialect", "duckdb", "--out", str(folder)])
    assert not stopped.value.code
    con = duckdb.connect()
    for file in folder.glob("registry/*.parquet"):
        con.execute(f"create table {file.stem} as from read_parquet('{file}')")
    for table in given():
        con.execute(f"create table {table} as from read_parquet('{demo_build}/parquet/{table}.parquet')")
    for file in sorted(folder.glob("*.sql")):
        con.execute(file.read_text("utf-8"))
    return con


def test_the_set_gives_the_tables_of_a_build(warehouse, demo_build, tmp_path):
    for table in made():
        file = tmp_path / f"{table}.parquet"
        warehouse.execute(f"copy {table} to '{file}' (format parquet)")
        assert list(differences_of(table, demo_build / "parquet" / f"{table}.parquet", file)) == []


def test_the_set_gives_the_values_of_a_build(warehouse, demo_build, tmp_path):
    # Intervals of papers are drawn by Python.
    drawn = "* replace (cast(null as double) as low, cast(null as double) as high)"
    build, found = tmp_path / "build.parquet", tmp_path / "set.parquet"
    warehouse.execute(f"copy (select {drawn} from '{demo_build}/parquet/values.parquet') to '{build}'")
    warehouse.execute(f"""copy (select {drawn} from "values") to '{found}'""")
    assert list(differences_of("values", build, found)) == []
    assert warehouse.execute('select count(*) from "values"').fetchall()[0][0] > 10_000


def _known() -> MappingSchema:
    """The columns of every table; which types they have makes no difference to where they are found."""
    names = {t: schema.arrow_schema(t).names for t in schema.tables()}
    names |= {t: registry.tables()[t].schema.names for t in registry.TABLES}
    names["values_found"] = names["values"]
    return MappingSchema({t: dict.fromkeys(columns, "STRING") for t, columns in names.items()}, dialect="bigquery")


@pytest.fixture(scope="module")
def for_bigquery():
    """The statements of each file, of an indicator's those of its first block: the others differ in literals only."""
    found = {}
    for name, text in statements("bigquery").items():
        first, said, rest = text.partition("insert into")
        # Comments have semicolons too, but at no line's end.
        found[name] = sqlglot.parse(first + said + rest.partition(";\n")[0], read="bigquery")
    return found


def test_every_statement_for_bigquery_names_only_columns_that_are_there(for_bigquery):
    for name, parsed in for_bigquery.items():
        known = _known()
        for statement in parsed:
            assert isinstance(statement, exp.Create | exp.Insert), f"{name}: {statement.sql()[:80]}"
            assert not list(statement.find_all(exp.Parameter, exp.Placeholder)), name
            if isinstance(statement.expression, exp.Query):
                columns = qualify(statement.expression.copy(), dialect="bigquery", schema=known).named_selects
                target = {"values_found": "values"}.get(statement.this.name, statement.this.name)
                if target in schema.tables():
                    assert columns == schema.arrow_schema(target).names, name
                else:
                    known.add_table(target, dict.fromkeys(columns, "STRING"), dialect="bigquery")


def test_bigquery_has_every_function_of_the_set(for_bigquery):
    found = [f for parsed in for_bigquery.values() for statement in parsed for f in statement.find_all(exp.Func)]
    names = {f.name.upper() if isinstance(f, exp.Anonymous) else f.sql_name() for f in found}
    assert names - {"AND", "OR"} <= FUNCTIONS_OF_BIGQUERY


def test_names_of_a_warehouse_are_matched_as_a_build_matches_them(run, demo_build, tmp_path):
    raws = pq.read_table(demo_build / "parquet" / "raw_names.parquet")["raw_name"].to_pylist()
    said = run(
        "resolve", "-", "--build", demo_build, "--matches", tmp_path / "m.parquet", stdin="\n".join(raws).encode()
    )
    assert said.code == 0
    made = demo_build / "parquet" / "matches.parquet"
    assert list(differences_of("matches", made, tmp_path / "m.parquet")) == []


def test_a_folder_is_for_the_whole_build_only(run, tmp_path):
    said = run("sql", "papers", "--out", tmp_path / "set")
    assert (said.code, "--out is for the whole build" in said.err) == (2, True)
