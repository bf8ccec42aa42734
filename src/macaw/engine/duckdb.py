"""DuckDB, the embedded engine: bounded memory, Parquet in and out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from macaw.engine.engine import Parameters, Parts, RowsOf
from macaw.engine.processes import in_order
from macaw.engine.queries import Query
from macaw.errors import MacawError

MEMORY_LIMIT = "3GB"
_SQL_TYPES = {"string": "varchar", "int64": "bigint", "double": "double", "bool": "boolean"}


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


class DuckDB:
    """An `Engine` on a connection of this process; `mapped` works in so many processes."""

    def __init__(self, con: duckdb.DuckDBPyConnection, processes: int = 1) -> None:
        self.con = con
        self._processes = processes

    def scan(self, name: str, path: Path, where: str = "true") -> None:
        """Know a Parquet file (or those of its rows that meet a condition) under a name."""
        scan(self.con, name, path, where)

    def register(self, name: str, data: pa.Table) -> None:
        """Know an Arrow table under a name."""
        self.con.register(name, data)

    def keep(self, name: str, query: Query, parameters: Parameters | None = None) -> None:
        """Know the rows of a query under a name."""
        self.con.execute(f'create or replace temp table "{name}" as {query.text}', dict(parameters or {}))

    def rows(self, query: Query, parameters: Parameters | None = None) -> pa.Table:
        """The rows of a query."""
        return self.con.sql(query.text, params=dict(parameters or {})).to_arrow_table()

    def write(self, query: Query, arrow: pa.Schema, path: Path) -> None:
        """Write the rows of a query, cast to a schema, as one Parquet file."""
        self.con.execute(f"create or replace temp view made as {query.text}")
        require_columns(query, [row[0] for row in self.con.execute("describe made").fetchall()], arrow)
        casts = ", ".join(f'cast("{f.name}" as {_SQL_TYPES[str(f.type)]}) as "{f.name}"' for f in arrow)
        copy_parquet(self.con, f"select {casts} from made", path)

    def mapped(self, query: Query, key: str, of: RowsOf, arrow: pa.Schema, at_once: int) -> Parts:
        """What a function makes of the rows of a query, in order of a column, at most so many of them at once."""
        rows = self.con.sql(f'select * from ({query.text}) order by "{key}"')
        yield from in_order(of, rows.to_arrow_reader(at_once), self._processes)

    def close(self) -> None:
        """Forget every table."""
        self.con.close()


def require_columns(query: Query, found: list[str], arrow: pa.Schema) -> None:
    """Raise `MacawError` if a query's columns are not those of a schema."""
    if found != arrow.names:
        raise MacawError(f"{query.name}.sql gives columns {found}, expected {arrow.names}", "make them agree")


def copy_parquet(con: duckdb.DuckDBPyConnection, sql: str, path: Path) -> None:
    """Write the rows of a query as one Parquet file."""
    con.execute(f"copy ({sql}) to {quoted(path)} (format parquet, compression zstd)")
