"""The two languages of the site: strings from one catalogue, numbers as each writes them."""

from __future__ import annotations

import math
import string
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

from markupsafe import Markup, escape

from macaw.claims.text import scientific
from macaw.errors import MacawError
from macaw.indicators import is_fraction
from macaw.registry.vocabulary import Term, vocabulary

CODES = ("en", "zh")
# Sections of strings that the registry's vocabulary holds.
_VOCABULARY = {"sector": "sector", "stage": "stage", "market": "exchange"}


class Named(Protocol):
    """Anything that has a name in both languages; the Chinese one may be lacking."""

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def name_zh(self) -> str | None: ...  # noqa: D102


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every string of the site by `section.key`, in both languages; the registry's words are named there."""
    document = tomllib.loads(files("macaw.site").joinpath("strings.toml").read_text("utf-8"))
    document |= {section: _terms(vocabulary()[kind]) for section, kind in _VOCABULARY.items()}
    return {f"{section}.{key}": texts for section, entries in document.items() for key, texts in entries.items()}


def _terms(terms: dict[str, Term]) -> dict[str, dict[str, str]]:
    return {word: {"en": term.name[0].upper() + term.name[1:], "zh": term.name_zh} for word, term in terms.items()}


def placeholders(text: str) -> set[str]:
    """The names a string wants values for.

    >>> sorted(placeholders("{n} of {all}"))
    ['all', 'n']
    """
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@dataclass(frozen=True)
class Language:
    """One language of the site."""

    code: str

    @property
    def other(self) -> str:
        """Code of the other language."""
        return CODES[1 - CODES.index(self.code)]

    @property
    def tag(self) -> str:
        """The language as HTML names it."""
        return {"en": "en", "zh": "zh-Hans"}[self.code]

    def t(self, key: str, **values: object) -> str:
        """The string of that key; raises `MacawError` for a key that the catalogue lacks."""
        try:
            return catalogue()[key][self.code].format(**values)
        except KeyError as error:
            raise MacawError(f"site/strings.toml: {key} lacks {error}", "add it there in both languages") from None

    def marked(self, key: str, **values: object) -> Markup:
        """The same as markup, for values that are marked up themselves; all others are escaped."""
        return Markup(escape(catalogue()[key][self.code])).format(**values)  # noqa: S704  # the string is escaped

    def section(self, name: str) -> dict[str, str]:
        """The strings of one section by key, for a script."""
        return {k.split(".", 1)[1]: v[self.code] for k, v in catalogue().items() if k.startswith(f"{name}.")}

    def pick(self, english: str, chinese: str | None) -> str:
        """The text of this language; the English one where there is no Chinese one."""
        return chinese if self.code == "zh" and chinese else english

    def name(self, of: Named) -> str:
        """A thing's name in this language."""
        return self.pick(of.name, of.name_zh)

    def also(self, of: Named) -> str:
        """A thing's name in the other language, empty where it is the same or unknown."""
        name = of.name if self.code == "zh" else of.name_zh or ""
        return "" if name == self.name(of) else name

    def unit(self, english: str, chinese: str) -> str:
        """A unit as it is written beside numbers in this language.

        >>> Language("en").unit("fraction 0–1", "比例 0–1"), Language("en").unit("fraction of GDP", "占比")
        ('%', '% of GDP')
        """
        if self.code == "zh":
            return "%" if chinese == "比例 0–1" else chinese
        return english.replace("fraction 0–1", "fraction").replace("fraction", "%")

    def number(self, value: float | None, unit: str = "") -> str:
        """A number as a reader of this language writes it; a fraction in percent; n/a where there is none.

        >>> Language("en").number(12345.6), Language("en").number(0.1234, "fraction 0–1")
        ('12,346', '12.3%')
        >>> Language("en").number(3.8e25, "FLOP"), Language("en").number(None)
        ('3.8 × 10²⁵', 'n/a')
        """
        if value is None or math.isnan(value):
            return self.t("status.none")
        if is_fraction(unit):
            return f"{_plain(100 * value, 3)}%"
        if abs(value) >= 1e15:
            return scientific(value)
        return _plain(value, 3)

    def measured(self, value: float | None, english: str, chinese: str) -> str:
        """A value with its unit, as a sentence has it; one of a thing in the singular.

        >>> Language("en").measured(1, "papers", "篇"), Language("en").measured(2, "papers", "篇")
        ('1 paper', '2 papers')
        >>> Language("en").measured(0.034, "fraction of GDP", "占国内生产总值比例")
        '3.4% of GDP'
        """
        number = self.number(value, english)
        if value is None:
            return number
        if is_fraction(english):
            return number + (self.unit(english, chinese).removeprefix("%") if self.code == "en" else "")
        one = catalogue().get(f"one.{english}") if number == "1" else None
        return f"{number} {one[self.code] if one else self.pick(english, chinese)}"

    def licence(self, stated: str) -> str:
        """A source's licence: its name as it is, words translated.

        >>> Language("zh").licence("none stated"), Language("zh").licence("CC0-1.0")
        ('未声明许可', 'CC0-1.0')
        """
        words = catalogue().get(f"licence.{stated}")
        return words[self.code] if words else stated

    def short(self, value: float, unit: str = "") -> str:
        """A number for the axis of a chart: 12k, 3M in English, 1.2万, 3亿 in Chinese.

        >>> Language("en").short(12000), Language("zh").short(12000), Language("zh").short(3e8)
        ('12k', '1.2万', '3亿')
        """
        if is_fraction(unit):
            return f"{_plain(100 * value, 2)}%"
        if abs(value) >= 1e15:
            return scientific(value)
        steps = ((1e8, "亿"), (1e4, "万")) if self.code == "zh" else ((1e9, "bn"), (1e6, "M"), (1e4, "k"))
        for size, mark in steps:
            if abs(value) >= size:
                size = 1e3 if mark == "k" else size
                return _plain(value / size, 2) + mark
        return _plain(value, 2)

    def range(self, low: float | None, high: float | None, unit: str = "") -> str:
        """An interval, empty where there is none."""
        return "" if low is None or high is None else f"{self.number(low, unit)} – {self.number(high, unit)}"


def _plain(value: float, digits: int) -> str:
    """Significant digits where a number is small, whole where it is large; thousands set apart."""
    size = abs(value)
    if size >= 10 ** (digits - 1) or value == int(value):
        return f"{value:,.0f}"
    places = max(0, digits - 1 - math.floor(math.log10(size)))
    text = f"{value:,.{min(places, 6)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


LANGUAGES = tuple(Language(code) for code in CODES)
