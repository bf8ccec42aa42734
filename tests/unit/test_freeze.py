"""A release holds values of the build's own sources only, and of none that forbids it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from macaw.errors import MacawError
from macaw.release import freeze as freezing
from macaw.release.freeze import freeze
from macaw.sources import origin


@pytest.fixture
def forbidding(monkeypatch):
    """Makes one source forbid releases."""

    def make(name: str) -> None:
        closed = replace(origin(name), values_may_be_released=False)
        monkeypatch.setattr(freezing, "origin", lambda asked: closed if asked == name else origin(asked))

    return make


def test_a_source_that_forbids_releases_stops_them_if_the_build_read_it(demo_build, tmp_path, forbidding):
    forbidding("paperlists")
    with pytest.raises(MacawError, match="values of paperlists may not be released"):
        freeze(demo_build, tmp_path / "out", "test")


def test_one_that_the_build_did_not_read_does_not(demo_build, tmp_path, forbidding):
    forbidding("epoch")
    freeze(demo_build, tmp_path / "out", "test")
    record = json.loads((tmp_path / "out" / "release.json").read_text("utf-8"))
    assert set(record["sources"]) >= {"paperlists", "ror"}
    assert "epoch" not in record["sources"]


def test_a_build_that_does_not_say_its_sources_is_refused(demo_build, tmp_path):
    shutil.copytree(demo_build, tmp_path / "build")
    record = json.loads((demo_build / "build.json").read_text("utf-8"))
    del record["sources"]
    (tmp_path / "build" / "build.json").write_text(json.dumps(record), "utf-8")
    with pytest.raises(MacawError, match="does not say which sources"):
        freeze(tmp_path / "build", tmp_path / "out", "test")
