"""The Research Organization Registry in its three forms. Every organisation here is invented."""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile

import pytest

from macaw.errors import SourceError
from macaw.pipeline import _files
from macaw.sources import origins
from macaw.sources.records import rejected_table
from macaw.sources.ror.read import TABLES, read

DUMP = "ror/v9.1-2030-01-01-ror-data_schema_v2.json"
FLAT = "ror/ror-flat.jsonl"

NAMES = [
    {"value": "University of Parrots", "types": ["ror_display", "label"], "lang": "en"},
    {"value": "鹦鹉大学", "types": ["label"], "lang": "zh"},
    {"value": "Parrot  Uni", "types": ["alias"], "lang": None},
    {"value": "UP", "types": ["acronym"], "lang": None},
]


def v2(ror: str = "0aaaaaa11", **fields: object) -> dict[str, object]:
    """An organisation in schema v2."""
    return {
        "id": f"https://ror.org/{ror}",
        "status": "active",
        "types": ["education", "funder"],
        "names": NAMES,
        "established": 1901,
        "links": [
            {"type": "wikipedia", "value": "https://en.wikipedia.example/parrots"},
            {"type": "website", "value": "https://parrots.example"},
        ],
        "locations": [{"geonames_id": 1, "geonames_details": {"country_code": "NL", "name": "Delft"}}],
        "relationships": [{"type": "parent", "id": "https://ror.org/0bbbbbb22", "label": "Birds"}],
        **fields,
    }


def flat(ror: str = "0aaaaaa11", **fields: object) -> dict[str, object]:
    """The same organisation in the flat form."""
    return {
        "id": ror,
        "status": "active",
        "types": ["education", "funder"],
        "names": NAMES,
        "established": 1901,
        "links": ["https://parrots.example"],
        "country": "NL",
        "country_name": "Netherlands",
        "city": "Delft",
        "relationships": [{"type": "parent", "id": "0bbbbbb22", "label": "Birds"}],
        **fields,
    }


def lines(*records: object) -> str:
    return "".join((r if isinstance(r, str) else json.dumps(r, ensure_ascii=False)) + "\n" for r in records)


