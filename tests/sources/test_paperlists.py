"""Paper Copilot's conference files, with all their quirks. Every record here is invented."""

from __future__ import annotations

import gzip
import json
import os
import re
from pathlib import Path

import pytest

from macaw.errors import SourceError
from macaw.pipeline import _files
from macaw.sources import origins
from macaw.sources.paperlists.read import FileName, read, work_id
from macaw.sources.records import rejected_table

NAME = "paperlists/cvpr/cvpr2017.json"


def paper(title: str = "Counting Parrots", **fields: object) -> dict[str, object]:
    return {"title": title, "status": "Poster", "author": "A One; B Two", "aff": "Uni Alpha; Beta Labs", **fields}


@pytest.fixture
def reading(write, tmp_path):
    """Reads records as one conference file."""

    def of(records: object, name: str = NAME):
        return read([write(name, records)], tmp_path)

    return of


@pytest.fixture
def only(reading, rows):
    """The one row of source_papers that one record gives."""

    def of(**fields: object):
        (row,) = rows(reading([paper(**fields)]), "source_papers")
        return row

    return of


@pytest.fixture
def slots(reading, rows):
    """The affiliations of one record, as (slot, part, raw name)."""

    def of(aff: str, **fields: object):
        found = rows(reading([paper(aff=aff, **fields)]), "source_affiliations")
        return [(r["slot"], r["part"], r["raw_name"]) for r in found]

    return of


def refusals(reading) -> list[tuple[str, int | None, str, object]]:
    return [(r.action, r.position, r.reason, r.value) for r in reading.refused]


# -- an ordinary file ----------------------------------------------------------------------------------------


def test_record_becomes_one_row_with_its_place(reading, rows):
    made = reading([paper("Other"), paper("Counting  Parrots\n at Dusk", track="main", site="https://x.example/1")])
    row = rows(made, "source_papers")[1]
    assert row == {
        "work": work_id(FileName("cvpr", 2017), "Counting Parrots at Dusk"),
        "source": "paperlists",
        "file": NAME,
        "position": 1,
        "venue_folder": "cvpr",
        "period": 2017,
        "title": "Counting Parrots at Dusk",
        "listed_status": "Poster",
        "track": "main",
        "authors": 2,
        "slots": 2,
        "link": "https://x.example/1",
        "citations": None,
        "normalised_countries": None,
    }
    assert made.refused == []


def test_no_name_of_an_author_is_kept(reading):
    made = reading([paper(author="Zyx Qwertz; Vuw Yxcvb", authors="Zyx Qwertz")])
    kept = str([made.table(t).to_pylist() for t in ("source_papers", "source_affiliations")])
    assert "Qwertz" not in kept
    assert "Uni Alpha" in kept


@pytest.mark.parametrize(
    ("author", "count"),
    [
        ("A One; B Two; C Three", 3),
        ("A One;B Two;C Three", 3),
        ("A One;  B Two", 2),
        ("A One, B Two, C Three", 3),
        ("A One", 1),
        ("One, Jr., A; Two, B", 2),
        ("A One;;B Two;", 2),
        ("A One;B Two;A One;B Two", 2),
        ("A One;A One", 1),
        ("A One;B Two;A One;C Three", 4),
        ("A One;B Two;A One", 3),
        ("", None),
        (" ; ", None),
    ],
)
def test_authors_are_counted_once(only, author, count):
    assert only(author=author)["authors"] == count


def test_the_field_authors_stands_in_for_author(only):
    assert only(author=None, authors="A One, B Two, C Three")["authors"] == 3
    assert only(author="", authors="A One, B Two, C Three")["authors"] == 3


def test_only_a_link_that_is_there_is_kept(only):
    assert only(site="", pdf="https://x.example/p.pdf")["link"] == "https://x.example/p.pdf"
    assert only(site="https://x.example/s", pdf="https://x.example/p.pdf")["link"] == "https://x.example/s"
    assert only(site="", pdf="")["link"] is None


@pytest.mark.parametrize(("given", "kept"), [(0, 0), (17, 17), (-1, None), (None, None)])
def test_citations_below_zero_mean_not_counted(only, given, kept):
    assert only(gs_citation=given)["citations"] == kept


def test_absent_status_is_null_not_empty(reading, rows):
    record = paper()
    del record["status"]
    made = reading([record])
    assert rows(made, "source_papers")[0]["listed_status"] is None
    assert made.refused == []


