"""Snapshots of OpenAlex, full and incremental. Works and ids are public facts; numbers beside them are made up."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import openalex_data
from macaw.errors import SourceError
from macaw.pipeline import _files
from macaw.sources import origins
from macaw.sources.openalex import fields
from macaw.sources.openalex.read import TABLES, write
from support.openalex import GOOGLE, ORG, TORONTO, author, work

RESNET = work(2194775991, title="Deep Residual Learning for Image Recognition", publication_year=2016, type="article")


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file of works into a partition."""

    def _put(
        records: Iterable[dict[str, Any] | str],
        day: str = "2026-06-01",
        file: str = "part_0000.gz",
        entity: str = "works",
    ) -> Path:
        path = tmp_path / "openalex" / "data" / "jsonl" / entity / f"updated_date={day}" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [r if isinstance(r, str) else json.dumps(r) for r in records]
        path.write_bytes(gzip.compress("".join(f"{line}\n" for line in lines).encode()))
        return path

    return _put


class Read:
    """What a snapshot gives."""

    def __init__(self, root: Path) -> None:
        out = root / "out"
        out.mkdir(exist_ok=True)
        self.refused = [r.row()[2:] for r in write(_files(root, origins()["openalex"].patterns), root, out, out)]
        self.tables = {t: pq.read_table(out / f"{t}.parquet").to_pylist() for t in TABLES}
        assert sorted(p.name for p in out.iterdir()) == sorted(f"{t}.parquet" for t in TABLES)

    def column(self, table: str, name: str) -> list[Any]:
        return [row[name] for row in self.tables[f"source_openalex_{table}"]]


@pytest.fixture
def read(tmp_path: Path) -> Callable[[], Read]:
    return lambda: Read(tmp_path)


def test_a_work_gives_its_rows(put, read):
    put([work()])
    made = read()
    assert made.refused == []
    assert made.tables["source_openalex_works"] == [
        {
            "work": "openalex/W2963403868",
            "source": "openalex",
            "file": "openalex/data/jsonl/works/updated_date=2026-06-01/part_0000.gz",
            "position": None,
            "venue_folder": "openalex",
            "period": 2017,
            "title": "Attention Is All You Need",
            "listed_status": "preprint",
            "track": "arXiv",
            "authors": 2,
            "slots": 2,
            "link": "https://doi.org/10.48550/arxiv.1706.03762",
            "citations": 7,
            "normalised_countries": None,
        }
    ]
    rows = [tuple(r.values())[1:] for r in made.tables["source_openalex_affiliations"]]
    assert rows == [(0, 0, "Google Brain"), (1, 0, "University of Toronto"), (1, 1, "Google Research")]
    links = [tuple(r.values())[1:] for r in made.tables["source_openalex_links"]]
    assert links == [
        (0, 0, "I1291425158", "00njsd438", "US"),
        (1, 0, "I185261750", "03dbr7087", "CA"),
        (1, 1, "I1291425158", "00njsd438", "US"),
    ]
    assert made.column("abstracts", "abstract") == ["The dominant models are models"]
    assert [tuple(r.values())[1:] for r in made.tables["source_openalex_topics"]] == [("T10028", "1702", "17", 0.9)]
    assert made.column("references", "cited_work") == ["openalex/W2194775991"]


def test_no_name_of_a_person_is_kept(put, read):
    put([work()])
    assert "Somebody" not in str(read().tables)


@pytest.mark.parametrize(
    ("authorship", "strings", "links"),
    [
        # Before 2024: strings and institutions side by side.
        (author(affiliations=None, raw_affiliation_strings=["MIT"], institutions=[TORONTO, GOOGLE]), ["MIT"], 2),
        (author(affiliations=None, raw_affiliation_strings=["MIT", "CMU"], institutions=[GOOGLE]), ["MIT", "CMU"], 0),
        (author(affiliations=[], raw_affiliation_strings=[], institutions=[TORONTO, GOOGLE]), [None, None], 2),
        (author(("", [])), [], 0),
        (author((None, [GOOGLE])), [None], 1),
        (author(), [], 0),
    ],
)
def test_strings_and_institutions_of_every_age(put, read, authorship, strings, links):
    put([work(authorships=[authorship])])
    made = read()
    assert made.column("affiliations", "raw_name") == strings
    assert len(made.tables["source_openalex_links"]) == links


