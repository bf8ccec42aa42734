"""The project's SQL as scripts for an engine that others already run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import astuple, fields
from functools import cache
from importlib.resources import files
from pathlib import Path

import sqlglot
from sqlglot import exp

from macaw import provenance, registry, schema
from macaw.engine import Query, load, translate, write_parquet
from macaw.indicators import (
    BASES,
    BY_QUERIES_OF_PAPERS,
    Indicator,
    Specification,
    indicator,
    indicators,
    of_patents,
    published,
)
from macaw.indicators.values import Block
from macaw.pipeline import SCOPES
from macaw.version import __version__

_PACKAGES = {"tables": "macaw.tables", "organisations": "macaw.organisations", "activity": "macaw.indicators"}
_TYPES = {
    "duckdb": {"text": "varchar", "whole": "bigint", "number": "double", "flag": "boolean"},
    "bigquery": {"text": "string", "whole": "int64", "number": "float64", "flag": "bool"},
}
_TYPES["spark"] = _TYPES["duckdb"] | {"text": "string"}
# Spark's tables that last for a session are views.
_TEMPORARY = {"duckdb": "temp table", "bigquery": "temp table", "spark": "temp view"}
# What stands before the name of a parameter.
_MARKS = {"duckdb": "$", "bigquery": "@", "spark": ":"}


# -- one indicator -----------------------------------------------------------------------------------------


def script(name: str, dialect: str) -> str:
    """The three steps of an indicator in a dialect: count, compute, finish.

    Parameters are written as the dialect binds them; what to bind stands in a comment before each query.
    """
    of = indicator(name)
    parts = [f"-- {of.id}: {of.short}"]
    for step, query in _steps(of):
        bound = ", ".join(f"{p} = {of.bound(query).get(p, '…')!r}" for p in query.parameters) or "nothing"
        inputs = ", ".join(of.rests_on.table(table) for table in query.inputs)
        text = _said(query, of.rests_on.stands_for, dialect)
        parts.append(f"-- {step}, from {inputs}. Bind: {bound}.\n{text};")
    return "\n\n".join(parts)


def _steps(of: Indicator) -> tuple[tuple[str, Query], ...]:
    counted, finish = (load("macaw.indicators", name) for name in (of.rests_on.counted, of.rests_on.finish))
    return ("counted", counted), ("computed", of.query), ("values", finish)


# -- tables ------------------------------------------------------------------------------------------------


@cache
def _queries() -> dict[str, tuple[Query, dict[str, str]]]:
    """The query of each table that SQL makes, in the order of a build, and which tables stand for those it names."""
    found = {}
    for name, table in schema.tables().items():
        package = _PACKAGES.get(table.stage)
        if name in BY_QUERIES_OF_PAPERS:
            found[name] = of_patents(name)
        elif package and files(package).joinpath(f"{name}.sql").is_file():
            found[name] = load(package, name), {}
    return found


def made() -> list[str]:
    """The tables that SQL makes, in the order of a build."""
    return list(_queries())


def given() -> list[str]:
    """The tables that queries read and Python makes (readers, walks over graphs, the matcher)."""
    read = {table for name in made() for table in _read_by(name)}
    return [name for name in schema.tables() if name in read and name not in _queries()]


def _read_by(name: str) -> list[str]:
    query, reads = _queries()[name]
    return [reads.get(table, table) for table in query.inputs]


def _creation(name: str, dialect: str) -> str:
    """The statement that makes a table, its columns in the types of the schema."""
    query, reads = _queries()[name]
    table = schema.table(name)
    columns = ", ".join(
        f"cast({_named(c.name, dialect)} as {_TYPES[dialect][c.type]}) as {_named(c.name, dialect)}"
        for c in table.columns
    )
    text = _said(query, reads, dialect)
    return (
        f"-- {table.grain}\ncreate or replace table {_named(name, dialect)} as\n"
        f"select {columns}\nfrom (\n{text}\n) as made;"
    )


def _named(name: str, dialect: str) -> str:
    return exp.to_identifier(name, quoted=True).sql(dialect=dialect)


def _said(query: Query, reads: Mapping[str, str], dialect: str) -> str:
    """A query's text in a dialect, over the tables that stand for those it names."""
    return _translated(query, tuple((n, t) for n, t in reads.items() if n in query.inputs and n != t), dialect)


@cache
def _translated(query: Query, reads: tuple[tuple[str, str], ...], dialect: str) -> str:
    if not reads:
        return translate(query.text, dialect)
    tree, stands = sqlglot.parse_one(query.text, read="duckdb"), dict(reads)
    for node in list(tree.find_all(exp.Table)):
        if node.name in stands:
            if not node.alias:
                node.set("alias", exp.TableAlias(this=exp.to_identifier(node.name)))
            node.set("this", exp.to_identifier(stands[node.name]))
    return translate(tree.sql(dialect="duckdb", pretty=True), dialect)