def test_order_of_files_and_records_is_kept(write, tmp_path, rows):
    first = write("paperlists/acl/acl2020.json", [paper("One"), paper("Two")])
    second = write("paperlists/icml/icml2016.json", [paper("One")])
    made = rows(read([first, second], tmp_path), "source_papers")
    assert [(r["file"], r["position"], r["title"]) for r in made] == [
        ("paperlists/acl/acl2020.json", 0, "One"),
        ("paperlists/acl/acl2020.json", 1, "Two"),
        ("paperlists/icml/icml2016.json", 0, "One"),
    ]


# -- affiliations --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("aff", "expected"),
    [
        ("Uni Alpha; Beta Labs", [(0, 0, "Uni Alpha"), (1, 0, "Beta Labs")]),
        ("Uni Alpha;Beta Labs", [(0, 0, "Uni Alpha"), (1, 0, "Beta Labs")]),
        ("Uni Alpha+Beta Labs", [(0, 0, "Uni Alpha"), (0, 1, "Beta Labs")]),
        ("Uni Alpha + Beta Labs", [(0, 0, "Uni Alpha"), (0, 1, "Beta Labs")]),
        ("Uni Alpha+", [(0, 0, "Uni Alpha")]),
        (
            "Uni Alpha; Beta Labs+Uni Alpha, Dept. of Birds; Gamma",
            [(0, 0, "Uni Alpha"), (1, 0, "Beta Labs"), (1, 1, "Uni Alpha, Dept. of Birds"), (2, 0, "Gamma")],
        ),
        ("Uni Alpha;;Gamma;", [(0, 0, "Uni Alpha"), (2, 0, "Gamma")]),
        (" - ; ., ;Gamma", [(2, 0, "Gamma")]),
        ("", []),
        ("  ", []),
    ],
)
def test_slots_and_parts(slots, aff, expected):
    assert slots(aff) == expected


@pytest.mark.parametrize(
    ("aff", "count"), [("Uni Alpha;;Gamma;", 4), ("Uni Alpha", 1), ("", 0), (" ", 0), (None, 0), (";", 2)]
)
def test_empty_slots_are_counted(only, aff, count):
    assert only(aff=aff)["slots"] == count


def test_a_shorter_list_for_the_whole_paper_keeps_its_own_slots(only):
    row = only(author="A One, B Two, C Three, D Four", aff="Uni Alpha;Beta Labs")
    assert (row["authors"], row["slots"]) == (4, 2)


def test_the_field_affs_is_not_read(slots):
    assert slots("", affs="Dept. of Birds+Uni Alpha") == []


LEAK = "Counting Parrots\nA One1, B Two2\n1Uni Alpha, 2Beta + Labs\nAbstract\nWe count; we weigh\nand sing\n"


def test_of_a_leaked_title_page_only_the_head_stays(reading, rows):
    made = reading([paper(aff=LEAK + "; Gamma+Delta", author="A One; B Two; C Three")])
    assert [(r["slot"], r["part"], r["raw_name"]) for r in rows(made, "source_affiliations")] == [
        (0, 0, "Counting Parrots\nA One1, B Two2\n1Uni Alpha, 2Beta + Labs"),
        (2, 0, "Gamma"),
        (2, 1, "Delta"),
    ]
    assert refusals(made) == [("noted", 0, "title page leaked into the affiliations; its head is read", None)]


def test_a_leaked_page_ends_with_the_first_slot_of_one_line(slots):
    found = slots("Uni Alpha; Head\nABSTRACT\none; two\nlines; Beta Labs; Gamma\nlines")
    assert found == [(0, 0, "Uni Alpha"), (1, 0, "Head"), (3, 0, "Beta Labs"), (4, 0, "Gamma\nlines")]


def test_the_word_abstract_in_a_name_is_no_leak(reading, rows):
    made = reading([paper(aff="Institute of Abstract Algebra; Beta Labs")])
    assert [r["raw_name"] for r in rows(made, "source_affiliations")] == ["Institute of Abstract Algebra", "Beta Labs"]
    assert made.refused == []


# -- ids and duplicates --------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", ["counting parrots", "Counting-Parrots.", " Counting\tParrots ", "Ｃounting Parrots"])
def test_id_ignores_case_spacing_and_marks(other):
    file = FileName("cvpr", 2017)
    assert work_id(file, other) == work_id(file, "Counting Parrots")


