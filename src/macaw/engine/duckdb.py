"""DuckDB, the embedded engine: bounded memory, Parquet in and out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def explained(doing: str) -> Iterator[None]:
    """Turns an error of DuckDB or Arrow within the block into a `MacawError`: what was being done, why, the remedy.

    >>> with explained("reading values"):
    ...     connect().execute("select * from read_parquet('nowhere.parquet')")
    Traceback (most recent call last):
    ...
    macaw.errors.MacawError: reading values: IO Error: No files found that match the pattern "nowhere.parquet"
      → find the damaged file with: macaw verify DIR
    """
    try:
        yield
    except (duckdb.Error, pa.ArrowException) as error:
        text = str(error)
        remedy = next((remedy for sign, remedy in _REMEDIES if sign in text), _FIND_DAMAGE)
        raise MacawError(f"{doing}: {text.partition(chr(10))[0]}", remedy) from error


_FREE_SPACE = "free some disk space and run the same command again; finished stages are kept"
_FIND_DAMAGE = "find the damaged file with: macaw verify DIR"
# What the engine passes on of the system's reason.
_REMEDIES = (
    ("No space left on device", _FREE_SPACE),
    ("File too large", _FREE_SPACE),
    ("Read-only file system", "choose a folder you may write"),
    ("Permission denied", "choose a folder you may write"),
    ("Out of Memory", "free some memory and disk space and run the same command again; finished stages are kept"),
)


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
