"""Search words as published definitions write them, as regular expressions of RE2 (and of Python, with re.ASCII)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from macaw.errors import MacawError

_WORD = re.compile(r"([A-Za-z0-9_]+)(?:(\*)|\$(\d+))?")
_WITHIN = re.compile(r"~(\d+)")
# Between the words of a phrase: blanks or hyphens.
_BETWEEN = r"[\s\-]+"


def pattern(words: Iterable[str]) -> str:
    r"""One expression that any of the phrases meets, to be used without regard to case.

    `*` stands for any further letters, `$2` for at most two, `a ~3 b` for b among the three words after a; a phrase in
    Chinese is met anywhere. Raises `MacawError` for a phrase written otherwise.

    >>> bool(re.search(pattern(["neural net*"]), "a neural-network"))
    True
    >>> bool(re.search(pattern(["learning ~3 algorithm$1"]), "learning by new algorithms"))
    True
    """
    latin: list[str] = []
    other: list[str] = []
    for phrase in dict.fromkeys(words):
        (latin if phrase.isascii() else other).append(phrase)
    parts = [rf"\b(?:{'|'.join(map(_latin, latin))})\b"] if latin else []
    return "|".join([*parts, *map(re.escape, other)])


def _latin(phrase: str) -> str:
    out, within = "", 1
    for token in phrase.split():
        near, word = _WITHIN.fullmatch(token), _WORD.fullmatch(token)
        if near and out:
            within = int(near[1])
        elif word:
            gap = _BETWEEN if within == 1 else rf"{_BETWEEN}(?:\w+{_BETWEEN}){{0,{within - 1}}}"
            rest = r"\w*" if word[2] else rf"\w{{0,{word[3]}}}" if word[3] else ""
            out += (gap if out else "") + word[1].lower() + rest
            within = 1
        else:
            raise MacawError(f"search words {phrase!r}: {token!r} is not understood", "see docs/patents.md")
    return out
