"""Fetches a source: asks its module which files there are, downloads what is not there, and notes their origin."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any, Literal

import httpx
from filelock import FileLock, Timeout

from macaw.errors import MacawError
from macaw.provenance import cannot_write, write_json
from macaw.sources.download import Downloaded, OnBytes, RemoteFile, download, new_client
from macaw.sources.origin import origin

NOTES = "fetched.json"
Outcome = Literal["new", "kept", "missing"]
Start = Callable[[RemoteFile], OnBytes]


@dataclass(frozen=True)
class Fetched:
    """How many files were downloaded, were there already, and are not published."""

    new: int
    kept: int
    missing: int


def fetch(name: str, folder: Path, *, force: bool = False, client: httpx.Client | None = None) -> Fetched:
    """Download the files of a source to `folder/<name>`; those there already are kept unless `force`.

    `fetched.json` beside them tells of each downloaded file its address, SHA-256, bytes, ETag and time.
    Raises `UsageError` for an unknown source; `MacawError` where a file cannot be had or written, or where
    nothing at all is published. What was downloaded until then stays, and the next call goes on from there.
    """
    home = folder / origin(name).name
    with nullcontext(client) if client else new_client() as asked, locked(home):
        files: list[RemoteFile] = import_module(f"macaw.sources.{name}.fetch").remote_files(asked, home)
        with _progress(name, len(files)) as start:
            outcomes = Counter(_fetch_file(asked, file, home, force, start) for file in files)
    if files and outcomes["missing"] == len(files):
        raise MacawError(
            f"{name}: nothing is published at {files[0].url}, nor at any of the addresses asked ({len(files)})",
            f"see {origin(name).url_main} for where the files are now, and copy them by hand to {home}",
        )
    return Fetched(outcomes["new"], outcomes["kept"], outcomes["missing"])


def _fetch_file(client: httpx.Client, file: RemoteFile, home: Path, force: bool, start: Start) -> Outcome:
    progress = start(file)
    target = home / file.path
    packed = target.with_name(f"{target.name}.gz")
    if not force and (target.is_file() or packed.is_file()):
        return "kept"
    downloaded = download(client, file.url, target, expected_md5=file.md5, progress=progress)
    if downloaded is None:
        return "missing"
    _note(home, file.path, downloaded)
    # Both would be read, and every paper counted twice.
    packed.unlink(missing_ok=True)
    return "new"


def _note(home: Path, path: str, downloaded: Downloaded) -> None:
    notes = _notes(home / NOTES)
    notes[path] = asdict(downloaded)
    try:
        write_json(home / NOTES, dict(sorted(notes.items())))
    except MacawError as error:
        raise MacawError(error.what, "free some space, or choose another folder with --data DIR") from error


def _notes(path: Path) -> dict[str, Any]:
    try:
        notes = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (ValueError, OSError) as error:
        raise MacawError(f"{path}: cannot be read ({error})", "delete it and run the same command again") from None
    if not isinstance(notes, dict):
        raise MacawError(f"{path}: not a list of fetched files", "delete it and run the same command again")
    return notes


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Keeps a second fetch out: two would write into the same unfinished files."""
    lock = FileLock(home / ".lock", timeout=0)
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise MacawError(
            f"{home}: another fetch is writing here", "wait for it, or choose another folder with --data DIR"
        ) from None
    except OSError as error:
        raise MacawError(cannot_write(home, error).what, "choose a folder you may write with --data DIR") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _progress(name: str, files: int) -> Iterator[Start]:
    """Shows which file is coming and how much of it is there, on a terminal only."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn()
    hidden = not sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), disable=hidden, transient=True) as bar:
        task = bar.add_task(name, total=None)
        position = count(1)

        def start(file: RemoteFile) -> OnBytes:
            bar.reset(task, description=f"{name} {next(position)}/{files} {file.path}")
            return lambda done, total: bar.update(task, completed=done, total=total)

        yield start
