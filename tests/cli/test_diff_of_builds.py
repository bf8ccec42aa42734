"""Two small builds that differ in one row of one table: the diff must name its cause, and nothing is unexplained."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import macaw
from macaw import registry
from macaw.indicators import Specification
from macaw.indicators.values import Block
from macaw.registry import load
from macaw.release.diff import Diff
from support.builds import Place, few_files, only

CITED = Specification(venues="patents", place="applicant")
BLOCKS = (
    Block("places", ("papers", "citations", "highly_cited_papers"), (Specification(venues="CVPR"),)),
    Block("places", ("papers",), (Specification(venues="OpenAlex", topic="all", counting="fractional"),)),
    Block("places", ("ai_patents",), (CITED,), "patents"),
    Block("places", ("ai_patent_citations", "ai_patent_science_links"), (CITED,), "patent_citations"),
)
ORG = "https://openalex.org/"
WORKS = "openalex/data/jsonl/works/updated_date=2026-06-01/part_0000.gz"
CITATIONS = "patentsview/g_us_patent_citation.tsv"


def institution(number: int, ror: str, country: str) -> dict[str, Any]:
    return {"id": f"{ORG}I{number}", "ror": f"https://ror.org/{ror}", "country_code": country}


TSINGHUA, MIT = institution(1, "03cve4549", "CN"), institution(2, "042nb2s44", "US")


def write_works(data: Path, *linked: dict[str, Any]) -> None:
    """Works of one author each, under a string that names nobody, linked to an institution each."""
    works = [
        {
            "id": f"{ORG}W{number}",
            "title": f"Demo of language models {number}",
            "publication_year": 2020,
            "type": "article",
            "authorships": [
                {
                    "institutions": [place],
                    "raw_affiliation_strings": ["Parrot lab"],
                    "affiliations": [{"raw_affiliation_string": "Parrot lab", "institution_ids": [place["id"]]}],
                }
            ],
        }
        for number, place in enumerate(linked, 1)
    ]
    path = data / WORKS
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("".join(f"{json.dumps(w)}\n" for w in works).encode()))


@pytest.fixture(scope="module", autouse=True)
def few() -> Iterator[None]:
    with only(*BLOCKS):
        yield


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory, demo_data: Path) -> Place:
    folder = tmp_path_factory.mktemp("before")
    place = Place(few_files(demo_data, folder / "data"), folder / "out")
    shutil.copytree(demo_data / "patentsview", place.data / "patentsview")
    write_works(place.data, TSINGHUA, TSINGHUA, MIT)
    place.build()
    return place


@pytest.fixture
def after(before: Place, tmp_path: Path) -> Callable[[], Diff]:
    """Builds anew from the data in `tmp_path`, and compares."""
    shutil.copytree(before.data, tmp_path / "data")
    shutil.copytree(before.out, tmp_path / "out", copy_function=shutil.copy2)

    def compare() -> Diff:
        Place(tmp_path / "data", tmp_path / "out").build()
        return macaw.diff(before.out, tmp_path / "out")

    return compare


def causes(found: Diff) -> dict[str, set[str]]:
    """Causes by indicator."""
    said: dict[str, set[str]] = {}
    for row in found.values.to_pylist():
        said.setdefault(row["indicator"], set()).add(row["causes"])
    return said


def test_a_citation_of_a_patent_more_is_corrected_data(after, tmp_path):
    """A patent that was there says that it cites one more."""
    with (tmp_path / "data" / CITATIONS).open("a", encoding="utf-8") as file:
        file.write("90000041\t9\t90000002\t2012-02-01\t\tB2\tcited by examiner\n")
    assert causes(after()) == {"ai_patent_citations": {"corrected_data"}}


def test_an_institution_that_openalex_links_anew_is_corrected_data(after, tmp_path):
    write_works(tmp_path / "data", TSINGHUA, MIT, MIT)
    assert causes(after()) == {"papers": {"corrected_data"}}


def test_a_year_of_a_venue_said_to_be_partial_is_corrected_data(after, monkeypatch):
    text = load.text_of("venue_years.csv")
    (line,) = [x for x in text.splitlines() if x.startswith("CVPR,2017,")]
    _, _, papers, _, rest = line.split(",", 4)
    with monkeypatch.context() as patch:
        patch.setattr(
            load,
            "text_of",
            lambda name, read=load.text_of: (
                text.replace(line, f"CVPR,2017,{papers},no,{rest}") if name == "venue_years.csv" else read(name)
            ),
        )
        registry.tables.cache_clear()
        found = after()
    registry.tables.cache_clear()
    assert causes(found) == {name: {"corrected_data"} for name in ("papers", "citations", "highly_cited_papers")}
    assert found.kinds["no_longer_told"] > 0
    assert found.kinds["moved"] == 0
