"""The pillars of a profile, and the value of each of their indicators in its reference year."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from macaw import schema
from macaw.errors import MacawError
from macaw.indicators.indicator import Indicator, categories, indicators
from macaw.indicators.values import compute, default_specification, replace

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

# A company counts whole records, a country its share of them, as everywhere where nobody chooses.
COUNTING = {"company": "full", "country": "fractional"}


@dataclass(frozen=True)
class Pillar:
    """One pillar: a category of indicators, and those shown of each kind of entity, the leading ones first."""

    id: str
    name: str
    name_zh: str
    shown: dict[str, tuple[Indicator, ...]]


@cache
def pillars() -> dict[str, Pillar]:
    """The pillars of published/profile.toml by id, in the order shown.

    >>> list(pillars())
    ['research', 'patents', 'people', 'models', 'money']
    >>> pillars()["research"].shown["company"][0].id
    'papers'
    """
    document = tomllib.loads(files("macaw.indicators").joinpath("published", "profile.toml").read_text("utf-8"))
    found = {}
    for name, entry in document.items():
        if name not in categories():
            raise MacawError(
                f"published/profile.toml: {name!r} is no category of indicators", f"one of {', '.join(categories())}"
            )
        shown = {kind: _shown(name, entry[kind]) for kind in COUNTING}
        found[name] = Pillar(name, *categories()[name], shown)
    return found


def _shown(category: str, named: list[str]) -> tuple[Indicator, ...]:
    held = {i.id: i for i in indicators().values() if i.category == category}
    strange = [name for name in named if name in indicators() and name not in held]
    if strange:
        raise MacawError(
            f"published/profile.toml: {', '.join(strange)} is not of the category {category}", "move it to its own"
        )
    return tuple(held[name] for name in (named or held) if name in held)


def profiles_table(connection: Callable[[tuple[str, ...]], duckdb.DuckDBPyConnection], release: str) -> pa.Table:
    """The table `profiles`; `connection` gives one that knows the tables it is asked for.

    One row per company or country with any record and indicator of a pillar, under the default specification, in the
    indicator's reference year: the last of which at least half is known.
    """
    arrow = schema.arrow_schema("profiles")
    parts = []
    for pillar in pillars().values():
        for kind, shown in pillar.shown.items():
            for of in shown:
                year = _reference_year(connection(("values",)), of)
                if year is not None:
                    rows = _in_year(connection(of.rests_on.inputs), of, kind, year, release)
                    rows = rows.append_column("pillar", pa.array([pillar.id] * rows.num_rows, pa.string()))
                    parts.append(rows.select(arrow.names).cast(arrow))
    made = pa.concat_tables(parts) if parts else arrow.empty_table()
    return made.sort_by([(name, "ascending") for name in schema.table("profiles").key])


def _reference_year(con: duckdb.DuckDBPyConnection, of: Indicator) -> int | None:
    """The last year of which at least half is known, else the last with any value; None without values."""
    spec = default_specification(of)
    found = con.execute(
        """select coalesce(max(period) filter (coalesce(completeness, 1.0) >= 0.5), max(period)) from "values"
        where indicator = ? and definition = ? and venues = ? and topic = ? and ownership = ? and place = ?
          and place_country = '' and value is not null""",
        [of.id, spec.definition, spec.venues, spec.topic, spec.ownership, spec.place],
    ).fetchone()
    return int(found[0]) if found and found[0] is not None else None


# Tables that say which years there are: with one year in them a query fills in that year alone.
_YEARS = ("coverage", "evidence_coverage")


def _in_year(con: duckdb.DuckDBPyConnection, of: Indicator, kind: str, year: int, release: str) -> pa.Table:
    """Rows of `values` of every entity of a kind in one year, also where there is no record."""
    con.execute("create temp table scope as select entity from entities where kind = ?", [kind])
    for table in _YEARS:
        if table in of.rests_on.inputs:
            con.execute(f'create temp table "{table}_of_year" as select * from "{table}" where period = {year}')
            con.execute(f'create or replace temp view "{table}" as select * from "{table}_of_year"')
    spec = replace(default_specification(of), counting=COUNTING[kind])
    rows = compute(con, of, [spec], release=release, fill=True)
    return rows.filter(pc.field("period") == year)
