"""Published tables as files: what is in them, that they are whole, and that nothing in them runs."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import macaw
from macaw import schema
from macaw.errors import MacawError
from macaw.indicators import indicator
from macaw.release import downloads as module
from macaw.release.descriptions import croissant, data_package, dataset, write_descriptions
from macaw.release.downloads import Downloads, published_tables, write_downloads
from macaw.release.inert import STARTS, inert
from macaw.release.snippets import snippets
from macaw.release.static_api import write_static_api

HOSTILE = [
    '=HYPERLINK("http://evil.example","click")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "＝1",
    "<script>alert(1)</script>",
    'a "quoted", name\nin two lines',
    "right\u202eto left",
    "数据，公司",
]


@pytest.fixture(scope="module")
def made(demo_build: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Downloads]:
    out = tmp_path_factory.mktemp("site")
    observatory = macaw.open(demo_build)
    downloads = write_downloads(observatory, out)
    write_descriptions(downloads, out)
    write_static_api(observatory, out, downloads.sources, private=False)
    return out, downloads


@pytest.fixture
def hostile(demo_build: Path, tmp_path: Path) -> Path:
    """A build in which organisations have names that mean harm."""
    build = tmp_path / "build"
    shutil.copytree(demo_build, build, ignore=shutil.ignore_patterns("csv", "*.duckdb"))
    path = build / "parquet" / "entities.parquet"
    rows = pq.read_table(path)
    names = rows["name"].to_pylist()
    names[: len(HOSTILE)] = HOSTILE
    pq.write_table(rows.set_column(1, "name", pa.array(names, pa.string())), path)
    return build


def test_every_published_table_of_a_build_is_there_in_three_formats(made: tuple[Path, Downloads]) -> None:
    out, downloads = made
    for name in published_tables():
        formats = {f.format for f in downloads.of(name)}
        assert formats == {"parquet", "csv", "xlsx"}, name
    assert all((out / f.path).stat().st_size == f.bytes for f in downloads.files)


def test_the_three_formats_hold_the_same_rows(made: tuple[Path, Downloads], demo_build: Path) -> None:
    out, downloads = made
    expected = pq.read_table(demo_build / "parquet" / "venue_years.parquet").to_pylist()
    paths = {f.format: out / f.path for f in downloads.of("venue_years")}
    assert pq.read_table(paths["parquet"]).to_pylist() == expected
    with paths["csv"].open(encoding="utf-8", newline="") as stream:
        of_csv = list(csv.DictReader(stream))
    names = list(expected[0])
    assert [row["venue"] for row in of_csv] == [row["venue"] for row in expected]
    assert [row["papers"] for row in of_csv] == [str(row["papers"]) for row in expected]
    sheet = openpyxl.load_workbook(paths["xlsx"])["data"]
    cells = list(sheet.iter_rows(values_only=True))
    assert list(cells[0]) == names
    assert [dict(zip(names, row, strict=True)) for row in cells[1:]] == expected


def test_a_workbook_says_what_its_columns_mean(made: tuple[Path, Downloads]) -> None:
    out, _ = made
    sheet = openpyxl.load_workbook(out / "downloads" / "values" / "papers.xlsx")["codebook"]
    lines = list(sheet.iter_rows(values_only=True))
    blank = next(at for at, line in enumerate(lines) if not line[0])
    about = {line[0]: line[1] for line in lines[:blank]}
    said = {line[0]: line[1:] for line in lines[blank + 1 :]}
    assert about["indicator"] == "papers"
    assert about["标题"] == indicator("papers").title_zh
    for column in schema.table("values").columns:
        assert tuple(c or "" for c in said[column.name]) == (
            column.type,
            column.unit,
            column.meaning,
            column.meaning_zh,
        )


def test_values_of_an_indicator_are_those_a_user_gets(made: tuple[Path, Downloads], demo_build: Path) -> None:
    out, _ = made
    rows = macaw.open(demo_build).values("papers", entity="USA", counting="full")
    expected = {r["period"]: r["value"] for r in rows.to_pylist() if r["value"] is not None}
    with (out / "downloads" / "values" / "papers.csv").open(encoding="utf-8", newline="") as stream:
        found = {
            int(r["period"]): float(r["value"])
            for r in csv.DictReader(stream)
            if r["entity"] == "USA" and r["counting"] == "full" and r["value"]
        }
    assert found == expected
    assert found


def test_hashes_are_those_of_the_files(made: tuple[Path, Downloads]) -> None:
    out, downloads = made
    sums = dict(
        reversed(line.split("  ", 1)) for line in (out / "downloads" / "SHA256SUMS").read_text("utf-8").splitlines()
    )
    assert len(sums) == len(downloads.files)
    for file in downloads.files:
        digest = hashlib.sha256((out / file.path).read_bytes()).hexdigest()
        assert digest == file.sha256 == sums[file.path.removeprefix("downloads/")]


def test_the_same_build_gives_the_same_bytes(made: tuple[Path, Downloads], demo_build: Path, tmp_path: Path) -> None:
    again = write_downloads(macaw.open(demo_build), tmp_path)
    assert [(f.path, f.sha256) for f in again.files] == [(f.path, f.sha256) for f in made[1].files]


def test_a_large_table_is_compressed_and_has_no_workbook(
    demo_build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGE", 100)
    downloads = write_downloads(macaw.open(demo_build), tmp_path)
    files = {f.format: f for f in downloads.of("values")}
    assert set(files) == {"parquet", "csv"}
    assert files["csv"].is_compressed
    with gzip.open(tmp_path / files["csv"].path, "rt", encoding="utf-8", newline="") as stream:
        assert sum(1 for _ in csv.reader(stream)) == files["parquet"].rows + 1


def test_names_that_mean_harm_are_inert_in_csv(hostile: Path, tmp_path: Path) -> None:
    write_downloads(macaw.open(hostile), tmp_path)
    with (tmp_path / "downloads" / "entities.csv").open(encoding="utf-8", newline="") as stream:
        names = [row["name"] for row in csv.DictReader(stream)][: len(HOSTILE)]
    assert names == [inert(name) for name in HOSTILE]
    assert all(name.startswith("'") for name in names[:7])
    assert not any(name[:1] in STARTS for name in names)


def test_names_that_mean_harm_are_text_in_a_workbook(hostile: Path, tmp_path: Path) -> None:
    write_downloads(macaw.open(hostile), tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "downloads" / "entities.xlsx")["data"]
    for row, name in enumerate(HOSTILE, 2):
        cell = sheet.cell(row, 2)
        assert cell.data_type == "s", name
        assert cell.hyperlink is None
        assert cell.value.replace("_x000D_", "\r") == name


@given(st.text())
def test_inert_text_never_begins_a_formula_and_loses_nothing(text: str) -> None:
    safe = inert(text)
    assert safe[:1] not in STARTS
    assert safe.removeprefix("'") == text or safe == text


def test_sources_that_forbid_it_are_not_published(demo_build: Path, tmp_path: Path) -> None:
    build = tmp_path / "build"
    shutil.copytree(demo_build, build, ignore=shutil.ignore_patterns("csv", "*.duckdb"))
    record = json.loads((build / "build.json").read_text("utf-8"))
    record["sources"].append("amplyfi")
    (build / "build.json").write_text(json.dumps(record), "utf-8")
    with pytest.raises(MacawError, match="values of amplyfi may not be published"):
        write_downloads(macaw.open(build), tmp_path / "site")
    assert not (tmp_path / "site").exists()
    assert write_downloads(macaw.open(build), tmp_path / "mine", private=True).is_private


def test_published_tables_exist_and_repeat_only_sources_that_may_be() -> None:
    from macaw.sources import origin

    for table in published_tables().values():
        assert schema.table(table.name)
        assert table.why
        assert table.why_zh
        for source in table.rows_of:
            assert origin(source).values_may_be_released
            assert origin(source).licence not in ("none stated", "open")


def test_no_table_of_raw_names_or_works_is_published() -> None:
    shown = {column.name for name in published_tables() for column in schema.table(name).columns}
    assert shown.isdisjoint({"raw_name", "affiliation", "author", "slot", "work"})


def test_the_data_package_describes_every_file(made: tuple[Path, Downloads]) -> None:
    out, downloads = made
    package = json.loads((out / "downloads" / "datapackage.json").read_text("utf-8"))
    assert package == json.loads(json.dumps(data_package(downloads)))
    names = [r["name"] for r in package["resources"]]
    assert len(set(names)) == len(names) == len(downloads.files)
    for resource in package["resources"]:
        assert (out / "downloads" / resource["path"]).stat().st_size == resource["bytes"]
        if resource["format"] == "csv" and "compression" not in resource:
            with (out / "downloads" / resource["path"]).open(encoding="utf-8", newline="") as stream:
                assert next(csv.reader(stream)) == [f["name"] for f in resource["schema"]["fields"]]
    models = next(r for r in package["resources"] if r["name"] == "entities-csv")
    assert {lic["name"] for lic in models["licenses"]} == {"Apache-2.0", "CC0-1.0"}


def test_croissant_names_every_column_of_every_parquet_file(made: tuple[Path, Downloads]) -> None:
    out, downloads = made
    document = croissant(downloads)
    objects = {o["@id"]: o for o in document["distribution"]}
    for records in document["recordSet"]:
        file = objects[f"{records['@id']}.parquet"]
        columns = pq.read_schema(out / "downloads" / file["contentUrl"]).names
        assert [f["source"]["extract"]["column"] for f in records["field"]] == columns


def test_the_data_set_for_search_engines_has_absolute_addresses_if_the_site_has_one(
    made: tuple[Path, Downloads],
) -> None:
    urls = [d["contentUrl"] for d in dataset(made[1], "https://macaw.example/")["distribution"]]
    assert "https://macaw.example/downloads/values.parquet" in urls


@pytest.mark.parametrize("number", range(2))
def test_the_snippets_in_python_run(made: tuple[Path, Downloads], number: int) -> None:
    code = snippets(made[0].as_uri())[number].code.replace("notable_models", "papers")
    ran = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert "USA" in ran.stdout


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R (Rscript)")
def test_the_snippet_in_r_runs(made: tuple[Path, Downloads]) -> None:
    code = next(s.code for s in snippets(made[0].as_uri()) if s.language == "R")
    ran = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert "USA" in ran.stdout


def test_the_shipped_release_can_be_published() -> None:
    known = module.check_releasable(macaw.open(), private=False)
    assert {"paperlists", "ror"} <= {o.name for o in known}
    rows = macaw.open().table("values")
    assert pc.count_distinct(rows["release"]).as_py() == 1
