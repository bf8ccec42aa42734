"""Files that mean harm: archives that lead elsewhere or swell, names that are SQL, formulas or commands."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from macaw import cli, pipeline
from macaw.errors import SourceError
from macaw.sources import files
from macaw.sources.files import csv_table, read_bytes, require_no_bomb, zip_member
from macaw.sources.patentsview import read as patentsview
from support.builds import CVPR
from support.hostile import HOSTILE

PATENTSVIEW = Path(__file__).parents[1] / "fuzz" / "seeds" / "patentsview" / "1"
ROR = Path(__file__).parents[1] / "fuzz" / "seeds" / "ror"
ESCAPE = "\x1b]0;owned\x07\x1b[2J"
LEADING_OUT = ("../../evil.json", "/etc/evil.json", "C:\\evil.json", "a/../../evil.json", "..\\evil.json")


def zipped(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def below(folder: Path) -> set[Path]:
    return {p for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("name", LEADING_OUT)
def test_a_name_in_a_zip_that_leads_elsewhere_writes_nothing(write, tmp_path, name):
    path = write("in/v1-ror-data.zip", zipped(**{name: b"[]"}))
    before = below(tmp_path)
    assert zip_member(path, (".json",), "ror") == b"[]"
    assert below(tmp_path) == before


@pytest.mark.parametrize("name", ["../../g_patent.tsv", "/tmp/g_patent.tsv"])
def test_a_table_in_a_zip_is_unpacked_under_a_name_of_our_own(write, tmp_path, name):
    table = (PATENTSVIEW / "patentsview" / "g_patent.tsv").read_bytes()
    path = write("in/patentsview/g_patent.tsv.zip", zipped(**{name: table}))
    before = below(tmp_path)
    reading = patentsview.read([path], tmp_path / "in")
    assert reading.table(patentsview.TABLES[0]).num_rows > 0
    assert below(tmp_path) == before
    assert not Path("/tmp/g_patent.tsv").exists()


def test_bombs_are_refused_before_they_go_off(write, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 1_000_000)
    monkeypatch.setattr(files, "_LARGE", 1_000_000)
    zeros = b"0" * 5_000_000
    packed = write("bomb.json.gz", gzip.compress(zeros))
    assert packed.stat().st_size < 10_000
    with pytest.raises(SourceError, match="more than 1,000,000 bytes when unpacked"):
        read_bytes(packed, "paperlists")
    archive = write("bomb.zip", zipped(**{"a.json": zeros}))
    with pytest.raises(SourceError, match="unpacks to 5,000,000 bytes"):
        zip_member(archive, (".json",), "ror")
    table = write("patentsview/g_patent.tsv.zip", zipped(**{"g_patent.tsv": zeros}))
    with pytest.raises(SourceError, match="unpacks to 5,000,000 bytes"):
        patentsview.read([table], table.parents[1])


def test_text_that_packs_well_is_no_bomb():
    member = zipfile.ZipInfo("g_patent_abstract.tsv")
    member.file_size, member.compress_size = 8 * 1024**3, 1024**3
    require_no_bomb(Path("x.zip"), member, "patentsview")


def test_a_zip_within_a_zip_is_not_opened(write):
    inner = zipped(**{"a.json": b"[]"})
    path = write("v1-ror-data.zip", zipped(**{"inner.zip": inner}))
    with pytest.raises(SourceError, match=r"holds no file ending in \.json"):
        zip_member(path, (".json",), "ror")


def test_a_cell_longer_than_any_name_is_refused(write):
    path = write("h1b.csv", "a,b\n" + "x" * 200_000 + ",1\n")
    with pytest.raises(SourceError, match="field larger than field limit"):
        csv_table(path, "h1b")


def test_a_first_line_without_end_is_refused(write):
    path = write("patentsview/g_patent.tsv", "patent_id\t" * 1_000_000)
    with pytest.raises(SourceError, match="its first line is no header"):
        patentsview.read([path], path.parents[1])


@pytest.mark.parametrize(
    "name", ["x'}); copy (select 1) to 'owned.csv'; --", "a' || (select 1) || '", 'b"c', "d;drop table patent"]
)
def test_a_column_whose_name_is_sql_is_only_a_name(write, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    lines = (PATENTSVIEW / "patentsview" / "g_patent.tsv").read_text("utf-8").splitlines()
    written = csv_line(name)
    path = write(
        "in/patentsview/g_patent.tsv", "\n".join([f"{lines[0]}\t{written}", *(f"{row}\tx" for row in lines[1:])]) + "\n"
    )
    reading = patentsview.read([path], tmp_path / "in")
    assert reading.table(patentsview.TABLES[0]).num_rows > 0
    assert not (tmp_path / "owned.csv").exists()


def csv_line(cell: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="").writerow([cell])
    return out.getvalue()


@pytest.fixture(scope="module")
def hostile_build(few_values, tmp_path_factory) -> Path:
    """A build of papers whose every text means harm."""
    folder = tmp_path_factory.mktemp("hostile")
    texts = [
        HOSTILE,
        ESCAPE,
        "x'; drop table works; --",
        "{{7*7}}${7*7}",
        "%s%n%d",
        "../../etc/passwd",
        '[evil]\na = "b"',
    ]
    papers = [
        {"title": f"{t} {n}", "status": "Poster", "author": t, "aff": f"{t}, Microsoft"} for n, t in enumerate(texts)
    ]
    papers += [{"title": t, "status": t, "author": t, "aff": t} for t in texts]
    (folder / CVPR).parent.mkdir(parents=True)
    (folder / CVPR).write_text(json.dumps(papers), "utf-8")
    pipeline.build(folder, folder / "out")
    return folder / "out"


def test_hostile_texts_are_read_and_kept_as_they_are(hostile_build):
    import macaw

    raw = {*macaw.open(hostile_build).table("raw_names")["raw_name"].to_pylist()}
    assert any("drop table works" in name for name in raw)
    assert macaw.open(hostile_build).table("works").num_rows >= 7


@pytest.mark.parametrize("form", ["table", "csv"])
def test_nothing_said_acts_on_a_terminal_or_a_spreadsheet(capsys, form):
    rows = [{"title": text, "raw_name": f"{text}!"} for text in (HOSTILE, ESCAPE)]
    cli._print(rows, form)
    said = capsys.readouterr().out
    assert "HYPERLINK" in said
    if form == "table":
        assert not {*said} & {"\x1b", "\x07", "\u202e"}
    else:
        cells = [cell for row in csv.reader(io.StringIO(said)) for cell in row]
        assert len(cells) == 6
        assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]


def test_what_a_build_says_of_refused_records_is_inert(hostile_build, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["build", "--data", str(hostile_build.parent), "--out", str(hostile_build)])
    assert not ended.value.code
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert "\u202e" not in said
