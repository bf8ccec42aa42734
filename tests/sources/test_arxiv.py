"""arXiv's metadata in both forms. Ids and categories are public facts; dates and DOIs beside them are made up."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from arxiv_categories import agreements
from macaw.errors import MacawError, SourceError
from macaw.pipeline import _files
from macaw.sources import origins
from macaw.sources.arxiv import read as reader
from macaw.sources.arxiv.fetch import remote_files
from macaw.sources.arxiv.read import TABLES, write


def record(number: str = "1706.03762", **changes: Any) -> dict[str, Any]:
    """A record of the dump with all its fields."""
    return {
        "id": number,
        "submitter": "Somebody",
        "authors": "Somebody and Others",
        "title": "Attention Is All You Need",
        "comments": "15 pages, 5 figures",
        "journal-ref": None,
        "doi": None,
        "report-no": None,
        "categories": "cs.CL cs.LG",
        "license": "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
        "abstract": "  The dominant sequence transduction models\nare based on …\n",
        "versions": [
            {"version": "v1", "created": "Mon, 12 Jun 2017 17:57:34 GMT"},
            {"version": "v2", "created": "Wed, 2 Aug 2023 00:41:18 GMT"},
        ],
        "update_date": "2023-08-03",
        "authors_parsed": [["Somebody", "", ""]],
        **changes,
    }


def page(*records: str, token: str = "6511260|1001") -> str:
    """A page of ListRecords."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">\n'
        "<responseDate>2026-11-01T00:00:00Z</responseDate>\n"
        '<request verb="ListRecords" metadataPrefix="arXiv">http://oaipmh.arxiv.org/oai</request>\n<ListRecords>\n'
        + "\n".join(records)
        + f'\n<resumptionToken cursor="0" completeListSize="2000">{token}</resumptionToken>\n</ListRecords></OAI-PMH>\n'
    )


def oai(number: str = "1706.03762", day: str = "2023-08-03", categories: str = "cs.CL cs.LG", more: str = "") -> str:
    """A record of OAI-PMH in the format arXiv."""
    return f"""<record><header><identifier>oai:arXiv.org:{number}</identifier><datestamp>{day}</datestamp>
<setSpec>cs:cs:CL</setSpec></header><metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://arxiv.org/OAI/arXiv/ http://arxiv.org/OAI/arXiv.xsd">
<id>{number}</id><created>2017-06-12</created><updated>2023-08-02</updated>
<authors><author><keyname>Somebody</keyname><forenames>S.</forenames></author></authors>
<title>Attention Is All You Need</title><categories>{categories}</categories>{more}
<license>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</license><abstract>The dominant …</abstract>
</arXiv></metadata></record>"""


DELETED = (
    '<record><header status="deleted"><identifier>oai:arXiv.org:1706.03762</identifier>'
    "<datestamp>2024-01-01</datestamp></header></record>"
)


class Read:
    """What the files below a folder give."""

    def __init__(self, root: Path) -> None:
        out = root / "out"
        out.mkdir(exist_ok=True)
        self.refused = [r.row()[1:] for r in write(_files(root, origins()["arxiv"].patterns), root, out, out)]
        self.papers = pq.read_table(out / f"{TABLES[0]}.parquet").to_pylist()
        assert [p.name for p in out.iterdir()] == [f"{TABLES[0]}.parquet"]


def put(root: Path, name: str, content: str | list[Any]) -> None:
    path = root / "arxiv" / name
    path.parent.mkdir(exist_ok=True)
    text = (
        content
        if isinstance(content, str)
        else "".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in content)
    )
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())


PAPER = {"arxiv_paper": "1706.03762", "period": 2017, "doi": None, "categories": "cs.CL cs.LG"}


@pytest.mark.parametrize("name", ["arxiv-metadata-oai-snapshot.json", "dump.json.gz"])
def test_a_line_of_the_dump_is_a_paper(tmp_path: Path, name: str) -> None:
    put(tmp_path, name, [record()])
    found = Read(tmp_path)
    assert found.papers == [PAPER]
    assert found.refused == []


