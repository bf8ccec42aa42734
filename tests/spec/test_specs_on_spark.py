"""The same specifications hold on Apache Spark in local mode, and a build there gives what it gives on DuckDB."""

from __future__ import annotations

from pathlib import Path

import pytest

import engines
from macaw import pipeline
from macaw.engine import ENGINES, load, spark
from macaw.errors import MacawError, UsageError
from macaw.indicators import default_specification, indicators
from macaw.indicators.values import Block
from support.engines import Spark
from support.rows import filled
from support.spec import pages
from support.steps import FILES, Steps

# Nothing is compiled that runs once: that takes longer than a handful of rows.
FOR_SMALL_TABLES = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
}


@pytest.fixture(scope="session")
def engine():
    try:
        session = spark.session(settings=FOR_SMALL_TABLES)
    except MacawError as error:
        pytest.skip(str(error))
    session.sparkContext.setLogLevel("ERROR")
    yield Spark(session)
    session.stop()


@pytest.mark.spark
@pytest.mark.parametrize("page", pages(Path(__file__).parent), ids=lambda page: page.path.stem)
def test_page_holds(page, engine):
    for example in page.examples:
        example.check(engine)


@pytest.mark.spark
def test_queries_without_an_example_run(engine):
    for name in ("unknown_statuses", "organisations", "organisation_names", "authorships", "raw_names"):
        query = load(*next(f for f in FILES if f[1] == name))
        found = engine.run(query, {table: filled(table, ()) for table in query.inputs})
        assert found.num_rows == 0


@pytest.mark.spark
def test_the_records_behind_a_number(engine):
    steps = Steps(
        {
            "works": [{"work": "w1", "title": "Bees"}],
            "authorships": [{"work": "w1", "raw_name": "MIT"}],
            "matches": [{"raw_name": "MIT", "organisation": "mit", "country": "USA"}],
        },
        engine,
    )
    query = load("macaw.indicators", "records")
    switches = {"topic": "ai", "definition": "venue", "venues": "ai", "measure": "papers", "territory": "mainland"}
    asked = {"entity": "USA", "place": "workplace", "ownership": "as_is", "first_year": 2020, "last_year": 2020}
    asked |= {"all_records": True}
    tables = {name: steps.table(name) for name in query.inputs}
    found = engine.run(query, tables, {**switches, **asked}).to_pylist()
    assert [(r["work"], r["raw_name"], r["organisation"], r["share"]) for r in found] == [("w1", "MIT", "mit", 1.0)]


def one_of_each():
    """Blocks that publish one indicator for each query and what it rests on; the specifications run all of them."""
    found = {(of.base, of.query_name): of for of in indicators().values()}
    return tuple(
        Block("offices" if of.of_offices else "all", (of.id,), (default_specification(of),), of.base)
        for of in found.values()
    )


@pytest.mark.spark
def test_a_build_gives_what_duckdb_gives(engine, demo_data, tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "published", one_of_each)
    outs = {name: tmp_path / name for name in ENGINES}
    for name, out in outs.items():
        engines.build(demo_data, out, name, until="values")
    assert list(engines.differences(*outs.values())) == []
    assert list(engines.counts_that_differ(*outs.values())) == []


def test_an_unknown_engine_is_wrong_usage(demo_data, tmp_path):
    with pytest.raises(UsageError, match="no engine 'flink'"):
        pipeline.Build(demo_data, tmp_path, engine="flink")


def test_without_java_a_build_says_so_before_it_begins(demo_data, tmp_path, monkeypatch):
    pytest.importorskip("pyspark")
    monkeypatch.setattr(spark, "running", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(MacawError, match="Spark needs Java"):
        pipeline.build(demo_data, tmp_path / "out", engine="spark")
    assert not (tmp_path / "out").exists()
