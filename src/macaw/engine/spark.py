"""Spark: the same queries, translated, on this machine or on a cluster that configuration names.

`MACAW_SPARK_MASTER` is the master (as `spark://host:7077` or `yarn`; without it this machine, `local[*]`). Everything
else is Spark's own configuration: `spark-defaults.conf` in SPARK_CONF_DIR, SPARK_DRIVER_MEMORY, PYSPARK_PYTHON.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from macaw.engine.dialect import translate
from macaw.engine.duckdb import connect, copy_parquet, quoted, require_columns, write_parquet
from macaw.engine.engine import Parameters, Parts, RowsOf
from macaw.engine.queries import Query
from macaw.errors import MacawError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

MASTER = "MACAW_SPARK_MASTER"
# On which values depend: SQL as the standard has it, tables in and out as Arrow.
_SQL = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
}
_QUIET = {"spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}
_LOCAL_MEMORY = "3g"
_SQL_TYPES = {"string": "string", "int64": "bigint", "double": "double", "bool": "boolean"}


def session(settings: Mapping[str, str] | None = None) -> SparkSession:
    """The Spark session of this process; if there is none yet one is started, with `settings` on top of the usual.

    Raises `MacawError` where pyspark or Java is missing, or the master cannot be reached.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise MacawError("Spark is not installed", "pip install 'macaw-observatory[spark]'") from None
    found = running()
    if found is not None:
        return found
    if not os.environ.get("JAVA_HOME") and not shutil.which("java"):
        raise MacawError("Spark needs Java, which is not there", "install Java 17 or newer, or set JAVA_HOME")
    master = os.environ.get(MASTER, "local[*]")
    builder = SparkSession.builder.master(master).appName("macaw")
    for name, value in {**_usual(master), **(settings or {})}.items():
        builder = builder.config(name, value)
    with _explained(f"starting Spark on {master}", f"install Java 17 or newer; check {MASTER}"):
        return builder.getOrCreate()


def running() -> SparkSession | None:
    """The session that this process has started already."""
    from pyspark.sql import SparkSession

    return SparkSession.getActiveSession()


def _usual(master: str) -> dict[str, str]:
    if not master.startswith("local"):
        return {**_SQL, **_QUIET}
    # Functions run in the Python that runs Macaw.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    memory = {} if "SPARK_DRIVER_MEMORY" in os.environ else {"spark.driver.memory": _LOCAL_MEMORY}
    # On one machine nothing is open to the network, and more pieces than its cores only cost time.
    alone = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
    }
    return {**_SQL, **_QUIET, **alone, **memory}


@contextmanager
def _explained(doing: str, remedy: str) -> Iterator[None]:
    """Turns an error of Spark within the block into a `MacawError`: what was being done, why, the remedy."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise MacawError(f"{doing}: {_reason(str(error))}", remedy) from error


def _reason(text: str) -> str:
    """The cause in the report of an error: its last line that names one, else its first."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    return (causes or lines or ["no reason given"])[-1 if causes else 0]


_IN_SPARK = "look into Spark's log; the same build runs without Spark: leave out --engine spark"
_translated = cache(translate)


