"""The reader's word lists: TOML files in `words/`, read once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
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
    return "|".join(re.escape(a) for a in sorted(set(alternatives), key=lambda a: (-len(a), a)))