@pytest.mark.parametrize("name", ["page-0001.xml", "page-0001.xml.gz"])
def test_a_record_of_a_page_is_a_paper(tmp_path: Path, name: str) -> None:
    put(tmp_path, name, page(oai()))
    found = Read(tmp_path)
    assert found.papers == [PAPER]
    assert found.refused == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("10.1103/PhysRevD.76.013009", "10.1103/physrevd.76.013009"),
        ("10.1/x 10.1000/AB.2", "10.1000/ab.2"),
        ("https://doi.org/10.1000/ab", "10.1000/ab"),
        ("forthcoming", None),
    ],
)
def test_the_published_version_is_known_by_its_doi(tmp_path: Path, given: str, kept: str | None) -> None:
    put(tmp_path, "a.json", [record("0704.0001", doi=given)])
    put(tmp_path, "b.xml", page(oai("hep-th/9901001", more=f"<doi>{given}</doi>")))
    assert [p["doi"] for p in Read(tmp_path).papers] == [kept, kept]


def test_the_latest_record_counts_whatever_the_order(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", page(oai(day="2024-05-01", categories="cs.CL")))
    put(tmp_path, "b.json", [record(update_date="2023-08-03"), record("math/0001001")])
    found = Read(tmp_path)
    assert [(p["arxiv_paper"], p["categories"]) for p in found.papers] == [
        ("1706.03762", "cs.CL"),
        ("math/0001001", "cs.CL cs.LG"),
    ]


def test_a_deleted_paper_goes(tmp_path: Path) -> None:
    put(tmp_path, "a.json", [record()])
    put(tmp_path, "b.xml", page(DELETED, oai("1706.03763")))
    assert [p["arxiv_paper"] for p in Read(tmp_path).papers] == ["1706.03763"]


def test_rows_are_put_away_as_they_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_ROWS", 3)
    put(tmp_path, "a.json", [record(f"1706.{n:05}") for n in range(10)] + [record("1706.00004", categories="cs.RO")])
    found = Read(tmp_path)
    assert len(found.papers) == 10
    # Of two records of one day the later one.
    assert found.papers[4]["categories"] == "cs.RO"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{", "not valid JSON"),
        ("[]", "not an object"),
        (record(id=17), "field 'id' is not text"),
        (record(id="1706.3"), "id is not one of arXiv"),
        (record(categories=["cs.CL"]), "field 'categories' is not text"),
        (record(categories=""), "categories are not arXiv's"),
        (record(categories="cs.CL <b>"), "categories are not arXiv's"),
        (record(doi=3), "field 'doi' is not text"),
        (record(versions=[]), "field 'versions' gives no date of the first"),
        (record(versions=[{"created": "some day"}]), "field 'versions' gives no date of the first"),
        (record(versions=[{"created": "Mon, 12 Jun 1800 17:57:34 GMT"}]), "year is out of range"),
        (record(update_date="2023-02-30"), "date is none"),
    ],
)
def test_a_bad_line_is_listed_by_number(tmp_path: Path, bad: Any, reason: str) -> None:
    put(tmp_path, "a.json", [record(), bad])
    found = Read(tmp_path)
    assert found.papers == [PAPER]
    assert [(r[1], r[2], r[3]) for r in found.refused] == [(2, "rejected", reason)]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("<record><header></header></record>", "record has no header with a datestamp"),
        (oai().replace("arXiv xmlns", "dc xmlns").replace("/arXiv>", "/dc>"), "record is not in the format arXiv"),
        (oai("x"), "id is not one of arXiv"),
        (oai(categories=""), "categories are not arXiv's"),
        (oai().replace("2017-06-12", "soon"), "date is none"),
        (oai().replace("</title>", ""), "record is not well-formed"),
    ],
)
def test_a_bad_record_is_listed_by_place(tmp_path: Path, bad: str, reason: str) -> None:
    put(tmp_path, "a.xml", page(oai(), bad))
    found = Read(tmp_path)
    assert found.papers == [PAPER]
    assert [(r[1], r[2]) for r in found.refused] == [(1, "rejected")]
    assert found.refused[0][3].startswith(reason)