class Spark:
    """An `Engine` on Spark, with names of its own; what goes between waits in a folder that all workers see."""

    def __init__(self, spark: SparkSession, scratch: Path) -> None:
        self.spark = spark.newSession()
        for name, value in _SQL.items():
            self.spark.conf.set(name, value)
        self.scratch = scratch
        self._kept: dict[str, DataFrame] = {}

    def scan(self, name: str, path: Path, where: str = "true") -> None:
        """Know a Parquet file (or those of its rows that meet a condition) under a name."""
        from pyspark.sql.pandas.types import from_arrow_schema

        try:
            columns = from_arrow_schema(pq.read_schema(path))
        except (pa.ArrowInvalid, OSError) as error:
            raise MacawError(f"{path}: cannot be read ({error})", "delete the file and build again") from None
        with _explained(f"table {name}", _IN_SPARK):
            found = self.spark.read.schema(columns).parquet(path.absolute().as_uri())
            found.where(_translated(where, "spark")).createOrReplaceTempView(name)

    def register(self, name: str, data: pa.Table) -> None:
        """Know an Arrow table under a name."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        file = self.scratch / f"{_digest(data)}.parquet"
        if not file.is_file():
            write_parquet(data, file)
        self.scan(name, file)

    def keep(self, name: str, query: Query, parameters: Parameters | None = None) -> None:
        """Know the rows of a query under a name."""
        with _explained(f"query {query.name}", _IN_SPARK):
            made = self._frame(query, parameters).persist()
            made.createOrReplaceTempView(name)
            before = self._kept.pop(name, None)
            if before is not None:
                before.unpersist()
            self._kept[name] = made

    def rows(self, query: Query, parameters: Parameters | None = None) -> pa.Table:
        """The rows of a query."""
        with _explained(f"query {query.name}", _IN_SPARK):
            return self._frame(query, parameters).toArrow()

    def write(self, query: Query, arrow: pa.Schema, path: Path) -> None:
        """Write the rows of a query, cast to a schema, as one Parquet file."""
        with _explained(f"query {query.name}", _IN_SPARK):
            made = self._frame(query, None)
            require_columns(query, made.columns, arrow)
            casts = [f"cast(`{f.name}` as {_SQL_TYPES[str(f.type)]}) as `{f.name}`" for f in arrow]
            with self._written(made.selectExpr(*casts), query.name) as parts:
                # One file, as every other build has it; parts are in the order of the rows.
                listed = ", ".join(map(quoted, parts))
                copy_parquet(connect(), f"select * from read_parquet([{listed}])", path)

    def mapped(self, query: Query, key: str, of: RowsOf, arrow: pa.Schema, at_once: int) -> Parts:
        """What a function makes of the rows of a query, in order of a column, at most so many of them at once.

        Every worker unpacks the function once, whatever the number of partitions it works on.
        """
        from pyspark.sql.pandas.types import from_arrow_schema

        with _explained(f"query {query.name}", _IN_SPARK):
            held = self.spark.sparkContext.broadcast(of)
            self.spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(at_once))
            count = int(self.spark.conf.get("spark.sql.shuffle.partitions") or 1)
            rows = self._frame(query, None).repartitionByRange(count, key).sortWithinPartitions(key)
            made = rows.mapInArrow(_Over(held), from_arrow_schema(arrow))
            with self._written(made, query.name) as parts:
                for part in parts:
                    yield from (pa.Table.from_batches([b]).cast(arrow) for b in pq.ParquetFile(part).iter_batches())
            held.destroy()

    def close(self) -> None:
        """Forget every table."""
        for made in self._kept.values():
            made.unpersist()
        self._kept.clear()

    def _frame(self, query: Query, parameters: Parameters | None) -> DataFrame:
        return self.spark.sql(_translated(query.text, "spark"), args=dict(parameters or {}))

    @contextmanager
    def _written(self, made: DataFrame, name: str) -> Iterator[list[Path]]:
        """The Parquet files of a frame in the order of its rows, for as long as the block runs."""
        folder = self.scratch / name
        made.write.mode("overwrite").option("compression", "zstd").parquet(folder.absolute().as_uri())
        yield sorted(folder.glob("part-*.parquet"))
        shutil.rmtree(folder)


class _Over:
    """What `mapInArrow` calls in a worker: the function a broadcast holds, over each batch of a partition."""

    def __init__(self, held: Any) -> None:
        self.held = held

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The rows of one partition."""
        for batch in batches:
            yield from self.held.value(batch).to_batches()


def _digest(data: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, data.schema) as writer:
        writer.write_table(data.combine_chunks())
    return sha256(sink.getvalue()).hexdigest()
