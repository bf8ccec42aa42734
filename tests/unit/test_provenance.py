"""Hashes that stay, and files that are whole or absent."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from macaw import provenance
from macaw.errors import MacawError
from macaw.provenance import atomic, hash_file, hash_text, hash_tree, read_json, write_json


def test_hashes_are_the_same_on_every_machine(tmp_path):
    # Worked out with sha256sum, not with Macaw.
    file = tmp_path / "a.txt"
    file.write_bytes(b"parrots\n")
    assert hash_file(file) == "f56f2180e6712577abf0c13574e008b0b8fc681ea800c249dd31ff3d47053eaa"
    assert hash_text("a", "bc") == "5310a58788781ab25d5ad7c3f85035824b4eb7bdfa394e0ac2186271472b5492"


def test_hash_of_text_keeps_its_parts_apart():
    assert len({hash_text("ab", "c"), hash_text("a", "bc"), hash_text("abc"), hash_text("abc", ""), hash_text()}) == 5


def test_hash_of_a_file_larger_than_a_block(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_bytes(b"x" * (1 << 20) + b"y")
    second.write_bytes(b"x" * (1 << 20) + b"z")
    assert hash_file(first) != hash_file(second)


def tree(folder: Path, **files: str) -> str:
    for name, text in files.items():
        path = folder / name.replace("__", ".").replace("_in_", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return hash_tree(folder)


def test_hash_of_a_tree_depends_on_names_and_contents_of_code_only(tmp_path):
    base = tree(tmp_path / "a", sub_in_x__py="1", y__sql="2")
    assert tree(tmp_path / "b", y__sql="2", sub_in_x__py="1") == base
    assert tree(tmp_path / "b", notes__md="not code", cache__pyc="0") == base
    assert tree(tmp_path / "c", sub_in_x__py="1", y__sql="3") != base
    assert tree(tmp_path / "d", x__py="1", y__sql="2") != base
    assert tree(tmp_path / "a", z__toml="") != base


# -- atomic writing ------------------------------------------------------------------------------------------


def test_file_appears_when_the_block_is_done(tmp_path):
    path = tmp_path / "new" / "file.txt"
    with atomic(path) as temporary:
        temporary.write_text("half")
        assert not path.exists()
        temporary.write_text("whole")
        written = temporary.stat().st_ino
    assert path.stat().st_ino == written, "moved in one go, not copied"
    assert path.read_text() == "whole"
    assert [p.name for p in path.parent.iterdir()] == ["file.txt"]


@pytest.mark.parametrize(
    "error", [ValueError("x"), KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device")]
)
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, error):
    path = tmp_path / "file.txt"
    path.write_text("old")

    def attempt() -> None:
        with atomic(path) as temporary:
            temporary.write_text("half")
            raise error

    with pytest.raises(MacawError if isinstance(error, OSError) else type(error)):
        attempt()
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["file.txt"]


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        (errno.ENOSPC, "free some disk space"),
        (errno.EACCES, "choose a folder you may write"),
        (errno.EROFS, "choose a folder you may write"),
        (errno.EIO, "check the path"),
    ],
)
def test_a_failed_write_says_where_why_and_what_to_do(tmp_path, code, remedy):
    path = tmp_path / "values.parquet"
    reason = OSError(code, "the reason")
    with pytest.raises(MacawError) as caught, atomic(path):
        raise reason
    assert caught.value.what == f"{path}: cannot be written (the reason)"
    assert remedy in str(caught.value.remedy)


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(MacawError, match="cannot be written"), atomic(tmp_path / "out" / "x.json") as temporary:
        temporary.write_text("")


def test_json_is_written_whole_and_readable(tmp_path):
    path = tmp_path / "build.json"
    write_json(path, {"名": ["é", 1]})
    assert path.read_text("utf-8") == '{\n "名": [\n  "é",\n  1\n ]\n}\n'
    with pytest.raises(TypeError):
        write_json(path, {"x": object()})
    assert read_json(path) == {"名": ["é", 1]}


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe"])
def test_a_damaged_record_is_named(tmp_path, content):
    path = tmp_path / "build.json"
    path.write_bytes(content)
    with pytest.raises(MacawError, match=r"build\.json: not a record of a build") as caught:
        provenance.read_json(path)
    assert caught.value.remedy == "delete the folder and build again"
