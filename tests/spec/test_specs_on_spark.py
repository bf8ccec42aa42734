"""The same specifications hold on Apache Spark in local mode, and steps of a build give what they give on DuckDB."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

import engines
from macaw import pipeline
from macaw.engine import ENGINES, load, parse, spark
from macaw.errors import MacawError, UsageError
from macaw.indicators import BASES, default_specification, indicators
from macaw.indicators.values import Block
from support.builds import hashes_of
from support.engines import DuckDB, Spark
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
    switches = {"topic": "ai", "definition": "venue", "venues": "ai", "measure": "papers", "territory": "mainland"}
    asked = {"entity": "USA", "place": "workplace", "ownership": "as_is", "first_year": 2020, "last_year": 2020}
    asked |= {"all_records": True}
    found = pa.table({})
    for query in (load("macaw.indicators", name) for name in BASES["cells"].records):
        tables = {name: found if name == "chosen" else steps.table(name) for name in query.inputs}
        found = engine.run(query, tables, {name: {**switches, **asked}[name] for name in query.parameters})
    found = found.to_pylist()
    assert [(r["work"], r["raw_name"], r["organisation"], r["share"]) for r in found] == [("w1", "MIT", "mit", 1.0)]


@pytest.mark.spark
def test_letters_change_their_case_as_on_duckdb(engine):
    # Left out are capitals of several letters, and two letters that got theirs with Unicode 16.
    letters = [chr(c) for c in range(1, 0x590) if (len(chr(c).upper()) == 1 and chr(c) not in "ƛɤ") or chr(c) == "ß"]
    words = [*letters, "İSTANBUL", "ΟΔΟΣ ΣΑΣ.", "Straße", "ÅNGSTRÖM", "Ǆ"]
    query = parse(
        "cases",
        "select word, lower(word) as small, upper(word) as large, lower(upper(word)) as both from words order by word",
    )
    tables = {"words": pa.table({"word": words})}
    assert engine.run(query, tables).to_pylist() == DuckDB().run(query, tables).to_pylist()


def one_of_each():
    """Blocks that publish one indicator for each query and what it rests on; the specifications run all of them."""
    found = {(of.base, of.query_name): of for of in indicators().values()}
    return tuple(
        Block("offices" if of.of_offices else "all", (of.id,), (default_specification(of),), of.base)
        for of in found.values()
    )


# Steps of each kind: a first and a last one of papers, both functions over rows, queries that stand for others.
STEPS = ("works", "matches", "record_topics", "credits", "cells", "coverage", "patent_cells", "evidence", "values")


def made_anew(on: str, demo_data: Path, demo_build: Path, out: Path) -> Path:
    """The folder of the tables that some steps of a finished build make on an engine, each from those before it."""
    out.mkdir()
    (out / "parquet").symlink_to(demo_build / "parquet")
    build = pipeline.Build(demo_data, out, engine=on)
    build._hashes = hashes_of(demo_build)
    for step in pipeline.steps(demo_data):
        if step.name in STEPS:
            build._run_step(step, "")
    return build.next


@pytest.mark.spark
def test_steps_of_a_build_give_what_they_give_on_duckdb(engine, demo_data, demo_build, tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "published", one_of_each)
    made = [made_anew(on, demo_data, demo_build, tmp_path / on) for on in ENGINES]
    assert {f.stem for f in made[1].glob("parquet/*.parquet")} == {*STEPS, "ranks"}
    assert list(engines.differences(*made)) == []
    assert list(engines.counts_that_differ(*made)) == []


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