def zipped(**members: object) -> bytes:
    """A zip of JSON documents; `__` in a name stands for a dot."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
            archive.writestr(name.replace("__", "."), text)
    return data.getvalue()


@pytest.fixture
def reading(write, tmp_path):
    """Reads one file of the registry."""

    def of(content: object, name: str = DUMP):
        return read([write(name, content)], tmp_path)

    return of


def everything(made) -> dict[str, list[dict[str, object]]]:
    return {name: made.table(name).to_pylist() for name in TABLES}


def test_organisation_gives_its_rows(reading):
    made = reading([v2()])
    assert everything(made) == {
        "source_organisations": [
            {
                "ror": "0aaaaaa11",
                "record_status": "active",
                "kind": "education",
                "alpha2": "NL",
                "city": "Delft",
                "founded": 1901,
                "website": "https://parrots.example",
            }
        ],
        "source_organisation_names": [
            {"ror": "0aaaaaa11", "name": n, "name_kind": k, "language": lang}
            for n, k, lang in [
                ("University of Parrots", "display", "en"),
                ("鹦鹉大学", "label", "zh"),
                ("Parrot Uni", "alias", None),
                ("UP", "acronym", None),
            ]
        ],
        "source_relations": [{"ror": "0aaaaaa11", "relation": "parent", "related_ror": "0bbbbbb22"}],
    }
    assert made.refused == []


FORMS = {
    "v2": (DUMP, json.dumps([v2()], ensure_ascii=False)),
    "v2, gz": (DUMP + ".gz", gzip.compress(json.dumps([v2()]).encode(), mtime=0)),
    "v2, BOM": (DUMP, b"\xef\xbb\xbf" + json.dumps([v2()]).encode()),
    "zip": ("ror/v9.1-2030-01-01-ror-data.zip", zipped(**{"v9__1-ror-data_schema_v2__json": [v2()]})),
    "zip of today": ("ror/v9.2-2030-01-01-ror-data.zip", zipped(**{"v9__2-ror-data__json": [v2()], "v9__csv": "id"})),
    "zip with v1 beside": (
        "ror/v8.9-2029-01-01-ror-data.zip",
        zipped(
            **{
                "v8__9-ror-data__json": [{"id": "https://ror.org/0zzzzzz99", "name": "Old", "types": ["Education"]}]
                * 9,
                "v8__9-ror-data_schema_v2__json": [v2()],
                "v8__9-ror-data_schema_v2__csv": "id,name",
            }
        ),
    ),
    "flat": (FLAT, lines(flat())),
    "flat, gz": (FLAT + ".gz", gzip.compress(lines(flat()).encode(), mtime=0)),
    "flat, CRLF and blank lines": (FLAT, "\r\n" + lines(flat()).replace("\n", "\r\n") + "\r\n\r\n"),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_tables(reading, form):
    name, content = FORMS[form]
    made = reading(content, name)
    assert everything(made) == everything(reading([v2()]))
    assert made.refused == []


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_found_in_the_data_folder(write, tmp_path, form):
    name, content = FORMS[form]
    path = write(name, content)
    assert _files(tmp_path, origins()["ror"].patterns) == [path]


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (["company"], "company"),
        (["funder", "company"], "company"),
        (["funder", "education"], "education"),
        (["healthcare", "education"], "education"),
        (["funder"], "funder"),
        (["facility", "government"], "government"),
        (["nonprofit", "archive"], "nonprofit"),
        (["other"], "other"),
        (["something new"], "other"),
        ([], "other"),
        (None, "other"),
    ],
)
def test_kind(reading, rows, types, kind):
    assert rows(reading([v2(types=types)]), "source_organisations")[0]["kind"] == kind


@pytest.mark.parametrize("status", ["withdrawn", "inactive"])
def test_status_is_kept(reading, rows, status):
    assert rows(reading([v2(status=status)]), "source_organisations")[0]["record_status"] == status


def test_relations_of_every_kind_once_each(reading, rows):
    given = [
        ("parent", "0b"),
        ("child", "0c"),
        ("child", "0d"),
        ("related", "0b"),
        ("successor", "0e"),
        ("parent", "0b"),
    ]
    relations = [{"type": t, "id": f"https://ror.org/{i}", "label": "x"} for t, i in given]
    made = rows(reading([v2(relationships=relations)]), "source_relations")
    assert [(r["relation"], r["related_ror"]) for r in made] == given[:-1]


@pytest.mark.parametrize("missing", ["relationships", "links", "established", "types", "status"])
def test_what_may_be_missing_or_null(reading, rows, missing):
    without = v2()
    del without[missing]
    made = reading([without, v2("0cccccc33", **{missing: None})])
    assert len(rows(made, "source_organisations")) == 2
    assert made.refused == []


@pytest.mark.parametrize("locations", [[], None])
def test_without_a_place(reading, rows, locations):
    row = rows(reading([v2(locations=locations)]), "source_organisations")[0]
    assert (row["alpha2"], row["city"]) == (None, None)


def test_website_is_the_link_of_that_type(reading, rows):
    only_wiki = [{"type": "wikipedia", "value": "https://en.wikipedia.example/x"}]
    assert rows(reading([v2(links=only_wiki)]), "source_organisations")[0]["website"] is None


def test_repeated_and_empty_names_are_dropped(reading, rows):
    names = [*NAMES, NAMES[0], {"value": " ", "types": ["alias"]}, {"value": None, "types": ["alias"]}]
    assert len(rows(reading([v2(names=names)]), "source_organisation_names")) == 4


def test_a_name_of_two_types_has_the_stronger_one(reading, rows):
    names = [{"value": "UP", "types": ["acronym", "ror_display"], "lang": None}, {"value": "Up", "types": []}]
    made = rows(reading([v2(names=names)]), "source_organisation_names")
    assert [(r["name"], r["name_kind"]) for r in made] == [("UP", "display"), ("Up", "alias")]


# -- records that cannot be used -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "reason", "value"),
    [
        (v2(), "duplicate id", "https://ror.org/0aaaaaa11"),
        ("text", "not an object", "text"),
        ({"names": NAMES}, "field 'id' is missing", None),
        (v2(7, id=7), "field 'id' is missing", None),
        (
            {"id": "https://ror.org/0bbbbbb22", "name": "Old", "country": {"country_code": "NL"}},
            "field 'names' is missing or empty: not a record of ROR schema v2",
            "https://ror.org/0bbbbbb22",
        ),
        (
            v2("0bbbbbb22", names=[]),
            "field 'names' is missing or empty: not a record of ROR schema v2",
            "https://ror.org/0bbbbbb22",
        ),
    ],
)
def test_bad_record_is_listed_and_the_others_are_read(reading, rows, record, reason, value):
    made = reading([v2(), record, v2("0cccccc33")])
    assert [r["ror"] for r in rows(made, "source_organisations")] == ["0aaaaaa11", "0cccccc33"]
    assert [(r.file, r.position, r.reason, r.value) for r in made.refused] == [(DUMP, 1, reason, value)]


@pytest.mark.parametrize(
    "record",
    [
        v2("0bbbbbb22", names=["Uni"]),
        v2("0bbbbbb22", locations=[{"geonames_details": None}]),
        v2("0bbbbbb22", relationships=["0c"]),
        v2("0bbbbbb22", established="in 1901"),
        v2("0bbbbbb22", types=7),
        v2("0bbbbbb22", locations=[{"geonames_details": {"country_code": 31, "name": "Delft"}}]),
        v2("0bbbbbb22", links=[{"type": "website", "value": [1]}]),
        v2("0bbbbbb22", names=[{"value": "Uni", "types": ["label"], "lang": 7}]),
        v2("0bbbbbb22", names=[{"value": "Parrots \ud83e", "types": ["label"]}]),
        v2("0bbbbbb22", established=10**20),
        v2("0bbbbbb22", established=True),
        v2("0bbbbbb22", status=5),
        v2("0bbbbbb22\ud83e"),
    ],
    ids=[
        "name is text",
        "no details of the place",
        "relation is text",
        "year is text",
        "types is a number",
        "country is a number",
        "website is a list",
        "language is a number",
        "half a surrogate pair in a name",
        "huge year",
        "year is true",
        "status is a number",
        "half a surrogate pair in the id",
    ],
)
def test_a_record_of_another_shape_does_not_stop_the_reading(reading, rows, record):
    made = reading(json.dumps([v2(), record, v2("0cccccc33")]))
    kept = [r["ror"] for r in rows(made, "source_organisations")]
    refused = rejected_table(made.refused).to_pylist()
    assert {*kept} >= {"0aaaaaa11", "0cccccc33"}
    assert len(kept) + len(refused) == 3
    assert all(everything(made).values())


def test_a_refused_record_names_its_field_and_leaves_no_row(reading, rows):
    made = reading([v2("0bbbbbb22", relationships=["0c"]), v2("0cccccc33", established="in 1901"), v2()])
    assert [(r.position, r.reason, r.value) for r in made.refused] == [
        (0, "field 'relationships' has another shape than in ROR schema v2", ["0c"]),
        (1, "founded is not a whole number of 64 bits", "in 1901"),
    ]
    for table in TABLES:
        assert {r["ror"] for r in rows(made, table)} == {"0aaaaaa11"}


def test_a_line_that_json_refuses_otherwise_is_listed_too(reading):
    made = reading(lines(flat(), '{"id": ' + "1" * 5000 + "}", "[" * 200_000), FLAT)
    assert [r.position for r in made.refused] == [2, 3]


def test_a_line_that_is_not_json_is_listed_by_its_number(reading, rows):
    made = reading(lines(flat(), '{"id": "0bb', "", flat("0cccccc33")), FLAT)
    assert [r["ror"] for r in rows(made, "source_organisations")] == ["0aaaaaa11", "0cccccc33"]
    (refused,) = made.refused
    assert (refused.file, refused.position) == (FLAT, 2)
    assert refused.reason.startswith("not valid JSON at column 8 (")


def test_flat_duplicates_and_odd_lines(reading, rows):
    made = reading(lines(flat(), flat(), "7"), FLAT)
    assert len(rows(made, "source_organisations")) == 1
    assert [(r.position, r.reason) for r in made.refused] == [(2, "duplicate id"), (3, "not an object")]


def test_one_organisation_with_and_without_address_is_one(reading, rows):
    made = reading(lines(flat(), flat(id="https://ror.org/0aaaaaa11")), FLAT)
    assert len(rows(made, "source_organisations")) == 1


# -- files ---------------------------------------------------------------------------------------------------


def test_only_the_newest_file_is_read(write, tmp_path, rows):
    old = write("ror/v1.9-ror-data_schema_v2.json", [v2("0old000000")])
    new = write("ror/v2.0-ror-data_schema_v2.json", [v2("0new000000")])
    assert [r["ror"] for r in rows(read([old, new], tmp_path), "source_organisations")] == ["0new000000"]


def test_version_ten_is_newer_than_version_nine(write, tmp_path, rows):
    for version, ror in (("v1.9", "0old000000"), ("v1.10", "0new000000")):
        write(f"ror/{version}-ror-data_schema_v2.json", [v2(ror)])
    files = _files(tmp_path, origins()["ror"].patterns)
    assert [r["ror"] for r in rows(read(files, tmp_path), "source_organisations")] == ["0new000000"]


def test_no_file_gives_empty_tables(tmp_path):
    assert everything(read([], tmp_path)) == {name: [] for name in TABLES}


GOOD_ZIP = FORMS["zip"][1]


def misnamed(archive: bytes) -> bytes:
    """A zip whose first member's name is said to be UTF-8 and is not."""
    entry = archive.index(b"PK\x01\x02")
    return archive[: entry + 8] + b"\x00\x08" + archive[entry + 10 : entry + 46] + b"\xff" + archive[entry + 47 :]


