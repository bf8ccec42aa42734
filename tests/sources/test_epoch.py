"""Epoch AI's CSV files. Models, clusters and chips here are invented; columns and quirks are the publisher's."""

from __future__ import annotations

import csv
import io

import pytest

from macaw.errors import SourceError
from macaw.pipeline import _files
from macaw.sources import origins
from macaw.sources.epoch.fetch import remote_files
from macaw.sources.epoch.read import read, record_id

NOTABLE, FRONTIER = "epoch/notable_ai_models.csv", "epoch/frontier_ai_models.csv"
US, UK = "United States of America", "United Kingdom of Great Britain and Northern Ireland"
FLOP = "Training compute (FLOP)"
MODEL = {
    "Model": "Parrot-1",
    "Organization": "Parrot Lab,NERSC, Parrot National Laboratory",
    "Publication date": "2023-05-01",
    "Training compute (FLOP)": "2.1e+25",
    "Confidence": "Likely",
    "Link": "https://parrots.example\nhttps://arxiv.example/1",
    "Country (of organization)": f"{US},{US},{UK}",
    "Training hardware": "Parrot P1,Owl O1",
    "Base model": "",
    "Model accessibility": "Open weights (unrestricted)",
    "Abstract": "With a line\nbreak, and “quotes”",
}
CLUSTER = {
    "Name": "Nest",
    "Status": "Existing",
    "Certainty": "Confirmed",
    "Single cluster?": "Yes",
    "H100 equivalents": "100000",
    "Country": US,
    "Owner": "xParrot,Parrot Lab",
    "First Operational Date": "9/2/2024",
    "Decommissioned Date (if applicable)": "2026-01",
    "Superseded by": "Nest 2",
    "Possible Duplicate": "TRUE",
    "GPU Supplier (primary)": "NVIDIA",
    "Source 1": "https://nest.example",
}


