"""The engines a test can run the project's queries on. Each takes Arrow tables and gives one back."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Protocol

import pyarrow as pa

from macaw import engine, indicators
from macaw.engine import Query, connect, load, translate
from macaw.indicators import Indicator, Specification

from .extent import LONG

Tables = Mapping[str, pa.Table]
Parameters = Mapping[str, object]
RELEASE = "test"
# Over how many different inputs Spark is asked the same query; with MACAW_TEST_LONG over all of them.
_INPUTS = math.inf if LONG else 2


def _digest(table: pa.Table) -> str:
    """SHA-256 of a table's schema and rows."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return sha256(sink.getvalue()).hexdigest()


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

    def run(self, query: Query, tables: Tables, parameters: Parameters | None = None) -> pa.Table:
        self._register(tables)
        return self.con.sql(query.text, params=parameters).to_arrow_table()

    def values(
        self, of: Indicator, specifications: Sequence[Specification], tables: Tables, *, fill: bool, by_country: bool
    ) -> pa.Table:
        self._register(tables)
        return indicators.compute(
            engine.DuckDB(self.con), of, specifications, release=RELEASE, fill=fill, by_country=by_country
        )

    def _register(self, tables: Tables) -> None:
        for name, data in tables.items():
            self.con.register(name, data)


class Spark:
    """The same queries, translated, each over the first inputs it meets; DuckDB answers what comes after them."""

    def __init__(self, session) -> None:
        self.session = session
        self.duckdb = DuckDB()
        self._asked: Counter[str] = Counter()
        self._registered: dict[str, str] = {}
        self._answers: dict[object, pa.Table] = {}

    def run(self, query: Query, tables: Tables, parameters: Parameters | None = None) -> pa.Table:
        digests = {name: _digest(tables[name]) for name in query.inputs}
        key = (query.text, tuple(digests.items()), repr(sorted((parameters or {}).items())))
        if key not in self._answers:
            self._asked[query.text] += 1
            if self._asked[query.text] > _INPUTS:
                self._answers[key] = self.duckdb.run(query, {n: tables[n] for n in digests}, parameters)
            else:
                changed = {n: tables[n] for n, d in digests.items() if self._registered.get(n) != d}
                for name, data in changed.items():
                    self.session.createDataFrame(data).createOrReplaceTempView(name)
                self._registered |= digests
                given = {name: (parameters or {})[name] for name in query.parameters}
                self._answers[key] = self.session.sql(translate(query.text, "spark"), args=given).toArrow()
        return self._answers[key]

    def values(
        self, of: Indicator, specifications: Sequence[Specification], tables: Tables, *, fill: bool, by_country: bool
    ) -> pa.Table:
        tables = {**tables, "specifications": indicators.values.table(specifications)}
        counted, finish = (load("macaw.indicators", name) for name in (of.rests_on.counted, of.rests_on.finish))
        tables["counted"] = self.run(counted, tables, of.bound(counted))
        tables["computed"] = self.run(of.query, tables, of.bound(of.query))
        parameters = of.bound(finish) | {"fill": fill, "by_country": by_country, "release": RELEASE}
        return self.run(finish, tables, parameters)
