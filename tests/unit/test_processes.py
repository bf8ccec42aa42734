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

from macaw.engine import processes
from macaw.engine.processes import PROCESSES, in_order
from macaw.errors import MacawError, UsageError
from support.workers import Doubled


def batches(rows: int, size: int = 2) -> list[pa.RecordBatch]:
    return pa.table({"n": pa.array(range(rows), pa.int64())}).to_batches(max_chunksize=size)


def numbers(parts: list[pa.Table]) -> list[list[int]]:
    return [part["n"].to_pylist() for part in parts]


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_rows_come_in_the_order_of_their_batches(count, monkeypatch):
    monkeypatch.setenv(PROCESSES, str(count))
    made = list(in_order(Doubled(), batches(9)))
    assert numbers(made) == [[0, 2], [4, 6], [8, 10], [12, 14], [16]]
    workers = {process for part in made for process in part["process"].to_pylist()}
    assert len(workers) == min(count, 5)
    assert (os.getpid() in workers) == (count == 1)


@given(st.integers(0, 40), st.integers(1, 9))
def test_one_process_gives_what_the_function_gives(rows, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PROCESSES, "1")
        assert numbers(list(in_order(Doubled(), batches(rows, size)))) == [
            [2 * n for n in range(start, min(start + size, rows))] for start in range(0, rows, size)
        ]


def test_few_rows_start_no_process(monkeypatch):
    monkeypatch.setenv(PROCESSES, "2")
    assert list(in_order(Doubled(), [])) == []
    (made,) = in_order(Doubled(), batches(2))
    assert made["process"].to_pylist() == [os.getpid()] * 2


def test_what_the_function_raises_is_raised_here(monkeypatch):
    monkeypatch.setenv(PROCESSES, "2")
    rows = in_order(Doubled(refused=5), batches(9))
    assert numbers([next(rows), next(rows)]) == [[0, 2], [4, 6]]
    with pytest.raises(MacawError, match="5 is refused") as error:
        next(rows)
    assert error.value.remedy == "take another"


@pytest.mark.parametrize("told", [0, 10, 100])
def test_a_process_that_dies_is_named(told, monkeypatch):
    monkeypatch.setenv(PROCESSES, "2")
    with pytest.raises(MacawError, match=r"a process that worked for this one died \(exit code 9\)") as error:
        list(in_order(Doubled(deadly=2, told=told), batches(9)))
    assert error.value.remedy
    assert PROCESSES in error.value.remedy


@pytest.mark.parametrize("asked", ["0", "-1", "two", "", "1.5"])
def test_a_number_that_is_none_is_refused(asked, monkeypatch):
    monkeypatch.setenv(PROCESSES, asked)
    with pytest.raises(UsageError, match=PROCESSES):
        list(in_order(Doubled(), batches(9)))


def test_no_more_processes_than_cores(monkeypatch):
    monkeypatch.delenv(PROCESSES, raising=False)
    for cores, expected in ((1, 1), (2, 2), (64, 4), (None, 1)):
        monkeypatch.setattr(processes.os, "cpu_count", lambda cores=cores: cores)
        assert processes._count() == expected
    monkeypatch.setattr(processes.sys, "executable", "")
    assert processes._count() == 1


def test_a_module_of_the_folder_a_build_starts_in_is_not_taken_for_another(monkeypatch, tmp_path):
    (tmp_path / "pickle.py").write_text("raise ImportError('not this one')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(PROCESSES, "2")
    assert numbers(list(in_order(Doubled(), batches(4)))) == [[0, 2], [4, 6]]


def test_workers_end_with_rows_that_are_not_wanted_any_more(monkeypatch):
    monkeypatch.setenv(PROCESSES, "2")
    rows = in_order(Doubled(), batches(90))
    workers = {process for part in (next(rows), next(rows)) for process in part["process"].to_pylist()}
    assert len(workers) == 2
    rows.close()
    assert not any(alive(worker) for worker in workers)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc for processes")
def test_workers_end_with_a_build_that_is_killed():
    script = """
import sys
import pyarrow as pa
from macaw.engine.processes import in_order
from support.workers import Doubled

for part in in_order(Doubled(), pa.table({"n": range(90)}).to_batches(max_chunksize=2)):
    print(part["process"][0], flush=True)
    sys.stdin.readline()
"""
    paths = os.pathsep.join(filter(None, sys.path))
    started = subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, PROCESSES: "2", "PYTHONPATH": paths},
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
