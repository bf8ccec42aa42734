"""Bytes to text: encodings of Chinese and English pages, told apart by what the text then says."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from macaw.errors import MacawError

MAX_BYTES = 8 * 1024**2
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TEXT = (
    (b"PK\x03\x04", "a zip archive (docx, xlsx and epub are such)"),
    (b"PK\x05\x06", "a zip archive"),
    (b"\x1f\x8b", "a gzip file"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "an RTF file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
)
# The characters that any Chinese page is full of, in both scripts.
_COMMON = frozenset(
    "的一是不了在人有我他这这中大来上国说到时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分"
    "还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相"
    "這來國說時會對過發後裡種經麼學現當沒動還進樣開實軍無與長機關點業將兩間問並應戰頭體"
)
_CHINESE = ("gb18030", "big5hkscs")
_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,30})", re.IGNORECASE)
_SAMPLE = 200_000
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LEAST_COMMON = 0.05
_MOST_CONTROL = 0.01


def decode(data: bytes, name: str, charset: str | None = None) -> str:
    """The text of a file or page.

    A byte order mark decides, then UTF-8 if it fits, then the encoding a page declares if what comes out reads as text,
    then the likeliest. Raises `MacawError` for what is no text, and for an encoding that cannot be told.
    """
    for magic, what in _NO_TEXT:
        if data.startswith(magic):
            raise MacawError(f"{name}: is {what}, not a text", "give plain text, Markdown or HTML")
    text = _decoded(data, charset)
    if text is None:
        raise MacawError(f"{name}: its encoding cannot be told", "convert it to UTF-8")
    if len(_CONTROL.findall(text[:_SAMPLE])) > _MOST_CONTROL * len(text[:_SAMPLE]):
        raise MacawError(f"{name}: is not a text (it holds control characters)", "give plain text, Markdown or HTML")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").replace("\ufeff", "")


def _decoded(data: bytes, charset: str | None) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _try(data, encoding) or data.decode(encoding, "replace")
    text = _try(data, "utf-8")
    if text is not None and "\x00" not in text:
        return text
    if data[:_SAMPLE].count(0) > len(data[:_SAMPLE]) // 8:
        return _wide(data)
    declared = [charset] if charset else []
    declared += [m.decode("ascii") for m in _DECLARED.findall(data[:4096])]
    for encoding in declared:
        text = _try(data, encoding)
        if text is not None and _reads_well(text):
            return text
    return _likeliest(data) or _nearly_utf8(data)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        # GB2312 pages hold characters of its successors.
        name = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}.get(encoding.casefold(), encoding)
        codec = codecs.lookup(name)
        return data.decode(codec.name) if codec._is_text_encoding else None
    except (LookupError, UnicodeError, ValueError):
        return None


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: zero bytes at every other place."""
    even, odd = data[:_SAMPLE:2].count(0), data[1:_SAMPLE:2].count(0)
    return _try(data[: len(data) // 2 * 2], "utf-16-le" if odd > even else "utf-16-be")


def _common(text: str) -> float:
    """The share of common Chinese characters among all characters beyond ASCII."""
    beyond = [c for c in text[:_SAMPLE] if ord(c) > 127]
    return sum(c in _COMMON for c in beyond) / len(beyond) if beyond else 0.0


def _reads_well(text: str) -> bool:
    beyond = sum(ord(c) > 127 for c in text[:_SAMPLE])
    return beyond < len(text[:_SAMPLE]) * 0.15 or _common(text) > _LEAST_COMMON


def _likeliest(data: bytes) -> str | None:
    """Chinese encodings by how common the characters are that come out, any other by charset-normalizer."""
    read = [text for encoding in _CHINESE if (text := _try(data, encoding)) is not None]
    best = max(read, key=_common, default=None)
    if best is not None and _common(best) > 2 * _LEAST_COMMON:
        return best
    found = from_bytes(data[:_SAMPLE]).best()
    return _try(data, found.encoding) if found else None


def _nearly_utf8(data: bytes) -> str | None:
    """UTF-8 with a few damaged bytes, or cut in the middle of a character."""
    text = data.decode("utf-8", "replace")
    return text if text.count("\ufffd") <= max(3, len(text) // 500) else None
