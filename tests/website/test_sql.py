"""Questions in SQL: only reading, only the published tables, and never for long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from macaw.errors import MacawError, UsageError
from macaw.serve.sql import ADDRESS_SPACE, MOST_CHARACTERS, open_database, write_database
from macaw.serve.worker import OverrunError, Worker


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("downloads")
    pq.write_table(pa.table({"entity": ["USA", "CHN"], "value": [1.5, 2.5]}), folder / "values.parquet")
    target = tmp_path_factory.mktemp("served") / "release.duckdb"
    assert write_database(folder, target) == ["values"]
    return target


@pytest.fixture(scope="module")
def ask(database: Path) -> Callable[[str, int], dict[str, Any]]:
    return open_database(str(database))


def test_a_select_is_answered(ask: Callable[[str, int], dict[str, Any]]) -> None:
    assert ask('select entity, value from "values" order by value desc', 10) == {
        "columns": ["entity", "value"],
        "types": ["VARCHAR", "DOUBLE"],
        "rows": [["CHN", 2.5], ["USA", 1.5]],
        "is_cut": False,
    }


def test_rows_beyond_the_limit_are_cut_and_it_says_so(ask: Callable[[str, int], dict[str, Any]]) -> None:
    found = ask("select range from range(1000000)", 2)
    assert found["rows"] == [[0], [1]]
    assert found["is_cut"]


def test_what_json_lacks_is_written_out(ask: Callable[[str, int], dict[str, Any]]) -> None:
    row = ask("select 'nan'::double, date '2020-02-01', {'a': [1, 2]}, 1.5::decimal(4,2), null, 2::hugeint", 1)["rows"]
    assert row == [["nan", "2020-02-01", {"a": [1, 2]}, 1.5, None, 2]]


@pytest.mark.parametrize(
    "query",
    [
        "attach '/tmp/x.db'",
        "copy \"values\" to '/tmp/x.csv'",
        "export database '/tmp/x'",
        "install httpfs",
        "load httpfs",
        "set memory_limit = '100GB'",
        "reset enable_external_access",
        "pragma enable_external_access = true",
        "create table a as select 1",
        "create temp table a as select 1",
        'delete from "values"',
        'drop table "values"',
        "select 1; select 2",
        "call pragma_version()",
        "prepare a as select 1",
        "explain analyze select 1",
        "use memory",
        "checkpoint",
        "begin",
        "",
        ";",
        "-- nothing",
    ],
)
def test_anything_but_one_select_is_refused(ask: Callable[[str, int], dict[str, Any]], query: str) -> None:
    with pytest.raises(UsageError, match="only one SELECT"):
        ask(query, 10)


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_text('/etc/passwd')",
        "select * from read_blob('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from read_csv('/etc/passwd')",
        "select * from glob('/*')",
        "select * from sniff_csv('/etc/passwd')",
        "select * from parquet_metadata('/etc/passwd')",
        "select * from read_csv('http://127.0.0.1:9/x.csv')",
        "select * from read_parquet('s3://bucket/x.parquet')",
        "select * from duckdb_secrets()",
        "select getenv('HOME')",
        'with gone as (delete from "values" returning *) select * from gone',
        "from query('copy \"values\" to ''/tmp/x.csv''')",
        "select * from con",
        "select * from result",
        "select",
        "\0",
        "select * from nothing",
    ],
)
def test_nothing_leads_out_of_the_tables(ask: Callable[[str, int], dict[str, Any]], query: str) -> None:
    with pytest.raises(UsageError, match="the query failed"):
        ask(query, 10)
    assert ask('select count(*) from "values"', 1)["rows"] == [[2]]


def test_the_settings_are_locked_and_name_no_folder_of_the_user(ask: Callable[[str, int], dict[str, Any]]) -> None:
    rows = ask("select name, value from duckdb_settings()", 10_000)["rows"]
    settings = dict(rows)
    assert settings["enable_external_access"] == "false"
    assert settings["lock_configuration"] == "true"
    assert settings["memory_limit"] == "953.6 MiB"
    assert not [value for value in settings.values() if value and str(Path.home()) in value]


def test_a_long_query_is_refused(ask: Callable[[str, int], dict[str, Any]]) -> None:
    with pytest.raises(UsageError, match="characters"):
        ask("select 1 -- " + "x" * MOST_CHARACTERS, 1)


def test_a_large_answer_is_refused(ask: Callable[[str, int], dict[str, Any]]) -> None:
    with pytest.raises(UsageError, match="the answer is"):
        ask("select repeat('x', 20000000)", 1)


def test_a_deep_query_is_refused(ask: Callable[[str, int], dict[str, Any]]) -> None:
    with pytest.raises(UsageError):
        ask("select " + "(" * 4000 + "1" + ")" * 4000, 1)


def test_a_folder_without_tables_is_said(tmp_path: Path) -> None:
    with pytest.raises(MacawError, match="holds no table"):
        write_database(tmp_path, tmp_path / "release.duckdb")


def test_a_damaged_table_is_said(tmp_path: Path) -> None:
    (tmp_path / "values.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(MacawError, match="cannot be read"):
        write_database(tmp_path, tmp_path / "release.duckdb")


@pytest.fixture
def worker(database: Path) -> Iterator[Worker]:
    made = Worker("macaw.serve.sql:open_database", (str(database),), seconds=2, address_space=ADDRESS_SPACE)
    yield made
    made.close()


@pytest.mark.parametrize(
    "query",
    [
        "select count(*) from range(100000000000) a, range(1000) b",
        "with recursive a as (select 1 x union all select x + 1 from a) select count(*) from a",
    ],
)
def test_endless_work_is_stopped_and_the_next_question_answered(worker: Worker, query: str) -> None:
    with pytest.raises(OverrunError, match="longer than 2 s"):
        worker.ask(query, 1)
    assert worker.ask("select 1", 1)["rows"] == [[1]]


@pytest.mark.parametrize(
    "query", ["select list(range) from range(1000000000)", "select length(repeat('x', 4000000000))"]
)
def test_work_that_eats_the_memory_is_stopped_and_the_next_question_answered(worker: Worker, query: str) -> None:
    with pytest.raises((UsageError, OverrunError)):
        worker.ask(query, 1)
    assert worker.ask("select 1", 1)["rows"] == [[1]]


def test_work_that_cannot_begin_is_said(tmp_path: Path) -> None:
    worker = Worker("macaw.serve.sql:open_database", (str(tmp_path / "none.duckdb"),), seconds=2)
    with pytest.raises(MacawError, match="failed unexpectedly"):
        worker.ask("select 1", 1)
