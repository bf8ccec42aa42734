"""The same specifications hold on Apache Spark in local mode."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.engines import Spark
from support.spec import pages

from macaw.engine import spark
from macaw.errors import MacawError

# Expressions are interpreted: to compile them takes longer than a handful of rows.
FOR_SMALL_TABLES = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
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
