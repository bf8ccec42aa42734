"""What a fault leaves: a kill, a full disk, a folder that cannot be written, a clock that jumps, damaged files."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from filelock import FileLock

import faults
import macaw
from macaw import cli, pipeline, provenance
from macaw.errors import MacawError
from support.builds import CVPR, Place, few_files, hashes_of

pytestmark = pytest.mark.usefixtures("few_values")
VALUES = "parquet/values.parquet"
WORKS = "parquet/works.parquet"


def build_apart(place: Place, before: str = "", **options: object) -> subprocess.CompletedProcess[str]:
    """Run the same small build in a process of its own, after some lines of Python."""
    code = f"""
import sys
{before}
import pathlib, faults
faults.build(*map(pathlib.Path, sys.argv[1:]), few=True)
"""
    command = [sys.executable, "-c", code, str(place.data), str(place.out)]
    paths = os.pathsep.join([str(Path(faults.__file__).parent), *sys.path])
    return subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": paths}, check=False, **options
    )


# -- kills -----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_builds_and_downloads_killed_at_random_moments(demo_data, tmp_path):
    data = few_files(demo_data, tmp_path / "data")
    # In a process of its own, which may fork.
    command = [sys.executable, faults.__file__, "--trials", "10", "--seed", "11", "--few", "--data", str(data)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith("10 kills")


def test_the_harness_sees_half_a_build(place):
    """A check that finds nothing would pass as well."""
    whole = faults.contents(place.out)
    assert faults.require_whole(place.out, [whole]) == "whole"
    place.add_paper()
    place.build()
    changed = faults.contents(place.out)
    assert faults.require_whole(place.out, [whole, changed]) == "whole"
    with pytest.raises(faults.LostError, match="half a build"):
        faults.require_whole(place.out, [whole])
    (place.out / WORKS).unlink()
    with pytest.raises(faults.LostError, match=r"works\.parquet"):
        faults.require_whole(place.out, [changed])


def test_a_step_killed_while_it_ran_anew_is_not_taken_for_the_one_before(place, monkeypatch):
    """State one waits unpublished, state two overwrites a table of it and dies, then state one is wanted again."""
    old = (place.data / CVPR).read_bytes()
    place.add_paper()
    first = (place.data / CVPR).read_bytes()

    def killed(*arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pipeline.Build, "_publish", killed)
        with pytest.raises(KeyboardInterrupt):
            place.build()
    place.add_paper()
    with monkeypatch.context() as patch:
        patch.setattr(pipeline.Build, "_check_keys", killed)
        with pytest.raises(KeyboardInterrupt):
            place.build()
    (place.data / CVPR).write_bytes(first)
    place.build()
    whole = Place(place.data, place.out.parent / "anew")
    whole.build()
    assert place.hashes() == whole.hashes()
    assert old != first


# -- full disk, folder that cannot be written ------------------------------------------------------------------


@pytest.mark.parametrize("kilobytes", [2, 100, 2000])
def test_a_file_that_does_not_fit_is_named_and_the_next_build_goes_on(finished, tmp_path, kilobytes):
    resource = pytest.importorskip("resource", reason="this system cannot bound the size of files")
    place = Place(finished.data, tmp_path / "out")
    bound = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({kilobytes * 1024}, {resource.RLIM_INFINITY}))"
    )
    failed = build_apart(place, bound)
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
    assert "macaw: " in failed.stderr
    assert "File too large" in failed.stderr
    assert "→" in failed.stderr
    with pytest.raises(MacawError, match="not a finished build"):
        macaw.open(place.out)
    place.build()
    assert place.hashes() == finished.hashes()


def test_a_full_disk_leaves_the_last_build_and_is_named(place, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk is not permitted here")
    try:
        out = disk / "out"
        shutil.copytree(place.out, out)
        before = faults.contents(out)
        free = shutil.disk_usage(disk).free
        (disk / "filler").write_bytes(b"\0" * (free - 200_000))
        place.add_paper()
        failed = build_apart(Place(place.data, out))
        assert failed.returncode == 1
        assert "Traceback" not in failed.stderr
        assert "No space left on device" in failed.stderr
        assert "free some disk space" in failed.stderr
        assert faults.require_whole(out, [before]) == "whole"
        (disk / "filler").unlink()
        assert build_apart(Place(place.data, out)).returncode == 0
        place.build()
        assert hashes_of(out) == place.hashes()
    finally:
        subprocess.run(["umount", "-l", disk], check=False)


def can_run(who: dict[str, object]) -> bool:
    """Whether another user can run this installation."""
    try:
        return subprocess.run([sys.executable, "-c", "import macaw"], check=False, **who).returncode == 0  # type: ignore[call-overload]
    except PermissionError:
        return False


def test_a_folder_that_cannot_be_written_is_named_and_can_be_read(place):
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        place.out.chmod(0o555)
        nobody: dict[str, object] = {}
    else:
        nobody = {"user": 65534}
        if not can_run(nobody):
            pytest.skip("the installation cannot be read by another user")
        for folder in (place.out, *place.out.parents):
            if folder.stat().st_uid == 0 and folder.is_relative_to("/tmp"):
                folder.chmod(0o755 if folder != Path("/tmp") else 0o1777)
    place.add_paper()
    failed = build_apart(place, **nobody)
    place.out.chmod(0o755)
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
    assert "cannot be written" in failed.stderr
    assert "choose a folder you may write" in failed.stderr
    assert macaw.open(place.out).table("works").num_rows > 0


# -- clock, two at once ----------------------------------------------------------------------------------------


def test_a_clock_that_jumps_ahead_changes_nothing(place, monkeypatch):
    moment = (2099 - 1970) * 31_556_952.0
    for path in [*place.data.rglob("*"), *place.out.rglob("*")]:
        os.utime(path, (moment, moment))
    before = place.hashes()
    monkeypatch.setattr(time, "time", lambda: moment)
    monkeypatch.setattr(time, "time_ns", lambda: int(moment * 1e9))
    assert place.build().ran == []
    place.add_paper()
    assert "works" in place.build().ran
    assert place.hashes() != before


def test_a_clock_before_the_rules_of_the_ledger_is_refused_by_name(place, monkeypatch):
    before = place.hashes()
    # Verdicts are settled anew only where something changed.
    place.add_paper()
    monkeypatch.setattr(time, "time", lambda: 31_556_952.0)
    with pytest.raises(MacawError, match="which is in the future"):
        place.build()
    assert place.hashes() == before


def test_a_second_build_in_another_process_is_refused_with_a_message(place):
    before = place.snapshot()
    with FileLock(place.out / ".lock"):
        refused = build_apart(place)
    assert refused.returncode == 1
    assert "another build is writing here" in refused.stderr
    assert "→ wait for it, or choose another --out" in refused.stderr
    assert place.snapshot() == before


def test_a_reader_waits_for_a_publication_under_way(place):
    waiting = place.out / ".next"
    waiting.mkdir()
    (waiting / "publish.json").write_text("[]")
    held, found = threading.Event(), []

    def publish() -> None:
        with FileLock(place.out / ".lock"):
            held.set()
            time.sleep(0.3)
            found.append((waiting / "publish.json").is_file())
            pipeline.recover(place.out)

    publisher = threading.Thread(target=publish)
    publisher.start()
    held.wait()
    macaw.open(place.out)
    publisher.join()
    assert found == [True]
    assert not waiting.exists()


def test_a_publication_that_never_ends_is_named(place, monkeypatch):
    monkeypatch.setattr(pipeline, "_PUBLICATION_SECONDS", 0.1)
    (place.out / ".next").mkdir()
    (place.out / ".next" / "publish.json").write_text("[]")
    with FileLock(place.out / ".lock"), pytest.raises(MacawError, match="another build is writing here"):
        macaw.open(place.out)


# -- damaged files of a build ----------------------------------------------------------------------------------


def flip(path: Path, at: float = 0.5) -> None:
    """Turn one bit of a file."""
    data = bytearray(path.read_bytes())
    data[int(len(data) * at)] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    """Take the second half of a file away."""
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


@pytest.mark.parametrize("damage", [flip, cut, Path.unlink, lambda p: p.write_bytes(b"")])
@pytest.mark.parametrize("name", [WORKS, VALUES, "parquet/source_papers.parquet"])
def test_a_damaged_table_is_named_and_made_again(place, finished, name, damage):
    damage(place.out / name)
    report = place.build()
    assert report.damaged == [name]
    assert place.hashes() == finished.hashes()
    assert faults.contents(place.out) == faults.contents(finished.out)
    assert place.build().damaged == []


@pytest.mark.parametrize("damage", [cut, Path.unlink])
@pytest.mark.parametrize("name", ["csv/works.csv", "rejected.csv", "macaw.duckdb"])
def test_a_file_made_from_a_table_that_is_lost_or_cut_is_made_again(place, finished, name, damage):
    if name == "rejected.csv" and damage is cut:
        pytest.skip("its header alone has no half")
    damage(place.out / name)
    report = place.build()
    assert report.damaged == [name]
    assert report.ran == []
    assert faults.contents(place.out) == faults.contents(finished.out)


def test_a_damaged_table_of_a_build_cut_off_is_made_again(finished, tmp_path, monkeypatch):
    place = Place(finished.data, tmp_path / "out")

    def killed(*arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pipeline.Build, "_publish", killed)
        with pytest.raises(KeyboardInterrupt):
            place.build()
    flip(place.out / ".next" / WORKS)
    (place.out / ".next" / "values.json").write_text("{")
    report = place.build()
    assert {"works", "values"} <= {*report.ran}
    assert place.hashes() == finished.hashes()


def test_the_command_line_names_what_was_damaged(place, capsys):
    flip(place.out / WORKS)
    with pytest.raises(SystemExit) as ended:
        cli.main(["build", "--data", str(place.data), "--out", str(place.out)])
    assert not ended.value.code
    assert f"damaged or lost since the last build, and made anew: {WORKS}" in capsys.readouterr().err


def test_a_reader_of_a_damaged_table_gets_no_traceback(place, capsys):
    file = place.out / "parquet" / "drift.parquet"
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(SystemExit) as caught:
        cli.main(["drift", "--build", str(place.out)])
    assert caught.value.code == 1
    assert "drift.parquet" in capsys.readouterr().err


@pytest.mark.parametrize("where", [0.02, 0.5, 0.999])
def test_a_query_over_a_damaged_table_gets_no_traceback(place, where):
    for name in ("values", "entities"):
        file = place.out / "parquet" / f"{name}.parquet"
        data = bytearray(file.read_bytes())
        start = int(len(data) * where)
        data[start : start + 40] = b"\xa5" * len(data[start : start + 40])
        file.write_bytes(data)
    command = [sys.executable, "-m", "macaw", "values", "papers", "--venues", "CVPR", "--build", str(place.out)]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in asked.stderr
    assert (asked.returncode == 1) == ("→" in asked.stderr)


def test_the_record_of_a_build_tells_its_source_files_by_hash(finished):
    record = json.loads((finished.out / "build.json").read_text("utf-8"))
    assert record["data"] == {
        f.relative_to(finished.data).as_posix(): provenance.hash_file(f) for f in sorted(finished.data.rglob("*.json"))
    }
    assert pq.read_metadata(finished.out / WORKS).num_rows == record["steps"]["works"]["tables"]["works"]["rows"]