def table(*rows: dict[str, str], columns: list[str] | None = None) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns or list(dict.fromkeys(k for r in rows for k in r)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.fixture
def reading(write, tmp_path):
    """Reads files by name."""

    def of(**files: str):
        return read([write(name.replace("__", "."), text) for name, text in files.items()], tmp_path)

    return lambda text, name=NOTABLE: of(**{name: text})


def refusals(made) -> list[tuple[int | None, str, object, str]]:
    return [(r.position, r.reason, r.value, r.action) for r in made.refused]


def test_a_model_gives_its_rows(reading, rows):
    made = reading(table(MODEL))
    [model] = rows(made, "source_models")
    assert model == {
        "record": record_id("Parrot-1"),
        "source": "epoch",
        "file": NOTABLE,
        "position": 0,
        "model_list": "notable",
        "title": "Parrot-1",
        "released": "2023-05-01",
        "training_flop": 2.1e25,
        "flop_low": None,
        "flop_high": None,
        "confidence": "Likely",
        "accessibility": "Open weights (unrestricted)",
        "link": "https://parrots.example",
    }
    parts = [(r["part_kind"], r["part"], r["name"]) for r in rows(made, "source_record_parts")]
    assert parts == [
        ("organisation", 0, "Parrot Lab"),
        ("organisation", 1, "NERSC, Parrot National Laboratory"),
        ("country", 0, US),
        ("country", 1, US),
        ("country", 2, UK),
        ("hardware", 0, "Parrot P1"),
        ("hardware", 1, "Owl O1"),
    ]
    assert made.refused == []


def test_a_frontier_list_has_bounds_and_another_order_of_columns(reading, rows):
    bounds = {"Training compute lower bound": "1e25", "Training compute upper bound": "1e26"}
    columns = ["Training compute upper bound", *reversed(MODEL), "Training compute lower bound"]
    [model] = rows(reading(table(MODEL | bounds, columns=columns), FRONTIER), "source_models")
    assert (model["model_list"], model["flop_low"], model["flop_high"]) == ("frontier", 1e25, 1e26)


def test_the_same_name_is_the_same_model_in_every_list_and_case_tells_models_apart(write, tmp_path, rows):
    files = [write(NOTABLE, table(MODEL, MODEL | {"Model": "PARROT-1"})), write(FRONTIER, table(MODEL))]
    models = rows(read(files, tmp_path), "source_models")
    assert [m["record"] for m in models] == [record_id("Parrot-1"), record_id("PARROT-1"), record_id("Parrot-1")]
    assert len({m["record"] for m in models}) == 2


@pytest.mark.parametrize(
    "name", [NOTABLE, "models/epoch_notable_ai_models.csv", "models/epoch_hub_2025-12/gpu_clusters.csv"]
)
def test_files_are_found_in_the_data_folder(write, tmp_path, name):
    path = write(name, "x")
    assert _files(tmp_path, origins()["epoch"].patterns) == [path]


@pytest.mark.parametrize(
    ("change", "reason", "value", "action"),
    [
        ({"Model": ""}, "model has no name", MODEL["Link"], "rejected"),
        ({"Model": "Owl", "Publication date": ""}, "model has no date", "Owl", "rejected"),
        ({"Model": "Owl", FLOP: "lots"}, f"{FLOP} is not a positive number", "lots", "noted"),
        ({"Model": "Owl", FLOP: "-1"}, f"{FLOP} is not a positive number", "-1", "noted"),
        ({"Model": "Owl", FLOP: "nan"}, f"{FLOP} is not a positive number", "nan", "noted"),
    ],
)  # fmt: skip
def test_an_odd_model_is_listed_and_the_others_are_read(reading, rows, change, reason, value, action):
    made = reading(table(MODEL, MODEL | change, MODEL | {"Model": "Cat"}))
    assert refusals(made) == [(1, reason, value, action)]
    assert [m["title"] for m in rows(made, "source_models")][-1] == "Cat"
    assert len(rows(made, "source_models")) == (2 if action == "rejected" else 3)


def test_a_repeated_name_and_a_short_record_are_refused(reading, rows):
    made = reading(table(MODEL, MODEL) + "Owl,only two\n")
    width = len(MODEL)
    assert refusals(made) == [
        (1, "duplicate name", "Parrot-1", "rejected"),
        (2, f"has 2 cells, the header {width}", "Owl", "rejected"),
    ]
    assert len(rows(made, "source_models")) == 1


@pytest.mark.parametrize("written", ["31.12.2023", "2023-13-01", "2/30/2023", "0010-01-01", "2105-01-01", "soon"])
def test_a_date_that_is_none_is_told(reading, written):
    made = reading(table(MODEL | {"Publication date": written}))
    assert [r[2] for r in refusals(made)] == [written, "Parrot-1"]


INDEX = {
    "model_version": "parrot-1-2024", "model_name": "Parrot 1", "normalized_model": "parrot", "eci_score": "120.5",
    "release_date": "2024-02-15", "organization": "Parrot Lab", "country": f"{US},{UK}",
    "display_name": "Parrot 1 (Feb)",
}  # fmt: skip
NEW_INDEX = {
    "Model": "Parrot 1", "Display name": "", "eci": "120.5", "eci_ci_low": "118", "eci_ci_high": "123",
    "date": "2024-02-15", "Country (of organization)": US, "Model accessibility": "API access",
}  # fmt: skip


def test_both_layouts_of_the_index(reading, rows):
    old, new = reading(table(INDEX), "epoch/benchmark_index.csv"), reading(table(NEW_INDEX), "epoch/eci_scores.csv")
    [first], [second] = rows(old, "source_index_scores"), rows(new, "source_index_scores")
    columns = ("title", "model_name", "shown_name", "released", "score", "low", "high")
    assert [first[c] for c in columns] == [
        "parrot-1-2024",
        "Parrot 1",
        "Parrot 1 (Feb)",
        "2024-02-15",
        120.5,
        None,
        None,
    ]
    assert [second[c] for c in columns] == ["Parrot 1", "Parrot 1", None, "2024-02-15", 120.5, 118, 123]
    assert [r["name"] for r in rows(old, "source_record_parts")] == [US, UK]


def test_a_model_of_the_index_may_lack_a_score_but_not_a_date(reading, rows):
    others = [INDEX | {"model_version": "owl", "eci_score": ""}, INDEX | {"model_version": "cat", "release_date": ""}]
    made = reading(table(INDEX, *others), "epoch/benchmark_index.csv")
    assert [r["score"] for r in rows(made, "source_index_scores")] == [120.5, None]
    assert refusals(made) == [(2, "model has no date", "cat", "rejected")]


def test_clusters_of_one_name_stay_apart(reading, rows):
    anonymous = CLUSTER | {
        "Name": "Anonymized Chinese System",
        "Country": "China",
        "Owner": "",
        "Possible Duplicate": "",
    }
    made = reading(table(CLUSTER, anonymous, anonymous), "models/epoch_hub/gpu_clusters.csv")
    nest, first, second = rows(made, "source_clusters")
    assert (nest["operational_from"], nest["decommissioned"]) == ("2024-09-02", "2026-01")
    assert (nest["h100_equivalents"], nest["possible_duplicate"], nest["superseded_by"]) == (100000, True, "Nest 2")
    assert second["record"] == first["record"] + "-2"
    owners = [(r["record"], r["name"]) for r in rows(made, "source_record_parts") if r["part_kind"] == "organisation"]
    assert owners == [(nest["record"], "xParrot"), (nest["record"], "Parrot Lab")]


def test_hardware(reading, rows):
    chips = [{"Hardware name": "P1", "Manufacturer": "Parrot"}, {"Hardware name": "?", "Manufacturer": ""}]
    made = rows(reading(table(*chips), "epoch/ml_hardware.csv"), "source_hardware")
    assert [(r["title"], r["manufacturer"]) for r in made] == [("P1", "Parrot"), ("?", None)]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (NOTABLE, table({k: v for k, v in MODEL.items() if k != "Base model"}), "has no column 'Base model'"),
        ("epoch/notable_frontier_models.csv", table(MODEL), "the name tells notable and frontier"),
        ("epoch/models.csv", table(MODEL), "the name tells nothing where it must tell which list"),
        ("epoch/other.csv", "a,b\n1,2\n", "its columns are those of no data set"),
        (NOTABLE, 'Model\n"never closed\n', "not valid CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(reading, name, text, words):
    with pytest.raises(SourceError, match=words):
        reading(text, name)


def test_the_same_data_set_twice_is_an_error(write, tmp_path):
    files = [write(NOTABLE, table(MODEL)), write("models/epoch_notable_ai_models.csv", table(MODEL))]
    with pytest.raises(SourceError, match="holds the same data set"):
        read(files, tmp_path)


def test_the_addresses_to_fetch(tmp_path):
    files = remote_files(None, tmp_path)
    assert len(files) == 8
    assert all(f.url == f"https://epoch.ai/data/{f.path}" for f in files)


STAFF = "Id,Company,Staff count,Date,Source 1,Notes,Type,Division name,Confidence\n"


def test_reports_of_staff_without_their_quotations(write, tmp_path, rows):
    text = (
        STAFF
        + 'x,Parrot AI,75,12/31/2013,https://x.org,"""Jane Doe said so""",Division/role,Lab,Likely\n'
        + "x,Parrot AI,100,2014-01-05,https://x.org,,Full company,,Confident\n"
        + "x,Parrot AI,100,2014-01-05,https://x.org,,Full company,,Confident\n"
        + "x,Parrot AI,many,2014-01-05,https://x.org,,Full company,,Confident\n"
        + "x,Parrot AI,3400,2014-07-17,,,,,\n"
    )
    reading = read([write("epoch/ai_companies_staff_reports.csv", text)], tmp_path)
    made = rows(reading, "source_staff_reports")
    assert [(r["amount"], r["staff_kind"], r["division"], r["day"]) for r in made] == [
        (75.0, "part_of_company", "Lab", "2013-12-31"),
        (100.0, "whole_company", None, "2014-01-05"),
    ]
    assert [r.reason for r in reading.refused] == [
        "duplicate report",
        "Staff count is not a positive number",
        "report has no company, day, number or kind of staff",
        "report has no company, day, number or kind of staff",
    ]
    assert "Doe" not in str(made)
