"""Opens source files, plain, gzipped or zipped, and says plainly what is wrong with a damaged one."""

from __future__ import annotations

import csv
import gzip
import io
import json
import lzma
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from macaw.errors import SourceError
from macaw.provenance import hash_file
from macaw.sources.origin import origin

# A source file larger than this when unpacked is a bomb or a mistake, not a conference.
MAX_BYTES = 4 * 1024**3
# What a damaged, encrypted or strangely packed zip makes `zipfile` raise; OSError for places before its beginning,
# UnicodeDecodeError for names said to be UTF-8 that are not.
DAMAGED_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    UnicodeDecodeError,
)

# Text packs to a tenth; what unpacks to a hundred times its size and more than this is a bomb.
_LARGE = 256 * 1024**2
_RATIO = 100


def require_no_bomb(path: Path, member: zipfile.ZipInfo, source: str) -> None:
    """Raise `SourceError` for a member of a zip that unpacks to far more than text does."""
    if member.file_size > _LARGE and member.file_size > _RATIO * member.compress_size:
        raise SourceError(f"{path}: {member.filename!r} unpacks to {member.file_size:,} bytes", _again(source))


def _again(source: str) -> str:
    """What to do with a damaged file: never to delete one that cannot be fetched again."""
    if origin(source).is_fetched:
        return f"delete the file and run: macaw fetch {source}"
    return "mend the file, or put a whole copy in its place"


def read_bytes(path: Path, source: str) -> bytes:
    """The unpacked contents of a plain or gzipped file.

    Raises `SourceError` for an unreadable, truncated or empty file, naming the file and the remedy.
    """
    again = _again(source)
    try:
        if path.suffix == ".gz":
            with gzip.open(path) as stream:
                data = stream.read(MAX_BYTES + 1)
        else:
            data = path.read_bytes()
    except EOFError:
        raise SourceError(f"{path}: the gzip stream ends early; the file is truncated", again) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise SourceError(f"{path}: not a valid gzip file ({error})", again) from None
    except PermissionError:
        raise _not_permitted(path) from None
    if len(data) > MAX_BYTES:
        raise SourceError(f"{path}: more than {MAX_BYTES:,} bytes when unpacked", again)
    if not data.strip():
        raise SourceError(f"{path}: the file is empty", again)
    return data


def decode(data: bytes, path: Path, source: str) -> str:
    """The text of UTF-8 bytes (a byte order mark is dropped); `SourceError` names line and byte otherwise."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(
            f"{path}: byte {error.start} (line {line}) is {data[error.start]:#04x}, which is not UTF-8",
            f"convert the file to UTF-8, or {_again(source)}",
        ) from None


def read_json(path: Path, source: str) -> Any:
    """The JSON document of a plain or gzipped UTF-8 file; `SourceError` names line and column otherwise."""
    return parse_json(decode(read_bytes(path, source), path, source), path, source)


def parse_json(text: str, path: Path, source: str) -> Any:
    """The JSON document of a text read from `path`."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise SourceError(
            f"{path}: not valid JSON at line {error.lineno}, column {error.colno} ({error.msg})",
            _again(source),
        ) from None
    except ValueError:
        raise SourceError(f"{path}: holds a number of too many digits", _again(source)) from None
    except RecursionError:
        raise SourceError(f"{path}: JSON is nested too deeply", "this is not a file of the source") from None


@contextmanager
def opened_text(path: Path, source: str, packed: Path | None = None) -> Iterator[TextIO]:
    """A plain or gzipped UTF-8 file, to be read line by line; `SourceError` where it is damaged.

    The error names the file, or `packed`, the one it was unpacked from.
    """
    again, named = _again(source), packed or path
    try:
        stream: TextIO
        if path.suffix == ".gz":
            stream = gzip.open(path, "rt", encoding="utf-8-sig", newline="")  # noqa: SIM115 - closed below
        else:
            stream = path.open(encoding="utf-8-sig", newline="")
        with stream:
            yield stream
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise SourceError(f"{named}: not a valid gzip file ({error})", again) from None
    except UnicodeDecodeError as error:
        raise SourceError(f"{named}: not UTF-8 ({error.reason} at byte {error.start})", again) from None
    except PermissionError:
        raise _not_permitted(named) from None


def json_lines(path: Path, source: str) -> Iterator[tuple[int, Any]]:
    """Line number from 1 and document of each line; a line that is not JSON is given as its error."""
    for number, line in enumerate(decode(read_bytes(path, source), path, source).split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                yield number, error


def csv_table(path: Path, source: str) -> tuple[list[str], list[list[str]]]:
    """Header and records of a CSV file, plain or gzipped; blank lines are no records.

    Raises `SourceError` as `read_bytes`, `decode` and `parse_csv` do.
    """
    return parse_csv(decode(read_bytes(path, source), path, source), path, source)


def parse_csv(text: str, path: Path, source: str) -> tuple[list[str], list[list[str]]]:
    """Header and records of a CSV text read from `path`; blank lines are no records.

    Raises `SourceError` for a text without a line, a quote that is never closed and a name that two columns have.
    """
    again = _again(source)
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), strict=True) if line]
    except csv.Error as error:
        raise SourceError(f"{path}: not valid CSV ({error})", again) from None
    if not lines:
        raise SourceError(f"{path}: the file is empty", again)
    header = [name.strip() for name in lines[0]]
    twice = [name for name, n in Counter(filter(None, header)).items() if n > 1]
    if twice:
        where = f"{path}: several columns are called {', '.join(map(repr, twice))}"
        raise SourceError(where, f"give each column a name of its own, or {again}")
    return header, lines[1:]


def fingerprint(path: Path) -> str:
    """SHA-256 of a source file; `SourceError` where it may not be read."""
    try:
        return hash_file(path)
    except PermissionError:
        raise _not_permitted(path) from None


def _not_permitted(path: Path) -> SourceError:
    return SourceError(f"{path}: no permission to read the file", f"run: chmod +r '{path}'")


def zip_member(path: Path, suffixes: tuple[str, ...], source: str) -> bytes:
    """The contents of the largest member of a zip whose name ends in the first suffix that any has.

    Nothing is written to disk. Raises `SourceError` for a zip that is damaged, encrypted, too large or without such a
    member.
    """
    again = _again(source)
    try:
        with zipfile.ZipFile(path) as archive:
            by_suffix = ([m for m in archive.infolist() if m.filename.endswith(s)] for s in suffixes)
            members = next(filter(None, by_suffix), None)
            if not members:
                raise SourceError(f"{path}: holds no file ending in {' or '.join(suffixes)}", again)
            member = max(members, key=lambda m: m.file_size)
            if member.file_size > MAX_BYTES:
                raise SourceError(f"{path}: {member.filename} unpacks to {member.file_size:,} bytes", again)
            with archive.open(member) as stream:
                return stream.read(MAX_BYTES)
    except PermissionError:
        raise _not_permitted(path) from None
    except DAMAGED_ZIP as error:
        raise SourceError(f"{path}: not a valid zip file ({error})", again) from None