def test_an_entity_is_not_read(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + page(oai(categories="&b;"))
    put(tmp_path, "a.xml", bomb)
    assert [r[3] for r in Read(tmp_path).refused] == ["categories are not arXiv's"]


def test_a_changed_format_stops_and_is_named(tmp_path: Path) -> None:
    changed = [record(f"1706.{n:05}") for n in range(30)]
    for each in changed:
        each["categories"] = each["categories"].split()
    put(tmp_path, "a.json", changed)
    with pytest.raises(SourceError, match=re.escape("30 of 30 records: field 'categories' is not text")):
        Read(tmp_path)


def test_many_bad_records_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_SHOWN", 2)
    put(tmp_path, "a.json", [record(f"1706.{n:05}") for n in range(10)] + ["{"] * 5)
    refused = Read(tmp_path).refused
    assert [r[3] for r in refused] == ["not valid JSON", "not valid JSON", "not valid JSON: more of them, not listed"]
    assert refused[-1][4] == "3"


def test_a_new_field_is_noted(tmp_path: Path) -> None:
    put(tmp_path, "a.json", [record(telepathy=1)])
    assert [(r[2], r[3], r[4]) for r in Read(tmp_path).refused] == [("noted", "unknown field", "telepathy")]


def test_a_file_of_another_kind_is_noted(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", '<OAI-PMH><error code="badResumptionToken">expired</error></OAI-PMH>')
    put(tmp_path, "b.json", "\n")
    assert {r[3] for r in Read(tmp_path).refused} == {"file holds no record: nothing to read"}


@pytest.mark.parametrize("name", ["a.json.gz", "a.xml.gz"])
def test_a_damaged_file_is_named(tmp_path: Path, name: str) -> None:
    put(tmp_path, name, page(*[oai(f"1706.{n:05}") for n in range(99)]) if "xml" in name else [record()] * 99)
    path = tmp_path / "arxiv" / name
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(SourceError, match=re.escape(str(path))):
        Read(tmp_path)


def test_an_endless_line_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_LONGEST", 100)
    put(tmp_path, "a.json", "x" * 1000)
    with pytest.raises(SourceError, match=r"a\.json, line 1: longer than 100 letters"):
        Read(tmp_path)


def test_without_files_the_table_is_empty(tmp_path: Path) -> None:
    found = Read(tmp_path)
    assert (found.papers, found.refused) == ([], [])


def test_how_to_get_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(MacawError, match=r"arxiv-metadata-oai-snapshot\.json"):
        remote_files(None, tmp_path)  # type: ignore[arg-type]


def test_definitions_are_held_against_categories(tmp_path: Path) -> None:
    (tmp_path / "parquet").mkdir()
    tables = {
        "works": [(f"w{n}", 2020, n != 5) for n in range(6)],
        "arxiv_works": [(f"w{n}",) for n in range(6)],
        "record_topics": [
            *((f"w{n}", "ai", "arxiv") for n in (0, 1, 2, 5)),
            *((f"w{n}", "ai", "model") for n in (0, 1, 3)),
            ("w4", "vision", "model"),
        ],
    }
    columns = {"works": ["work", "period", "is_published"], "arxiv_works": ["work"]}
    for name, rows in tables.items():
        names = columns.get(name, ["work", "topic", "definition"])
        table = pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
        pq.write_table(table, tmp_path / "parquet" / f"{name}.parquet")
    model = next(a for a in agreements(tmp_path) if a.definition == "model")
    assert (model.both, model.missed, model.beyond, model.neither) == (2, 1, 1, 1)
    assert (model.precision, model.recall, model.f1) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    broad = next(a for a in agreements(tmp_path) if a.definition == "broad")
    assert (broad.precision, broad.recall) == (None, 0.0)
    assert list(agreements(tmp_path, since=2021)) == []