def damaged(data: bytes) -> bytes:
    """A zip whose first member has some bytes overwritten."""
    return data[:60] + b"\0" * 40 + data[100:]


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("ror.zip", GOOD_ZIP[: len(GOOD_ZIP) // 2], "not a valid zip file"),
        ("ror.zip", b"", "not a valid zip file"),
        ("ror.zip", b"PK\x03\x04 and no more", "not a valid zip file"),
        ("ror.zip", damaged(FORMS["zip of today"][1]), "not a valid zip file"),
        ("ror.zip", misnamed(FORMS["zip of today"][1]), "not a valid zip file"),
        ("ror.zip", zipped(readme__txt="nothing here"), "holds no file ending in schema_v2.json or ror-data.json"),
        ("ror.zip", zipped(**{"v1-ror-data_schema_v2__json": "[{"}), "not valid JSON at line 1, column 3"),
        ("ror.zip", zipped(**{"v1-ror-data_schema_v2__json": {"items": []}}), "holds a JSON dict"),
        ("ror.json", b"", "the file is empty"),
        ("ror.json", b'{"items": []}', "holds a JSON dict"),
        ("ror.json", b"[]", "holds no organisation"),
        ("ror.json", b'[{"id": "https://ror.org/0aaaaaa11", "name": "Schema one"}]', "holds no organisation"),
        ("ror.jsonl", b"not json\nat all\n", "holds no organisation"),
        ("ror.jsonl", lines(flat(names=NAMES[:1], city="Köln")).encode("latin-1"), "which is not UTF-8"),
        ("ror.jsonl.gz", gzip.compress(lines(flat()).encode(), mtime=0)[:-9], "ends early"),
    ],
)
def test_bad_file_is_named_with_place_and_remedy(write, tmp_path, name, content, place):
    path = write(f"ror/{name}", content)
    with pytest.raises(SourceError) as caught:
        read([path], tmp_path)
    assert caught.value.what.startswith(f"{path}: ")
    assert place in caught.value.what
    assert "macaw fetch ror" in str(caught.value.remedy)


