"""Small pairs of releases, written by hand, that differ in one thing each: the diff must name it, and nothing else."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import macaw
from macaw import schema
from macaw.errors import MacawError
from macaw.release.causes import causes
from macaw.release.diff_report import document, tables, words
from macaw.release.traces import COLUMNS


def step(*made: str, inputs: Sequence[str] = (), **more: Any) -> dict[str, Any]:
    """What a build records of a step that makes these tables."""
    return {"key": "k", "code": "c", "inputs": [*inputs], **more, "tables": dict.fromkeys(made, "x")}


# What each step that makes the table of its name reads.
_INPUTS = {
    "works": ["source_papers"],
    "authorships": ["source_affiliations"],
    "raw_names": ["authorships"],
    "matches": ["raw_names", "organisations"],
    "record_topics": ["works", "registry_topics"],
    "owners": ["registry_ownership"],
    "credits": ["authorships", "matches", "owners"],
    "venue_years": ["works", "registry_venue_years"],
    "record_measures": ["works", "venue_years", "credits"],
    "coverage": ["venue_years", "record_measures"],
    "group_members": [],
}
BUILT: dict[str, Any] = {
    "macaw": "0.1.0",
    "libraries": {"duckdb": "2.0.0"},
    "data": ["paperlists/cvpr/cvpr2018.json"],
    "registry": {
        "registry_ownership": "r1",
        "registry_venue_lists": "l1",
        "registry_topics": "t1",
        "registry_venue_years": "y1",
    },
    "definitions": {"papers": "d1", "gross_rd": "d1"},
    "specifications": "s1",
    "computing": "c1",
    "steps": {
        "read_paperlists": step("source_papers", "source_affiliations", files={"paperlists/cvpr/cvpr2018.json": "f1"}),
        "read_ror": step("organisations", files={"ror.json": "f1"}),
        **{name: step(name, inputs=inputs) for name, inputs in _INPUTS.items()},
    },
}
# The way of the data: what lies behind each step.
_BEHIND = {
    "source_papers": ["works", "record_topics"],
    "source_affiliations": ["authorships", "raw_names", "matches", "credits"],
    "organisations": ["matches", "credits"],
    "matches": ["credits"],
    "record_topics": [],
    "owners": ["credits"],
    "venue_years": ["record_measures", "coverage"],
}
PRINTS = {"records": "p", "contents": "p", "matching": "p", "relevance": "p", "credits": "p", "measures": "p"}
# What stands where a definition does.
_UNDER = {"relevance": "venue", "measures": "papers"}


def touched(built: dict[str, Any], *tables_: str) -> dict[str, Any]:
    """The record after tables, and those made from them, came to hold something else."""
    made = copy.deepcopy(built)
    for table in [t for name in tables_ for t in (name, *_BEHIND.get(name, ()))]:
        for step in made["steps"].values():
            if table in step["tables"]:
                step["tables"][table] += "'"
    return made


def value(**given: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(schema.arrow_schema("values").names)
    row |= {
        "entity": "CHN", "place_country": "", "indicator": "papers", "topic": "ai", "period": 2018, "counting": "full",
        "place": "workplace", "ownership": "as_is", "definition": "venue", "venues": "CVPR", "territory": "mainland",
        "value": 10.0, "unit": "papers", "status": "A", "n": 10, "completeness": 1.0, "release": "r",
    }  # fmt: skip
    return row | given


class World:
    """Writes releases."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def side(
        self,
        name: str,
        values: list[dict[str, Any]],
        built: dict[str, Any] | None = BUILT,
        prints: dict[str, str] | None = None,
        records: int = 5,
    ) -> Path:
        out = self.folder / name
        out.mkdir()
        pq.write_table(pa.Table.from_pylist(values, schema=schema.arrow_schema("values")), out / "values.parquet")
        document_ = {"release": name} | ({} if built is None else {"built_from": built})
        (out / "release.json").write_text(json.dumps(document_), "utf-8")
        if built is not None:
            rows = [
                (
                    "cells",
                    "CVPR",
                    2018,
                    stage,
                    _UNDER.get(stage, ""),
                    "paperlists",
                    "",
                    records,
                    print_,
                )
                for stage, print_ in (PRINTS | (prints or {})).items()
            ]
            columns = [list(c) for c in zip(*rows, strict=True)]
            pq.write_table(pa.table(dict(zip(COLUMNS, columns, strict=True))), out / "traces.parquet")
        return out


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def named(world: World, built: dict[str, Any], prints: dict[str, str], records: int = 5, **new: Any) -> tuple[str, str]:
    """Causes that the diff names of the one value that moved, and those it cannot exclude."""
    old = world.side("old", [value()])
    found = macaw.diff(old, world.side("new", [value(value=12.0, **new)], built, prints, records))
    (row,) = found.values.to_pylist()
    assert (row["old_value"], row["new_value"], row["change"], row["kind"]) == (10, 12, 2, "moved")
    return row["causes"], row["not_excluded"]


