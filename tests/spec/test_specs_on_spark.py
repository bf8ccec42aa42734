"""The same specifications hold on Apache Spark in local mode."""

from __future__ import annotations

from pathlib import Path

import pytest

from macaw.engine import load, spark
from macaw.errors import MacawError
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
