"""Functions over batches that worker processes can import."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from macaw.errors import MacawError


def refusal(what: str) -> MacawError:
    """An error with a remedy."""
    return MacawError(what, "take another")


class LockedError(Exception):
    """An error that cannot be packed."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.lock = threading.Lock()


class TwofoldError(Exception):
    """An error that can be packed, but not unpacked."""

    def __init__(self, what: str, twice: str = "") -> None:
        super().__init__(what, what, what)


@dataclass(frozen=True)
class Doubled:
    """The numbers of a batch twice over, and the process that did it; what it cannot do it says or dies of."""

    refused: int = -1
    error: Callable[[str], Exception] = refusal
    deadly: int = -1
    # How it dies: with this exit code, or of a signal if it is negative.
    code: int = 9
    chatty: bool = False

    def __call__(self, batch: pa.RecordBatch) -> pa.Table:
        """The rows of a batch."""
        numbers = batch.column(0).to_pylist()
        if self.refused in numbers:
            raise self.error(f"{self.refused} is refused")
        if self.deadly in numbers:
            if self.code < 0:
                os.kill(os.getpid(), -self.code)
            os._exit(self.code)
        if self.chatty:
            print("said on the standard output")
            os.write(1, b"said where answers once went")
            os.system("echo said by another program")
        return pa.table({"n": [2 * n for n in numbers], "process": [os.getpid()] * len(numbers)})


def unsendable(batch: pa.RecordBatch) -> Iterator[object]:
    """Rows that cannot be packed."""
    return (column for column in batch.columns)


def interrupted(batch: pa.RecordBatch) -> pa.Table:
    """The rows of a batch, by a process that is told of Ctrl-C meanwhile."""
    signal.raise_signal(signal.SIGINT)
    return Doubled()(batch)