def with_file(built: dict[str, Any], source: str, **files: str) -> dict[str, Any]:
    made = copy.deepcopy(built)
    made["steps"][f"read_{source}"]["files"] |= {
        f"paperlists/cvpr/{name}.json" if source == "paperlists" else f"{name}.json": print_
        for name, print_ in files.items()
    }
    return made


def test_an_added_file_is_new_data(world):
    built = touched(with_file(BUILT, "paperlists", cvpr2018b="f"), "source_papers", "source_affiliations")
    assert named(world, built, {"records": "q", "contents": "q", "credits": "q"}, 7) == ("new_data", "")


def test_a_changed_file_with_the_same_records_is_corrected_data(world):
    built = touched(with_file(BUILT, "paperlists", cvpr2018="f2"), "source_affiliations")
    assert named(world, built, {"contents": "q", "matching": "q", "credits": "q"}) == ("corrected_data", "")


def test_a_changed_file_with_more_records_may_be_both(world):
    # A release holds no records: whether those that were there stayed as they were cannot be seen.
    built = touched(with_file(BUILT, "paperlists", cvpr2018="f2"), "source_papers", "source_affiliations")
    assert named(world, built, {"records": "q", "contents": "q", "credits": "q"}, 7)[0] == "new_data+corrected_data"


def test_other_meaning_of_the_same_names_is_matching(world):
    built = touched(with_file(BUILT, "ror", ror="f2"), "organisations")
    assert named(world, built, {"matching": "q", "credits": "q"}) == ("matching", "")


def test_changed_code_of_the_matcher_is_matching(world):
    built = touched(BUILT, "matches")
    built["steps"]["matches"]["code"] = "other"
    assert named(world, built, {"matching": "q", "credits": "q"}) == ("matching", "")


def test_new_data_do_not_hide_that_the_matcher_changed(world):
    built = touched(with_file(BUILT, "paperlists", cvpr2018b="f"), "source_papers", "source_affiliations")
    built["steps"]["matches"]["code"] = "other"
    prints = {"records": "q", "contents": "q", "matching": "q", "credits": "q"}
    assert named(world, built, prints, 7) == ("new_data+matching", "")


def test_a_file_of_venues_that_changed_is_corrected_data(world):
    built = touched(BUILT, "venue_years")
    built["registry"]["registry_venue_years"] = "y2"
    assert named(world, built, {"measures": "q"}) == ("corrected_data", "")


@pytest.mark.parametrize("indicator", ["us_references_share", "ai_patent_us_science_share"])
def test_works_cited_that_came_are_new_data(world, indicator):
    # The citing works are the same, and no slice is kept of what they cite.
    built = copy.deepcopy(BUILT)
    built["definitions"] = {indicator: "d1"}
    built["steps"]["read_openalex"] = step("source_openalex_works", files={"openalex/part_0.gz": "f1"})
    for table in ("reference_credits", "science_credits"):
        built["steps"][table] = step(table, inputs=["source_openalex_works"])
    of = {"indicator": indicator, "venues": "V", "definition": "d"}
    old = world.side("old", [value(**of)], built)
    later = touched(built, "source_openalex_works", "reference_credits", "science_credits")
    later["steps"]["read_openalex"]["files"]["openalex/part_1.gz"] = "f2"
    (row,) = macaw.diff(old, world.side("new", [value(**of, value=12.0)], later)).values.to_pylist()
    assert (row["causes"], row["not_excluded"]) == ("new_data", "")


def test_a_release_from_before_measures_were_traced_tells_no_cause_of_them(world):
    old = world.side("old", [value()])
    traced = pq.read_table(old / "traces.parquet")
    pq.write_table(traced.filter(pc.field("stage") != "measures"), old / "traces.parquet")
    built = touched(BUILT, "venue_years")
    built["registry"]["registry_venue_years"] = "y2"
    found = macaw.diff(old, world.side("new", [value(value=12.0)], built))
    (row,) = found.values.to_pylist()
    assert (row["causes"], row["not_excluded"]) == ("untold", "corrected_data")
    assert document(found)["causes"][0]["evidence"] == []


