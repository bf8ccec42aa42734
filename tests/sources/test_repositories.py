"""Source trees: which frameworks are imported, and what cannot be read."""

from __future__ import annotations

import pytest

from macaw.errors import MacawError, SourceError
from macaw.sources.repositories import read as module
from macaw.sources.repositories.fetch import remote_files
from macaw.sources.repositories.read import imports_of, read

HEADER = "organisation,year,path\n"


@pytest.fixture
def trees(write, tmp_path, rows):
    def make(manifest, **files):
        for name, code in files.items():
            write("repositories/" + name.replace("__", "/") + ".py", code)
        write("repositories/manifest.csv", manifest)
        found = sorted(p for p in (tmp_path / "repositories").rglob("*") if p.suffix == ".py" or p.suffix == ".csv")
        reading = read(found, tmp_path)
        refused = [(r.action, r.reason, r.value) for r in reading.refused]
        return rows(reading, "source_repositories"), rows(reading, "source_imports"), refused

    return make


def test_files_are_counted_by_the_frameworks_they_import_together(trees):
    repositories, imports, refused = trees(
        HEADER + "Deep Bees,2023,hive\n鹦鹉科技,2024,nest/2024\n",
        hive__a="import torch\nimport paddle",
        hive__b="from torch import nn",
        hive__sub__c="import torch.nn as nn",
        hive__d="import os",
        nest__2024__e="from mindspore.nn import Cell",
    )
    assert refused == []
    assert [(r["raw_name"], r["period"], r["title"], r["files"]) for r in repositories] == [
        ("Deep Bees", 2023, "hive", 4),
        ("鹦鹉科技", 2024, "nest/2024", 1),
    ]
    assert [(r["repository"], r["frameworks"], r["files"]) for r in imports] == [
        ("repositories:hive@2023", "paddle+torch", 1),
        ("repositories:hive@2023", "torch", 2),
        ("repositories:nest/2024@2024", "mindspore", 1),
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def f():\n    import jax", {"jax"}),
        ("from . import torch", set()),
        ("from .torch import x", set()),
        ("# import torch\n'import paddle'", set()),
        ("if True:\n    from tensorflow.keras import layers as l", {"tensorflow"}),
        ("import a, b.c as d", {"a", "b"}),
        ("x = '\\d'\nimport torch", {"torch"}),
        ("# -*- coding: gbk -*-\nimport torch", {"torch"}),
        ("\ufeffimport torch", {"torch"}),
    ],
)
def test_what_a_file_imports(code, expected):
    assert imports_of(code.encode()) == expected


def test_what_is_no_python_3_is_counted_and_listed(trees, tmp_path):
    repositories, _, refused = trees(
        HEADER + "Deep Bees,2023,hive\n",
        hive__old='print "hello"',
        hive__zero=b"import torch\x00",
        hive__text=b"\xff\xfe",
        hive__deep="(" * 250 + ")" * 250,
        hive__good="import torch",
    )
    assert [(r["files"], r["unreadable"]) for r in repositories] == [(1, 4)]
    assert {reason for _, reason, _ in refused} <= {"file is not Python 3", "file is nested too deeply"}
    assert len(refused) == 4


def test_large_files_and_large_trees_are_bounded(trees, monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 20)
    monkeypatch.setattr(module, "MAX_FILES", 2)
    repositories, _, refused = trees(
        HEADER + "Deep Bees,2023,hive\n",
        hive__a="import torch  # and a long comment",
        hive__b="import torch",
        hive__c="import torch",
        hive__d="import torch",
    )
    assert (repositories[0]["files"], repositories[0]["unreadable"]) == (1, 2)
    assert [reason for _, reason, _ in refused] == [
        "file is larger than 20 bytes",
        "repository has more than 2 files; the rest is not read",
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",2023,hive", "repository has no organisation"),
        ("Deep Bees,23,hive", "year is not four digits"),
        ("Deep Bees,2023,", "repository has no path"),
        ("Deep Bees,2023,../hive", "path leads out of the folder of the manifest"),
        ("Deep Bees,2023,/hive", "path leads out of the folder of the manifest"),
        ("Deep Bees,2023,ghost", "there is no such folder"),
        ("Deep Bees", "year is not four digits"),
    ],
)
def test_lines_of_the_manifest_that_are_refused(trees, line, reason):
    repositories, _, refused = trees(HEADER + line + "\n", hive__a="import torch")
    assert repositories == []
    assert (refused[0][:2], refused[1][:2]) == (
        ("rejected", reason),
        ("rejected", "files stand below no path of the manifest"),
    )


def test_a_path_twice_and_a_tree_without_python(trees, tmp_path):
    (tmp_path / "repositories" / "empty").mkdir(parents=True)
    repositories, _, refused = trees(HEADER + "A,2023,hive\nB,2024,hive/\nC,2023,empty\n", hive__a="import torch")
    assert [r["raw_name"] for r in repositories] == ["A"]
    assert [reason for _, reason, _ in refused] == ["path stands twice", "repository has no Python file"]


def test_a_tree_within_another_counts_once(trees):
    manifest = HEADER + "A,2023,hive\nB,2023,hive/part\n"
    repositories, _, _ = trees(manifest, hive__a="import torch", hive__part__b="import jax")
    assert [(r["raw_name"], r["files"]) for r in repositories] == [("A", 1), ("B", 1)]


def test_code_without_a_manifest_is_an_error_that_says_what_to_write(write, tmp_path):
    with pytest.raises(SourceError, match=r"no manifest\.csv"):
        read([write("repositories/a.py", "import torch")], tmp_path)


def test_a_manifest_without_a_column(trees):
    with pytest.raises(SourceError, match="has no column 'year'"):
        trees("organisation,path\nA,hive\n")


def test_nothing_is_fetched(tmp_path):
    with pytest.raises(MacawError, match="no file to fetch"):
        remote_files(None, tmp_path)