def test_an_institution_not_described_in_the_work_is_looked_up(put, read):
    put([GOOGLE], entity="institutions")
    put([work(authorships=[author(("Google", [GOOGLE]), institutions=[])])])
    assert read().column("links", "ror") == ["00njsd438"]


@pytest.mark.parametrize(
    ("change", "status"),
    [({"is_retracted": True}, "retracted"), ({"is_paratext": True}, "paratext"), ({"type": None}, "")],
)
def test_status_is_the_type_unless_marked(put, read, change, status):
    put([work(**change)])
    assert read().column("works", "listed_status") == [status]


def test_the_later_partition_replaces_the_earlier(put, read):
    put([work(title="Old"), RESNET], "2025-12-01")
    put([work(title="New", authorships=[])], "2026-06-01")
    made = read()
    assert sorted(zip(made.column("works", "work"), made.column("works", "title"), strict=True)) == [
        ("openalex/W2194775991", RESNET["title"]),
        ("openalex/W2963403868", "New"),
    ]
    assert {r["work"] for r in made.tables["source_openalex_affiliations"]} == {"openalex/W2194775991"}
    assert made.refused == [(None, "noted", "older versions of works, replaced by later ones", "1")]


def test_in_several_batches_as_in_one(put, read, monkeypatch):
    for month in range(1, 7):
        put([work(n, title=f"{month}") for n in range(month, 9)], f"2026-0{month}-01")
    whole = read()
    monkeypatch.setattr("macaw.sources.openalex.read._BATCH", 1)
    parts = read()
    for table in TABLES:
        assert sorted(map(str, parts.tables[table])) == sorted(map(str, whole.tables[table]))
    assert dict(zip(whole.column("works", "work"), whole.column("works", "title"), strict=True)) == {
        f"openalex/W{n}": str(min(n, 6)) for n in range(1, 9)
    }


def test_an_update_gives_what_a_fresh_copy_gives(put, read):
    old = put([work(title="Old"), RESNET], "2025-12-01")
    put([work(title="New")], "2026-06-01")
    updated = read()
    # In a fresh copy the work has moved to the later partition.
    old.unlink()
    put([RESNET], "2025-12-01")
    assert read().tables == updated.tables


def test_a_score_that_is_none_is_listed(put, read):
    topic = work()["topics"][0]
    put([work(7, topics=[topic, topic | {"score": 10**400}]), work(8), work(9, topics=[topic | {"score": None}])])
    made = read()
    assert made.refused == [(None, "rejected", "field 'topics' has a score that is not finite", f"{ORG}W7")]
    assert made.column("topics", "topic_score") == [0.9, None]


def test_merged_works_go(put, read, write):
    put([work(), RESNET])
    write("openalex/data/merged_ids/works/2026-06-02.csv", "merge_date,id,merge_into_id\n2026-06-02,W2963403868,W1\n")
    made = read()
    assert made.column("works", "work") == ["openalex/W2194775991"]
    assert made.refused == [(None, "noted", "works merged into others, left out", "1")]


def test_bad_lines_are_counted_and_listed_by_number(put, read):
    put(
        [
            work(),
            '{"id": "https://ope',
            "[1]",
            "",
            work(7, publication_year=99),
            work(8, id=None),
            work(9, id="W9"),
            "{}",
        ]
    )
    assert read().refused == [
        (None, "rejected", "field 'id' is missing", None),
        (None, "rejected", "field 'id' is missing", None),
        (None, "rejected", "field 'id' names no work of OpenAlex", "W9"),
        (None, "rejected", "field 'publication_year' is out of range", f"{ORG}W7"),
        (None, "rejected", "not an object", None),
        (2, "rejected", "not valid JSON", None),
    ]