def _bound(text: str, parameters: Mapping[str, object], dialect: str) -> str:
    """A text with its parameters written as literals."""

    def literal(found: re.Match[str]) -> str:
        return exp.convert(parameters[found[1]]).sql(dialect) if found[1] in parameters else found[0]

    return re.sub(rf"{re.escape(_MARKS[dialect])}(\w+)", literal, text)


# -- the whole build ---------------------------------------------------------------------------------------


def statements(dialect: str) -> dict[str, str]:
    """The statements that make every table and value, by what they make, in the order in which they run."""
    texts = {"given": _given(dialect)} | {name: _creation(name, dialect) for name in made()}
    texts |= {"values_found": _empty("values_found", "values", dialect)}
    texts |= {f"values_{of.id}": _values_of(of, dialect) for of in indicators().values()}
    return texts | {"values": _distinct_values(dialect)}


def write_set(folder: Path, dialect: str) -> int:
    """Write the statements as numbered files, the registry as Parquet, and a page that says what to run when.

    Gives the number of files of statements.
    """
    texts = statements(dialect)
    for number, (name, text) in enumerate(texts.items()):
        _write(folder / f"{number:03}_{name}.sql", text)
    for name, table in registry.tables().items():
        with provenance.atomic(folder / "registry" / f"{name}.parquet") as temporary:
            write_parquet(table, temporary)
    _write(folder / "ORDER.md", _order(list(texts), dialect))
    return len(texts)


def _write(path: Path, text: str) -> None:
    with provenance.atomic(path) as temporary:
        temporary.write_text(text + "\n", "utf-8")


def _given(dialect: str) -> str:
    return "\n\n".join(
        f"-- {schema.table(name).grain}\n{_empty(name, name, dialect, unless_there=True)}" for name in given()
    )


def _empty(name: str, like: str, dialect: str, *, unless_there: bool = False) -> str:
    """The statement that makes an empty table with the columns of one of the schema."""
    columns = ",\n".join(f"  {_named(c.name, dialect)} {_TYPES[dialect][c.type]}" for c in schema.table(like).columns)
    how = "create table if not exists" if unless_there else "create or replace table"
    return f"{how} {_named(name, dialect)} (\n{columns}\n);"


def _values_of(of: Indicator, dialect: str) -> str:
    """The statements that add an indicator's values under every published specification."""
    parts = [f"-- {of.id}: {of.short}"]
    for block in published():
        specifications = block.of(of)
        if specifications:
            parts += _values_of_block(of, block, specifications, dialect)
    return "\n\n".join(parts)


def _values_of_block(
    of: Indicator, block: Block, specifications: tuple[Specification, ...], dialect: str
) -> Iterator[str]:
    reads = BASES[block.base].stands_for
    by_country = block.scope == "companies_by_country"
    bound: dict[str, object] = {"fill": False, "by_country": by_country, "release": __version__}
    yield f"-- Scope: {block.scope}."
    yield _temporary("specifications", _rows(specifications), dialect)
    yield _temporary("scope", SCOPES[block.scope], dialect)
    for step, query in _steps(of):
        text = _bound(_said(query, reads, dialect), {**of.bound(query), **bound}, dialect)
        yield f"insert into values_found\n{text};" if step == "values" else _temporary(step, text, dialect)


def _temporary(name: str, text: str, dialect: str) -> str:
    return f"create or replace {_TEMPORARY[dialect]} {name} as\n{text};"


def _rows(specifications: tuple[Specification, ...]) -> str:
    names = [f.name for f in fields(Specification)]
    rows = (zip(names, astuple(s), strict=True) for s in dict.fromkeys(specifications))
    return "\nunion all ".join("select " + ", ".join(f"'{v}' as {n}" for n, v in row) for row in rows)


def _distinct_values(dialect: str) -> str:
    """Two blocks may publish the same value."""
    return (
        f"-- {schema.table('values').grain}\ncreate or replace table {_named('values', dialect)} as\n"
        "select distinct * from values_found;"
    )


def _order(names: list[str], dialect: str) -> str:
    """What to run when, and which tables must be brought in between."""
    number = {name: f"{i:03}" for i, name in enumerate(names)}
    lines = [
        f"# The build in {dialect}\n",
        f"Written by `macaw sql --all --dialect {dialect}`, version {__version__}. docs/tables.md: what tables hold.\n",
        "1. Load `registry/*.parquet`, each as the table of its name, and run the first file: it makes the tables that",
        "   Python makes, empty, unless they are there.",
        "2. Fill those you have, each before the file that first reads it:\n",
        "| table | first read by |\n|---|---|",
    ]
    for table in given():
        reader = next(n for n in made() if table in _read_by(n))
        lines.append(f"| `{table}` | `{number[reader]}_{reader}.sql` |")
    lines.append(f"\n3. Run the other files in the order of their numbers, up to `{number['values']}_values.sql`.")
    return "\n".join(lines)
