"""DuckDB, the embedded engine: bounded memory, Parquet in and out."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from macaw.errors import MacawError

MEMORY_LIMIT = "3GB"


def connect(database: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A connection to an in-memory (or file) database with bounded memory and a stable row order."""
    con = duckdb.connect(":memory:" if database is None else str(database))
    con.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
    con.execute("set preserve_insertion_order = true")
    con.execute("set enable_progress_bar = false")
    return con


def quoted(path: Path) -> str:
    """A path as an SQL string."""
    return "'" + str(path).replace("'", "''") + "'"


def scan(con: duckdb.DuckDBPyConnection, name: str, path: Path, where: str = "true") -> None:
    """Make a Parquet file (or those of its rows that meet a condition) readable under a table's name."""
    try:
        con.execute(f'create or replace view "{name}" as select * from read_parquet({quoted(path)}) where {where}')
    except duckdb.Error as error:
        raise MacawError(f"{path}: cannot be read ({error})", "delete the file and build again") from None


def write_parquet(data: pa.Table, path: Path) -> None:
    """Write an Arrow table so that the same rows give the same bytes."""
    pq.write_table(data, path, compression="zstd", compression_level=3)


def copy_csv(con: duckdb.DuckDBPyConnection, parquet: Path, csv: Path) -> None:
    """Write a Parquet file's rows as CSV (UTF-8, header, RFC 4180)."""
    con.execute(f"copy (select * from read_parquet({quoted(parquet)})) to {quoted(csv)} (format csv, header)")