def test_how_many_records_changed_is_said_to_be_unknown_where_it_is(world):
    old = world.side("old", [value()])
    built = touched(with_file(BUILT, "paperlists", cvpr2018="f2"), "source_papers", "source_affiliations")
    found = macaw.diff(old, world.side("new", [value(value=12.0)], built, {"records": "q", "contents": "q"}, 3))
    for lang, said in (
        ("en", "CVPR 2018: records changed: number unknown; gone: 2"),
        ("zh", "有改动的记录：数量未知"),
    ):
        assert said in str(list(tables(found, lang, 5)))
    assert "changed: 0" not in str(list(tables(found, "en", 5)))


def test_other_topics_of_the_same_records_are_a_definition(world):
    built = touched(BUILT, "record_topics")
    built["registry"]["registry_topics"] = "t2"
    assert named(world, built, {"relevance": "q"}) == ("definition", "")


def test_other_owners_are_a_definition(world):
    built = touched(BUILT, "owners")
    built["registry"]["registry_ownership"] = "r2"
    assert named(world, built, {"credits": "q"}) == ("definition", "")


def test_another_formula_is_a_definition(world):
    built = copy.deepcopy(BUILT)
    built["definitions"]["papers"] = "d2"
    assert named(world, built, {}) == ("definition", "")


def test_only_other_code_is_code(world):
    built = copy.deepcopy(BUILT)
    built["computing"] = "c2"
    assert named(world, built, {}) == ("code", "")


def test_a_changed_reader_of_the_same_files_is_code(world):
    built = touched(BUILT, "source_affiliations")
    built["steps"]["read_paperlists"]["code"] = "other"
    assert named(world, built, {"contents": "q", "credits": "q"}) == ("code", "")


def test_another_library_is_code(world):
    built = copy.deepcopy(BUILT) | {"libraries": {"duckdb": "2.1.0"}}
    assert named(world, built, {}) == ("code", "")


def test_what_nothing_explains_is_said_to_be_unexplained(world):
    assert named(world, BUILT, {}) == ("unexplained", "")


def test_a_side_without_hashes_of_files_excludes_nothing(world):
    old = touched(BUILT, "source_affiliations")
    del old["steps"]["read_paperlists"]["files"], old["steps"]["read_paperlists"]["code"]
    old["steps"]["read_paperlists"]["key"] = "other"
    one = world.side("old", [value()], old)
    found = macaw.diff(one, world.side("new", [value(value=12.0)], BUILT, {"contents": "q"}))
    (row,) = found.values.to_pylist()
    assert row["causes"] == "untold"
    assert row["not_excluded"] == "corrected_data+code"


def test_a_release_from_before_fingerprints_tells_no_cause(world):
    found = macaw.diff(world.side("old", [value()], None), world.side("new", [value(value=12.0)]))
    assert found.values["causes"].to_pylist() == ["untold"]


