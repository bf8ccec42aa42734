"""A function over batches of rows, in as many processes as there are cores.

A worker is a Python of its own that reads batches from its standard input. So it ends when the build does, killed or
not, and needs nothing of the script that started the build.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa

from macaw.engine.engine import RowsOf
from macaw.errors import MacawError, UsageError

PROCESSES = "MACAW_PROCESSES"
# Every worker holds what the function knows, the matcher half a gigabyte, so that more of them need more memory.
_MOST = 4


def in_order(of: RowsOf, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """What a function makes of each batch, in their order; a single batch is worked on in this process.

    Each worker has one batch at a time. What the function raises is raised here. Raises `MacawError` if a worker dies
    and `UsageError` if MACAW_PROCESSES is no number from 1.

    >>> from operator import attrgetter
    >>> birds = pa.table({"bird": ["Ara", "Kea", "Kiwi"]}).to_batches(max_chunksize=2)
    >>> list(in_order(attrgetter("num_rows"), birds))
    [2, 1]
    """
    rest = iter(batches)
    first = list(islice(rest, _count()))
    if len(first) < 2:
        yield from map(of, chain(first, rest))
        return
    packed = pickle.dumps(of)
    with ExitStack() as running:
        workers = deque(running.enter_context(_Worker(packed)) for _ in first)
        for worker, batch in zip(workers, first, strict=True):
            worker.give(batch)
        for batch in rest:
            yield workers[0].made()
            workers[0].give(batch)
            workers.rotate(-1)
        for worker in workers:
            yield worker.made()


def _count() -> int:
    asked = os.environ.get(PROCESSES)
    if asked is None:
        # Within another program there may be no Python to start.
        return min(os.cpu_count() or 1, _MOST) if sys.executable else 1
    if not asked.isdecimal() or int(asked) < 1:
        raise UsageError(f"{PROCESSES} is {asked!r}", "set it to how many processes may work at once, as 2")
    return int(asked)


class _Worker:
    def __init__(self, packed: bytes) -> None:
        # What is imported here is found there, and nothing else: -P leaves out the folder it happens to start in.
        found = {**os.environ, "PYTHONPATH": os.pathsep.join(str(Path(p).absolute()) for p in sys.path)}
        command = [sys.executable, "-P", "-c", f"from {__name__} import work; work()"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=found)
        self.give(packed)

    def give(self, what: bytes | pa.RecordBatch) -> None:
        try:
            _put(self._process.stdin, what)
        except OSError:
            raise self._died() from None

    def made(self) -> pa.Table:
        try:
            done, made = pickle.load(self._process.stdout)  # type: ignore[arg-type]  # noqa: S301 - our own process
        except (EOFError, pickle.UnpicklingError):
            raise self._died() from None
        if not done:
            raise made
        return made

    def _died(self) -> MacawError:
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            # It lives, and what it said was no answer.
            self._process.kill()
            code = self._process.wait()
        return MacawError(
            f"a process that worked for this one died (exit code {code})",
            f"free some memory, or set {PROCESSES} to fewer than {_count()}, and run the same command again",
        )

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()


def _put(stream: Any, what: object) -> None:
    pickle.dump(what, stream, protocol=pickle.HIGHEST_PROTOCOL)
    stream.flush()


def work() -> None:
    """Unpack a function, then answer each batch with what it makes of it, or with the error it raises."""
    # The parent is told of Ctrl-C too, and ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    given, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    of: RowsOf = pickle.loads(pickle.load(given))  # noqa: S301 - from the process that started this one
    while True:
        try:
            batch = pickle.load(given)  # noqa: S301
        except EOFError:
            return
        try:
            answer = (True, of(batch))
        except Exception as error:
            answer = (False, error)
        _put(answers, answer)
