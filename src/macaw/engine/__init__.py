"""Engines run the project's SQL files: DuckDB as they are, others after translation."""

from macaw.engine.dialect import DIALECTS, translate
from macaw.engine.duckdb import connect, copy_csv, explained, scan, write_parquet
from macaw.engine.queries import Query, load

__all__ = ["DIALECTS", "Query", "connect", "copy_csv", "explained", "load", "scan", "translate", "write_parquet"]
