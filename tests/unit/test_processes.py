"""Batches worked on in several processes: the same rows in the same order, whatever happens to a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaw import pipeline
from macaw.engine import opener, processes
from macaw.engine.processes import PROCESSES, in_order
from macaw.errors import MacawError, UsageError
from support.workers import Doubled, LockedError, TwofoldError, interrupted, unsendable

SEES_PROCESSES = pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc for processes")
ON_UNIX = pytest.mark.skipif(os.name != "posix", reason="a signal ends no process of Windows")


def batches(rows: int, size: int = 2) -> list[pa.RecordBatch]:
    return pa.table({"n": pa.array(range(rows), pa.int64())}).to_batches(max_chunksize=size)


def numbers(parts: list[pa.Table]) -> list[list[int]]:
    return [part["n"].to_pylist() for part in parts]


@pytest.mark.parametrize("processes", [1, 2, 3, 7])
def test_rows_come_in_the_order_of_their_batches(processes):
    made = list(in_order(Doubled(), batches(9), processes))
    assert numbers(made) == [[0, 2], [4, 6], [8, 10], [12, 14], [16]]
    workers = {process for part in made for process in part["process"].to_pylist()}
    assert len(workers) == min(processes, 5)
    assert (os.getpid() in workers) == (processes == 1)


@given(st.integers(0, 40), st.integers(1, 9))
def test_one_process_gives_what_the_function_gives(rows, size):
    assert numbers(list(in_order(Doubled(), batches(rows, size), 1))) == [
        [2 * n for n in range(start, min(start + size, rows))] for start in range(0, rows, size)
    ]


def test_few_rows_start_no_process():
    assert list(in_order(Doubled(), [], 2)) == []
    (made,) = in_order(Doubled(), batches(2), 2)
    assert made["process"].to_pylist() == [os.getpid()] * 2


def test_what_the_function_raises_is_raised_here():
    rows = in_order(Doubled(refused=5), batches(9), 2)
    assert numbers([next(rows), next(rows)]) == [[0, 2], [4, 6]]
    with pytest.raises(MacawError, match="5 is refused") as error:
        next(rows)
    assert error.value.remedy == "take another"
    assert not hasattr(error.value, "__notes__")


def test_a_defect_of_the_function_names_its_line():
    with pytest.raises(ZeroDivisionError, match="5 is refused") as error:
        list(in_order(Doubled(refused=5, error=ZeroDivisionError), batches(9), 2))
    (note,) = error.value.__notes__
    assert "workers.py" in note
    assert "raise self.error" in note


@pytest.mark.parametrize("kind", [LockedError, TwofoldError])
def test_an_error_that_cannot_be_sent_is_told(kind):
    with pytest.raises(RuntimeError, match=rf"raise self\.error[\s\S]*{kind.__name__}: .*5 is refused"):
        list(in_order(Doubled(refused=5, error=kind), batches(9), 2))


def test_rows_that_cannot_be_sent_are_told():
    with pytest.raises(TypeError, match="cannot pickle 'generator'") as error:
        list(in_order(unsendable, batches(9), 2))
    assert error.value.__notes__


@pytest.mark.parametrize("code", [0, 1, 137, pytest.param(-9, marks=ON_UNIX)])
def test_a_process_that_dies_is_named(code):
    with pytest.raises(MacawError, match=rf"a process that worked for this one died \(exit code {code}\)") as error:
        list(in_order(Doubled(deadly=2, code=code), batches(9), 2))
    assert ("free some memory" in error.value.remedy) == (code in (137, -9))
    assert f"{PROCESSES}" in error.value.remedy


def test_what_a_function_prints_is_no_answer(capfd, monkeypatch):
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    assert numbers(list(in_order(Doubled(chatty=True), batches(4), 2))) == [[0, 2], [4, 6]]
    printed = capfd.readouterr()
    assert printed.out == ""
    for said in ("on the standard output", "where answers once went", "by another program"):
        assert printed.err.count(f"said {said}") == 2


def test_what_python_prints_when_it_starts_is_no_answer(monkeypatch, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("print('ready for nothing', end='', flush=True)")
    monkeypatch.syspath_prepend(tmp_path)
    assert numbers(list(in_order(Doubled(), batches(4), 2))) == [[0, 2], [4, 6]]


def test_ctrl_c_is_for_the_parent(capfd):
    assert numbers(list(in_order(interrupted, batches(4), 2))) == [[0, 2], [4, 6]]
    assert capfd.readouterr().err == ""


def test_python_that_cannot_be_started_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(processes.sys, "executable", str(tmp_path / "python"))
    with pytest.raises(MacawError, match="python cannot be started") as error:
        list(in_order(Doubled(), batches(4), 2))
    assert error.value.remedy == f"set {PROCESSES} to 1"


@pytest.mark.parametrize("asked", ["0", "-1", "two", "1.5", "65", "9" * 5000, "²"])
def test_a_number_that_is_none_is_refused_before_anything_is_read(asked, monkeypatch):
    monkeypatch.setenv(PROCESSES, asked)
    with pytest.raises(UsageError, match=PROCESSES) as error:
        opener("duckdb")
    assert len(str(error.value)) < 200


def test_no_more_processes_than_cores(monkeypatch):
    monkeypatch.delattr(processes.os, "sched_getaffinity", raising=False)
    for asked, cores, expected in (("", 1, 1), ("", 2, 2), (" ", 64, 4), ("", None, 1), ("7", 2, 7), (" 64 ", 2, 64)):
        monkeypatch.setenv(PROCESSES, asked)
        monkeypatch.setattr(processes.os, "cpu_count", lambda cores=cores: cores)
        assert processes.count() == expected
    monkeypatch.setattr(processes.os, "sched_getaffinity", lambda _: {0, 5, 7}, raising=False)
    monkeypatch.delenv(PROCESSES)
    assert processes.count() == 3
    monkeypatch.setenv(PROCESSES, "7")
    monkeypatch.setattr(processes.sys, "executable", "")
    assert processes.count() == 1


def test_a_module_of_the_folder_a_build_starts_in_is_not_taken_for_another(monkeypatch, tmp_path):
    (tmp_path / "pickle.py").write_text("raise ImportError('not this one')")
    monkeypatch.chdir(tmp_path)
    assert numbers(list(in_order(Doubled(), batches(4), 2))) == [[0, 2], [4, 6]]


@SEES_PROCESSES
def test_workers_end_with_rows_that_are_not_wanted_any_more():
    rows = in_order(Doubled(), batches(90), 2)
    workers = {process for part in (next(rows), next(rows)) for process in part["process"].to_pylist()}
    assert len(workers) == 2
    assert all(alive(worker) for worker in workers)
    rows.close()
    assert not any(alive(worker) for worker in workers)


def test_workers_end_with_a_table_that_is_not_wanted(tmp_path):
    rows = in_order(Doubled(), batches(90), 2)
    with pytest.raises(MacawError, match="columns are"):
        pipeline._write_parts("raw_names", rows, tmp_path / "made.parquet")
    with pytest.raises(StopIteration):
        next(rows)


@SEES_PROCESSES
def test_workers_end_with_a_build_that_is_killed():
    script = """
import sys
import pyarrow as pa
from macaw.engine.processes import in_order
from support.workers import Doubled

for part in in_order(Doubled(), pa.table({"n": range(90)}).to_batches(max_chunksize=2), 2):
    print(part["process"][0], flush=True)
    sys.stdin.readline()
"""
    paths = os.pathsep.join(filter(None, sys.path))
    started = subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": paths},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdout
    worker = int(started.stdout.readline())
    assert alive(worker)
    started.send_signal(signal.SIGKILL)
    started.communicate()
    patience = time.monotonic() + 30
    while alive(worker) and time.monotonic() < patience:
        time.sleep(0.05)
    assert not alive(worker)


def alive(process: int) -> bool:
    """Whether a process runs, as far as the system tells; one that ended and is not yet asked about does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