def test_id_differs_by_title_venue_and_year():
    ids = {
        work_id(FileName(venue, year), title)
        for venue in ("cvpr", "iccv")
        for year in (2017, 2019)
        for title in ("Parrots", "Parrot", "鹦鹉", "???", "!!!")
    }
    assert len(ids) == 20
    assert all(re.fullmatch(r"(cvpr|iccv)(2017|2019)/[0-9a-f]{12}", i) for i in ids)


def test_id_is_permanent():
    # A published id must never change: it is what records are quoted by.
    assert work_id(FileName("cvpr", 2017), "Counting Parrots") == "cvpr2017/6b73f622d1aa"
    assert work_id(FileName("cvpr", 2017), "Counting Parrots", 1) == "cvpr2017/6b73f622d1aa-2"


def test_second_record_of_a_paper_is_refused(reading, rows):
    made = reading([paper(), paper("Counting parrots!", aff="Elsewhere")])
    assert [r["position"] for r in rows(made, "source_papers")] == [0]
    assert refusals(made) == [("rejected", 1, "duplicate of a paper in the same file", "Counting parrots!")]


@pytest.mark.parametrize("status", ["Reject", "Withdraw", "Desk Reject", "Withdrawn Submission"])
def test_accepted_record_is_kept_over_the_refused_one(reading, rows, status):
    made = reading([paper(status=status), paper("Another"), paper(status="Oral")])
    assert [(r["position"], r["listed_status"]) for r in rows(made, "source_papers")] == [(1, "Poster"), (2, "Oral")]
    assert [r.position for r in made.refused] == [0]


def test_same_title_by_other_authors_is_another_paper(reading, rows):
    made = reading([paper(), paper(author="C Three"), paper(author="D Four; E Five")])
    first, second, third = (r["work"] for r in rows(made, "source_papers"))
    assert (second, third) == (first + "-2", first + "-3")
    assert made.refused == []


def test_same_title_in_another_file_is_another_paper(write, tmp_path, rows):
    files = [write(f"paperlists/{v}/{v}2017.json", [paper()]) for v in ("acl", "cvpr")]
    made = read(files, tmp_path)
    assert len({r["work"] for r in rows(made, "source_papers")}) == 2
    assert made.refused == []


# -- records that cannot be used -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "reason", "value"),
    [
        ("just text", "not an object", "just text"),
        (None, "not an object", None),
        (["title"], "not an object", ["title"]),
        ({"author": "A One"}, "field 'title' is missing", None),
        ({"title": None}, "title is not text", None),
        ({"title": 7}, "title is not text", 7),
        ({"title": "", "id": "x1"}, "title is empty", "x1"),
        ({"title": " \n", "ssid": "s1", "id": "x1"}, "title is empty", "s1"),
        (paper(aff=5), "field 'aff' is not text", 5),
        (paper(status=True), "field 'status' is not text", True),
        (paper(gs_citation=True), "field 'gs_citation' is not a whole number", True),
        (paper(gs_citation="12"), "field 'gs_citation' is not a whole number", "12"),
        (paper(gs_citation=1.5), "field 'gs_citation' is not a whole number", 1.5),
        (paper(year="soon"), "year is out of range", "soon"),
        (paper(year=3017), "year is out of range", 3017),
    ],
)
def test_bad_record_is_listed_and_the_others_are_read(reading, rows, record, reason, value):
    made = reading([record, paper("Good")])
    assert [r["title"] for r in rows(made, "source_papers")] == ["Good"]
    assert refusals(made) == [("rejected", 0, reason, value)]


@pytest.mark.parametrize("field", ["author", "authors"])
def test_authors_that_are_no_text_are_refused(reading, rows, field):
    made = reading([paper(**{field: ["A One", "B Two"]}), paper("Good")])
    assert [r["title"] for r in rows(made, "source_papers")] == ["Good"]
    assert [(r.position, r.reason) for r in made.refused] == [(0, f"field '{field}' is not text")]


@pytest.mark.parametrize(
    "field",
    [
        {"author": ["Zyx Qwertz"]},
        {"authors": "Zyx Qwertz \ud83e"},
        {"aff": [{"name": "Zyx Qwertz"}]},
        {"aff": "Counting Parrots\nZyx Qwertz1\n1Uni Alpha \ud83e\nAbstract"},
    ],
    ids=["list of authors", "half a surrogate pair", "affiliations with names", "leaked title page"],
)
def test_names_of_refused_authors_are_not_listed(write, tmp_path, field):
    made = read([write(NAME, json.dumps([paper(**field)]))], tmp_path)
    (row,) = rejected_table(made.refused).to_pylist()
    assert "Qwertz" not in str(row)


