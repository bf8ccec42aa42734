"""Questions in SQL over the published tables: read-only, without files, network or endless work."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from macaw.engine.duckdb import quoted
from macaw.errors import MacawError, UsageError

MOST_ROWS = 10_000
MOST_CHARACTERS = 10_000
MOST_BYTES = 8 << 20
MEMORY_LIMIT = "1GB"
# Room for the engine's code, threads and buffers beside its tables.
ADDRESS_SPACE = 3 << 30
_LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "memory_limit": MEMORY_LIMIT,
    "temp_directory": "",
    "threads": "2",
}
_SET = (
    "enable_progress_bar = false",
    # Else a word of a query could mean a variable of this program.
    "python_enable_replacements = false",
    # Messages of the engine would else tell where its owner's folders are.
    "home_directory = '/'",
    "extension_directory = '/'",
    "secret_directory = '/'",
    "lock_configuration = true",
)


def write_database(downloads: Path, target: Path) -> list[str]:
    """Copy the Parquet files of a site's downloads into one database file; the tables' names.

    Raises `MacawError` where the folder has none.
    """
    files = sorted(downloads.glob("*.parquet"))
    if not files:
        raise MacawError(f"{downloads}: holds no table", "make the site anew: macaw site --out DIR")
    con = duckdb.connect(str(target))
    try:
        for file in files:
            con.execute(f'create table "{file.stem}" as select * from read_parquet({quoted(file)})')
    except duckdb.Error as error:
        raise MacawError(f"{downloads}: cannot be read ({error})", "make the site anew: macaw site --out DIR") from None
    finally:
        con.close()
    return [file.stem for file in files]


def open_database(path: str) -> Callable[[str, int], dict[str, Any]]:
    """A function that answers a query with at most so many rows, over a database that nothing can leave."""
    con = duckdb.connect(path, read_only=True, config=_LOCKED)
    for setting in _SET:
        con.execute(f"set {setting}")
    return lambda query, limit: answer(con, query, limit)


def answer(con: duckdb.DuckDBPyConnection, query: str, limit: int) -> dict[str, Any]:
    """Columns, types and rows of one SELECT, and whether rows were left out.

    Raises `UsageError` for anything but one SELECT, for a query that fails, and for an answer over `MOST_BYTES`.
    """
    if len(query) > MOST_CHARACTERS:
        raise UsageError(f"the query has {len(query):,} characters", f"at most {MOST_CHARACTERS:,} are read")
    try:
        statements = con.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise UsageError("only one SELECT is answered", "as in: select * from entities limit 10")
        result = con.execute(statements[0])
        columns = [(name, str(kind)) for name, kind, *_ in result.description]
        found = result.fetchmany(limit + 1)
    except (duckdb.Error, RuntimeError, UnicodeError) as error:
        raise UsageError(f"the query failed: {error}", "the tables and columns stand on the data page") from None
    rows = [[_plain(value) for value in row] for row in found[:limit]]
    size = len(json.dumps(rows, ensure_ascii=False))
    if size > MOST_BYTES:
        raise UsageError(f"the answer is {size >> 20} MB", f"ask for less: at most {MOST_BYTES >> 20} MB are given")
    return {
        "columns": [name for name, _ in columns],
        "types": [kind for _, kind in columns],
        "rows": rows,
        "is_cut": len(found) > limit,
    }


def _plain(value: Any) -> Any:
    """A value as JSON has it; what JSON lacks is written out."""
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    return str(value)