@pytest.mark.parametrize(("newest", "last"), [("2019-05-01", 2020), ("2026-06-01", 2027), ("2031-01-01", 2032)])
def test_the_last_year_is_that_after_the_newest_partition_whenever_it_is_read(put, read, newest, last):
    put([work(1, publication_year=last), work(2, publication_year=last + 1)], day=newest)
    put([work(3, publication_year=last), work(4, publication_year=last + 1)], day="2018-01-01")
    made = read()
    assert made.column("works", "work") == ["openalex/W1", "openalex/W3"]
    assert sorted(r[3] for r in made.refused) == [f"{ORG}W2", f"{ORG}W4"]


def test_of_many_bad_lines_the_first_are_listed_and_all_counted(put, read):
    put([*(work(n) for n in range(1, 302)), *["{"] * 250])
    refused = read().refused
    assert [r[0] for r in refused[:100]] == list(range(302, 402))
    assert refused[100] == (None, "rejected", "not valid JSON: more of them, not listed", "150")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("publication_year", "2017", "field 'publication_year' is VARCHAR, expected a whole number"),
        ("authorships", {"0": 1}, "field 'authorships' is OBJECT, expected a list"),
        ("abstract_inverted_index", "The models", "field 'abstract_inverted_index' is VARCHAR, expected an object"),
        ("title", ["A"], "field 'title' is ARRAY, expected text"),
    ],
)
def test_another_type_is_named_and_stops_where_it_is_the_rule(put, read, field, value, said):
    put([work(), work(7, **{field: value})])
    assert (None, "rejected", said, f"{ORG}W7") in read().refused
    put([work(n, **{field: value}) for n in range(1, 30)])
    with pytest.raises(SourceError, match="29 of 29 records: field") as error:
        read()
    assert said in str(error.value)


def test_new_and_lost_fields_are_noted(put, read):
    lost = work(telepathy=True)
    del lost["topics"]
    put([lost])
    assert read().refused == [
        (None, "noted", "unknown field", "telepathy"),
        (None, "noted", "a field is in no record of the file", "topics"),
    ]


def test_new_and_lost_fields_inside_are_noted(put, read):
    changed = author(("Google", [GOOGLE]))
    changed["affiliations"] = [{"affiliation": "Google", "institution_ids": 3}]
    put([work(authorships=[changed])])
    assert read().refused == [
        (None, "noted", "a field inside is absent", "authorships[].affiliations[].raw_affiliation_string"),
        (None, "noted", "a field inside is UBIGINT, expected a list", "authorships[].affiliations[].institution_ids"),
    ]


def test_what_differs_from_the_manifest_is_noted(put, read, write):
    path = put([work()])
    url = "s3://openalex/data/jsonl/works/updated_date={}/{}.gz"

    def entry(day: str, file: str, **meta: int) -> dict[str, Any]:
        return {"url": url.format(day, file), "meta": meta}

    size = path.stat().st_size
    entries = [
        entry("2026-06-01", "part_0000", content_length=size + 1, record_count=2),
        entry("2026-06-01", "part_0001"),
        # A partition nobody copied.
        entry("2026-05-01", "part_0000"),
    ]
    write("openalex/data/jsonl/manifest.json", {"entries": entries})
    key = "works/updated_date=2026-06-01/"
    assert read().refused == [
        (
            None,
            "noted",
            "a file has another size than the manifest says",
            f"{key}part_0000.gz: {size} bytes, listed {size + 1}",
        ),
        (None, "noted", "a file of a partition at hand is absent", f"{key}part_0001.gz"),
        (None, "noted", "another number of records than the manifest says", "1 records, listed 2"),
    ]


@pytest.mark.parametrize("text", ['{"files": []}', "[]", '{"entries": [3]}'])
def test_a_manifest_of_another_form_is_an_error(put, read, write, text):
    put([work()])
    write("openalex/data/jsonl/works/manifest", text)
    with pytest.raises(SourceError, match="holds no list 'entries'"):
        read()


def test_a_damaged_file_is_named(put, read):
    put([work(n) for n in range(1, 50)], file="part_0001.gz")
    path = put([work(n) for n in range(50, 99)])
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(SourceError, match=r"part_0000\.gz: not a whole gzip file"):
        read()