# Whether a year is in range does not depend on the day it is read.
@pytest.mark.parametrize("year", [2017, "2017", None, 2099])
def test_a_year_in_range_is_no_objection(reading, rows, year):
    assert len(rows(reading([paper(year=year)]), "source_papers")) == 1


@pytest.mark.parametrize(
    "record",
    [
        paper(year="201²"),
        paper("Parrots \ud83e"),
        paper(gs_citation=10**20),
        paper(year="201\ud83e"),
        paper(gs_citation="\ud83e"),
        {"title": "", "id": "\ud83e"},
        "\ud83e",
    ],
    ids=[
        "superscript year",
        "half a surrogate pair",
        "huge citation count",
        "half a pair in the year",
        "half a pair for a count",
        "half a pair in the id",
        "half a pair for a record",
    ],
)
def test_one_odd_record_does_not_stop_the_reading(write, tmp_path, rows, record):
    path = write(NAME, json.dumps([record, paper("Good")]))
    made = read([path], tmp_path)
    assert "Good" in [r["title"] for r in rows(made, "source_papers")]
    assert [r["position"] for r in rejected_table(made.refused).to_pylist()] == [0]


def test_a_column_with_half_a_surrogate_pair_is_noted(write, tmp_path):
    made = read([write(NAME, json.dumps([paper(**{"zeta\ud83e": 1})]))], tmp_path)
    assert [r["offending_value"] for r in rejected_table(made.refused).to_pylist()] == ["zeta\\ud83e"]


def test_a_conference_in_two_files_is_refused(write, tmp_path):
    plain = write(NAME, [paper()])
    packed = write(f"{NAME}.gz", gzip.compress(plain.read_bytes()))
    with pytest.raises(SourceError, match="is the same conference and year") as caught:
        read([plain, packed], tmp_path)
    assert str(plain) in caught.value.what
    assert str(packed) in caught.value.what


def test_unknown_columns_are_noted_once_a_file(write, tmp_path, rows):
    strange = [paper(t, zeta=1, eta="x") for t in ("One", "Two", "Three")]
    files = [write(NAME, strange), write("paperlists/acl/acl2020.json", [paper(zeta=2)])]
    made = read(files, tmp_path)
    assert [(r.action, r.file, r.position, r.reason, r.value) for r in made.refused] == [
        ("noted", NAME, None, "unknown column", "eta, zeta"),
        ("noted", "paperlists/acl/acl2020.json", None, "unknown column", "zeta"),
    ]
    assert len(rows(made, "source_papers")) == 4


def test_columns_of_reviews_are_known(reading):
    assert reading([paper(rating_avg=[6.0, 1.0], wc_review="300;200", corr_rating_confidence=0.1)]).refused == []


def test_addresses_are_masked_and_values_cut_where_they_are_listed(reading):
    made = reading([paper(year="jane.doe@uni-alpha.example " + "x" * 500)])
    (row,) = rejected_table(made.refused).to_pylist()
    assert row["offending_value"].startswith("***@uni-alpha.example x")
    assert len(row["offending_value"]) == 120


def test_list_of_refused_records_is_in_a_stable_order(reading):
    made = reading([None, paper(zeta=1), paper(status="Reject"), {"title": ""}])
    table = rejected_table(reversed(made.refused)).to_pylist()
    assert table == rejected_table(made.refused).to_pylist()
    assert [r["position"] for r in table] == [None, 0, 2, 3]


# -- files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_plain_and_gzipped_files_with_and_without_bom_give_the_same(write, tmp_path, rows, mark):
    data = mark + json.dumps([paper("Parrots — 鹦鹉")], ensure_ascii=False).encode()
    plain = read([write("paperlists/acl/acl2020.json", data)], tmp_path)
    packed = read([write("paperlists/acl/acl2020.json.gz", gzip.compress(data))], tmp_path)
    (one,), (other,) = rows(plain, "source_papers"), rows(packed, "source_papers")
    assert one["title"] == "Parrots — 鹦鹉"
    assert {**one, "file": ""} == {**other, "file": ""}


