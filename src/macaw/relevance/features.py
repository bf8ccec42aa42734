"""Words and word pairs of texts as hashed numbers, many texts at once, in NumPy.

A word is a run of Latin letters; case, digits, punctuation, inline formulas and LaTeX commands do not count. Its hash
is a polynomial of its letters modulo 2^64, taken from running sums, so that no word becomes a Python object. A pair
is two words that follow one another in one text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

# Bytes of text worked on at once: the arrays of this many letters stay in a processor's cache.
BLOCK = 1 << 17
_BASE = 0x9E3779B97F4A7C15
_PAIR = np.uint64(0xD6E8FEB86659FD93)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_FORMULA = re.compile(r"\$\$?[^$]{0,300}\$\$?|\\[a-zA-Z]+")
_SPACE = 0x20
_LETTERS = bytes(b + 32 if 65 <= b <= 90 else b if 97 <= b <= 122 else _SPACE for b in range(256))
# Between two texts; a pair never goes across.
_END = b"\n"
_END_CODE = 0x0A
_TABLE = bytes(_END_CODE if b == _END_CODE else _LETTERS[b] for b in range(256))


def _powers(base: int, count: int) -> Hashes:
    made, value = np.empty(count, np.uint64), 1
    for i in range(count):
        made[i] = value
        value = value * base & 0xFFFFFFFFFFFFFFFF
    return made


class _Tables:
    """Powers of the base and of its inverse, as far as the longest block so far needs them."""

    def __init__(self) -> None:
        self.up, self.down = _powers(_BASE, 1), _powers(1, 1)

    def upto(self, count: int) -> tuple[Hashes, Hashes]:
        if len(self.up) < count:
            size = max(count, 2 * BLOCK)
            self.up, self.down = _powers(_BASE, size), _powers(pow(_BASE, -1, 1 << 64), size)
        return self.up, self.down


_tables = _Tables()


@dataclass(frozen=True)
class Terms:
    """Words, then pairs, of a block of texts: hash, number of the text, and where they stand in `data`."""

    data: bytes
    texts: int
    words: int
    hash: Hashes
    text: Ints
    start: Ints
    end: Ints

    def word(self, place: int) -> str:
        """The words of a term."""
        return " ".join(self.data[self.start[place] : self.end[place]].decode("ascii").split())


def plain(text: str) -> bytes:
    """The letters of a text, small, everything else blank.

    >>> plain("Deep $k$-NN for 3D\\nvision").decode().split()
    ['deep', 'nn', 'for', 'd', 'vision']
    """
    if "$" in text or "\\" in text:
        text = _FORMULA.sub(" ", text)
    return text.encode("ascii", "replace").translate(_LETTERS)


def hash_of(words: str) -> int:
    """The hash of one word or of a pair, computed letter by letter: what `terms` must agree with.

    >>> terms([plain("Deep learning")]).hash.tolist() == [hash_of(t) for t in ("deep", "learning", "deep learning")]
    True
    """
    mask = 0xFFFFFFFFFFFFFFFF
    single = []
    for word in words.split():
        value = sum(c * pow(_BASE, i, 1 << 64) for i, c in enumerate(word.encode())) & mask
        value = (value ^ (value >> 29)) * int(_MIX) & mask
        single.append(value ^ (value >> 32))
    if len(single) == 1:
        return single[0]
    first, second = single
    value = (first * int(_PAIR) + second) & mask
    value = (value ^ (value >> 29)) * int(_MIX) & mask
    return value ^ (value >> 32)


def mixed(value: Hashes) -> Hashes:
    """Hashes with their bits spread, so that the first of them tell words apart."""
    value = (value ^ (value >> np.uint64(29))) * _MIX
    return np.asarray(value ^ (value >> np.uint64(32)))


def pair_of(first: Hashes, second: Hashes) -> Hashes:
    """The hash of a word, or of words, followed by another word."""
    return mixed(first * _PAIR + second)


def terms(plains: Sequence[bytes]) -> Terms:
    """All words, then all pairs, of texts made `plain`."""
    data = _END.join(plains) + _END
    codes = np.frombuffer(data, np.uint8)
    letter = codes > _SPACE
    edges = np.flatnonzero(letter[1:] != letter[:-1]) + 1
    if len(letter) and letter[0]:
        edges = np.concatenate([[0], edges])
    start, end = edges[0::2], edges[1::2]
    up, down = _tables.upto(len(codes))
    sums = np.empty(len(codes) + 1, np.uint64)
    sums[0] = 0
    np.cumsum(np.where(letter, codes, 0) * up[: len(codes)], out=sums[1:])
    single = mixed((sums[end] - sums[start]) * down[start])
    text = np.searchsorted(np.flatnonzero(codes == _END_CODE), start)
    together = text[1:] == text[:-1]
    pair = pair_of(single[:-1], single[1:])[together]
    return Terms(
        data,
        len(plains),
        len(single),
        np.concatenate([single, pair]),
        np.concatenate([text, text[1:][together]]),
        np.concatenate([start, start[:-1][together]]),
        np.concatenate([end, end[1:][together]]),
    )
