"""Numbers with their units: currencies before them, words behind them, the nouns they count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from macaw.claims.reading.lexicon import any_of, words
from macaw.claims.reading.numerals import Number


@dataclass(frozen=True)
class Found:
    """A number with its unit, before the words around it are read."""

    start: int
    end: int
    number: Number
    unit: str
    kind: str
    vague: bool = False
    is_range: bool = False


@cache
def unit_words() -> dict[str, tuple[str, str]]:
    """Word → unit and kind; English words in lower case, those with capitals as they are too."""
    table: dict[str, tuple[str, str]] = {}
    for row in reversed(words("units")["unit"]):
        for word in [*row["zh"], *row["en"]]:
            table[word] = row["id"], row["kind"]
    return table


@cache
def _unit_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    rows = words("units")["unit"]
    zh = any_of(w for r in rows for w in r["zh"])
    en = any_of(w for r in rows for w in r["en"])
    en = en.replace("\\ ", "[ -]")
    zh = rf"(?:{zh})(?:(?<![A-Za-z])|(?![A-Za-z0-9]))(?:(?<!年)|(?![级代轻龄]))(?:(?<!国家)|(?!级))"
    return re.compile(rf"\s?(?P<unit>{zh})"), re.compile(rf"[\s-]?(?P<unit>{en})(?![A-Za-z0-9])")


def unit_at(text: str, end: int) -> tuple[str, str, int] | None:
    """The unit right behind a number: id, kind and where it ends; the longer of two."""
    best: tuple[str, str, int] | None = None
    for pattern in _unit_patterns():
        match = pattern.match(text, end)
        if match and (best is None or match.end() > best[2]):
            word = match["unit"]
            best = (*(unit_words().get(word) or unit_words()[word.replace("-", " ")]), match.end())
    return best


@cache
def _currencies() -> tuple[re.Pattern[str], dict[str, str]]:
    table = {w: row["id"] for row in words("units")["unit"] for w in row.get("before", [])}
    return re.compile(rf"(?<![A-Za-z])(?P<sign>{any_of(table)})\s?$"), table


def currency_before(text: str, start: int) -> tuple[str, int] | None:
    """The currency written before a number: its id and where it begins."""
    pattern, table = _currencies()
    match = pattern.search(text[max(0, start - 12) : start])
    return (table[match["sign"]], start - len(match[0])) if match else None


# Words that end a noun phrase: a number before them has no noun.
_STOPS = frozenset(words("numbers_not")["ends_phrase"]["en"])
_PHRASE = re.compile(r"(?:[ -](?P<word>[A-Za-z][A-Za-z0-9'’&.-]*))")
_LONGEST_PHRASE = 5
# The noun begins within so many words, and a second word of it ends within so many characters.
_NEAR = 3
_LONGEST_NOUN = 20


def unit_behind(text: str, start: int, end: int, number: Number, *, words_only: bool = False) -> Found | None:
    """The number with the currency before it or the unit behind it; unit "" if neither is there.

    None for a number that stands for nothing: "one" as a pronoun, a figure in a name.
    """
    currency = currency_before(text, start)
    direct = unit_at(text, end)
    if currency:
        stop = direct[2] if direct and direct[1] == "money" else end
        return Found(currency[1], stop, number, currency[0], "money")
    end_of_more = re.match(r"[\s-]?(?:多|余|plus|odd|\+)(?=[\s\S])", text[end:])
    if direct is None and end_of_more:
        direct = unit_at(text, end + end_of_more.end())
        number = replace(number, open_above=number.open_above or bool(direct))
    if direct:
        unit, kind, stop = direct
        if "多" in text[end:stop]:
            number = replace(number, open_above=True)
        if unit == "factor" and text[stop - 5 : stop] == "times" and not _FACTOR.match(text, stop):
            unit, kind = "time", "count"
        noun = _noun_after(text, stop) if kind == "count" else None
        if unit in ("count", "model", "time", "deal") and noun is None and kind == "count":
            unit = "count" if unit == "model" and re.match(r"\s?款", text[end:]) else unit
        return Found(start, stop, number, noun or unit, kind)
    of = re.match(r"\s?of\s(?=[A-Za-z$])", text[end:])
    if of:
        direct = unit_at(text, end + of.end() - 1)
        if direct:
            return Found(start, direct[2], number, direct[0], direct[1])
    return _with_noun_phrase(text, start, end, number, words_only=words_only)


# What makes "times" a multiple: three times as many, five times the budget.
_FACTOR = re.compile(
    r"\s(?:as|more|less|larger|bigger|higher|greater|faster|cheaper|smaller|longer|that|its|the|what|their|over|slower|"
    r"lower|stronger|America|China|Europe|those|better|quicker)",
    re.IGNORECASE,
)


def _noun_after(text: str, end: int) -> str | None:
    """What a Chinese measure word counts, from the words right behind it."""
    phrase = re.match(r"[^,，。；;、:：!！?？()（）\x00\d未已是在没不被可将为从有由参来]{0,8}", text[end:])
    near = phrase[0] if phrase else ""
    hits = [
        (near.find(word), unit) for unit, of in words("units")["nouns"].items() for word in of["zh"] if word in near
    ]
    return min(hits)[1] if hits else None


def _with_noun_phrase(text: str, start: int, end: int, number: Number, *, words_only: bool) -> Found | None:
    """An English count: the number and the noun some words behind it."""
    stop = None
    for seen, word in enumerate(_phrase(text, end)):
        known = unit_at(text, word.start())
        if known and known[1] in ("count", "duration", "computing", "physical"):
            return Found(start, known[2], number, known[0], known[1])
        is_noun = word["word"][0].islower()
        near = seen < _NEAR if stop is None else word.end() - stop < _LONGEST_NOUN and word["word"].endswith("s")
        if is_noun and near:
            stop = word.end() - word["word"].endswith(".")
    if stop is None:
        return Found(start, end, number, "", "")
    if number.low == 1 and words_only:
        return None
    return Found(start, stop, number, "count", "count")


def _phrase(text: str, position: int) -> Iterator[re.Match[str]]:
    """The words behind a number until its noun phrase ends: at a small word, a stop, or a plural."""
    for _ in range(_LONGEST_PHRASE):
        match = _PHRASE.match(text, position)
        if match is None or match["word"].casefold() in _STOPS:
            return
        yield match
        word, position = match["word"], match.end()
        following = unit_at(text, position)
        plural = word.endswith("s") and word[0].islower()
        if word.endswith(".") or (plural and not (following and following[1] == "duration")):
            return