def test_code_that_moved_nothing_where_nothing_else_changed_is_excluded(world):
    """Twenty values rest on what stayed, and stayed: the code between counts and values did not do it."""
    built = touched(with_file(BUILT, "paperlists", cvpr2018b="f"), "source_papers", "source_affiliations")
    built["computing"] = "c2"
    still = [value(entity=f"X{n}", period=2017) for n in range(20)]
    prints = {"records": "q", "contents": "q", "credits": "q"}

    def found(name: str, others: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[str]:
        old = world.side(f"{name}_old", [value(), *others])
        new = world.side(f"{name}_new", [value(value=12.0), *now], built, prints, 7)
        rows = macaw.diff(old, new).values.to_pylist()
        return [r["causes"] for r in rows if r["period"] == 2018]

    assert found("stayed", still, still) == ["new_data"]
    assert found("few", still[:3], still[:3]) == ["new_data+code"]
    assert found("moved", still, [still[0] | {"value": 11.0}, *still[1:]]) == ["new_data+code"]


# -- intervals -------------------------------------------------------------------------------------------------


def test_a_value_beyond_its_own_interval_is_a_warning(world):
    old = [value(entity=e, low=9.0, high=11.0) for e in ("CHN", "USA", "DEU")] + [value(entity="FRA")]
    new = [
        value(entity="CHN", value=12.0),
        value(entity="USA", value=11.0),
        value(entity="DEU", value=5.0),
        value(entity="FRA", value=99.0),
    ]
    found = macaw.diff(world.side("old", old), world.side("new", new, {**BUILT, "computing": "c2"}))
    assert [r["entity"] for r in found.warnings] == ["DEU", "CHN"]  # Two widths outside before half of one.
    assert found.without_interval == 1
    beyond = dict(zip(found.values["entity"].to_pylist(), found.values["beyond"].to_pylist(), strict=True))
    assert beyond == {"CHN": True, "USA": False, "DEU": True, "FRA": None}


@pytest.mark.parametrize(("new", "code"), [(12.0, 3), (10.5, 0)])
def test_the_exit_code_says_whether_a_value_left_its_interval(run, world, new, code):
    old = world.side("old", [value(low=9.0, high=11.0)])
    shown = run("diff", old, world.side("new", [value(value=new)], {**BUILT, "computing": "c2"}))
    assert shown.code == code
    assert ("WARNING: 1 values lie beyond" in shown.err) == (code == 3)


# -- what is compared ------------------------------------------------------------------------------------------


def test_series_that_a_release_does_not_hold_are_counted_and_not_compared(world):
    old = world.side("old", [value()])
    found = macaw.diff(old, world.side("new", [value(), value(period=2019), value(entity="USA")]))
    assert found.not_held == 1
    assert [(r["entity"], r["period"], r["kind"]) for r in found.values.to_pylist()] == [("CHN", 2019, "came")]


def test_kinds_of_change_are_told_apart(world):
    old = [value(), value(period=2017), value(period=2016)]
    new = [value(value=11.0), value(period=2017, status="P"), value(period=2015)]
    found = macaw.diff(world.side("old", old), world.side("new", new))
    assert found.kinds == {"moved": 1, "no_longer_told": 0, "now_told": 0, "came": 1, "went": 1, "status": 1}
    assert found.compared == 4


def test_a_value_that_is_no_longer_told_has_not_moved(run, world):
    old = [value(low=9.0, high=11.0), value(period=2017, value=None, status="L")]
    new = [value(value=None, status="L"), value(period=2017, value=3.0)]
    sides = world.side("old", old), world.side("new", new, {**BUILT, "computing": "c2"})
    found = macaw.diff(*sides)
    assert found.kinds == {"moved": 0, "no_longer_told": 1, "now_told": 1, "came": 0, "went": 0, "status": 0}
    assert found.without_interval == 0
    assert {r["period"]: r["change"] for r in found.values.to_pylist()} == {2018: None, 2017: None}
    shown = run("diff", *sides)
    assert "1 values of old are no longer told" in shown.err
    assert "10" in shown.out
    assert "有 1 个数值不再给出" in run("diff", *sides, "--lang", "zh").err


def test_neither_a_build_nor_a_release_is_refused(world, tmp_path):
    with pytest.raises(MacawError, match=r"neither a finished build \(build.json\) nor a release"):
        macaw.diff(tmp_path, tmp_path)


# -- what a reader sees ----------------------------------------------------------------------------------------


def test_both_languages_say_the_same(world):
    built = touched(with_file(BUILT, "paperlists", cvpr2018b="f"), "source_papers", "source_affiliations")
    old = world.side("old", [value(low=9.0, high=11.0)])
    found = macaw.diff(old, world.side("new", [value(value=12.0)], built, {"records": "q", "contents": "q"}, 7))
    english, chinese = (list(tables(found, lang, 5)) for lang in ("en", "zh"))
    assert [len(rows) for _, rows in english] == [len(rows) for _, rows in chinese]
    assert words("en").keys() == words("zh").keys()
    assert "新增数据" in str(chinese)
    assert "files of paperlists added: paperlists/cvpr/cvpr2018b.json" in str(english)
    assert "CVPR 2018: 2 records more" in str(english)


def test_the_document_holds_everything(world):
    old = world.side("old", [value(low=9.0, high=11.0)])
    found = macaw.diff(old, world.side("new", [value(value=12.0)], {**BUILT, "computing": "c2"}))
    made = document(found)
    json.dumps(made)
    assert made["differ"] == len(made["values"]) == len(made["warnings"]) == 1
    (total,) = made["causes"]
    assert (total["cause"], total["alone"], total["with_others"]) == ("code", 1, 0)
    assert total["evidence"][0]["values"] == 1
    assert made["because"][0]["because"][0]["cause"] == "code"


def test_every_cause_has_words_in_both_languages():
    for said in causes().values():
        assert set(said) == {"name", "name_zh", "meaning", "meaning_zh"}
        assert all(said.values())
