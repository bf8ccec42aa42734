"""Hashes, atomic writing and the record of a build."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from macaw.errors import MacawError


def hash_text(*parts: str) -> str:
    """SHA-256 of some strings, kept apart by their lengths.

    >>> hash_text("a", "bc") == hash_text("ab", "c")
    False
    """
    digest = sha256()
    for part in parts:
        encoded = part.encode()
        digest.update(f"{len(encoded)}:".encode())
        digest.update(encoded)
    return digest.hexdigest()


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        digest = sha256()
        while block := stream.read(1 << 20):
            digest.update(block)
        return digest.hexdigest()


def is_file_of(path: Path, sha256: str) -> bool:
    """Whether a file is there and has this SHA-256."""
    return path.is_file() and hash_file(path) == sha256


def hash_tree(folder: Path, suffixes: tuple[str, ...] = (".py", ".sql", ".toml", ".csv", ".npz")) -> str:
    """SHA-256 over names and contents of the code and data files of a folder."""
    parts = []
    for path in sorted(p for p in folder.rglob("*") if p.suffix in suffixes):
        parts += [path.relative_to(folder).as_posix(), hash_file(path)]
    return hash_text(*parts)


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place if the block succeeds, and vanishes if not.

    Raises `MacawError` where the disk is full or the folder may not be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def cannot_write(path: Path, error: OSError) -> MacawError:
    """The message for a failed write: which file, why, and what to do."""
    remedy = {
        "ENOSPC": "free some disk space and run the same command again; finished stages are kept",
        "EACCES": "choose a folder you may write with --out DIR",
        "EROFS": "choose a folder you may write with --out DIR",
    }
    import errno

    code = errno.errorcode.get(error.errno or 0, "")
    return MacawError(f"{path}: cannot be written ({error.strerror or error})", remedy.get(code, "check the path"))


def write_json(path: Path, document: Any) -> None:
    """Write a JSON document atomically, readable in a diff."""
    with atomic(path) as temporary:
        temporary.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")


def read_json(path: Path) -> Any:
    """A JSON document Macaw wrote; `MacawError` if it is damaged."""
    try:
        return json.loads(path.read_text("utf-8"))
    except (ValueError, OSError) as error:
        raise MacawError(f"{path}: not a record of a build ({error})", "delete the folder and build again") from None
