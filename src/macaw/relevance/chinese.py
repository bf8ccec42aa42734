"""Chinese titles and abstracts: which terms of the lexicon they hold, and what follows.

A curated lexicon beat every model that was tried on real Chinese abstracts (docs/relevance.md), so that it decides.
One strong term makes a paper AI, and so do two different weak ones; what the lexicon lists as `not` is taken out first.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from macaw.organisations.names import simplified

_HAN = re.compile("[\u4e00-\u9fff]")
_LATIN = re.compile("[A-Za-z]")
# A Chinese abstract holds Latin names and formulas: a character weighs as much as this many letters.
_LETTERS_A_CHARACTER = 2.5
# Share that is AI among labelled abstracts, by what was found: several strong terms, one, several weak ones, a single
# weak one, none (docs/relevance.md).
PROBABILITY = {"several": 0.97, "one": 0.85, "weak": 0.6, "single": 0.12, "none": 0.01}


def is_chinese(text: str) -> bool:
    """Whether a text is mainly Chinese.

    >>> is_chinese("基于 convolutional network 的图像分类"), is_chinese("The word 道 in translation")
    (False, False)
    >>> is_chinese("基于CNN的图像分类")
    True
    """
    if text.isascii():
        return False
    return len(_HAN.findall(text)) * _LETTERS_A_CHARACTER > len(_LATIN.findall(text))


def _pattern(terms: Iterable[str]) -> re.Pattern[str] | None:
    ordered = sorted(set(terms), key=lambda t: (-len(t), t))
    if not ordered:
        return None
    # A Latin term must not be a part of a longer Latin word; characters have no word bounds.
    choices = [
        ("(?<![a-z])" if t[0].isascii() else "") + re.escape(t) + ("(?![a-z])" if t[-1].isascii() else "")
        for t in ordered
    ]
    return re.compile("|".join(choices))


@dataclass(frozen=True)
class Verdict:
    """Whether a text is AI, by what evidence (a key of `PROBABILITY`), how sure, its fields, and the terms found."""

    ai: bool
    level: str
    probability: float
    fields: dict[str, float]
    terms: list[str]


@dataclass(frozen=True)
class Lexicon:
    """Strong and weak terms with the fields they tell, and words that only look like one."""

    version: str
    strong: dict[str, str]
    weak: dict[str, str]
    traps: re.Pattern[str] | None
    pattern: re.Pattern[str] | None

    @classmethod
    def of(cls, document: dict[str, object]) -> Lexicon:
        """A lexicon from its file."""
        groups = {name: g for name, g in document.items() if isinstance(g, dict)}
        strong = {t: name for name, g in groups.items() for t in g["strong"]}
        weak = {t: name for name, g in groups.items() for t in g["weak"] if t not in strong}
        traps = document.get("not", [])
        assert isinstance(traps, list)
        return cls(str(document["version"]), strong, weak, _pattern(traps), _pattern([*strong, *weak]))

    def found(self, text: str) -> tuple[list[str], list[str]]:
        """The different strong and weak terms of a text in simplified characters, in its order."""
        lowered = text.lower()
        if self.traps:
            lowered = self.traps.sub("\n", lowered)
        terms = dict.fromkeys(self.pattern.findall(lowered)) if self.pattern else {}
        return [t for t in terms if t in self.strong], [t for t in terms if t in self.weak]

    def verdict(self, text: str) -> Verdict:
        """Whether a text, in any characters, is about AI by the lexicon, with the measured share that is right."""
        strong, weak = self.found(simplified(text))
        if strong:
            level = "several" if len(strong) > 1 else "one"
        else:
            level = ("none", "single")[len(weak)] if len(weak) < 2 else "weak"
        probability = PROBABILITY[level]
        told = [self.strong[t] for t in strong]
        fields = {field: probability for field in dict.fromkeys(told) if field not in ("general", "methods")}
        return Verdict(level in ("several", "one", "weak"), level, probability, fields, strong or weak)


@cache
def shipped() -> Lexicon:
    """The lexicon that comes with the package."""
    text = files("macaw.relevance").joinpath("definitions", "chinese.toml").read_text("utf-8")
    return Lexicon.of(tomllib.loads(text))