@pytest.mark.parametrize(
    ("name", "content", "place", "remedy"),
    [
        ("cvpr2017.json", b"", "the file is empty", "macaw fetch paperlists"),
        ("cvpr2017.json", b" \n", "the file is empty", "macaw fetch paperlists"),
        ("cvpr2017.json.gz", b"", "the file is empty", "macaw fetch paperlists"),
        ("cvpr2017.json.gz", gzip.compress(b"", mtime=0), "the file is empty", "macaw fetch paperlists"),
        ("cvpr2017.json", b"<html>404</html>", "line 1, column 1", "macaw fetch paperlists"),
        ("cvpr2017.json", b'[{"title": "x"},\n {"title": }]', "line 2, column 12", "macaw fetch paperlists"),
        ("cvpr2017.json", b'[{"title": "x"},', "line 1, column 17", "macaw fetch paperlists"),
        ("cvpr2017.json", '[\n{"title": "Señal"}]'.encode("latin-1"), "line 2) is 0xf1, which is not UTF-8", "UTF-8"),
        ("cvpr2017.json", '[{"title": "鹦鹉"}]'.encode("gbk"), "byte 12 (line 1) is 0xf0", "convert the file"),
        ("cvpr2017.json", b'{"papers": []}', "holds a JSON dict", "macaw fetch paperlists"),
        ("cvpr2017.json", b'"papers"', "holds a JSON str", "macaw fetch paperlists"),
        ("cvpr2017.json", b"[" * 200_000, "nested too deeply", "not a file of the source"),
        ("cvpr2017.json", b'[{"title": "x", "year": ' + b"1" * 5000 + b"}]", "too many digits", "macaw fetch"),
        ("cvpr2017.json.gz", b"[]", "not a valid gzip file", "macaw fetch paperlists"),
        ("cvpr2017.json.gz", gzip.compress(b"[1, 2, 3]", mtime=0)[:-6], "ends early", "macaw fetch paperlists"),
        ("cvpr.json", b"[]", "does not tell venue and year", "cvpr2013.json"),
        ("2017.json", b"[]", "does not tell venue and year", "cvpr2013.json"),
        ("CVPR2017.json", b"[]", "does not tell venue and year", "cvpr2013.json"),
        ("cvpr2105.json", b"[]", "year 2105 is out of range", "rename or remove"),
        ("cvpr20177.json", b"[]", "year 20177 is out of range", "rename or remove"),
        ("cvpr1949.json", b"[]", "year 1949 is out of range", "rename or remove"),
    ],
)
def test_bad_file_is_named_with_place_and_remedy(write, tmp_path, name, content, place, remedy):
    path = write(f"paperlists/cvpr/{name}", content)
    with pytest.raises(SourceError) as caught:
        read([path], tmp_path)
    assert caught.value.what.startswith(f"{path}: ")
    assert place in caught.value.what
    assert remedy in str(caught.value.remedy)


def test_middle_of_a_gzip_file_overwritten(write, tmp_path):
    data = bytearray(gzip.compress(json.dumps([paper(str(n)) for n in range(500)]).encode()))
    data[60:90] = b"\xff" * 30
    path = write(NAME + ".gz", bytes(data))
    with pytest.raises(SourceError, match=r"not a valid gzip file|ends early"):
        read([path], tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_file_without_permission_is_named(write, tmp_path):
    path = write(NAME, [paper()])
    path.chmod(0)
    with pytest.raises(SourceError, match=r"no permission") as caught:
        read([path], tmp_path)
    assert caught.value.what.startswith(f"{path}: ")
    assert caught.value.remedy == f"run: chmod +r '{path}'"


def test_a_file_too_large_when_unpacked_is_refused(write, tmp_path, monkeypatch):
    path = write(NAME + ".gz", gzip.compress(b"[" + b" " * 5000 + b"]"))
    monkeypatch.setattr("macaw.sources.files.MAX_BYTES", 4096)
    with pytest.raises(SourceError, match="more than 4,096 bytes"):
        read([path], tmp_path)


def test_file_of_no_paper_gives_empty_tables(reading):
    made = reading([])
    assert [made.table(t).num_rows for t in ("source_papers", "source_affiliations")] == [0, 0]


def test_only_files_of_the_source_are_found(write, tmp_path):
    kept = [write(f"paperlists/{n}", []) for n in ("acl/acl2020.json", "cvpr/cvpr2017.json.gz")]
    for other in ("paperlists/README.md", "paperlists/cvpr/notes.txt", "paperlists/top2017.json", "cvpr/cvpr2018.json"):
        write(other, [])
    (tmp_path / "paperlists/cvpr/dir2017.json").mkdir()
    assert _files(Path(tmp_path), origins()["paperlists"].patterns) == kept
