"""A function over batches of rows, in several processes.

A worker is a Python of its own that reads batches from its standard input. So it ends when the build does, killed or
not, and needs nothing of the script that started the build.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import traceback
from collections import deque
from collections.abc import Iterable
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, cast

import pyarrow as pa

from macaw.engine.engine import Parts, RowsOf
from macaw.errors import MacawError, UsageError

PROCESSES = "MACAW_PROCESSES"
# Every worker holds what the function knows, the matcher half a gigabyte, so that more of them need more memory.
_MOST = 4
_MOST_ASKED = 64
# What a worker says before its first answer; whatever stands before was printed while Python started.
_READY = b"\nready for batches\n"
# Ctrl-C reaches workers too, also while they import: the parent ends them.
_START = f"import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); from {__name__} import work; work()"


def count() -> int:
    """How many processes may work at once: MACAW_PROCESSES, else one for each core, at most four.

    Raises `UsageError` if MACAW_PROCESSES is no number from 1 to 64.
    """
    asked = os.environ.get(PROCESSES, "").strip()
    if asked and not (len(asked) <= 2 and asked.isdecimal() and 1 <= int(asked) <= _MOST_ASKED):
        remedy = f"set it to how many processes may work at once, from 1 to {_MOST_ASKED}, or unset it"
        raise UsageError(f"{PROCESSES} is {asked[:20]!r}", remedy)
    if not sys.executable:
        return 1  # within another program there may be no Python to start
    return int(asked) if asked else min(_cores(), _MOST)


def _cores() -> int:
    """The cores that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def in_order(of: RowsOf, batches: Iterable[pa.RecordBatch], processes: int) -> Parts:
    """What a function makes of each batch, in their order; a single batch is worked on in this process.

    Each worker has one batch at a time. What the function raises is raised here. Raises `MacawError` if a worker
    cannot be started or dies.

    >>> from operator import attrgetter
    >>> birds = pa.table({"bird": ["Ara", "Kea", "Kiwi"]}).to_batches(max_chunksize=2)
    >>> list(in_order(attrgetter("num_rows"), birds, processes=2))
    [2, 1]
    """
    rest = iter(batches)
    first = list(islice(rest, processes))
    if len(first) < 2:
        yield from map(of, chain(first, rest))
        return
    with ExitStack() as running:
        workers = deque(running.enter_context(_Worker()) for _ in first)
        _begin(workers, of, first)
        del first
        for batch in rest:
            yield workers[0].made()
            workers[0].give(_packed(batch))
            workers.rotate(-1)
        for worker in workers:
            yield worker.made()


def _begin(workers: Iterable[_Worker], of: RowsOf, first: Iterable[pa.RecordBatch]) -> None:
    """Give each worker the function and a batch."""
    packed = _packed(of)
    for worker, batch in zip(workers, first, strict=True):
        worker.give(packed)
        worker.give(_packed(batch))


class _Worker:
    def __init__(self) -> None:
        # What is imported here is found there, and nothing else: -P leaves out the folder it happens to start in.
        found = {**os.environ, "PYTHONPATH": os.pathsep.join(str(Path(p).absolute()) for p in sys.path)}
        command = [sys.executable, "-P", "-c", _START]
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=found)
        except OSError as error:
            raise MacawError(f"{sys.executable} cannot be started ({error})", f"set {PROCESSES} to 1") from None
        self._given = cast(BinaryIO, self._process.stdin)
        self._answers = cast(BinaryIO, self._process.stdout)
        self._is_ready = False

    def give(self, packed: bytes) -> None:
        try:
            self._given.write(packed)
            self._given.flush()
        except OSError:
            raise self._died() from None

    def made(self) -> pa.Table:
        try:
            self._await_ready()
            done, made = pickle.load(self._answers)  # noqa: S301 - our own process
        except (EOFError, pickle.UnpicklingError):
            raise self._died() from None
        if not done:
            raise made
        return made

    def _await_ready(self) -> None:
        while not self._is_ready:
            line = self._answers.readline()
            if not line:
                raise EOFError
            self._is_ready = line == _READY.lstrip()

    def _died(self) -> MacawError:
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            # It lives, and what it said was no answer.
            self._process.kill()
            code = self._process.wait()
        what = f"a process that worked for this one died (exit code {code})"
        # A signal ended it, as the system does where memory is short.
        if code < 0 or code == 128 + 9:
            return MacawError(what, f"free some memory, or set {PROCESSES} to 1, and run the same command again")
        return MacawError(what, f"see what it wrote above; {PROCESSES}=1 works without such processes")

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()


def work() -> None:
    """Unpack a function, then answer each batch with what it makes of it, or with the error it raises."""
    # Answers alone go where the parent reads; what anything prints goes to standard error.
    given, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr  # not kept back until an end that does not come
    try:
        _say(answers, _READY)
        of: RowsOf = pickle.load(given)  # noqa: S301 - from the process that started this one
        while True:
            _say(answers, _answer(of, pickle.load(given)))  # noqa: S301
    except (EOFError, pickle.UnpicklingError, BrokenPipeError):
        # The parent has gone, perhaps in the middle of a batch.
        return


def _say(answers: BinaryIO, packed: bytes) -> None:
    answers.write(packed)
    answers.flush()


def _answer(of: RowsOf, batch: pa.RecordBatch) -> bytes:
    try:
        return _packed((True, of(batch)))
    except Exception as error:
        return _packed((False, _sendable(error)))


def _sendable(error: Exception) -> Exception:
    """The error with the place it comes from; one that cannot be sent as its text."""
    told = "".join(traceback.format_exception(error))
    if not isinstance(error, MacawError):
        error.add_note(f"Raised in a process that worked for this one:\n{told}")
    try:
        return cast(Exception, pickle.loads(_packed(error)))  # noqa: S301 - packed on this line
    except Exception:
        return RuntimeError(told)


def _packed(what: object) -> bytes:
    return pickle.dumps(what, protocol=pickle.HIGHEST_PROTOCOL)
