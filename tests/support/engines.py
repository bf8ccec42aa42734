"""The engines a test can run the project's queries on. Each takes Arrow tables and gives one back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import pyarrow as pa

from macaw import indicators
from macaw.engine import Query, connect, load, spark
from macaw.indicators import Indicator, Specification

Tables = Mapping[str, pa.Table]
RELEASE = "test"


class Engine(Protocol):
    """Runs a query, or an indicator for some specifications; with `fill` every entity gets every period."""

    def run(self, query: Query, tables: Tables) -> pa.Table: ...

    def values(
        self, of: Indicator, specifications: Sequence[Specification], tables: Tables, *, fill: bool, by_country: bool
    ) -> pa.Table: ...


class DuckDB:
    """As a build does it."""

    def __init__(self) -> None:
        self.con = connect()
        self.con.execute("set threads = 1")  # the quickest for a handful of rows

    def run(self, query: Query, tables: Tables) -> pa.Table:
        self._register(tables)
        return self.con.sql(query.text).to_arrow_table()

    def values(
        self, of: Indicator, specifications: Sequence[Specification], tables: Tables, *, fill: bool, by_country: bool
    ) -> pa.Table:
        self._register(tables)
        return indicators.compute(self.con, of, specifications, release=RELEASE, fill=fill, by_country=by_country)

    def _register(self, tables: Tables) -> None:
        for name, data in tables.items():
            self.con.register(name, data)


class Spark:
    """The same queries, translated."""

    def __init__(self, session) -> None:
        self.session = session
        self._registered: dict[str, pa.Table] = {}

    def run(self, query: Query, tables: Tables, parameters: Mapping[str, object] | None = None) -> pa.Table:
        fresh = {name: tables[name] for name in query.inputs if self._registered.get(name) is not tables[name]}
        spark.register(self.session, fresh)
        self._registered |= fresh
        return spark.run(self.session, query, parameters)

    def values(
        self, of: Indicator, specifications: Sequence[Specification], tables: Tables, *, fill: bool, by_country: bool
    ) -> pa.Table:
        tables = {**tables, "specifications": indicators.values.table(specifications)}
        counted, finish = (load("macaw.indicators", name) for name in (of.rests_on.counted, of.rests_on.finish))
        tables["counted"] = self.run(counted, tables, of.bound(counted))
        tables["computed"] = self.run(of.query, tables, of.bound(of.query))
        parameters = of.bound(finish) | {"fill": fill, "by_country": by_country, "release": RELEASE}
        return self.run(finish, tables, parameters)
