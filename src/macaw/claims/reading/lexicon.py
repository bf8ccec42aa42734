"""The reader's word lists: TOML files in `words/`, read once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def words(name: str) -> dict[str, Any]:
    """One file of `words/` as a dictionary.

    >>> words("numerals")["zh"]["digits"]["两"]
    2
    """
    text = files("macaw.claims.reading.words").joinpath(f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


def any_of(alternatives: Iterable[str]) -> str:
    """A regular expression for any of these texts, the longest first.

    >>> any_of(["a", "ab"])
    'ab|a'
    """
    return _any_of(tuple(alternatives))


@cache
def _any_of(alternatives: tuple[str, ...]) -> str:
    return "|".join(re.escape(a) for a in sorted(set(alternatives), key=lambda a: (-len(a), a)))


class Words:
    """Regular expressions in both languages as one: those in Chinese are not tried on text without Chinese.

    English ones match whole words, or with `begins` words that begin so.

    >>> Words(["落后"], ["lag"]).search("they lag behind")[0]
    'lag'
    """

    def __init__(self, zh: Sequence[str], en: Sequence[str], *, begins: bool = False, hyphens: bool = False) -> None:
        edge = r"(?<![\w-])(?:{})(?![\w-])" if hyphens else r"\b(?:{})" if begins else r"\b(?:{})\b"
        latin = "|".join(edge.format(w) for w in en)
        self._latin = re.compile(latin or "(?!)", re.IGNORECASE)
        self._both = re.compile("|".join([*zh, *([latin] if latin else [])]) or "(?!)", re.IGNORECASE)

    def _for(self, text: str) -> re.Pattern[str]:
        return self._latin if text.isascii() else self._both

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first match."""
        return self._for(text).search(text, start, len(text) if end is None else end)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All matches."""
        return self._for(text).finditer(text)

    def blanked(self, text: str, with_: str = "·") -> str:
        """The text with every match blanked out."""
        return self._for(text).sub(lambda m: with_ * len(m[0]), text)
