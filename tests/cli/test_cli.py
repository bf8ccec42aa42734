"""The commands: help, answers, exit codes and messages; and that the Python API says the same."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import shutil
import subprocess
import sys

import pyarrow.compute as pc
import pytest

import macaw
from macaw import api, schema
from macaw.cli import app
from macaw.engine import load
from macaw.indicators import indicators, links
from macaw.release.freeze import freeze
from macaw.sources import origins
from macaw.sources.fetch import Fetched
from support.commands import command, commands

COMMANDS = list(commands())
NAMES = [
    "Google Research, Zurich",
    "",
    "Tsinghua University",
    "Nobody in particular",
    "清华大学",
    "MIT-IBM Watson AI Lab",
]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# -- help ----------------------------------------------------------------------------------------------------


def test_the_list_of_commands_is_shown_with_and_without_help(run):
    asked, bare = run("--help"), run()
    assert (asked.code, bare.code) == (0, 0)
    for name in {words.split()[0] for words in COMMANDS}:
        assert re.search(rf"^\W*{name}\s+\S", asked.out, re.MULTILINE)
    assert bare.out == asked.out
    assert "衡量" in asked.out


def example_of(name: str) -> str:
    """The example in the help of a command, as a line of shell."""
    (line,) = re.findall(
        r"^\s*Example: (.+)$", command(name).help or command(name).default_command.__doc__, re.MULTILINE
    )
    return line


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(run, name):
    shown = run(*name.split(), "--help")
    assert shown.code == 0
    assert shown.err == ""
    assert f"Usage: macaw {name}" in shown.out
    assert re.search(rf"Example: (echo .* \| )?macaw {name}\b", " ".join(shown.out.split()))


@pytest.mark.parametrize("name", COMMANDS)
def test_example_is_worded_rightly(name):
    words = shlex.split(example_of(name).rpartition("| ")[2])
    called = ["macaw", *name.split()]
    assert words[: len(called)] == called
    app.parse_args(words[1:], exit_on_error=False, print_error=False)


@pytest.mark.parametrize(
    "name",
    [
        "values",
        "build",
        "fetch",
        "release",
        "records",
    ],
)
def test_every_option_is_explained(run, monkeypatch, name):
    monkeypatch.setenv("COLUMNS", "250")
    shown = run(*name.split(), "--help").out
    options = re.findall(r"^[│|\s*]+([A-Z-]*\s?--\w[^\n│]*)", shown, re.MULTILINE)
    assert options
    for line in options:
        # What is left without the option's names, its type and its choices must be words.
        words = re.sub(r"\[[^\]]*\]|--[\w-]+|\b[A-Z]{3,}\b", " ", line).split()
        assert "--format" in line or len(words) > 1, line


def test_version(run):
    assert run("--version").out.strip() == macaw.__version__


# -- fetching ------------------------------------------------------------------------------------------------


def test_without_names_all_that_have_an_address_are_fetched(run, monkeypatch, tmp_path):
    asked = []

    def note(name, folder, force):
        asked.append(name)
        return Fetched(1, 0, 0)

    monkeypatch.setattr("macaw.sources.fetch.fetch", note)
    assert run("fetch", "--data", tmp_path).code == 0
    assert {"ror", "paperlists", "epoch", "ncses"} <= set(asked)
    assert not {"cldr", "deals"} & set(asked)


# -- exit codes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["bogus"],
        ["values"],
        ["values", "papers", "--colour", "red"],
        ["values", "papers", "--format", "xml"],
        ["values", "papers", "--build"],
        ["records", "papers"],
        ["diff", "one"],
        ["resolve", "a", "b", "c"],
        ["resolve", "--colour"],
    ],
)
def test_wrong_wording_is_code_2_with_a_hint(run, words):
    shown = run(*words)
    assert shown.code == 2
    assert shown.out == ""
    assert shown.err.startswith("macaw: ")
    assert "→ macaw --help" in shown.err


@pytest.mark.parametrize(
    ("words", "message", "remedy"),
    [
        (["values", "paperz"], "there is no indicator 'paperz'", "papers_share"),
        (["values", "papers", "--entity", "Huawai"], "no entity is called 'Huawai'", "huawei"),
        (["values", "papers", "--entity", "USA,Atlantis"], "no entity is called 'Atlantis'", "near"),
        (["values", "papers", "--entity", ""], "no entity is called ''", "macaw entities"),
        (["values", "papers", "--entity", "lang:zh"], "papers is not told of lang:zh", "organisations"),
        (["values", "language_share", "--entity", "USA"], "language_share is not told of USA", "languages"),
        (["values", "papers", "--venues", "CVPRR"], "no venue or venue list 'CVPRR'", "near: CVPR"),
        (["values", "papers", "--venues", "###"], "no venue or venue list '###'", "csrankings_ai"),
        (["values", "papers", "--topic", "vison"], "topic 'vison' is unknown", "vision"),
        (["values", "papers", "--counting", "half"], "counting 'half' is unknown", "full, fractional"),
        (["values", "papers", "--place", "home"], "place 'home' is unknown", "workplace, owner"),
        (["values", "papers", "--ownership", "was"], "ownership 'was' is unknown", "as_is, as_was, none"),
        (["values", "papers", "--territory", "all"], "territory 'all' is unknown", "mainland"),
        (["values", "papers", "--territory", "mainland,with_twn"], "'mainland,with_twn': only one", "once for each"),
        (["values", "papers", "--period", "soon"], "period 'soon' is not a year", "2013:2024"),
        (["values", "papers", "--period", "2019.5"], "period '2019.5' is not a year", "2013:2024"),
        (["values", "papers", "--period", "2019:2013"], "ends before it begins", "2013:2024"),
        (["records", "paperz", "--entity", "USA"], "there is no indicator 'paperz'", "papers"),
    ],
)
def test_an_unknown_name_is_code_2_with_what_is_known(run, demo_build, words, message, remedy):
    shown = run(*words, "--build", demo_build)
    assert shown.code == 2
    assert shown.out == ""
    first, second = shown.err.splitlines()
    assert first.startswith("macaw: ")
    assert message in first
    assert second.startswith("  → ")
    assert remedy in second


def test_what_cannot_be_done_is_code_1_with_a_remedy(run, demo_build, tmp_path):
    (tmp_path / "latin").write_bytes("Universität".encode("latin-1"))
    (tmp_path / "empty").mkdir()
    for words, message in [
        (["values", "papers", "--build", tmp_path / "none"], "there is no such folder"),
        (["values", "papers", "--build", tmp_path / "latin"], "there is no such folder"),
        (["values", "papers", "--build", tmp_path / "empty"], "is not a finished build"),
        (["entities", "x", "--build", tmp_path / "none"], "there is no such folder"),
        (["diff", demo_build, tmp_path / "none"], "there is no such folder"),
        (["build", "--data", tmp_path / "none", "--out", tmp_path / "o"], "there is no such folder"),
        (["build", "--data", tmp_path / "empty", "--out", tmp_path / "o"], "holds no source file"),
        (["records", "papers", "--entity", "USA"], "values, not the records behind them"),
        (["resolve", tmp_path / "none", "--build", demo_build], "cannot be read (No such file"),
        (["resolve", tmp_path, "--build", demo_build], "cannot be read (Is a directory"),
        (["resolve", tmp_path / "latin", "--build", demo_build], "byte 9 is not UTF-8"),
        (["explain", "MIT", "--data", tmp_path / "none"], "there is no such folder"),
    ]:
        shown = run(*words)
        assert shown.code == 1, words
        assert shown.out == "", words
        assert message in shown.err, words
        assert "\n  → " in shown.err, words
        assert "Traceback" not in shown.err


def test_build_into_a_file_is_refused(run, tmp_path, demo_data):
    (tmp_path / "out").write_text("mine")
    shown = run("build", "--data", demo_data, "--out", tmp_path / "out")
    assert (shown.code, shown.out) == (1, "")
    assert "cannot be written" in shown.err
    assert (tmp_path / "out").read_text() == "mine"


def test_a_failing_source_file_is_named(run, tmp_path):
    path = tmp_path / "data" / "paperlists" / "acl" / "acl2020.json"
    path.parent.mkdir(parents=True)
    path.write_text("[{]")
    shown = run("build", "--data", tmp_path / "data", "--out", tmp_path / "out")
    assert shown.code == 1
    assert f"{path}: not valid JSON at line 1, column 3" in shown.err
    assert "→ delete the file and run: macaw fetch paperlists" in shown.err


def test_without_a_traceback_in_a_process_of_its_own(demo_build):
    def process(*words: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "macaw", *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    good = process("values", "papers", "--entity", "USA", "--format", "csv", "--build", demo_build)
    assert (good.returncode, good.stderr) == (0, "")
    wrong = process("values", "papers", "--entity", "Atlantis", "--build", demo_build)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "Traceback" not in wrong.stderr


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("cells", ["values", "papers", "--entity", "USA"]),
        ("matches", ["records", "papers", "--entity", "USA"]),
        *(("entities", words) for words in (["values", "papers", "--entity", "USA"], ["entities", "x"])),
    ],
)
def test_a_damaged_table_is_named(run, demo_build, tmp_path, table, words):
    shutil.copytree(demo_build / "parquet", tmp_path / "b" / "parquet")
    shutil.copy(demo_build / "build.json", tmp_path / "b")
    path = tmp_path / "b" / "parquet" / f"{table}.parquet"
    path.write_bytes(path.read_bytes()[:300])
    shown = run(*words, "--build", tmp_path / "b")
    assert shown.code == 1
    assert str(path) in shown.err
    assert "build again" in shown.err


# -- build ---------------------------------------------------------------------------------------------------


def test_build_says_what_it_did_and_keeps_what_is_done(run, demo_data, demo_build, tmp_path):
    shutil.copytree(demo_build, tmp_path / "out", copy_function=shutil.copy2)
    shown = run("build", "--data", demo_data, "--out", tmp_path / "out")
    assert shown.code == 0
    assert shown.out == ""
    assert re.search(r"331 works, .*\(0 steps run, \d{3} kept\)", shown.err)
    assert "1 rejected: title is empty" in shown.err
    assert f"listed in {tmp_path / 'out' / 'rejected.csv'}" in shown.err


# -- values --------------------------------------------------------------------------------------------------

ASKED = ["--entity", "usa,China,Huawei", "--venues", "CVPR", "--period", "2016:2018"]


@pytest.fixture(scope="module")
def observatory(demo_build) -> macaw.Observatory:
    return macaw.open(demo_build)


def test_values_json_is_what_python_gives(run, demo_build, observatory):
    shown = run("values", "papers", *ASKED, "--format", "json", "--build", demo_build)
    rows = observatory.values("papers", entity=["USA", "CHN", "huawei"], venues="CVPR", period="2016:2018").to_pylist()
    assert json.loads(shown.out) == rows
    assert (shown.code, shown.err) == (0, "")
    assert {(r["entity"], r["period"]) for r in rows} == {
        (e, y) for e in ("USA", "CHN", "huawei") for y in (2016, 2017, 2018)
    }


def test_values_csv_has_the_columns_of_the_table_and_the_same_rows(run, demo_build):
    from_csv = rows_of(run("values", "papers", *ASKED, "--format", "csv", "--build", demo_build).out)
    from_json = json.loads(run("values", "papers", *ASKED, "--format", "json", "--build", demo_build).out)
    assert list(from_csv[0]) == schema.arrow_schema("values").names
    assert [{k: v or None for k, v in r.items()} for r in from_csv] == [
        {k: None if v in (None, "") else str(v) for k, v in r.items()} for r in from_json
    ]


def test_values_table_has_a_row_for_each_entity_and_a_column_for_each_year(run, demo_build):
    shown = run("values", "papers", *ASKED, "--build", demo_build)
    assert re.search(r"entity +counting +2016 +2017 +2018", shown.out)
    for name in ("United States", "China", "Huawei"):
        assert len(re.findall(rf"^{name}\b", shown.out, re.MULTILINE)) == 1
    assert shown.err.startswith(
        "papers (papers): topic ai, place workplace, ownership as_is, definition venue, venues CVPR; release "
    )


def test_values_table_explains_its_marks(run, demo_build):
    shown = run("values", "papers", "--entity", "USA", "--period", "2019:2022", "--build", demo_build)
    values, intervals = shown.out.splitlines()[-2:]
    assert re.match(r" +90 % .*\d – \d", intervals)
    marks = set(re.findall(r"\b[BKLMPU]\b", values))
    assert marks
    for mark in marks:
        assert re.search(rf"^{mark}: \w", shown.err, re.MULTILINE)


def test_without_an_entity_the_table_is_short_and_says_so(run, demo_build):
    shown = run("values", "papers", "--venues", "CVPR", "--build", demo_build)
    assert len(shown.out.splitlines()) == 21
    assert re.search(r"… and [\d,]+ more", shown.err)


def test_venues_are_spoken_of_only_where_a_value_depends_on_them(run, demo_build):
    papers = run("values", "papers", "--entity", "USA", "--period", "2024:", "--build", demo_build).err
    speakers = run("values", "speakers_share", "--definition", "native", "--build", demo_build).err
    assert ("U: low reliability" in papers, "--venues" in papers) == (True, True)
    assert ("U: low reliability" in speakers, "--venues" in speakers) == (True, False)


def test_usual_counting_is_fractional_for_countries_and_full_for_companies(run, demo_build):
    def countings(*more: str) -> set[tuple[str, str]]:
        words = ["values", "papers", "--entity", "USA,Huawei", "--format", "json", *more, "--build", demo_build]
        return {(r["entity"], r["counting"]) for r in json.loads(run(*words).out)}

    assert countings() == {("USA", "fractional"), ("huawei", "full")}
    assert countings("--counting", "full") == {("USA", "full"), ("huawei", "full")}
    assert len(countings("--counting", "full,fractional")) == 4


@pytest.mark.parametrize("period", ["2017", "2016:2017", ":2014", "2022:"])
def test_only_the_years_asked_for(run, demo_build, period):
    words = ["values", "papers", "--entity", "USA", "--venues", "CVPR", "--period", period, "--format", "json"]
    years = [r["period"] for r in json.loads(run(*words, "--build", demo_build).out)]
    first, last = api.periods(period)
    assert years
    assert years == sorted(years)
    assert all(first <= y <= last for y in years)


@pytest.mark.parametrize("name", ["USA", "usa", "us", "United States", "美国", " United states "])
def test_an_entity_has_many_names(observatory, name):
    assert observatory.entity(name) == "USA"


@pytest.mark.parametrize(("name", "found"), [("华为", "huawei"), ("GB", "GBR"), ("China", "CHN"), ("world", "WLD")])
def test_entities_of_every_kind_are_found_by_name(observatory, name, found):
    assert observatory.entity(name) == found


@pytest.mark.parametrize("known", ["both", "country", "company"])
@pytest.mark.parametrize(("company", "country"), [("arm", "ARM"), ("dji", "DJI"), ("slb", "SLB")])
def test_an_id_as_it_is_written_means_that_entity(demo_build, known, company, country):
    # Four companies have the letters of a country: Arm and Armenia, DJI and Djibouti, SLB and the Solomon Islands, …
    observatory = macaw.open(demo_build)
    entities = [
        {"entity": company, "name": f"{company} Ltd", "name_zh": None, "kind": "company", "country": "CHN"},
        {"entity": country, "name": f"Land {country}", "name_zh": None, "kind": "country", "country": country},
    ]
    observatory.__dict__["_entities"] = [e for e in entities if known in ("both", e["kind"])]
    assert observatory.entity(company) == company
    assert observatory.entity(country) == country


def test_a_name_with_commas_is_one_name(observatory):
    listed = "China with Hong Kong, Macao and Taiwan, USA"
    rows = observatory.values("papers", entity=listed, period=2017, venues="CVPR").to_pylist()
    assert {r["entity"] for r in rows} == {"CHN+HKG+MAC+TWN", "USA"}


def test_entities_are_found_by_the_names_they_answer_to(observatory):
    assert observatory.find("facebook")[0]["entity"] == observatory.entity("facebook")


def test_a_shipped_series_has_no_gaps():
    asked = {"entity": "huawei,USA", "venues": "csrankings_ai"}
    rows = macaw.open().values("papers", **asked).to_pylist()
    years = {e: [r["period"] for r in rows if r["entity"] == e] for e in ("huawei", "USA")}
    assert years["huawei"] == years["USA"]
    huawei = {r["period"]: r for r in rows if r["entity"] == "huawei"}
    # Huawei has no paper of 2016 on the list, which was partly collected.
    assert (huawei[2016]["value"], huawei[2016]["status"]) == (0.0, "U")
    # Where nothing is shipped of an entity under a choice, nothing is made up.
    one_venue = {**asked, "venues": "CVPR"}
    assert {r["entity"] for r in macaw.open().values("papers", **one_venue).to_pylist()} == {"USA"}


def test_the_release_tells_no_model_from_not_collected_and_from_counted_with_the_owner(run):
    rows = macaw.open().values("notable_models", entity="baidu,alphabet", period="2018:2020").to_pylist()
    assert {(r["entity"], r["period"]) for r in rows} == {
        (e, y) for e in ("baidu", "alphabet") for y in range(2018, 2021)
    }
    assert all(r["value"] is not None and r["status"] == "A" for r in rows)
    assert 0 in [r["value"] for r in rows]
    owned = run("values", "notable_models", "--entity", "deepmind")
    assert "has no notable_models of deepmind with ownership as_is, only with as_was, none" in owned.err
    assert run("values", "notable_models", "--entity", "deepmind", "--ownership", "none").code == 0


def test_a_wider_china_is_asked_for_by_territory(run, demo_build):
    words = ["values", "papers", "--entity", "CHN", "--period", "2017", "--format", "json", "--build", demo_build]
    found = {
        t: json.loads(run(*words, "--territory", t).out)[0]["entity"] for t in ("mainland", "with_hkg_mac", "with_twn")
    }
    assert found == {"mainland": "CHN", "with_hkg_mac": "CHN+HKG+MAC", "with_twn": "CHN+HKG+MAC+TWN"}


def test_an_empty_answer_still_has_its_header(run, demo_build):
    words = ["values", "papers", "--entity", "USA", "--venues", "CVPR", "--period", "1900", "--build", demo_build]
    shown = run(*words, "--format", "csv")
    assert shown.out.strip() == ",".join(schema.arrow_schema("values").names)


def test_an_empty_answer_is_no_failure(run, demo_build):
    words = ["values", "papers", "--entity", "USA", "--venues", "CVPR", "--period", "1900", "--build", demo_build]
    assert json.loads(run(*words, "--format", "json").out) == []
    shown = run(*words)
    assert (shown.code, shown.out) == (0, "")
    assert "No value" in shown.err


# -- records -------------------------------------------------------------------------------------------------


def test_records_json_is_what_python_gives(run, demo_build, observatory):
    words = ["records", "papers", "--entity", "Huawei", "--venues", "CVPR", "--build", demo_build]
    shown = run(*words, "--format", "json")
    rows = observatory.records("papers", entity="huawei", venues="CVPR").to_pylist()
    assert json.loads(shown.out) == rows
    assert {r["owner"] for r in rows} == {"huawei"}
    assert all(r["raw_name"] and r["evidence"] for r in rows)


@pytest.mark.parametrize("entity", ["USA", "microsoft", "WLD", "us-big-tech"])
def test_records_are_as_many_works_as_the_value_says(observatory, entity):
    (value,) = observatory.values("papers", entity=entity, period=2017, venues="CVPR", counting="full").to_pylist()
    works = observatory.records("papers", entity=entity, period=2017, venues="CVPR")["work"].to_pylist()
    assert len(set(works)) == value["value"] > 0


@pytest.mark.parametrize("indicator", ["ai_patents", "ai_patents_granted"])
@pytest.mark.parametrize("place", ["applicant", "workplace", "owner"])
@pytest.mark.parametrize("entity", ["USA", "CHN", "IBM", "WLD", "OECD"])
def test_records_of_patents_are_as_many_families_as_the_value_says(observatory, entity, place, indicator):
    asked = {"entity": entity, "period": 2014, "place": place, "definition": "macaw"}
    (value,) = observatory.values(indicator, counting="full", venues="US", **asked).to_pylist()
    records = observatory.records(indicator, venues="US", **asked).to_pylist()
    assert len({r["work"] for r in records}) == value["n"] > 0
    if entity == "IBM":
        assert {r["owner"] for r in records} == {"ibm"}


def test_families_of_an_office_open_into_records(observatory):
    asked = {"entity": "office:US", "period": 2014, "definition": "macaw"}
    (value,) = observatory.values("ai_patents_by_office", counting="full", **asked).to_pylist()
    assert len(set(observatory.records("ai_patents_by_office", **asked)["work"].to_pylist())) == value["n"] > 0


def test_a_year_of_patents_that_is_not_filled_says_why_it_has_no_value(run, demo_build):
    shown = run("values", "ai_patents", "--entity", "USA", "--build", demo_build)
    assert "offices publish at different speed" in shown.err


@pytest.mark.parametrize(
    ("indicator", "all_of_them"), [("ai_patent_citations", False), ("ai_patent_science_links", True)]
)
def test_citations_of_patents_open_into_families(observatory, indicator, all_of_them):
    asked = {"entity": "USA", "period": 2010, "venues": "US", "definition": "macaw"}
    (value,) = observatory.values(indicator, counting="full", **asked).to_pylist()
    worth = {r["work"]: r["value"] for r in observatory.records(indicator, **asked).to_pylist()}
    assert value["value"] > 0
    if all_of_them:
        assert (len(worth), sum(worth.values()) / len(worth)) == (value["n"], pytest.approx(value["value"]))
    else:
        assert sum(worth.values()) == value["value"]


def test_citations_of_years_whose_window_is_open_are_missing_with_the_reason(run, observatory, demo_build):
    asked = {"entity": "USA", "period": 2014, "venues": "US", "definition": "macaw"}
    (value,) = observatory.values("ai_patent_citations", counting="full", **asked).to_pylist()
    assert (value["value"], value["status"]) == (None, "L")
    assert "within five years" in run("values", "ai_patent_citations", "--entity", "USA", "--build", demo_build).err


def test_records_in_a_table_show_the_raw_name_and_the_evidence(run, demo_build):
    shown = run("records", "papers", "--entity", "Huawei", "--venues", "CVPR", "--build", demo_build)
    assert shown.out.split()[:9] == [
        "period",
        "venue",
        "title",
        "value",
        "raw_name",
        "organisation",
        "country",
        "probability",
        "evidence",
    ]
    assert "registry: huawei" in shown.out


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_addresses_are_masked_in_records(run, demo_build, demo_data, form):
    assert "author@example.edu" in (demo_data / "paperlists" / "nips" / "nips2017.json").read_text("utf-8")
    words = ["records", "papers", "--entity", "Stanford University", "--venues", "NeurIPS", "--period", "2017"]
    shown = run(*words, "--format", form, "--build", demo_build).out
    assert "***@example.edu" in " ".join(shown.split())
    assert "author@" not in shown


@pytest.mark.parametrize(
    "more",
    [
        ["--entity", "USA,CHN"],
        ["--entity", "USA", "--topic", "vision,language"],
        ["--entity", "USA", "--venues", "CVPR,NeurIPS"],
        ["--entity", "USA", "--place", "workplace,owner"],
        ["--entity", "deepmind", "--ownership", "as_is,none"],
        ["--entity", "CHN", "--territory", "mainland,with_twn"],
    ],
)
def test_records_answer_for_all_that_is_asked_or_refuse(run, demo_build, more):
    both = run("records", "papers", *more, "--format", "json", "--build", demo_build)
    first = run("records", "papers", *[w.split(",")[0] for w in more], "--format", "json", "--build", demo_build)
    assert both.code == 2 or len(json.loads(both.out)) > len(json.loads(first.out))


def test_records_of_a_sum_are_those_that_add_to_it(observatory):
    asked = {"entity": "USA", "venues": "CVPR", "period": 2017}
    (value,) = observatory.values("highly_cited_papers", counting="full", **asked).to_pylist()
    rows = observatory.records("highly_cited_papers", **asked).to_pylist()
    assert len({r["work"] for r in rows}) == value["value"]
    assert {r["value"] for r in rows} <= {1.0}


@pytest.mark.parametrize("series", links())
def test_evidence_without_a_number_has_records_and_says_why_it_has_no_value(run, observatory, demo_build, series):
    rows = observatory.records(series, entity="tencent")
    assert rows.num_rows == 0
    assert {"title", "status", "detail"} <= set(rows.column_names)
    done = run("records", series, "--entity", "CHN", "--build", demo_build)
    assert done.code == 0
    done = run("values", series, "--build", demo_build)
    assert done.code == 2
    assert f"{series} has records and no number" in done.err
    assert f"macaw records {series}" in done.err


@pytest.mark.parametrize("series", links().values(), ids=lambda series: series.id)
def test_evidence_without_a_number_is_that_of_its_query(series):
    query = load("macaw.indicators", f"evidence_{series.category}").text
    assert series.parameters == {"series": series.id}
    assert f"'{series.id}' as series" in query
    assert [f"'{d}' as definition" in query for d in series.definitions] == [True]
    assert len(series.know) == len(series.know_zh)


def test_switches_that_make_no_difference_head_no_table(run):
    heading = run("values", "gross_rd", "--entity", "USA", "--definition", "msti_2021").err.splitlines()[-2:]
    assert any("gross_rd (" in line and "definition msti_2021" in line for line in heading)
    assert not any(word in line for line in heading for word in ("counting", "ownership"))
    assert "counting full, ownership as_is" in run("values", "notable_models", "--entity", "alphabet").err


def test_records_of_a_growth_are_those_of_its_years(observatory):
    rows = observatory.records("papers_growth", entity="USA", venues="CVPR", period=2018).to_pylist()
    assert {r["period"] for r in rows} == set(range(2013, 2019))


@pytest.mark.parametrize(
    "prose",
    [
        "Dr. Anna Example was born in Delft in 1970 and received her PhD there",
        "Corresponding author A. Example, Uni Alpha",
        "Anna Example is with Parrot Labs",
        "Uni Alpha, anna [at] alpha.example",
        "Uni Alpha " * 60,
    ],
)
def test_prose_that_names_persons_is_not_shown(prose):
    assert api._shown(prose) == "[text that may name persons, not shown]"
    assert api._shown("Dept. of Parrots, Uni Alpha") == "Dept. of Parrots, Uni Alpha"


# -- resolve and explain -------------------------------------------------------------------------------------


@pytest.fixture
def answers(demo_build) -> list[dict]:
    return macaw.resolve(NAMES, build=demo_build)


def test_resolve_answers_every_name_in_order(answers):
    assert [a["text"] for a in answers] == NAMES
    assert [[o["id"] for o in a["organisations"]] for a in answers] == [
        ["alphabet"],
        [],
        ["ror:03cve4549"],
        [],
        ["ror:03cve4549"],
        ["ibm", "ror:042nb2s44"],
    ]
    google = answers[0]["organisations"][0]
    assert (google["country"], google["kind"]) == ("CHE", "company")
    assert 0 < google["probability"] <= 1
    assert "zurich" in google["evidence"]


def test_one_text_is_no_list_of_names(demo_build):
    with pytest.raises(macaw.MacawError, match="is one text"):
        macaw.resolve("MIT", build=demo_build)


def test_names_of_the_demo_are_said_to_be_few(run, demo_data, monkeypatch):
    monkeypatch.setattr(api.pipeline, "DEMO", demo_data)
    assert "Only the demo's few institutions" in run("explain", "MIT", "--data", demo_data).err


def test_resolve_names_todays_owner(demo_build):
    (answer,) = macaw.resolve(["DeepMind, London"], build=demo_build)
    (found,) = answer["organisations"]
    assert (found["id"], found["country"], found["parent_id"]) == ("deepmind", "GBR", "alphabet")
    assert "Alphabet" in found["parent_name"]


@pytest.mark.parametrize("ending", ["", "\n"])
def test_resolve_jsonl_is_what_python_gives(run, demo_build, answers, ending):
    shown = run("resolve", "--format", "jsonl", "--build", demo_build, stdin=("\n".join(NAMES) + ending).encode())
    assert [json.loads(line) for line in shown.out.splitlines()] == answers
    assert (shown.code, shown.err) == (0, "")


def test_resolve_csv_has_a_row_for_each_organisation_and_for_each_name_without(run, demo_build):
    shown = run("resolve", "--format", "csv", "--build", demo_build, stdin="\n".join(NAMES).encode())
    rows = rows_of(shown.out)
    assert [(r["text"], r["id"]) for r in rows] == [
        ("Google Research, Zurich", "alphabet"),
        ("", ""),
        ("Tsinghua University", "ror:03cve4549"),
        ("Nobody in particular", ""),
        ("清华大学", "ror:03cve4549"),
        ("MIT-IBM Watson AI Lab", "ibm"),
        ("MIT-IBM Watson AI Lab", "ror:042nb2s44"),
    ]


def test_resolve_table_keeps_blank_lines(run, demo_build):
    shown = run("resolve", "--build", demo_build, stdin=b"Google\n\nTsinghua University\n")
    lines = shown.out.splitlines()
    assert len(lines) == 4
    assert [line.split()[0] for line in lines] == ["text", "Google", "–", "Tsinghua"]


def test_resolve_reads_a_file_with_bom_and_other_line_ends(run, demo_build, tmp_path, answers):
    (tmp_path / "names.txt").write_bytes(b"\xef\xbb\xbf" + "\r\n".join(NAMES).encode())
    shown = run("resolve", tmp_path / "names.txt", "--format", "jsonl", "--build", demo_build)
    assert [json.loads(line) for line in shown.out.splitlines()] == answers


def test_resolve_of_nothing_is_nothing(run, demo_build):
    assert run("resolve", "--format", "jsonl", "--build", demo_build).out == ""


def test_resolve_reads_names_that_look_like_markup(run, demo_build):
    text = "[bold]Google[/bold] [/nothing]"
    for form in ("table", "csv", "jsonl"):
        shown = run("resolve", "--format", form, "--build", demo_build, stdin=text.encode())
        assert shown.code == 0
        assert "[/nothing]" in shown.out


def test_square_brackets_are_shown_as_they_are(run, demo_build):
    assert "[bold]Google[/bold]" in run("resolve", "--build", demo_build, stdin=b"[bold]Google[/bold]").out


def test_a_dash_is_standard_input(run, demo_build):
    shown = run("resolve", "-", "--format", "jsonl", "--build", demo_build, stdin=b"Google")
    assert json.loads(shown.out)["organisations"][0]["id"] == "alphabet"


def test_resolve_needs_no_build(run, demo_data, answers):
    shown = run("resolve", "--data", demo_data, "--format", "jsonl", stdin="\n".join(NAMES).encode())
    assert [json.loads(line) for line in shown.out.splitlines()] == answers


def test_explain_shows_every_step(run, demo_build):
    shown = run("explain", "1Institute of Automation, Chinese Academy of Sciences, Beijing†", "--build", demo_build)
    assert shown.code == 0
    steps = {line.split()[0] for line in shown.out.splitlines()}
    assert steps == {"repaired", "parts", "places", "candidate", "match"}
    assert "†" not in shown.out
    assert "beijing → CHN (city)" in shown.out
    assert re.search(r"institute automation”: ror:\w+ \(name[^)]*likelihood 0\.\d\d\) → chosen", shown.out)
    assert "above another organisation named" in shown.out


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Independent Researcher", "parts       (none: this is no organisation)"),
        ("Institute of Automation", "→ refused: needs 0.80"),
        ("", "match       none: no match is an answer"),
    ],
)
def test_explain_says_why_there_is_no_match(run, demo_build, name, line):
    shown = run("explain", name, "--build", demo_build)
    assert line in shown.out
    assert "no match is an answer" in shown.out


def test_explain_ends_in_what_resolve_answers(run, demo_build, answers):
    for answer in answers:
        shown = run("explain", answer["text"], "--build", demo_build)
        matched = re.findall(r"^match       (\S+)", shown.out, re.MULTILINE)
        assert [m for m in matched if m not in ("none:", "(place")] == [o["id"] for o in answer["organisations"]]


# -- diff ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def other_build(demo_data, demo_build, tmp_path_factory):
    """The demo with two more papers of Huawei."""
    folder = tmp_path_factory.mktemp("other")
    shutil.copytree(demo_data, folder / "data")
    shutil.copytree(demo_build, folder / "out", copy_function=shutil.copy2)
    path = folder / "data" / "paperlists" / "cvpr" / "cvpr2018.json"
    records = json.loads(path.read_text("utf-8"))
    for number in range(2):
        title = f"Demo of parrots {number}"
        records.append({"title": title, "status": "Poster", "track": "main", "author": "Author A", "aff": "Huawei"})
    path.write_text(json.dumps(records), "utf-8")
    macaw.build(folder / "data", folder / "out")
    return folder / "out"


def test_builds_of_the_same_data_do_not_differ(run, demo_build):
    shown = run("diff", demo_build, demo_build)
    assert shown.code == 0
    assert "0 of" in shown.err
    assert json.loads(run("diff", demo_build, demo_build, "--format", "json").out)["values"] == []


def test_diff_json_is_what_python_gives(run, demo_build, other_build):
    shown = run("diff", demo_build, other_build, "--format", "json")
    rows = json.loads(shown.out)["values"]
    assert rows == macaw.diff(demo_build, other_build).values.to_pylist()
    changes = [r["change"] for r in rows]
    known = [abs(change) for change in changes if change is not None]
    assert known == sorted(known, reverse=True)
    assert changes[len(known) :] == [None] * (len(changes) - len(known))


def test_diff_shows_what_changed_by_how_much_and_why(demo_build, other_build):
    rows = macaw.diff(demo_build, other_build).values.to_pylist()
    assert {r["causes"] for r in rows if r["indicator"] != "research_authors"} == {"new_data"}
    # An author's papers are summed: whether some came or others changed is no longer seen.
    assert {r["causes"] for r in rows if r["indicator"] == "research_authors"} == {"new_data+corrected_data"}
    found = {
        (r["entity"], r["period"]): (r["old_value"], r["new_value"], r["change"])
        for r in rows
        if r["indicator"] == "papers"
        and r["venues"] == "CVPR"
        and r["counting"] == "full"
        and r["place"] == "workplace"
    }
    for old, new, change in found.values():
        assert new - old == change == 2
    assert ("CHN", 2018) in found
    assert {period for _, period in found} == {2018}
    there = macaw.diff(other_build, demo_build).values.to_pylist()
    moved, back = ([r["change"] for r in side if r["change"] is not None] for side in (rows, there))
    assert sorted(back) == sorted(-change for change in moved)
    told, untold = ([r["kind"] for r in side].count(k) for side, k in ((rows, "now_told"), (there, "no_longer_told")))
    assert told == untold
    # What is gone was corrected.
    assert {r["causes"] for r in there if r["indicator"] != "research_authors"} == {"corrected_data"}


def test_diff_shows_a_limited_number_in_a_table_and_all_elsewhere(run, demo_build, other_build):
    rows = json.loads(run("diff", demo_build, other_build, "--format", "json").out)["values"]
    shown = run("diff", demo_build, other_build, "--limit", 7)
    assert len(re.findall("CVPR, mainland", shown.out)) <= 7
    assert shown.err.startswith(f"{len(rows):,} of")
    assert len(rows_of(run("diff", demo_build, other_build, "--format", "csv").out)) == len(rows) > 7


def _rebuilt(demo_data, demo_build, folder, change):
    """A build of the demo after a change of one of its files."""
    shutil.copytree(demo_data, folder / "data")
    shutil.copytree(demo_build, folder / "out", copy_function=shutil.copy2)
    change(folder / "data")
    macaw.build(folder / "data", folder / "out")
    return folder / "out"


def test_a_record_that_says_something_else_is_corrected_data(demo_data, demo_build, tmp_path):
    def change(data):
        path = data / "paperlists" / "cvpr" / "cvpr2018.json"
        records = json.loads(path.read_text("utf-8"))
        moved = next(r for r in records if r.get("aff"))
        moved["aff"] = "Huawei"
        path.write_text(json.dumps(records), "utf-8")

    found = macaw.diff(demo_build, _rebuilt(demo_data, demo_build, tmp_path, change))
    papers = found.values.filter(pc.field("indicator") == "papers")
    assert set(papers["causes"].to_pylist()) == {"corrected_data"}
    # Rows of zero that came with a group's first record of another year are explained by that year.
    assert "unexplained" not in set(found.values["causes"].to_pylist())
    assert "CVPR 2018: records changed: 1; gone: 0" in {b.text for f in found.because.values() for b in f.because}


def test_other_names_of_organisations_are_matching(demo_data, demo_build, tmp_path):
    def change(data):
        (path,) = (data / "ror").glob("*.json")
        text = path.read_text("utf-8")
        assert "Tsinghua University" in text
        path.write_text(text.replace("Tsinghua University", "Qinghuayuan Academy of Parrots"), "utf-8")

    found = macaw.diff(demo_build, _rebuilt(demo_data, demo_build, tmp_path, change))
    assert found.values.num_rows
    assert set(found.values["causes"].to_pylist()) == {"matching"}


def test_a_release_is_compared_with_a_later_build(demo_build, other_build, tmp_path):
    freeze(demo_build, tmp_path / "frozen", "2026-11")
    found = macaw.diff(tmp_path / "frozen", other_build)
    assert found.old == "2026-11"
    assert found.values.num_rows
    # Without the records it cannot be seen that those before stayed as they were.
    assert set(found.values["causes"].to_pylist()) == {"new_data+corrected_data"}
    freeze(other_build, tmp_path / "later", "2026-12")
    between = macaw.diff(tmp_path / "frozen", tmp_path / "later").values
    assert set(between["causes"].to_pylist()) == {"new_data+corrected_data"}


# -- lists ---------------------------------------------------------------------------------------------------


def test_sources_names_each_with_its_licence(run):
    rows = json.loads(run("sources", "--format", "json").out)
    assert [r["source"] for r in rows] == list(origins())
    for row in rows:
        assert row["licence"] == origins()[row["source"]].licence
        assert row["url"] in run("sources").out
    assert rows_of(run("sources", "--format", "csv").out) == rows


def test_indicators_names_each_in_both_languages(run):
    rows = json.loads(run("indicators", "--format", "json").out)
    assert [r["indicator"] for r in rows] == list(indicators())
    shown = run("indicators").out
    for row in rows:
        assert row["title_zh"] in shown
        assert row["title"] == indicators()[row["indicator"]].title
        assert row["short"]


@pytest.mark.parametrize("text", ["华为", "huawei", "HUAWEI", "uawe"])
def test_entities_are_found_in_both_languages(run, demo_build, text):
    rows = json.loads(run("entities", text, "--format", "json", "--build", demo_build).out)
    assert [r["entity"] for r in rows] == ["huawei"]
    assert rows == macaw.open(demo_build).find(text)


def test_entities_that_are_not_there(run, demo_build):
    assert json.loads(run("entities", "Atlantis", "--format", "json", "--build", demo_build).out) == []
    shown = run("entities", "Atlantis", "--format", "csv", "--build", demo_build)
    assert shown.out.strip() == "entity,name,name_zh,kind,country"


def test_every_entity_found_can_be_asked_for(observatory):
    for row in observatory.find(""):
        assert observatory.entity(row["entity"]) == row["entity"]
