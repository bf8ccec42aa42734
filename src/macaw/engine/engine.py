"""What the build asks of an engine: tables known by name, and queries over them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Protocol, TypeAlias

import pyarrow as pa

from macaw.engine.queries import Query

Parameters: TypeAlias = Mapping[str, object]
# Makes the rows of a table from some rows of another; it is sent to other processes, so it must pickle.
RowsOf: TypeAlias = Callable[[pa.RecordBatch], pa.Table]
# A table made part by part; closing it ends what makes it.
Parts: TypeAlias = Generator[pa.Table, None, None]


class Engine(Protocol):
    """Tables known by name, and queries in DuckDB's dialect over them, run in whatever dialect the engine has."""

    def scan(self, name: str, path: Path, where: str = "true") -> None:
        """Know a Parquet file (or those of its rows that meet a condition) under a name."""

    def register(self, name: str, data: pa.Table) -> None:
        """Know an Arrow table under a name."""

    def keep(self, name: str, query: Query, parameters: Parameters | None = None) -> None:
        """Know the rows of a query under a name."""

    def rows(self, query: Query, parameters: Parameters | None = None) -> pa.Table:
        """The rows of a query."""

    def write(self, query: Query, arrow: pa.Schema, path: Path) -> None:
        """Write the rows of a query, cast to a schema, as one Parquet file.

        Raises `MacawError` if the query's columns are not those of the schema.
        """

    def mapped(self, query: Query, key: str, of: RowsOf, arrow: pa.Schema, at_once: int) -> Parts:
        """What a function makes of the rows of a query, in order of a column, at most so many of them at once."""

    def close(self) -> None:
        """Forget every table."""
