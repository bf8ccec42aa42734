"""Reads long files of many XML documents one record at a time.

Only what stands between a record's first tag and its end is ever parsed: no prolog, so no document type, so no entity
can be defined, and none is fetched. A record is as long as its bibliographic part and has a bound.
"""

from __future__ import annotations

import gzip
import html
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from macaw.errors import SourceError
from macaw.sources.files import DAMAGED_ZIP

Element = ElementTree.Element

_CHUNK = 1 << 20
# A tag's name and what follows it.
_TAIL = 128
# A bibliographic part longer than this is a mistake or an attack.
MAX_RECORD = 16 << 20
_REFERENCE = re.compile(r"&(\w+);")
_KEPT = frozenset({"amp", "lt", "gt", "quot", "apos"})


class DamagedError(Exception):
    """A record that cannot be parsed; the message says why."""


@contextmanager
def opened(path: Path, again: str) -> Iterator[Iterator[IO[bytes]]]:
    """The XML streams of a file: the file itself, plain or gzipped, or each XML member of a zip.

    Raises `SourceError` with the remedy `again` for a damaged file.
    """
    try:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                names = [n for n in archive.namelist() if n.lower().endswith(".xml")]
                yield _members(archive, names)
        elif path.suffix == ".gz":
            with gzip.open(path) as packed:
                yield iter([packed])  # type: ignore[list-item]
        else:
            with path.open("rb") as stream:
                yield iter([stream])
    except PermissionError:
        raise SourceError(f"{path}: no permission to read the file", f"run: chmod +r '{path}'") from None
    except (*DAMAGED_ZIP, gzip.BadGzipFile) as error:
        raise SourceError(f"{path}: cannot be unpacked ({error})", again) from None


def _members(archive: zipfile.ZipFile, names: list[str]) -> Iterator[IO[bytes]]:
    for name in names:
        with archive.open(name) as stream:
            yield stream


def records(stream: IO[bytes], roots: tuple[str, ...], ends: tuple[str, ...] = ()) -> Iterator[bytes | DamagedError]:
    """The bytes of each record from a first tag called one of `roots`, up to its end or the first of `ends`.

    What is cut off is closed by the root's end tag. A record that is too long, that has no end, or in which the stream
    ends is given as the error that says so.
    """
    either, stops = "|".join(map(re.escape, roots)), "|".join(map(re.escape, ends)) or "(?!)"
    token = f"<(?:(?P<start>{either})(?=[\\s>/])|/(?:{either})\\s*>|(?:{stops})(?=[\\s>/]))"
    scanner = _Scanner(re.compile(token.encode()))
    rest = b""
    while chunk := stream.read(_CHUNK):
        data = rest + chunk
        # The last bytes wait for the next chunk: a tag may go on there.
        limit = max(len(data) - _TAIL, 0)
        yield from scanner.feed(data, limit)
        rest = data[limit:]
    yield from scanner.feed(rest, len(rest))
    if scanner.root:
        yield DamagedError("is cut off: the file ends within it")


def records_of(
    path: Path, again: str, roots: tuple[str, ...], ends: tuple[str, ...] = ()
) -> Iterator[tuple[int, bytes | DamagedError]]:
    """The records of all streams of a file (`opened`, `records`), each with its place in the file from 0."""
    with opened(path, again) as streams:
        yield from enumerate(record for stream in streams for record in records(stream, roots, ends))


class _Scanner:
    """Collects the bytes of one record after another."""

    def __init__(self, token: re.Pattern[bytes]) -> None:
        self.token = token
        self.root = b""
        self.parts: list[bytes] = []

    def feed(self, data: bytes, limit: int) -> Iterator[bytes | DamagedError]:
        """The records that end before `limit`; what begins before it is kept."""
        start = 0
        for found in self.token.finditer(data):
            if found.start() >= limit:
                break
            if found["start"]:
                if self.root:
                    yield DamagedError("has no end")
                self.root, self.parts, start = found["start"], [], found.start()
            elif self.root:
                self.parts.append(data[start : found.start()])
                yield b"".join(self.parts) + b"</" + self.root + b">"
                self.root = b""
        if self.root:
            self.parts.append(data[start:limit])
            if sum(map(len, self.parts)) > MAX_RECORD:
                yield DamagedError(f"is longer than {MAX_RECORD:,} bytes")
                self.root = b""


def parsed(record: bytes) -> Element:
    """The element of a record; raises `DamagedError` where it is not well-formed.

    Names of characters that a document type would define (`&lsqb;`) are read as HTML knows them.
    """
    try:
        text = record.decode("utf-8")
    except UnicodeDecodeError:
        text = record.decode("latin-1")
    try:
        return ElementTree.fromstring(_REFERENCE.sub(_character, text))  # noqa: S314 - no document type
    except ElementTree.ParseError as error:
        raise DamagedError(f"is not well-formed ({error})") from None


def _character(found: re.Match[str]) -> str:
    if found[1] in _KEPT:
        return found[0]
    known = html.unescape(found[0])
    return html.escape(known) if known != found[0] else f"[{found[1]}]"


def text_of(element: Element | None, path: str = "") -> str | None:
    """All text below an element, blanks made single; None where there is none."""
    found = element.find(path) if path and element is not None else element
    text = " ".join("".join(found.itertext()).split()) if found is not None else ""
    return text or None
