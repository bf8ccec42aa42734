"""Computes an indicator for a set of specifications."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields, replace
from functools import cache
from importlib.resources import files
from itertools import product
from typing import TYPE_CHECKING

import pyarrow as pa

from macaw import schema
from macaw.engine import Engine, load
from macaw.indicators.indicator import Indicator
from macaw.relevance import DEFINITION

if TYPE_CHECKING:
    import duckdb

COUNTINGS = ("full", "fractional")
PLACES = ("workplace", "owner")
OWNERSHIPS = ("as_is", "as_was", "none")
TERRITORIES = ("mainland", "with_hkg_mac", "with_twn")


@dataclass(frozen=True)
class Specification:
    """One choice for every switch."""

    counting: str = "full"
    place: str = "workplace"
    ownership: str = "as_is"
    definition: str = DEFINITION
    venues: str = "ai"
    territory: str = "mainland"
    topic: str = "ai"


def default_specification(of: Indicator) -> Specification:
    """The specification used where a user chooses nothing (counting is then given both ways)."""
    return Specification(venues=of.venues, definition=of.definitions[0], place=of.rests_on.places[0])


def table(specifications: Iterable[Specification]) -> pa.Table:
    """Specifications as the table that the indicators' queries join."""
    names = [f.name for f in fields(Specification)]
    rows = [astuple(s) for s in dict.fromkeys(specifications)]
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return pa.table({n: pa.array(list(c), pa.string()) for n, c in zip(names, columns, strict=True)})


@dataclass(frozen=True)
class Block:
    """Specifications that every build publishes, for a scope of entities and, if any are named, some indicators."""

    scope: str
    indicators: tuple[str, ...]
    specifications: tuple[Specification, ...]
    base: str = "cells"

    def of(self, indicator: Indicator) -> tuple[Specification, ...]:
        """The block's specifications for one indicator, under each of its definitions."""
        if indicator.base != self.base or (self.indicators and indicator.id not in self.indicators):
            return ()
        wanted = [s for s in self.specifications if not indicator.lists or s.venues in indicator.lists]
        return tuple(replace(s, definition=d) for s in wanted for d in indicator.definitions)


@cache
def published() -> tuple[Block, ...]:
    """The blocks of published/specifications.toml."""
    text = files("macaw.indicators").joinpath("published", "specifications.toml").read_text("utf-8")
    blocks = []
    for entry in tomllib.loads(text)["block"]:
        scope, limited = entry.pop("scope"), tuple(entry.pop("indicators", ()))
        base = entry.pop("base", "cells")
        choices = [dict(zip(entry, choice, strict=True)) for choice in product(*entry.values())]
        blocks.append(Block(scope, limited, tuple(replace(Specification(), **choice) for choice in choices), base))
    return tuple(blocks)


def narrow(
    con: duckdb.DuckDBPyConnection, of: Indicator, specifications: Iterable[Specification], entities: Iterable[str]
) -> None:
    """Let a connection see only those cells on which values of some entities under some specifications rest.

    Nothing changes for an indicator on evidence; one that looks across entities keeps the cells of all.
    """
    if not of.rests_on.cells:
        return
    wanted = {"definition": {s.definition for s in specifications}}
    if not of.across_entities:
        wanted["entity"] = {*entities, "WLD"}
    conditions = " and ".join(_among(column, values) for column, values in wanted.items())
    con.execute(f"alter view {of.rests_on.cells} rename to every_cell")
    con.execute(f"create view {of.rests_on.cells} as select * from every_cell where {conditions}")


def _among(column: str, values: Iterable[str]) -> str:
    quoted = ", ".join("'" + v.replace("'", "''") + "'" for v in sorted(values))
    return f"{column} in ({quoted})"


def compute(
    engine: Engine,
    of: Indicator,
    specifications: Sequence[Specification],
    *,
    release: str,
    fill: bool = False,
    by_country: bool = False,
) -> pa.Table:
    """Rows of the table `values` for one indicator.

    The engine must know the tables that the indicator rests on and `scope`, the entities wanted. With `fill`
    each of them gets a row for every period even if it has no record at all; with `by_country` the rows are those
    of single places of work instead of all places together.
    """
    engine.register("specifications", table(specifications))
    counted = load("macaw.indicators", of.rests_on.counted)
    for name, query in (("counted", counted), ("computed", of.query)):
        engine.keep(name, query, of.bound(query))
    return finish(engine, of, release=release, fill=fill, by_country=by_country)


def finish(engine: Engine, of: Indicator, *, release: str, fill: bool = False, by_country: bool = False) -> pa.Table:
    """The rows of `computed` with status and completeness, and the rows that a series lacks (see finish.sql)."""
    query = load("macaw.indicators", of.rests_on.finish)
    parameters = of.bound(query) | {"fill": fill, "by_country": by_country, "release": release}
    return engine.rows(query, parameters).cast(schema.arrow_schema("values"))