def encrypted(data: bytes) -> bytes:
    """A zip whose members say they are encrypted."""
    marked = bytearray(data)
    marked[6] |= 1
    marked[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(marked)


def packed_strangely(data: bytes) -> bytes:
    """A zip whose members say they are packed by an unknown method."""
    marked = bytearray(data)
    marked[8] = 97
    marked[data.index(b"PK\x01\x02") + 10] = 97
    return bytes(marked)


@pytest.mark.parametrize("damage", [encrypted, packed_strangely])
def test_zip_that_python_cannot_unpack_is_named(write, tmp_path, damage):
    path = write("ror/ror.zip", damage(GOOD_ZIP))
    with pytest.raises(SourceError, match=r"ror\.zip: "):
        read([path], tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_zip_without_permission_is_named(write, tmp_path):
    path = write("ror/ror.zip", GOOD_ZIP)
    path.chmod(0)
    with pytest.raises(SourceError, match="no permission"):
        read([path], tmp_path)


LARGE = "[" + " " * 5000 + "]"


@pytest.mark.parametrize("name", ["v9__2-ror-data__json", "v9__1-ror-data_schema_v2__json"])
def test_a_zip_too_large_when_unpacked_is_refused(write, tmp_path, monkeypatch, name):
    path = write("ror/ror.zip", zipped(**{name: LARGE}))
    monkeypatch.setattr("macaw.sources.files.MAX_BYTES", 4096)
    with pytest.raises(SourceError, match="unpacks to 5,002 bytes"):
        read([path], tmp_path)


def test_a_damaged_member_of_schema_v2_is_said_to_be_damaged(write, tmp_path):
    path = write("ror/ror.zip", damaged(GOOD_ZIP))
    with pytest.raises(SourceError, match="not a valid zip file"):
        read([path], tmp_path)
