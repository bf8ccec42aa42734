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
from macaw.engine import load
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
    return Specification(venues=of.venues)


def table(specifications: Iterable[Specification]) -> pa.Table:
    """Specifications as the table that the indicators' queries join."""
    names = [f.name for f in fields(Specification)]
    rows = [astuple(s) for s in dict.fromkeys(specifications)]
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return pa.table({n: pa.array(list(c), pa.string()) for n, c in zip(names, columns, strict=True)})


@cache
def published() -> tuple[tuple[str, tuple[Specification, ...]], ...]:
    """The specifications every build publishes, by scope: `all` entities, or `places` (countries, groups, world).

    They stand in published.toml as blocks; within a block every combination of the listed choices.
    """
    blocks = tomllib.loads(
        files("macaw.indicators").joinpath("published", "specifications.toml").read_text("utf-8")
    )
    found: dict[str, dict[Specification, None]] = {}
    for block in blocks["block"]:
        scope = block.pop("scope")
        names = list(block)
        for choice in product(*block.values()):
            found.setdefault(scope, {})[replace(Specification(), **dict(zip(names, choice, strict=True)))] = (
                None
            )
    return tuple((scope, tuple(specs)) for scope, specs in found.items())


def compute(
    con: duckdb.DuckDBPyConnection,
    of: Indicator,
    specifications: Sequence[Specification],
    *,
    release: str,
    fill: bool = False,
    by_country: bool = False,
) -> pa.Table:
    """Rows of the table `values` for one indicator.

    The connection must know the tables cells, coverage, entities, registry_venue_lists and `scope`, the
    entities wanted. With `fill` each of them gets a row for every period even if it has no record at all;
    with `by_country` the rows are those of single places of work instead of all places together.
    """
    con.register("specifications", table(specifications))
    query = of.query
    given = {name: of.parameters[name] for name in query.parameters}
    con.execute(f"create or replace temp table computed as {query.text}", given)
    finish = load("macaw.indicators", "finish")
    parameters = {
        "fill": fill,
        "by_country": by_country,
        "needs": of.needs,
        "absent": of.absent,
        "few": of.few,
        "indicator": of.id,
        "unit": of.unit,
        "release": release,
    }
    result = con.sql(finish.text, params=parameters).to_arrow_table()
    return result.cast(schema.arrow_schema("values"))
