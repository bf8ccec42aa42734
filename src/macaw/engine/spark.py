"""Spark: the same queries, translated, on a session in local mode or one that is given."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

from macaw.engine.dialect import translate
from macaw.engine.queries import Query
from macaw.errors import MacawError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# One small machine, nothing open to the network, tables in and out as Arrow, and SQL as the standard has it.
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
}


def session(cores: int = 2, settings: Mapping[str, str] | None = None) -> SparkSession:
    """A Spark session in local mode; `settings` come on top of `SETTINGS`.

    Raises `MacawError` where pyspark or Java is missing.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise MacawError("Spark is not installed", "pip install macaw-observatory[spark]") from None
    if not os.environ.get("JAVA_HOME") and not shutil.which("java"):
        raise MacawError("Spark needs Java, which is not there", "install Java 17 or newer, or set JAVA_HOME")
    builder = SparkSession.builder.master(f"local[{cores}]").appName("macaw")
    for name, value in {**SETTINGS, **(settings or {})}.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def register(spark: SparkSession, tables: Mapping[str, pa.Table]) -> None:
    """Make Arrow tables readable under their names."""
    for name, data in tables.items():
        spark.createDataFrame(data).createOrReplaceTempView(name)


def run(spark: SparkSession, query: Query, parameters: Mapping[str, object] | None = None) -> pa.Table:
    """The rows of a query over the registered tables, with its parameters bound."""
    given = {name: (parameters or {})[name] for name in query.parameters}
    found: pa.Table = spark.sql(translate(query.text, "spark"), args=given).toArrow()
    return found
