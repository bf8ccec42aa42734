"""The project's SQL as a script for an engine that others already run."""

from __future__ import annotations

from macaw import schema
from macaw.engine import Query, load, translate
from macaw.indicators import indicator, indicators

# Tables that Python makes (readers, graph walks, the matcher) and a warehouse must be given.
_GIVEN_NOTE = "-- Given as tables: {tables}."


def script(name: str | None, dialect: str) -> str:
    """The query of one indicator, or with None every query of the build in order, in a dialect.

    Parameters are written as the dialect binds them; what to bind stands in a comment before each query.
    """
    if name is not None:
        return _of_indicator(name, dialect)
    parts = [f"-- Macaw, all queries in {dialect}, in the order of a build.", _given()]
    for table in schema.tables().values():
        query = _query_of(table.stage, table.name)
        if query:
            parts.append(
                f"-- {table.grain}\ncreate or replace table {table.name} as\n{translate(query.text, dialect)};"
            )
    parts += [_of_indicator(each, dialect) for each in indicators()]
    return "\n\n".join(parts)


def _of_indicator(name: str, dialect: str) -> str:
    """The three steps of an indicator: count, compute, finish."""
    of = indicator(name)
    parts = [f"-- {of.id}: {of.short}"]
    for step, query in (
        ("counted", load("macaw.indicators", "counted")),
        ("computed", of.query),
        ("values", load("macaw.indicators", "finish")),
    ):
        bound = ", ".join(f"{p} = {of.bound(query).get(p, '…')!r}" for p in query.parameters) or "nothing"
        parts.append(f"-- {step}, from {', '.join(query.inputs)}. Bind: {bound}.\n{translate(query.text, dialect)};")
    return "\n\n".join(parts)


_PACKAGES = {"tables": "macaw.tables", "organisations": "macaw.organisations", "activity": "macaw.indicators"}


def _query_of(stage: str, table: str) -> Query | None:
    from importlib.resources import files

    package = _PACKAGES.get(stage)
    if package is None or not files(package).joinpath(f"{table}.sql").is_file():
        return None
    return load(package, table)


def _given() -> str:
    given = [t.name for t in schema.tables().values() if t.stage != "indicators" and not _query_of(t.stage, t.name)]
    return _GIVEN_NOTE.format(tables=", ".join([*given, "the registry's CSV and TOML files as registry_*"]))
