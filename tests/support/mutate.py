"""Turns a well-formed file into one that a disk, a network or somebody's ill will might make of it."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

# What readers stumble over: numbers out of bounds, empty things, other types, quotes, tags, signs of spreadsheets, SQL.
TOKENS = (
    b"",
    b"0",
    b"-1",
    b"1e999",
    b"-1e999",
    b"NaN",
    b"nan",
    b"Infinity",
    b"null",
    b"true",
    b"{}",
    b"[]",
    b"[[]]",
    b'""',
    b'"',
    b"'",
    b",",
    b";",
    b"\t",
    b"\n",
    b"\r",
    b"\r\n",
    b"\x00",
    b"\xff",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\\",
    b"\\ud800",
    b"\\u0000",
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"<",
    b">",
    b"</",
    b"<!--",
    b"<![CDATA[",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"&b;",
    b"&#0;",
    b"&#x110000;",
    b"&amp;",
    b"=1+1",
    b"@SUM(A1)",
    b"' or 1=1 --",
    b"../../etc/passwd",
    b"9999999999999999999",
    b"9" * 400,
    b"9" * 5000,
    b"18446744073709551616",
    b"-9223372036854775809",
    b"0000-00-00",
    b"2024-02-30",
    b"99999-01-01",
    b"20241301",
    b"1.5",
    b"1,234",
    b"\xe2\x80\xae",
    b"\xe5\x8d\x8e\xe4\xb8\xba",
    b"\xed\xa0\x80",
    b"x" * 10000,
    b"[" * 3000,
    b"1_000",
    b"\xd9\xa1\xd9\xa2",
    b"\xc2\xb2",
)

Change = tuple[str, float, float, int]
# What is done, where (as a share of the file), over how long a stretch, and which bit or token.
changes = st.lists(
    st.tuples(
        st.sampled_from(("flip", "set", "delete", "repeat", "insert", "replace", "cut", "swap", "field")),
        st.floats(0, 1, exclude_max=True),
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 1 << 16),
    ),
    min_size=1,
    max_size=5,
)


def changed(data: bytes, told: Sequence[Change], inside: bool) -> bytes:
    """The bytes after all changes; `inside` changes what is packed in a gzip or zip rather than the packing."""
    if inside and data[:2] == b"\x1f\x8b":
        return gzip.compress(_changed(gzip.decompress(data), told), 1, mtime=0)
    if inside and data[:4] == b"PK\x03\x04":
        return _in_zip(data, told)
    return _changed(data, told)


def _in_zip(data: bytes, told: Sequence[Change]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, _changed(old.read(name), told))
    return packed.getvalue()


def _changed(data: bytes, told: Sequence[Change]) -> bytes:
    for kind, where, length, number in told:
        at = int(where * len(data))
        # Short stretches more often than long ones.
        end = at + 1 + int((len(data) - at) * length**4)
        data = _KINDS[kind](data, at, end, number)
    return data


def _flip(data: bytes, at: int, end: int, number: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1 << number % 8]) + data[at + 1 :] if data else data


def _swap(data: bytes, at: int, end: int, number: int) -> bytes:
    other = number % (len(data) + 1)
    first, last = sorted((at, other))
    return data[:first] + data[last:] + data[first:last]


def _field(data: bytes, at: int, end: int, number: int) -> bytes:
    """Put a token in the place of what stands between two signs that divide: a cell, a value, a text."""
    start = max((data.rfind(sign, 0, at) for sign in _DIVIDING), default=-1) + 1
    stops = [found for sign in _DIVIDING if (found := data.find(sign, at)) >= 0]
    return data[:start] + TOKENS[number % len(TOKENS)] + data[min(stops, default=len(data)) :]


_DIVIDING = (b",", b"\t", b"\n", b":", b'"', b">", b"<", b"[", b"]", b"{", b"}", b"=", b"|")
_KINDS: dict[str, Callable[[bytes, int, int, int], bytes]] = {
    "flip": _flip,
    "set": lambda data, at, end, number: data[:at] + bytes([number % 256]) + data[at + 1 :],
    "delete": lambda data, at, end, number: data[:at] + data[end:],
    "repeat": lambda data, at, end, number: data[:end] + data[at:end] * (1 + number % 3) + data[end:],
    "insert": lambda data, at, end, number: data[:at] + TOKENS[number % len(TOKENS)] + data[at:],
    "replace": lambda data, at, end, number: data[:at] + TOKENS[number % len(TOKENS)] + data[end:],
    "cut": lambda data, at, end, number: data[:at],
    "swap": _swap,
    "field": _field,
}


def is_packed(data: bytes) -> bool:
    """Whether bytes unpack, so that what is in them can be changed."""
    try:
        if data[:2] == b"\x1f\x8b":
            gzip.decompress(data)
            return True
        if data[:4] == b"PK\x03\x04":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return archive.testzip() is None
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError):
        return False
    return False
