"""The pillars of a profile, and the value of each of their indicators in its reference year."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from macaw import schema
from macaw.engine import DuckDB
from macaw.errors import MacawError
from macaw.indicators.indicator import Indicator, categories, indicators
from macaw.indicators.values import compute, default_specification

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

# A company counts whole records, a country its share of them, as everywhere where nobody chooses.
COUNTING = {"company": "full", "country": "fractional"}


# Queries whose values are sums over records.
ADD_UP = ("record_sum", "evidence_sum")


@dataclass(frozen=True)
class Pillar:
    """One pillar: a category of indicators, and those shown of each kind of entity, the leading ones first."""

    id: str
    name: str
    name_zh: str
    shown: dict[str, tuple[Indicator, ...]]
    years: int = 1
    one_year: frozenset[str] = frozenset()

    def span(self, of: Indicator) -> int:
        """Over how many years values of an indicator are added."""
        return self.years if of.query_name in ADD_UP and of.id not in self.one_year else 1


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
        found[name] = Pillar(
            name, *categories()[name], shown, entry.get("years", 1), frozenset(entry.get("one_year", ()))
        )
    return found


def _shown(category: str, named: list[str]) -> tuple[Indicator, ...]:
    held = {i.id: i for i in indicators().values() if i.category == category}
    strange = [name for name in named if name in indicators() and name not in held]
    if strange:
        raise MacawError(
            f"published/profile.toml: {', '.join(strange)} is not of the category {category}", "move it to its own"
        )
    return tuple(held[name] for name in (named or held) if name in held)


def profiles_table(connection: Callable[..., duckdb.DuckDBPyConnection], release: str) -> pa.Table:
    """The table `profiles`; `connection` gives one that knows the tables it is asked for.

    One row per company or country with any record and indicator of a pillar, under the default specification, in the
    indicator's reference year (the last of which at least half is known) or over the pillar's years up to it.
    """
    arrow = schema.arrow_schema("profiles")
    parts = []
    for pillar in pillars().values():
        for kind, shown in pillar.shown.items():
            for of in shown:
                year = _reference_year(connection(("values",)), of)
                if year is not None:
                    con = connection(of.rests_on.inputs, of.rests_on.stands_for)
                    _compute(con, of, kind, year - pillar.span(of) + 1, year, release)
                    parameters = {"pillar": pillar.id, "last": year}
                    parts.append(con.sql(_SUMMED, params=parameters).to_arrow_table().select(arrow.names).cast(arrow))
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


def _compute(con: duckdb.DuckDBPyConnection, of: Indicator, kind: str, first: int, last: int, release: str) -> None:
    """Make `yearly`: the rows of `values` of every entity of a kind in some years, also where there is no record."""
    con.execute("create temp table scope as select entity from entities where kind = ?", [kind])
    for table in _YEARS:
        if table in of.rests_on.inputs:
            kept = f'select * from "{table}" where period between {first} and {last}'
            con.execute(f'create temp table "{table}_of_years" as {kept}')
            con.execute(f'create or replace temp view "{table}" as select * from "{table}_of_years"')
    spec = replace(default_specification(of), counting=COUNTING[kind])
    rows = compute(DuckDB(con), of, [spec], release=release, fill=True)
    con.register("yearly", rows.filter((pc.field("period") >= first) & (pc.field("period") <= last)))


# Several years as one: the most doubtful status of those with a value, U where a year has none; without any value, or
# where the last year is counted for an owner, the last year's.
_SUMMED = """
select
  entity, $pillar as pillar, indicator, min(period) as first_period, max(period) as period,
  case when max(status) filter (period = $last) <> 'K' then
    list_sum(list(value order by period)) end as value,
  case when count(low) > 0 then sum(coalesce(low, value)) end as low,
  case when count(high) > 0 then sum(coalesce(high, value)) end as high,
  max(unit) as unit,
  case
    when count(value) = 0 or max(status) filter (period = $last) = 'K' then max(status) filter (period = $last)
    when count(value) < count(*) then 'U'
    else max(status)
  end as status,
  cast(sum(n) as bigint) as n, min(completeness) as completeness, max(release) as release
from yearly
group by entity, indicator
order by entity, indicator
"""
