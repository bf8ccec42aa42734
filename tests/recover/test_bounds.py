"""Data tests: each bound is broken by a row that breaks it, and named; counts of sources are compared with before."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

import macaw
from macaw import cli, schema
from macaw.drift.bounds import Bound, bounds, check, history, revised, source_years
from macaw.errors import MacawError
from support.rows import filled

# A row for each bound of rows that breaks it; everything else is usual.
BREAKING = {
    "match_probability": {"raw_name": "MIT", "organisation": "mit", "probability": 1.2},
    "topic_probability": {"work": "w", "probability": -0.1},
    "share_of_a_work": {"work": "w", "entity": "USA", "share": 1.5},
    "a_work_counts_once": {"work": "w", "organisation": "mit", "share": 1.2},
    "year_of_a_paper": {"work": "w", "period": 20210},
    "citations_not_negative": {"work": "w", "citations": -1},
    "located_of_papers": {"located": 101, "papers": 100},
    "completeness": {"indicator": "papers", "completeness": 1.01},
    "interval_around_value": {"indicator": "papers", "value": 3.0, "low": 4.0},
    "share_is_a_share": {"indicator": "papers_share", "value": 1.5},
    "counts_not_negative": {"indicator": "papers", "value": -1.0},
    "missing_has_no_value": {"indicator": "papers", "status": "O", "value": 0.0},
    "population_of_a_language": {"language": "zh", "speakers": 10.0, "population": 9.0},
}
OF_ROWS = [b for b in bounds() if b.holds]


def connected(tables):
    con = duckdb.connect()
    for name, rows in tables.items():
        con.register(name, rows)
    return lambda names: con


def typed(bound: Bound, row: dict[str, object]) -> pa.Table:
    arrow = schema.arrow_schema(bound.table)
    kinds = {f.name: int if f.type == pa.int64() else float if f.type == pa.float64() else None for f in arrow}
    return filled(bound.table, [{n: kinds[n](v) if kinds[n] and v is not None else v for n, v in row.items()}])


def test_every_bound_of_rows_has_a_breaking_row():
    assert {b.id for b in OF_ROWS} == {*BREAKING}


@pytest.mark.parametrize("bound", OF_ROWS, ids=lambda b: b.id)
def test_a_row_that_breaks_a_bound_is_named(bound):
    (result,) = check(connected({bound.table: typed(bound, BREAKING[bound.id])}), (), [bound])
    assert (result.broken, result.found, result.severity) == (True, 1, bound.severity)
    assert str(BREAKING[bound.id].get(bound.key[0], "")) in result.offending
    assert result.offending
    (result,) = check(connected({bound.table: filled(bound.table, ())}), (), [bound])
    assert (result.broken, result.found, result.offending) == (False, 0, "")


def test_a_figure_out_of_bounds_is_told_with_what_it_was():
    then = {"release": "2030-01", "value": 0.9}
    bound = Bound("matched", "warn", value="select 0.2", low=0.5, high=1.0, history=(then,))
    (result,) = check(connected({}), (), [bound])
    assert (result.broken, result.offending, result.before) == (
        True,
        "0.2 is not between 0.5 and 1.0",
        "2030-01: 0.9",
    )
    (result,) = check(connected({}), (), [Bound("matched", "warn", value="select null", low=0.5, high=1.0)])
    assert not result.broken


def test_a_bound_that_cannot_be_asked_is_named():
    with pytest.raises(MacawError, match="bound odd"):
        check(connected({}), (), [Bound("odd", "warn", value="select nothing", low=0.0, high=1.0)])


def test_the_demo_breaks_no_bound_that_may_not_be_broken(demo_build, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["bounds", "--build", str(demo_build)])
    assert not ended.value.code
    said = capsys.readouterr().err
    assert f"{len(bounds())} bounds" in said
    # The demo has fewer papers than the world.
    assert "warn: paperlists 2022" in said


def test_records_are_counted_by_source_and_year(demo_build):
    counted = source_years(macaw.open(demo_build).connection)
    assert (
        sum(n for (source, _), n in counted.items() if source == "paperlists")
        == macaw.open(demo_build).table("works").num_rows
    )
    assert list(revised(counted, counted)) == []


def test_every_figure_and_source_has_a_history():
    assert all(b.history for b in bounds() if b.value)
    assert {source for source, _ in history()["2026-11"]} >= {"paperlists", "epoch", "ncses"}
