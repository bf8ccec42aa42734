"""The build: what reruns, what stays, and what is left when something goes wrong."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from filelock import FileLock

import macaw
from macaw import pipeline, provenance, registry, schema
from macaw.engine import parse
from macaw.engine.processes import PROCESSES
from macaw.errors import MacawError, SourceError
from support.builds import CVPR, ROR, Place, hashes_of

OF_PAPERS = {"works", "authorships", "raw_names", "venue_years", "arxiv_works", "science_links", "selection_works"}
# Raw names of papers and models are matched together, so that a new name runs what reads matches.
OF_MATCHES = {
    "matches", "affiliation_links", "activity", "record_parties", "frontier_models", "model_suppliers",
    "patent_activity",
    "evidence_patents", "evidence_chips", "evidence_frameworks",
}  # fmt: skip
OF_CELLS = {
    "record_topics", "credits", "credit_names", "record_measures", "cells", "coverage", "reference_credits",
    "reference_cells", "reference_coverage", "science_credits", "drift", "entities", "values",
    "profiles", "verdicts",
}  # fmt: skip
OF_AUTHORS = {
    "researchers", "moves", "heads", "evidence_people", "evidence_heads", "coverage_people", "evidence",
}  # fmt: skip
OF_NAMES = {"read_ror", "organisations", "organisation_names", "owners", "ancestors", "group_members", "places"}


pytestmark = pytest.mark.usefixtures("few_values")


@pytest.fixture
def breaks(monkeypatch) -> Callable[..., AbstractContextManager[None]]:
    """Makes a function of the pipeline raise, for as long as a block lasts."""

    @contextmanager
    def make(name: str, error: BaseException) -> Iterator[None]:
        def fail(*arguments: object, **named: object) -> None:
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(pipeline, name, fail)
            yield

    return make


# -- the plan ------------------------------------------------------------------------------------------------


def test_every_step_reads_what_earlier_steps_made(demo_data):
    made = set(registry.TABLES)
    for step in pipeline.steps(demo_data):
        assert set(step.inputs) <= made, step.name
        assert made.isdisjoint(step.outputs), step.name
        made.update(step.outputs)
    assert set(schema.tables()) <= made


def test_readers_that_look_things_up_depend_on_the_registrys_tables(demo_data):
    inputs = {step.name: step.inputs for step in pipeline.steps(demo_data)}
    for name, reader in pipeline.READERS.items():
        expected = {"registry_currencies"} if hasattr(reader, "currency") else set()
        assert set(inputs[f"read_{name}"]) - {"registry_frameworks"} == expected, name
    assert inputs["read_repositories"] == ("registry_frameworks",)
    assert hasattr(pipeline.READERS["deals"], "currency")


def test_values_depend_on_every_table_their_queries_read():
    made = {"specifications", "counted", "computed", "scope"}
    read = {t for i in pipeline.indicators().values() for t in i.query.inputs}
    assert read - made <= set(pipeline.VALUE_INPUTS)


# -- a finished build ----------------------------------------------------------------------------------------


def test_a_build_writes_every_table_in_three_forms(finished):
    built = json.loads((finished.out / "build.json").read_text("utf-8"))
    rows = {t: e["rows"] for s in built["steps"].values() for t, e in s["tables"].items()}
    for table in schema.tables():
        assert pq.read_metadata(finished.out / "parquet" / f"{table}.parquet").num_rows == rows[table]
        name = "rejected.csv" if table == "rejected" else f"csv/{table}.csv"
        with (finished.out / name).open(encoding="utf-8", newline="") as stream:
            reader = csv.reader(stream)
            assert next(reader) == schema.arrow_schema(table).names
            assert sum(1 for _ in reader) == rows[table]
    assert (finished.out / "macaw.duckdb").is_file()
    assert not (finished.out / ".next").exists()
    assert {p.name for p in finished.out.iterdir()} <= {
        "parquet",
        "csv",
        "rejected.csv",
        "macaw.duckdb",
        "build.json",
        ".lock",
    }


def test_a_table_of_too_many_rows_is_parquet_only_and_loses_its_old_copies(place, monkeypatch):
    copied = pq.read_metadata(place.out / "parquet/works.parquet").num_rows
    monkeypatch.setattr(pipeline, "COPIED_UP_TO", copied)
    place.add_paper()
    report = place.build()
    assert "works" in report.parquet_only
    assert set(report.parquet_only) == {t for t, rows in report.rows.items() if rows > copied}
    written = {f.stem for f in (place.out / "csv").glob("*.csv")} | {"rejected"}
    assert written == report.rows.keys() - set(report.parquet_only)
    with duckdb.connect(place.out / "macaw.duckdb", read_only=True) as con:
        held = {table for (table,) in con.execute("show tables").fetchall()}
    assert held == report.rows.keys() - set(report.parquet_only)
    assert pq.read_metadata(place.out / "parquet/works.parquet").num_rows == copied + 1


def test_record_of_a_build_names_version_libraries_and_files(finished):
    built = json.loads((finished.out / "build.json").read_text("utf-8"))
    assert built["macaw"] == macaw.__version__
    assert CVPR in built["data"]
    assert len(built["data"]) == len(list(finished.data.rglob("*.json")))
    assert set(built["libraries"]) >= {"duckdb", "pyarrow"}


def test_hashes_of_the_record_are_those_of_the_files(finished):
    for table, sha256 in finished.hashes().items():
        assert provenance.hash_file(finished.out / "parquet" / f"{table}.parquet") == sha256, table


def test_refused_records_of_the_demo_are_those_its_readme_names(demo_build):
    with (demo_build / "rejected.csv").open(encoding="utf-8", newline="") as stream:
        listed = {
            (r["file"], int(r["position"] or -1), r["action"], r["reason"].split(":")[0])
            for r in csv.DictReader(stream)
        }
    assert listed == {
        ("paperlists/cvpr/cvpr2018.json", 17, "rejected", "duplicate of a paper in the same file"),
        ("paperlists/cvpr/cvpr2019.json", 15, "rejected", "title is empty"),
        ("paperlists/iclr/iclr2021.json", 11, "rejected", "unknown status"),
        ("patentsview/g_patent.tsv", -1, "rejected", "withdrawn patent"),
        *(
            (
                f"gpt3_languages/languages_by_{thing}_count.csv",
                8,
                "noted",
                "the code names no language, at most a script",
            )
            for thing in ("word", "character", "document")
        ),
    }


def test_report_counts_what_was_refused(finished):
    report = finished.build()
    assert sorted(n for _, _, n in report.refused) == [1, 1]
    assert report.rows["works"] == report.rows["source_papers"] - 1


# -- what reruns ---------------------------------------------------------------------------------------------


def test_without_a_change_everything_is_kept_byte_for_byte(place):
    before = place.snapshot()
    report = place.build()
    assert report.ran == []
    assert set(report.kept) == {s.name for s in pipeline.steps(place.data)}
    assert place.snapshot() == before


def test_a_new_paper_reruns_what_depends_on_papers(place):
    before, had = place.hashes(), place.papers()
    place.add_paper()
    report = place.build()
    assert set(report.ran) == {"read_paperlists", "rejected", *OF_PAPERS, *OF_MATCHES, *OF_CELLS, *OF_AUTHORS}
    assert set(report.kept) == {s.name for s in pipeline.steps(place.data)} - set(report.ran)
    assert place.papers() == had + 1
    after = place.hashes()
    unchanged = {t for t in before if before[t] == after[t]}
    assert unchanged >= {"source_organisations", "organisations", "organisation_names", "owners", "places"}
    assert not unchanged & {"works", "values", "source_papers"}


def test_tables_that_did_not_change_are_not_written_again(place):
    before = place.snapshot()
    place.add_paper()
    place.build()
    after = place.snapshot()
    for name in ("parquet/organisations.parquet", "csv/organisations.csv", "parquet/owners.parquet"):
        assert after[name] == before[name]


def test_a_change_that_changes_no_row_stops_there(place):
    path = place.data / CVPR
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")), indent=3), "utf-8")
    assert place.build().ran == ["read_paperlists"]
    assert place.build().ran == []


def test_a_new_name_in_ror_reruns_matching_but_no_papers(place):
    place.rename_tsinghua()
    report = place.build()
    assert set(report.ran) >= {"read_ror", "organisation_names", "matches"}
    assert set(report.kept) >= {"read_paperlists", *OF_PAPERS, "owners", "record_topics"}


def test_a_file_taken_away_is_missed(place):
    assert place.papers() > 0
    (place.data / CVPR).unlink()
    assert "read_paperlists" in place.build().ran
    works = pq.read_table(place.out / "parquet" / "works.parquet")
    assert works.filter((pc.field("venue") == "CVPR") & (pc.field("period") == 2017)).num_rows == 0


def test_a_changed_registry_reruns_what_reads_it(place, monkeypatch):
    tables = dict(registry.tables())
    statuses = tables["registry_statuses"]
    tables["registry_statuses"] = statuses.filter(pc.field("status") != "Conditional").slice(1)
    monkeypatch.setattr(registry, "tables", lambda: tables)
    report = place.build()
    assert set(report.ran) >= {"works", "rejected"}
    assert set(report.kept) >= {"read_paperlists", *OF_NAMES}


def test_a_changed_currency_reruns_the_readers_that_look_it_up(place, monkeypatch):
    tables = dict(registry.tables())
    tables["registry_currencies"] = tables["registry_currencies"].slice(1)
    monkeypatch.setattr(registry, "tables", lambda: tables)
    report = place.build()
    assert set(report.ran) >= {"read_deals", "read_amplyfi"}
    assert "read_paperlists" in report.kept


def test_changed_code_reruns_its_step_only(place, monkeypatch):
    true = pipeline.code_of
    monkeypatch.setattr(pipeline, "code_of", lambda *places: true(*places) + ("new" if "relevance" in places else ""))
    assert place.build().ran == ["record_topics", "position_definitions", "position_skills"]


def test_a_lost_table_is_made_again(place):
    before = place.hashes()
    (place.out / "parquet" / "works.parquet").unlink()
    assert place.build().ran == ["works"]
    assert place.hashes() == before
    assert provenance.hash_file(place.out / "parquet" / "works.parquet") == before["works"]


# -- what is left when something goes wrong ------------------------------------------------------------------


@pytest.mark.parametrize("error", [KeyboardInterrupt(), MemoryError(), MacawError("x")], ids=repr)
def test_a_build_cut_off_goes_on_where_it_stopped(finished, tmp_path, breaks, error):
    place = Place(finished.data, tmp_path / "out")
    with breaks("_values", error), pytest.raises(type(error)):
        place.build()
    assert place.snapshot() == {}
    with pytest.raises(MacawError, match="is not a finished build"):
        macaw.open(place.out)
    report = place.build()
    assert report.ran == ["values", "profiles", "verdicts"]
    assert place.hashes() == finished.hashes()


def test_a_step_cut_off_while_writing_leaves_no_half_table(finished, tmp_path, monkeypatch):
    place = Place(finished.data, tmp_path / "out")
    with monkeypatch.context() as patch:

        def half(data: object, path: Path) -> None:
            path.write_bytes(b"PAR1 and no more")
            if "profiles" in path.name:
                raise KeyboardInterrupt
            true(data, path)

        true = pipeline.write_parquet
        patch.setattr(pipeline, "write_parquet", half)
        with pytest.raises(KeyboardInterrupt):
            place.build()
    assert [p.name for p in (place.out / ".next" / "parquet").iterdir() if "profiles" in p.name] == []
    report = place.build()
    assert "read_paperlists" in report.kept
    assert "profiles" in report.ran
    assert place.hashes() == finished.hashes()


def test_two_rows_of_one_key_stop_the_build(place, monkeypatch):
    real = schema.table
    monkeypatch.setattr(
        schema, "table", lambda name: replace(real(name), key=("venue",)) if name == "works" else real(name)
    )
    (place.data / CVPR).unlink()
    with pytest.raises(MacawError, match=r"table works: several rows have the key \{'venue': "):
        place.build()


@pytest.mark.parametrize(("divided", "odd"), [("share / 0", "inf"), ("0 * share / 0", "nan")])
def test_a_number_that_is_not_finite_stops_the_build(place, monkeypatch, divided, odd):
    real = pipeline.load

    def load(package, name):
        query = real(package, name)
        if name != "credits":
            return query
        return parse(name, f"select * replace ({divided} as share) from ({query.text})")

    monkeypatch.setattr(pipeline, "load", load)
    with pytest.raises(MacawError, match=rf"table credits: a number is not finite in \{{'work': .*'share': {odd}"):
        place.build()


@pytest.mark.parametrize("table", ["matches", "record_topics"])
def test_several_processes_make_the_rows_of_one(place, monkeypatch, table):
    """In small batches, of which each process gets several."""
    file = place.out / "parquet" / f"{table}.parquet"
    order = [(name, "ascending") for name in schema.arrow_schema(table).names]
    whole, made = pq.read_table(file), []
    monkeypatch.setattr(pipeline, "_AT_ONCE", 5)
    for count in ("1", "2"):
        monkeypatch.setenv(PROCESSES, count)
        file.unlink()
        assert table in place.build().ran
        made.append(pq.read_table(file))
    assert made[0].num_rows > 4 * 5
    assert made[0].equals(made[1])
    assert made[0].sort_by(order).equals(whole.sort_by(order))


def test_a_failing_build_leaves_the_last_good_one(place):
    before, had = place.snapshot(), place.papers()
    (place.data / CVPR).write_bytes(b'[{"title": ')
    with pytest.raises(SourceError, match=r"cvpr2017\.json: not valid JSON"):
        place.build()
    assert place.snapshot() == before
    assert place.papers() == had


@pytest.mark.parametrize("step", ["_values", "_topics", "_rejected"])
def test_a_build_failing_late_leaves_the_last_good_one(place, breaks, step):
    before = place.snapshot()
    place.add_paper()
    with breaks(step, MacawError("no")), pytest.raises(MacawError, match="no"):
        place.build()
    assert place.snapshot() == before
    assert macaw.open(place.out).table("works").num_rows > 0


def test_after_a_failed_change_is_taken_back_nothing_reruns(place, breaks):
    before, old = place.snapshot(), (place.data / CVPR).read_bytes()
    place.add_paper()
    with breaks("_topics", MacawError("no")), pytest.raises(MacawError):
        place.build()
    (place.data / CVPR).write_bytes(old)
    assert place.build().ran == []
    assert place.snapshot() == before


def test_files_left_by_a_cut_off_publication_of_other_data_are_not_published(place, monkeypatch):
    good, old = (place.out / "csv/organisation_names.csv").read_bytes(), (place.data / ROR).read_bytes()
    place.rename_tsinghua()
    with monkeypatch.context() as patch:

        def killed(self: object, tables: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(pipeline.Build, "_write_database", killed)
        with pytest.raises(KeyboardInterrupt):
            place.build()
    (place.data / ROR).write_bytes(old)
    place.add_paper()
    place.build()
    assert (place.out / "csv/organisation_names.csv").read_bytes() == good


@pytest.fixture(scope="module")
def with_paper(finished, tmp_path_factory) -> Place:
    """The same build with one paper more, made without interruption."""
    folder = tmp_path_factory.mktemp("with-paper")
    shutil.copytree(finished.data, folder / "data")
    whole = Place(folder / "data", folder / "out")
    whole.add_paper()
    whole.build()
    return whole


@pytest.mark.parametrize(("moved", "opened_by"), [(0, "build"), (7, "build"), (-1, "build"), (7, "reader")])
def test_an_interrupted_publication_is_finished(place, with_paper, monkeypatch, moved, opened_by):
    place.add_paper()
    with monkeypatch.context() as patch:
        true = pipeline.recover

        def cut_off(out: Path) -> None:
            waiting = out / ".next"
            if not (waiting / "publish.json").is_file():
                return
            for name in json.loads((waiting / "publish.json").read_text())[:moved]:
                (waiting / name).replace(out / name)
            raise KeyboardInterrupt

        patch.setattr(pipeline, "recover", cut_off)
        with pytest.raises(KeyboardInterrupt):
            place.build()
        assert pipeline.recover is not true
    if opened_by == "reader":
        macaw.open(place.out)
    report = place.build()
    assert report.ran == []
    assert place.hashes() == with_paper.hashes()
    assert {n: h for n, (h, _) in place.snapshot().items() if n.endswith((".parquet", ".csv"))} == {
        n: h for n, (h, _) in with_paper.snapshot().items() if n.endswith((".parquet", ".csv"))
    }
    assert not (place.out / ".next").exists()


def test_recover_does_nothing_to_a_finished_build(place):
    before = place.snapshot()
    pipeline.recover(place.out)
    assert place.snapshot() == before


def test_a_second_build_at_once_is_refused(place):
    before = place.snapshot()
    with FileLock(place.out / ".lock"), pytest.raises(MacawError, match="another build is writing here") as caught:
        place.build()
    assert "--out" in str(caught.value.remedy)
    assert place.snapshot() == before
    assert place.build().ran == []


def test_a_damaged_record_of_a_build_is_named(place):
    (place.out / "build.json").write_text("{")
    with pytest.raises(MacawError, match=r"build\.json: not a record of a build"):
        place.build()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: None, "there is no such folder"),
        (lambda p: p.write_text("x"), "there is no such folder"),
        (lambda p: p.mkdir(), "holds no source file"),
        (lambda p: (p / "paperlists" / "acl").mkdir(parents=True), "holds no source file"),
    ],
)
def test_a_folder_without_sources_is_refused_before_anything_is_written(tmp_path, make, message):
    make(tmp_path / "data")
    with pytest.raises(MacawError, match=message) as caught:
        pipeline.build(tmp_path / "data", tmp_path / "out")
    assert caught.value.remedy
    assert not (tmp_path / "out").exists()


def test_one_source_alone_can_be_built(tmp_path, demo_data):
    (tmp_path / "data" / CVPR).parent.mkdir(parents=True)
    shutil.copy(demo_data / CVPR, tmp_path / "data" / CVPR)
    report = pipeline.build(tmp_path / "data", tmp_path / "out")
    assert report.rows["source_organisations"] == 0
    assert report.rows["organisations"] > 600
    assert Place(tmp_path / "data", tmp_path / "out").papers("USA") > 0


def test_a_source_file_without_permission_is_named_with_its_own_remedy(place, monkeypatch):
    true = Path.open

    def denied(self: Path, *arguments: object, **named: object):
        if self.name == "cvpr2017.json":
            raise PermissionError(13, "Permission denied", str(self))
        return true(self, *arguments, **named)

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(SourceError, match="no permission to read"):
        place.build()


# -- the same everywhere -------------------------------------------------------------------------------------


def test_two_fresh_builds_give_the_same_bytes(demo_build, demo_data, tmp_path):
    # In another process, in which Python orders its sets in another way.
    code = "import sys, pathlib; from macaw import pipeline; pipeline.build(*map(pathlib.Path, sys.argv[1:]))"
    subprocess.run(
        [sys.executable, "-c", code, str(demo_data), str(tmp_path / "out")],
        env={**os.environ, "PYTHONHASHSEED": "12345"},
        check=True,
    )
    assert hashes_of(tmp_path / "out") == hashes_of(demo_build)


def test_where_the_data_lie_does_not_matter(finished, tmp_path):
    shutil.copytree(finished.data, tmp_path / "else where" / "été")
    pipeline.build(tmp_path / "else where" / "été", tmp_path / "it's out")
    assert hashes_of(tmp_path / "it's out") == finished.hashes()
