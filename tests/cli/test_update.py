"""The monthly run on the demo: whole, kept when run again, stopped at the stage that fails, dry."""

from __future__ import annotations

import errno
import json
import os
import shutil
from dataclasses import replace

import pytest

from macaw import update as monthly
from macaw.errors import MacawError, UsageError
from macaw.release import downloads
from macaw.sources import origins
from macaw.sources.fetch import Fetched
from support.builds import few_files, one_specification


@pytest.fixture
def started(tmp_path, demo_build, demo_data):
    """A run whose build is there already, as if it had been stopped after it."""
    shutil.copytree(demo_build, tmp_path / "monthly" / "build", copy_function=shutil.copy2)
    return lambda **given: monthly.Run(tmp_path / "monthly", "2026-12", demo_data, (), **given)


@pytest.fixture
def quick_diff(monkeypatch):
    """A diff with one warning and values no longer told, without comparing anything."""
    document = {"warnings": [{}], "causes": [], "differ": 1, "compared": 9, "old": "2026-11"}
    document["kinds"] = {"no_longer_told": 4}
    monkeypatch.setattr(monthly, "diff", lambda old, new: None)
    monkeypatch.setattr(monthly.diff_report, "document", lambda found: dict(document))


def test_a_run_makes_release_diff_and_site_and_keeps_them_when_run_again(run, tmp_path, demo_data):
    folder = tmp_path / "monthly"
    data = few_files(demo_data, tmp_path / "data")
    arguments = ("update", "--no-fetch", "--data", data, "--folder", folder, "--name", "2026-12")
    with one_specification():
        shown = run(*arguments)
    assert shown.code in (0, 3)
    made = folder / "releases" / "2026-12"
    assert json.loads((made / "release.json").read_text("utf-8"))["release"] == "2026-12"
    document = json.loads((made / "diff.json").read_text("utf-8"))
    assert (document["old"], document["new"]) == ("2026-11", "2026-12")
    assert shown.code == (3 if document["warnings"] else 0)
    assert (folder / "site" / "index.html").is_file()
    assert sorted(p.name for p in (folder / "releases").iterdir()) == ["2026-12"]
    before = {p: p.stat().st_mtime_ns for p in made.iterdir()}
    with one_specification():
        again = run(*arguments)
    assert again.code == shown.code
    assert "2026-12 is there already" in again.err
    assert {p: p.stat().st_mtime_ns for p in made.iterdir()} == before


def test_a_dry_run_does_nothing(run, tmp_path, demo_data):
    shown = run("update", "--no-fetch", "--data", demo_data, "--folder", tmp_path / "m", "--dry-run")
    assert shown.code == 0
    for stage in monthly.STAGES:
        assert stage in shown.out
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize("failing", ["fetch", "build", "check", "diff", "release", "site"])
def test_the_stage_that_fails_is_named_and_later_ones_do_not_run(failing, tmp_path, monkeypatch):
    ran = []

    def stage(name):
        def work(run):
            ran.append(name)
            if name == failing:
                raise MacawError("the parrot is resting", "wake it")

        return work, lambda run: ""

    monkeypatch.setattr(monthly, "STAGES", {name: stage(name) for name in monthly.STAGES})
    with pytest.raises(MacawError, match=rf"update stopped at {failing}: the parrot is resting\n  → wake it"):
        monthly.update(monthly.Run(tmp_path / "m", "2026-12", tmp_path, ()))
    assert ran[-1] == failing


@pytest.mark.parametrize(("code", "remedy"), [("ENOSPC", "free some disk space"), ("EROFS", "choose a folder")])
def test_a_full_or_read_only_disk_is_named_with_its_stage(tmp_path, monkeypatch, code, remedy):
    def work(run):
        raise OSError(getattr(errno, code), os.strerror(getattr(errno, code)), str(tmp_path / "site" / "index.html"))

    monkeypatch.setattr(monthly, "STAGES", {"site": (work, lambda run: "")})
    with pytest.raises(MacawError, match=rf"update stopped at site: .*index\.html: cannot be written(.|\n)*→ {remedy}"):
        monthly.update(monthly.Run(tmp_path / "m", "2026-12", tmp_path, ()))


def test_a_failing_release_leaves_nothing_half_written(started, monkeypatch, quick_diff):
    run = started()
    (run.release.parent / ".2026-12.new").mkdir(parents=True)
    (run.release.parent / ".2026-12.new" / "left").write_text("of a killed run", "utf-8")

    def freeze(build, out, name):
        (out / "values.parquet").write_text("half", "utf-8")
        raise MacawError("the disk is full", "free some space")

    monkeypatch.setattr(monthly, "freeze", freeze)
    monthly.STAGES["diff"][0](run)
    assert not (run.release.parent / ".2026-12.new" / "left").exists()
    with pytest.raises(MacawError, match="the disk is full"):
        monthly.STAGES["release"][0](run)
    assert not run.release.exists()
    assert monthly.releases(run.folder / "releases") == []


def test_a_release_of_another_build_is_not_replaced(started):
    run = started()
    run.release.mkdir(parents=True)
    (run.release / "release.json").write_text('{"release": "2026-12", "built_from": {"steps": {}}}', "utf-8")
    with pytest.raises(MacawError, match="made from another build\n  → give another name"):
        monthly.STAGES["diff"][0](run)


def test_strict_stops_before_the_release(started, quick_diff):
    with pytest.raises(MacawError, match="1 values lie beyond their own interval of 2026-11"):
        monthly.STAGES["diff"][0](started(strict=True))
    run = started()
    monthly.STAGES["diff"][0](run)
    assert run.warnings == 1


def test_values_no_longer_told_are_said(started, quick_diff):
    said: list[str] = []
    monthly.STAGES["diff"][0](started(say=said.append))
    assert any("4 values of 2026-11 are no longer told" in s for s in said)


def test_it_is_compared_with_the_release_before(started):
    run = started()
    assert run.previous == "shipped"
    for name in ("2026-10", "2026-11", "2027-01"):
        (run.folder / "releases" / name).mkdir(parents=True)
        (run.folder / "releases" / name / "release.json").write_text("{}", "utf-8")
    assert run.previous.endswith("2026-11")


def test_a_source_that_may_not_be_released_stops_the_check(started, monkeypatch):
    closed = [replace(origins()["ror"], values_may_be_released=False)]
    monkeypatch.setattr(downloads, "sources_of", lambda observatory: closed)
    with pytest.raises(MacawError, match="values of ror may not be published"):
        monthly.STAGES["check"][0](started())


def test_what_is_fetched_may_be_released_unless_named(monkeypatch, started):
    assert all(origins()[n].values_may_be_released for n in monthly.to_fetch(()))
    with pytest.raises(UsageError, match="cannot be fetched"):
        monthly.to_fetch(("cldr",))
    asked = []
    monkeypatch.setattr(monthly, "fetch_source", lambda name, data, force: asked.append(name) or Fetched(1, 2, 3))
    run = started()
    run.sources = ("ror",)
    monthly.STAGES["fetch"][0](run)
    assert asked == ["ror"]


def test_two_runs_at_once_are_refused(started):
    run = started()
    with monthly._locked(run.folder), pytest.raises(MacawError, match="another update is running"):
        monthly.update(run)
