"""Work that may hang or eat the memory, done in a process of its own that can be ended."""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from macaw.errors import MacawError, UsageError

_SPAWN = multiprocessing.get_context("spawn")
_STARTS_WITHIN = 120.0


class OverrunError(MacawError):
    """The work took longer than it may, or ended the process that did it."""


class BusyError(MacawError):
    """The same work is being done for somebody else."""


class Worker:
    """One process that does one kind of work, one request at a time; it is started anew after it had to be ended.

    `prepare` names a function as `module:name`; called in the process with `arguments` it gives the function that
    answers requests. `address_space` bounds the process's memory in bytes where the system can (Linux).
    """

    def __init__(self, prepare: str, arguments: tuple[Any, ...], *, seconds: float, address_space: int | None = None):
        self.seconds = seconds
        self._start = (prepare, arguments, address_space)
        self._lock = threading.Lock()
        self._process: Any = None
        self._pipe: Connection | None = None

    def ask(self, *question: Any) -> Any:
        """The answer; raises what the work raised, `OverrunError` after too long, `BusyError` if in use for long."""
        if not self._lock.acquire(timeout=self.seconds):
            raise BusyError("another request is being worked on", "ask again in a moment")
        try:
            pipe = self._ready()
            pipe.send(question)
            if not pipe.poll(self.seconds):
                self._end()
                raise OverrunError(f"this took longer than {self.seconds:g} s and was stopped", "ask for less")
            return _opened(pipe.recv())
        except (EOFError, OSError):
            self._end()
            raise OverrunError("this needed more memory than it may have", "ask for less") from None
        finally:
            self._lock.release()

    def _ready(self) -> Connection:
        if self._process is None or not self._process.is_alive() or self._pipe is None:
            self._pipe, theirs = _SPAWN.Pipe()
            self._process = _SPAWN.Process(target=_serve, args=(theirs, *self._start), daemon=True)
            self._process.start()
            theirs.close()
            if not self._pipe.poll(_STARTS_WITHIN):
                self._end()
                raise OverrunError("the work could not be started in time", "try again; is the machine busy?")
            prepared = self._pipe.recv()
            if prepared[0] != "ready":
                self._end()
            _opened(prepared)
        return self._pipe

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()


def _opened(answer: tuple[str, Any]) -> Any:
    kind, content = answer
    if kind == "refused":
        raise UsageError(*content)
    if kind == "failed":
        raise MacawError(*content)
    return content


def _serve(pipe: Connection, prepare: str, arguments: tuple[Any, ...], address_space: int | None) -> None:
    """What the process runs: prepare once, then answer until the other end is closed."""
    _bound_memory(address_space)
    module, name = prepare.split(":")
    answer = _attempt(lambda: getattr(importlib.import_module(module), name)(*arguments))
    pipe.send(("ready", None) if answer[0] == "answer" else answer)
    if answer[0] != "answer":
        return
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            question = pipe.recv()
            pipe.send(_attempt(lambda: answer[1](*question)))  # noqa: B023  # called before the next question


def _attempt(work: Callable[[], Any]) -> tuple[str, Any]:
    try:
        return "answer", work()
    except UsageError as error:
        return "refused", (error.what, error.remedy)
    except MacawError as error:
        return "failed", (error.what, error.remedy)
    except MemoryError:
        return "refused", ("this needed more memory than it may have", "ask for less")
    except Exception as error:  # the process must live on, and its user is told
        return "failed", (f"this failed unexpectedly ({type(error).__name__}: {error})", "please report it")


def _bound_memory(address_space: int | None) -> None:
    if address_space is None:
        return
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
