"""Authors as numbers: which names are the same, which may be one person's, which many people bear. No name is kept."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

_HAN = re.compile(r"[\u4e00-\u9fff]")
# What stands beside a name: DBLP's number of a namesake, a footnote mark.
_NOT_NAME = re.compile(r"[\d*†‡§¶()\[\]{}<>]+")
# Given names of more syllables than this are seldom shared.
_SYLLABLES = 2


@cache
def _words(name: str) -> frozenset[str]:
    document = tomllib.loads(files("macaw.sources.paperlists").joinpath("ambiguous_names.toml").read_text("utf-8"))
    return frozenset(document[name].split())


@cache
def _given_in_pinyin() -> re.Pattern[str]:
    syllable = "|".join(sorted(_words("syllables"), key=len, reverse=True))
    return re.compile(rf"(?:{syllable}){{1,{_SYLLABLES}}}")


def parts(name: str) -> tuple[str, ...]:
    """The words of a name in small letters without accents, hyphens and dots; initials between others are left out.

    >>> parts("Xiao-Ming Li"), parts("José F. Núñez"), parts("Wei Wang 0001")
    (('xiaoming', 'li'), ('jose', 'nunez'), ('wei', 'wang'))
    """
    text = unicodedata.normalize("NFKD", _NOT_NAME.sub(" ", name))
    plain = "".join(c for c in text if not unicodedata.combining(c)).casefold()
    words = re.sub(r"[-'’‐–]", "", plain).replace(".", " ").replace(",", " ").split()
    return tuple(w for i, w in enumerate(words) if len(w) > 1 or i in (0, len(words) - 1))


def group(words: tuple[str, ...]) -> tuple[str, str]:
    """Family name and first letter of the given name: all that the ways of writing one person's name share.

    >>> group(parts("Geoffrey Hinton")) == group(parts("G. E. Hinton"))
    True
    """
    return (words[-1], words[0][0] if len(words) > 1 else "")


def is_ambiguous(words: tuple[str, ...]) -> bool:
    """Whether many people bear the name: an initial only, a Chinese name in pinyin, or a very common family name.

    >>> [is_ambiguous(parts(n)) for n in ("Wei Wang", "G. Hinton", "Minsu Kim", "Fei-Fei Li", "Yoshua Bengio")]
    [True, True, True, True, False]
    """
    if len(words) < 2 or _HAN.search(words[-1]):
        # A name in characters tells far more than its pinyin; a single word tells too little.
        return not _HAN.search("".join(words))
    given, family = "".join(words[:-1]), words[-1]
    if len(given) == 1 or family in _words("common_families"):
        return True
    return family in _words("chinese_families") and bool(_given_in_pinyin().fullmatch(given))


@dataclass
class Authors:
    """Gives names numbers in the order in which they come; a number means nothing outside the reading."""

    _names: dict[tuple[str, ...], int] = field(default_factory=dict)
    _groups: dict[tuple[str, str], int] = field(default_factory=dict)
    _known: dict[str, tuple[int, int, bool] | None] = field(default_factory=dict)

    def of(self, name: str) -> tuple[int, int, bool] | None:
        """Number of the name, number of its group, and whether many people bear it; None for what is no name."""
        if name not in self._known:
            words = parts(name)
            self._known[name] = (
                words
                and (
                    self._names.setdefault(words, len(self._names) + 1),
                    self._groups.setdefault(group(words), len(self._groups) + 1),
                    is_ambiguous(words),
                )
            ) or None
        return self._known[name]
