"""Engines run the project's SQL files: DuckDB as they are, others after translation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from macaw.engine import processes, spark
from macaw.engine.dialect import DIALECTS, translate
from macaw.engine.duckdb import DuckDB, connect, copy_csv, explained, quoted, scan, write_parquet
from macaw.engine.engine import Engine
from macaw.engine.queries import Query, load, parse
from macaw.errors import UsageError

__all__ = [
    "DIALECTS",
    "ENGINES",
    "DuckDB",
    "Engine",
    "Query",
    "connect",
    "copy_csv",
    "explained",
    "load",
    "opener",
    "parse",
    "scan",
    "translate",
    "write_parquet",
]

# Opens an engine that knows no table yet and puts what does not fit into memory into a folder.
Opener = Callable[[Path], Engine]


def _duckdb() -> Opener:
    count = processes.count()

    def opened(scratch: Path) -> Engine:
        con = connect()
        con.execute(f"set temp_directory = {quoted(scratch)}")
        return DuckDB(con, count)

    return opened


def _spark() -> Opener:
    session = spark.session()
    return lambda scratch: spark.Spark(session, scratch)


ENGINES: dict[str, Callable[[], Opener]] = {"duckdb": _duckdb, "spark": _spark}


def opener(engine: str) -> Opener:
    """What opens the engine of that name; it is started now. Raises `UsageError` for an unknown one."""
    if engine not in ENGINES:
        raise UsageError(f"there is no engine {engine!r}", f"choose one of {', '.join(ENGINES)}")
    return ENGINES[engine]()