def test_a_folder_without_a_day_is_an_error(put, read):
    put([work()], "yesterday")
    with pytest.raises(SourceError, match="the folder names no day"):
        read()


@pytest.mark.parametrize(
    "text", ["id\nW1\n", "merge_date,id,merge_into_id\n2026-01-01,A1,A2\n", f"merge_date,{'id' * 99999}\n"]
)
def test_merged_ids_of_another_form_are_an_error(put, read, write, text):
    put([work()])
    write("openalex/data/merged_ids/works/2026-06-02.csv", text)
    with pytest.raises(SourceError):
        read()


def test_without_files_the_tables_are_empty(read):
    made = read()
    assert made.refused == []
    assert set(map(len, made.tables.values())) == {0}


def test_every_field_that_is_read_is_in_the_shape():
    assert set(json.loads(fields.shape())) - {"primary_location"} == set(fields._file()["read"])


# -- generated snapshots against a plain count ---------------------------------------------------------------


def plainly(root: Path) -> dict[int, tuple[dict[str, Any], int, int]]:
    """The newest version of every work that was not merged, read without DuckDB: record, strings, links."""
    merged = set()
    for file in root.glob("openalex/data/merged_ids/works/*.csv.gz"):
        with gzip.open(file, "rt") as stream:
            merged |= {int(row["id"][1:]) for row in csv.DictReader(stream)}
    newest: dict[int, dict[str, Any]] = {}
    for file in sorted(root.glob("openalex/data/jsonl/works/*/*.gz")):
        with gzip.open(file, "rt") as stream:
            for line in stream:
                try:
                    record = json.loads(line)
                except ValueError:
                    continue
                newest[int(record["id"].rsplit("W", 1)[1])] = record
    return {
        n: (
            r,
            sum(len(a["raw_affiliation_strings"]) for a in r["authorships"]),
            sum(len(a["institutions"]) for a in r["authorships"]),
        )
        for n, r in newest.items()
        if n not in merged
    }


def test_a_generated_snapshot_is_read_as_a_plain_count_reads_it(tmp_path, read, monkeypatch):
    monkeypatch.setattr(openalex_data, "OLDER", 0.1)
    monkeypatch.setattr(openalex_data, "BROKEN", 0.002)
    openalex_data.generate(tmp_path / "openalex", 2000, seed=3, per_file=400)
    expected = plainly(tmp_path)
    made = read()
    found = dict(zip(made.column("works", "work"), made.tables["source_openalex_works"], strict=True))
    assert len(found) == len(made.tables["source_openalex_works"]) == len(expected)
    assert len(expected) < 2000
    for number, (record, _, _) in expected.items():
        row = found[f"openalex/W{number}"]
        assert (row["title"], row["period"], row["citations"], row["authors"]) == (
            record["title"],
            record["publication_year"],
            record["cited_by_count"],
            len(record["authorships"]),
        )
    assert len(made.tables["source_openalex_affiliations"]) == sum(strings for _, strings, _ in expected.values())
    assert len(made.tables["source_openalex_links"]) == sum(links for _, _, links in expected.values())
    abstracts = dict(zip(made.column("abstracts", "work"), made.column("abstracts", "abstract"), strict=True))
    for number, (record, _, _) in expected.items():
        index = record["abstract_inverted_index"]
        words = {place: word for word, places in (index or {}).items() for place in places}
        text = " ".join(words[p] for p in sorted(words)) or None
        assert abstracts.get(f"openalex/W{number}") == text
    cited = {(n, c) for n, (r, _, _) in expected.items() for c in r["referenced_works"]}
    assert len(made.tables["source_openalex_references"]) == len(cited)
    broken = [r for r in made.refused if r[2] == "not valid JSON"]
    assert broken
    assert all(r[0] for r in broken)


def test_the_generator_gives_the_same_bytes_for_the_same_seed(tmp_path):
    for name in ("a", "b"):
        openalex_data.generate(tmp_path / name, 300, seed=5, per_file=100)
    files = [sorted(p.relative_to(tmp_path / n) for p in (tmp_path / n).rglob("*") if p.is_file()) for n in ("a", "b")]
    assert files[0] == files[1]
    for file in files[0]:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file
