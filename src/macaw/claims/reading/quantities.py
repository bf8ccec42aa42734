"""Quantities in a sentence: number, unit, how it is meant, and the interval its rounding implies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from macaw.claims.reading.lexicon import any_of, words
from macaw.claims.reading.numerals import (
    Number,
    chinese,
    chinese_pattern,
    english,
    english_word_pattern,
    plain,
)
from macaw.claims.reading.times import Time

# What stands where a place in time was: no word, no figure.
_BLANK = "\x00"
_PERCENT = 100.0


@dataclass(frozen=True)
class Quantity:
    """A quantity as written (`text`, without the words that qualify it) and as meant.

    `low` and `high` bound what is said, None where it leaves a side open ("at least a year"); `bound` names the wording
    (exact, about, nearly, more_than, at_least, less_than, at_most, range); `rounded_low` and `rounded_high` are the
    interval that the rounding implies, 11.5 to 12.5 for 12 %. Shares and fractions are in percent.
    """

    start: int
    end: int
    text: str
    low: float | None
    high: float | None
    unit: str
    kind: str
    bound: str
    approximate: bool
    rounded_low: float | None
    rounded_high: float | None


@dataclass(frozen=True)
class _Found:
    """A number with its unit, before the words around it are read."""

    start: int
    end: int
    number: Number
    unit: str
    kind: str
    vague: bool = False
    is_range: bool = False


def find_quantities(folded: str, times: list[Time], yuan: str = "CNY") -> list[Quantity]:
    """The quantities of a folded sentence in order; places in time are none. `yuan` is the currency a bare 元 means.

    >>> [(q.text, q.low, q.high, q.unit, q.bound) for q in find_quantities("规模为1751亿元，至少一年，最多100亿美元", [])]
    [('1751亿元', 175100000000.0, 175100000000.0, 'CNY', 'exact'), ('一年', 1.0, None, 'year', 'at_least'), ('100亿美元', None, 10000000000.0, 'USD', 'at_most')]
    >>> [(q.text, q.low, q.high, q.unit) for q in find_quantities("one in five of the 1,200 firms spent tens of billions of dollars", [])]
    [('one in five', 20.0, 20.0, 'percent'), ('1,200 firms', 1200.0, 1200.0, 'company'), ('tens of billions of dollars', 20000000000.0, 99000000000.0, 'USD')]
    """
    text = folded
    for time in times:
        text = text[: time.start] + _BLANK * (time.end - time.start) + text[time.end :]
    text = _without_words(text)
    found: list[_Found] = []
    for find, is_chinese in _FINDERS:
        for new in find(text) if not (is_chinese and text.isascii()) else ():
            if all(new.end <= old.start or new.start >= old.end for old in found):
                found.append(new)
    found.sort(key=lambda f: f.start)
    found = _with_inherited_units(_ranges(found, text), text)
    if _JAPAN.search(folded):
        found = [replace(f, unit="JPY") if text[f.start : f.start + 1] in "¥￥" else f for f in found]
    found = [
        replace(f, unit=yuan) if f.unit == "CNY" and _BARE_YUAN.search(text[f.start : f.end]) else f for f in found
    ]
    quantities: list[Quantity] = []
    for f in found:
        quantities.append(_qualified(f, text, folded, quantities[-1] if quantities else None))
    return quantities


# Where ¥ is yen.
_JAPAN = re.compile("日本|日元|Japan|Tokyo|yen\b|SoftBank|Toyota|Sony")
_BARE_YUAN = re.compile(r"(?<![民币])元$")


def _without_words(text: str) -> str:
    """The text with words that only look like numbers blanked out (十分, 百度, 一些, Five-Year Plan)."""
    return _word_pattern(text.isascii()).sub(lambda m: (m[1] if m.re.groups else "") or _BLANK * len(m[0]), text)


@cache
def _word_pattern(latin: bool) -> re.Pattern[str]:
    not_numbers = words("numbers_not")
    names = [w for w in not_numbers["names"]["patterns"] if not (latin and re.search("[\u4e00-\u9fff]", w))]
    if latin:
        return re.compile("|".join(names))
    one = any_of(w for row in words("units")["unit"] if row["kind"] == "count" for w in row["zh"] if len(w) == 1)
    # A qualifier or a figure before 一家, 一年 makes it a number again.
    kept = any_of(w for row in words("qualifiers")["qualifier"] for w in row["zh_before"])
    listed = any_of(w for w in not_numbers["words"]["zh"] if w != "十分")
    return re.compile(
        rf"((?:{kept}|每|就有|中有|便有|[\d一二三四五六七八九十百千万亿.]){_ONE})"
        rf"|(?:{listed}|十分(?!之))|(?:{'|'.join(names)})|(?<![十百千万亿\d.第])一(?:{one})"
    )


_ONE = r"一(?=[家个名位项年件篇成款次倍半])|(?!)"


# -- numbers of every kind, the surest first -----------------------------------------------------------------


_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\w.])\.\d+)"
_NOT_IN_NAME = r"(?<![A-Za-z0-9_./@#])(?<![A-Za-z]-)(?<!\d,)"


_Finder = tuple[Callable[[str], Iterator[_Found]], bool]


def _finder(pattern: str, make: Callable[[re.Match[str]], _Found | None]) -> _Finder:
    """What finds numbers of a kind, and whether it finds them in Chinese only."""
    # ASCII: a Chinese character before a figure is no letter of its word.
    compiled = re.compile(pattern, re.IGNORECASE | re.ASCII)

    def find(text: str) -> Iterator[_Found]:
        for match in compiled.finditer(text):
            found = make(match)
            if found is not None:
                yield found

    return find, bool(re.search("[\u4e00-\u9fff]", pattern))


def _small(text: str) -> float | None:
    """A number in figures, English words or Chinese characters."""
    if re.fullmatch(_DIGITS, text):
        return plain(text).low
    number = english(text) if text.isascii() else chinese(text)
    return number.low if number and number.low == number.high else None


def _share(match: re.Match[str], part: float | None, whole: float | None, step: float = 0.0) -> _Found | None:
    if not part or not whole:
        return None
    value = float(f"{_PERCENT * part / whole:.6g}")
    return _Found(match.start(), match.end(), Number(value, value, step), "percent", "ratio")


def _ratio_words(m: re.Match[str]) -> _Found | None:
    part, whole = _small(m["part"]), _small(m["whole"])
    return _share(m, part, whole) if part and whole and part < whole else None


def _zh_fraction(m: re.Match[str]) -> _Found | None:
    whole, part = _small(m["whole"]), _small(m["part"])
    if m["whole"] in ("百", "千", "万"):
        whole = {"百": 100.0, "千": 1000.0, "万": 10000.0}[m["whole"]]
        number = chinese(m["part"])
        if number is None:
            return None
        scaled = number.times(_PERCENT / whole)
        return _Found(m.start(), m.end(), scaled, "percent", "ratio", vague=number.low != number.high)
    return _share(m, part, whole)


def _tenths(m: re.Match[str]) -> _Found | None:
    """三成, 七成五, 两三成, 9成."""
    number = chinese(m["n"])
    if number is None or number.high > 10:
        return None
    number = Number(number.low * 10, number.high * 10, 10.0)
    if m["half"]:
        more = 5.0 if m["half"] == "半" else float(chinese(m["half"]).low)  # type: ignore[union-attr]
        number = Number(number.low + more, number.high + more, 1.0)
    return _Found(m.start(), m.end(), number, "percent", "ratio", vague=number.low != number.high)


def _half(m: re.Match[str]) -> _Found:
    return _Found(m.start("n"), m.end("n"), Number(50.0, 50.0, 0.0), "percent", "ratio")


def _en_fraction(m: re.Match[str]) -> _Found | None:
    fractions = words("numerals")["en"]["fractions"]
    number = 1.0 if m["n"].casefold() in ("a", "an") else _small(m["n"])
    return _share(m, number, float(fractions[m["of"].casefold()]))


def _factor(m: re.Match[str], value: float | None) -> _Found | None:
    if value is None:
        return None
    return _Found(m.start(), m.end(), Number(value, value, 0.0), "factor", "ratio")


def _fold_range(m: re.Match[str]) -> _Found | None:
    low, high = _small(m["low"]), _small(m["high"])
    if low is None or high is None or low >= high:
        return None
    return _Found(m.start(), m.end(), Number(low, high, 0.0), "factor", "ratio", is_range=True)


def _fold_times(m: re.Match[str]) -> _Found | None:
    text = m["n"]
    if text.casefold() in ("a hundred", "hundred"):
        return _factor(m, 100.0)
    return _factor(m, {"a thousand": 1000.0, "thousand": 1000.0}.get(text.casefold()) or _small(text))


def _by_a_factor(m: re.Match[str]) -> _Found | None:
    value = _small(m["n"])
    return _Found(m.start("n"), m.end("n"), Number(value, value, 0.0), "factor", "ratio") if value else None


def _quarter_of(m: re.Match[str]) -> _Found | None:
    """A quarter of a million people."""
    parts = 0.75 if m["n"].casefold().startswith("three") else 0.25
    unit = m["unit"].casefold()
    powers = words("numerals")["en"]["powers"]
    if unit not in powers:
        return _Found(m.start(), m.end(), Number(parts, parts, 0.0), unit, "duration")
    return _unit_behind(m.string, m.start(), m.end(), Number(parts * powers[unit], parts * powers[unit], 0.0))


def _multiple(m: re.Match[str]) -> _Found | None:
    value = words("numerals")["en"]["multiples"].get(m["n"].casefold())
    return _Found(m.start("n"), m.end("n"), Number(value, value, 0.0), "factor", "ratio") if value else None


def _turned_over(m: re.Match[str]) -> _Found | None:
    """翻一番 is twice, 翻两番 four times."""
    times = chinese(m["n"]) if m["n"] else Number(1, 1, 0)
    return _factor(m, 2.0**times.low) if times and times.low == times.high else None


def _grown_by(m: re.Match[str]) -> _Found | None:
    """增长了两倍 is three times as much as before."""
    number = chinese(m["n"])
    if number is None:
        return None
    grown = Number(number.low + 1, number.high + 1, number.step, number.open_above)
    return _Found(m.start("n"), m.end(), grown, "factor", "ratio", vague=grown.low != grown.high)


def _rank(m: re.Match[str]) -> _Found | None:
    ordinals = words("numerals")["en"]["ordinals"]
    text = m["n"].casefold()
    value = ordinals.get(text) or (float(text[:-2]) if re.fullmatch(r"\d+(?:st|nd|rd|th)", text) else _small(text))
    return _ranked(m, value, value)


def _ranked(m: re.Match[str], low: float | None, high: float | None) -> _Found | None:
    if low is None or high is None:
        return None
    start, end = (m.start("shown"), m.end("shown")) if "shown" in m.re.groupindex else (m.start(), m.end())
    return _Found(start, end, Number(low, high, 0.0), "rank", "rank", is_range=low != high)


def _scientific(m: re.Match[str]) -> _Found | None:
    value = (float(m["n"].replace(",", "")) if m["n"] else 1.0) * 10.0 ** int(m["power"])
    return _unit_behind(m.string, m.start(), m.end(), Number(value, value, 0.0))


def _e_notation(m: re.Match[str]) -> _Found | None:
    value = float(m[0])
    return _unit_behind(m.string, m.start(), m.end(), Number(value, value, 0.0)) if value < 1e300 else None


def _several(m: re.Match[str]) -> _Found | None:
    """Tens of billions, several hundred start-ups."""
    en = words("numerals")["en"]
    base = en["several"][re.sub(r"\s+", " ", m["several"].casefold())]
    factor = 1.0
    for word in re.findall(r"[a-z]+", (m["power"] or "").casefold()):
        factor *= en["powers"].get(word, en["powers"].get(word.removesuffix("s"), 1.0))
    if base == 1 and factor == 1:
        return None
    top = 9.9 if m["several"].casefold().startswith("tens") else 9.0
    if m["several"].casefold().startswith("tens"):
        low, high = 2 * base * factor, top * base * factor
    else:
        low, high = 2 * base * factor, 9 * base * factor
    found = _unit_behind(m.string, m.start(), m.end(), Number(low, high, 0.0))
    return replace(found, vague=True) if found else None


def _han(m: re.Match[str]) -> _Found | None:
    number = chinese(m["n"])
    stop = m.start() + len(m["n"].rstrip())
    if number is None or _is_name(m.string, m.start(), stop) or _LATIN_SCALE.match(m.string, stop):
        return None
    if _is_denominator(m.string, m.start()):
        return None
    vague = number.low != number.high
    if vague and number.high / number.low == 5:  # 几十 stops before a hundred
        number = replace(number, high=number.high * (0.99 if _is_tens(number.low) else 0.9))
    found = _unit_behind(m.string, m.start(), stop, number)
    if found is None:
        return None
    if found.unit == "" and not _stands_bare(m) and not _range_begins(m.string, stop):
        return None
    return replace(found, vague=vague)


# A figure that goes on in English: 40 million, 345m.
_LATIN_SCALE = re.compile(
    rf"[\s-]?(?:{any_of(words('numerals')['en']['powers'])}|{any_of(words('numerals')['en']['letters'])})s?(?![A-Za-z])",
    re.IGNORECASE,
)


def _is_tens(low: float) -> bool:
    """Whether a number begins with tens, as 几十万 does: 2 and an odd power of ten before 万."""
    zeros = len(f"{low:.0f}") - 1
    return zeros % 4 == 1


def _stands_bare(m: re.Match[str]) -> bool:
    """Whether a number without a unit counts: one with 万 or 亿, or one that a verb of measure leads to."""
    text = m["n"]
    if re.search(r"\d\s?[百千]?[万亿兆]", text):
        return True
    if not re.search(r"\d", text) and not re.search("[百千万亿].|.[百千万亿]", text):
        return False
    return bool(
        re.search(
            r"(?:达到?|为|至|到|是|约|超过|增加|减少|升|降|跌|占|共|仅|破|报|收于|收报|站上|站稳|涨至|上破|下破|失守)\s?$",
            m.string[: m.start()],
        )
    )


def _plain(m: re.Match[str]) -> _Found | None:
    """A number in figures or English words, with its unit."""
    text, start, end = m.string, m.start(), m.end()
    if _is_name(text, start, end) or _is_title(text, start, m["words"]):
        return None
    number = plain(m["figures"]) if m["figures"] else english(m["words"])
    if number is None or (m["words"] and m["words"].casefold() in ("zero",)) or _is_denominator(text, start):
        return None
    en = words("numerals")["en"]
    if m["power"]:
        for word in re.findall(r"[a-z]+", m["power"].casefold()):
            factor = en["powers"].get(word.removesuffix("s"), en["powers"].get(word))
            number = number.times(factor or 1.0)
    currency = _currency_before(text, start)
    if m["letter"]:
        number = number.times(en["letters"][m["letter"].casefold()])
        if not currency and m["letter"].casefold() in ("k", "m", "b", "t"):
            unit = _unit_at(text, end)
            if unit is None and m["letter"] not in ("K", "k", "M", "B") and not re.match(r" [a-z]{3,}s\b", text[end:]):
                return None
    found = _unit_behind(text, start, end, number, words_only=bool(m["words"]))
    if found is None:
        return None
    if found.unit == "" and not _counts_bare(text, start, end, m) and not _range_begins(text, end):
        return None
    return found


def _range_begins(text: str, end: int) -> bool:
    """Whether another number follows that ends a range: 150至200人, five to ten percent."""
    join = _JOIN.match(text, end)
    if not join:
        return False
    rest = text[join.end() : join.end() + 40]
    return bool(re.match(rf"(?:[^\W\d_]{{0,3}}\$)?\.?(?:{chinese_pattern()})", rest)) or bool(
        re.match(english_word_pattern(), rest, re.IGNORECASE)
    )


def _is_title(text: str, start: int, written: str | None) -> bool:
    """Whether a number in words is written large within a sentence, as in the title of a book."""
    if not written or not written[0].isupper():
        return False
    return bool(re.search(r"[\w,] ?$", text[:start]))


def _is_denominator(text: str, start: int) -> bool:
    """Whether a number only says per how much: per million tokens, 每万人口, the price of a million tokens."""
    return bool(_PER.search(text[max(0, start - 24) : start]))


_PER = re.compile(r"(?:\b(?:per|(?:price|cost|dollars|cents) (?:of|for))\s|每)$", re.IGNORECASE)


def _counts_bare(text: str, start: int, end: int, m: re.Match[str]) -> bool:
    """Whether a number in a Latin text without a known unit is one: it has a power, or a noun, or a verb leads to it."""
    if m["power"] or m["letter"]:
        return True
    if _is_elliptic(text, start, end, m):
        return True
    if re.match(r"\s[A-Z]", text[end:]):
        return False
    before = re.search(r"([A-Za-z'$-]+)[\s(]*$", text[:start])
    word = before[1] if before else ""
    if word[:1].isupper() and word.casefold() not in _leading_words():
        return False
    if word.casefold() in _to_numbers():
        return True
    age = re.search(r"[a-z]\s?,\s?$", text[:start]) and re.match(r",", text[end:]) and len(m[0]) == 2
    return bool(age)


def _is_elliptic(text: str, start: int, end: int, m: re.Match[str]) -> bool:
    """Whether a bare number continues a count: "produced 40 models; China 15 and Europe three", "of the 500, 173 are"."""
    if not re.search(
        r"\d{2,} [a-z-]+ ?[a-z]+|(?:two|three|four|five|six|seven|eight|nine|ten) [a-z]+s\b", text[:start]
    ):
        return False
    if m["figures"] and len(m["figures"]) < 2:
        return False
    before = re.search(r"(?:\b[a-z]+ed|[,;]|\band|\b[A-Z][a-z]+|\bhas|\bhad) $", text[:start])
    behind = re.match(r"[.,;]|$| (?:and|in|are|were|from|of them|come|came|have|had)\b", text[end:])
    return bool(before and behind)


@cache
def _leading_words() -> frozenset[str]:
    leading = {w.split()[-1].casefold() for row in words("qualifiers")["qualifier"] for w in row["en_before"]}
    return frozenset(leading | _to_numbers() | {"the", "all", "only", "just", "some", "its", "their"})


@cache
def _to_numbers() -> frozenset[str]:
    return frozenset(
        "to from reached hit of at than was were is by under over totaled totalled numbered about nearly almost around "
        "roughly exceeded surpassed between and with averaging including employs employing totalling totaling numbering employed".split()
    )


def _is_name(text: str, start: int, end: int) -> bool:
    """Whether a number is part of a name, an address or a reference."""
    names = words("numbers_not")
    before, behind = text[max(0, start - 12) : start].rstrip(), text[end : end + 6].lstrip()
    if re.search(rf"(?:(?<![A-Za-z])(?:{any_of(names['before']['en'])})|{any_of(names['before']['zh'])})$", before):
        return True
    if re.match(rf"(?:{any_of(names['behind']['zh'])})", behind):
        return True
    if re.search(r"[A-Za-z][\w.]*-$", before) and not re.search(r"(?:US|NT|HK|RMB)\$?-$", before):
        return True
    if re.search(r"\d{3}-$", before) and re.fullmatch(r"\d{4,}", text[start:end]):
        return True
    return bool(re.match(r"-\d{4,}|[A-Za-z]*\d|(?:st|nd|rd|th)\b", text[end : end + 6]))


# -- units ---------------------------------------------------------------------------------------------------


@cache
def _units() -> dict[str, tuple[str, str]]:
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


def _unit_at(text: str, end: int) -> tuple[str, str, int] | None:
    """The unit right behind a number: id, kind and where it ends; the longer of two."""
    best: tuple[str, str, int] | None = None
    for pattern in _unit_patterns():
        match = pattern.match(text, end)
        if match and (best is None or match.end() > best[2]):
            word = match["unit"]
            best = (*(_units().get(word) or _units()[word.replace("-", " ")]), match.end())
    return best


@cache
def _currencies() -> tuple[re.Pattern[str], dict[str, str]]:
    table = {w: row["id"] for row in words("units")["unit"] for w in row.get("before", [])}
    return re.compile(rf"(?<![A-Za-z])(?P<sign>{any_of(table)})\s?$"), table


def _currency_before(text: str, start: int) -> tuple[str, int] | None:
    pattern, table = _currencies()
    match = pattern.search(text[max(0, start - 12) : start])
    return (table[match["sign"]], start - len(match[0])) if match else None


# Words that end a noun phrase: a number before them has no noun.
_STOPS = frozenset(
    "a an the of in on at to by for from with and or but as is are was were be been has have had will would can could may "
    "might must should than that which who whose when where while if because so then there this these those it its they "
    "their he she we you i not no more less also said says per each every after before during since until against into "
    "about over under between among through behind ahead compared last next".split()
)
_PHRASE = re.compile(r"(?:[ -](?P<word>[A-Za-z][A-Za-z0-9'’&.-]*))")
_LONGEST_PHRASE = 5


def _unit_behind(text: str, start: int, end: int, number: Number, *, words_only: bool = False) -> _Found | None:
    """The number with the currency before it or the unit behind it; unit "" if neither is there.

    None for a number that stands for nothing: "one" as a pronoun, a figure in a name.
    """
    currency = _currency_before(text, start)
    direct = _unit_at(text, end)
    if currency:
        stop = direct[2] if direct and direct[1] == "money" else end
        return _Found(currency[1], stop, number, currency[0], "money")
    end_of_more = re.match(r"[\s-]?(?:多|余|plus|odd|\+)(?=[\s\S])", text[end:])
    if direct is None and end_of_more:
        direct = _unit_at(text, end + end_of_more.end())
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
        return _Found(start, stop, number, noun or unit, kind)
    of = re.match(r"\s?of\s(?=[A-Za-z$])", text[end:])
    if of:
        direct = _unit_at(text, end + of.end() - 1)
        if direct:
            return _Found(start, direct[2], number, direct[0], direct[1])
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


def _with_noun_phrase(text: str, start: int, end: int, number: Number, *, words_only: bool) -> _Found | None:
    """An English count: the number and the noun some words behind it."""
    position, seen = end, 0
    stop = None
    unit, kind = "", ""
    while seen < _LONGEST_PHRASE:
        match = _PHRASE.match(text, position)
        if match is None:
            break
        word = match["word"]
        if word.casefold() in _STOPS:
            break
        known = _unit_at(text, position)
        if known and known[1] in ("count", "duration", "computing", "physical"):
            return _Found(start, known[2], number, known[0], known[1])
        position, seen = match.end(), seen + 1
        ended = word.endswith(".")
        if word[0].islower() and stop is None and seen <= 3:
            stop = position - ended
            unit, kind = "count", "count"
        elif word[0].islower() and stop is not None and position - stop < 20 and word.endswith("s"):
            stop = position - ended
        if ended:
            break
        following = _unit_at(text, position)
        if word.endswith("s") and word[0].islower() and not (following and following[1] == "duration"):
            break
    if stop is None:
        return _Found(start, end, number, "", "")
    if number.low == 1 and words_only:
        return None
    return _Found(start, stop, number, unit, kind)


# -- the finders ---------------------------------------------------------------------------------------------


def _finders() -> list[_Finder]:
    en = words("numerals")["en"]
    cardinal = english_word_pattern()
    small = rf"(?:{_DIGITS}|(?:{any_of(en['cardinals'])})(?:-(?:{any_of(en['cardinals'])}))?)"
    power = rf"(?:{any_of([*en['powers'], *(p + 's' for p in en['powers'])])})"
    letters = any_of(en["letters"])
    hans = chinese_pattern()
    signs = (w for row in words("units")["unit"] for w in row.get("before", []))
    money = any_of(w for w in signs if not re.search("[\u4e00-\u9fff]", w))
    plain_number = (
        rf"{_NOT_IN_NAME}(?P<figures>{_DIGITS})(?:[\s-]?(?P<power>{power})\b|\s?(?P<letter>{letters})(?![A-Za-z0-9]))?"
        rf"(?![A-Za-z]\d|\.\d)|(?<![A-Za-z-])(?P<words>{cardinal})"
    )
    plain_number = (
        rf"(?:{_NOT_IN_NAME}|(?<=\$)|(?<=RMB)|(?<=USD)|(?<=NTD)|(?<=EUR)|(?<=CNY))(?P<figures>{_DIGITS})"
        rf"(?:[\s-]?(?P<power>{power}(?:\s{power})?)\b|\s?(?P<letter>{letters})(?![A-Za-z0-9]))?"
        rf"(?!\d|\.\d|,\d)|(?<![A-Za-z-])(?P<words>{cardinal})"
    )
    times_n = rf"{_DIGITS}|an? (?:hundred|thousand)|a hundred|{cardinal}"
    grown = "增长|增加|提高|上升|扩大|提升|扩张|增|多|扩容|上涨|激增|飙升|高出|增多|成长|增添|翻|暴增|大增|高|膨胀|快"
    return [
        _finder(rf"(?:{money})?{small} in (?:every )?(?:{money})?{small}(?![\w,.]*\d)", _nothing),
        _finder(
            rf"(?<![A-Za-z0-9])(?:{money})?(?P<part>{small})(?: (?:people|firms|companies|papers|of them))? (?:in|out of)(?: every| each)?"
            rf" (?:{money})?(?P<whole>{small})(?![\d,.]*\d| ?(?:{letters}\b|{power}|%|percent|years|months|days|quarters|weeks))",
            _ratio_words,
        ),
        _finder(rf"out of (?:every )?(?P<whole>{small})(?: [a-z]+)?, (?P<part>{small})\b", _ratio_words),
        _finder(rf"by a factor of (?P<n>{_DIGITS}|{cardinal})", _by_a_factor),
        _finder(r"(?P<n>(?:a|three) quarters?) of a (?P<unit>million|billion|trillion|century)", _quarter_of),
        _finder(rf"(?P<part>{small}) to (?P<whole>one)\b", lambda m: _factor(m, _small(m["part"]))),
        _finder(rf"(?P<whole>{hans})分之(?P<part>{hans}(?:点[零一二三四五六七八九]+)?)", _zh_fraction),
        _finder(
            rf"每(?P<whole>{hans})(?:个|名|位|家|篇|块|元|美元|件)?[^，。；,]{{0,10}}?(?:就有|中有|便有|里有|就|有)(?P<part>{hans})"
            r"(?:个|名|位|家|篇|块|元|美元|件|人)",
            _ratio_words,
        ),
        _finder(r"(?P<whole>[二三四五六七八九十]+)(?:个|名|位|家)[^，。；,]{0,8}?[里中](?:就|便)?有(?P<part>[一二两三四五六七八九]+)(?:个|名|位|家|人)", _ratio_words),
        _finder(rf"(?P<low>{small})-?\s(?:to|or)\s(?P<high>{small})[\s-]?fold\b", _fold_range),
        _finder(r"(?P<n>[一二两三四五六七八九十]{1,2}|\d(?:\.\d)?|10)成(?P<half>半|[一二三四五六七八九])?(?![为立员果本就长功效都熟交年份型])", _tenths),
        _finder(r"(?P<n>一半|半数|过半|对半)(?!导)", _half),
        _finder(r"(?P<n>半价)", _half),
        _finder(r"(?<![一上下前后大多年月个倍点夜])(?P<n>半)(?=数|的(?:市场|份额|人))", _half),
        _finder(
            rf"(?<![\w-])(?P<n>an?|{any_of(en['cardinals'])}|\d)[\s-](?P<of>{any_of(en['fractions'])})(?![\w-]| (?:of (?:{any_of(en['months'])}|"
            r"20\d\d)|place|largest|time|year|party|round|week|month|day|country|company|century|version|phase|generation|quarter|"
            r"million|billion|trillion|dozen))",
            _en_fraction,
        ) if "months" in en else _finder(
            rf"(?<![\w-])(?P<n>an?|{any_of(en['cardinals'])}|\d)[\s-](?P<of>{any_of(en['fractions'])})(?![\w-]| (?:place|largest|time|year|"
            r"party|round|week|month|day|country|company|century|version|phase|generation|quarter|million|billion|trillion|dozen|biggest))",
            _en_fraction,
        ),
        _finder(r"(?<![\w-])(?P<n>half)(?=\b(?! (?:a |an )?(?:million|billion|trillion|dozen|year|hour|century|decade|time)))(?<!first half)(?<!second half)(?<!other half)(?<!and a half)", _half),
        _finder(r"(?<![\w.,-])(?P<part>\d)/(?P<whole>\d{1,2})(?![\d/])", _ratio_words),
        _finder(rf"(?<![\w-])(?P<n>{times_n})[\s-]?fold\b", _fold_times),
        _finder(rf"(?<![\w.-])(?P<n>{_DIGITS})\s?[x×](?![\w\d]| ?10)", lambda m: _factor(m, _small(m["n"]))),
        _finder(rf"(?P<n>\b(?:{any_of(en['multiples'])}))\b(?! (?:check|down on|agent|standard|bottom|edged|click|tap|digit|digits))", _multiple),
        _finder(r"翻(?:了)?(?P<n>[一两二三四])?番", _turned_over),
        _finder(rf"(?:{grown})(?:了|至少|近|超过|约|逾|出|幅达|长了|加了){{0,2}}(?P<n>{hans})(?:多)?倍", _grown_by),
        _finder(r"(?P<shown>(?:榜首|首位|冠军|头名|第一名))", lambda m: _ranked(m, 1.0, 1.0)),
        _finder(r"(?P<shown>前(?P<n>[一二三四五六七八九十百]+|\d+)(?:名|位|强|大|甲)?)(?![年个天月次期季周后者述轮届任所文半])", _top_zh),
        _finder(
            r"(?:排名|排在|位居|位列|名列|列|居|排|全球|全国|世界|升至|跃居|跌至|降至|升到|跃升至|滑落至|成为|亚洲|全美|占据|名次|全省|全市|业内|获)"
            r"(?:世界|全球|全国|亚洲|第)?(?P<shown>第(?P<n>[一二三四五六七八九十百]+|\d+)(?:名|位|大)?)(?![次季届个代批期年条章轮阶])",
            _rank_zh,
        ),
        _finder(r"(?P<shown>第(?P<n>[一二三四五六七八九十百]+|\d+)(?:名|位|大))(?![学])", _rank_zh),
        _finder(
            rf"(?:rank(?:ed|s|ing)?|placed|came|finished|comes|ranks|in|to|from|into|a distant|held|remained?|was|at)\s(?:at )?(?:the )?(?:a )?(?P<shown>(?P<n>{any_of(en['ordinals'])}|\d+(?:st|nd|rd|th)))"
            r"(?: place| position| spot)?(?=\s(?:place|position|spot|globally|worldwide|in|among|behind|out|of \d|on|overall|after|with)|[,.;)]|$)",
            _rank_place,
        ),
        _finder(
            rf"(?P<shown>(?P<n>{any_of(en['ordinals'])}|\d+(?:st|nd|rd|th))[\s-](?:largest|biggest|most|highest|best|fastest|lowest|smallest|busiest|richest|strongest|placed?|leading|ranked))",
            _rank,
        ),
        _finder(r"(?P<shown>(?:No\. ?|number |#)(?P<n>[1-9]\d?|one|two|three|four|five))(?! of\b)(?=\s|[,.;)]|$)", _rank_number),
        _finder(rf"\b(?P<shown>top[\s-](?P<n>{small}))(?! ?(?:%|percent|per cent|people|officials|executives))", _top_en),
        _finder(rf"(?<![\w.])(?:(?P<n>{_DIGITS})\s?[x×*]\s?)?10\^(?P<power>\d{{1,2}})", _scientific),
        _finder(rf"(?<![\w.-]){_DIGITS}e\+?\d{{1,2}}(?![\w])", _e_notation),
        _finder(rf"(?<![A-Za-z])(?P<several>{any_of(en['several'])})(?:[\s-](?P<power>{power}(?: of {power})?))?(?![A-Za-z])", _several),
        _finder(r"(?P<n>(?:an?|one|two|three|four|five|\d+)\s(?P<unit>year|decade|month)(?:s)? and a half)", _and_a_half),
        _finder(r"(?P<n>half an? (?P<unit>million|billion|trillion|year|decade|dozen|hour|century))", _half_a),
        _finder(r"(?P<n>[半])(?=年|个月|天|个世纪|小时)(?:年|个月|天)", _half_year),
        _finder(r"(?P<n>[一二两三四五六七八九十\d]+)(?P<unit>年|个月|个小时|天|倍)半", _zh_and_a_half),
        _finder(rf"(?P<n>\b(?:{_duration_words()}) a (?P<unit>year|month|decade|week|century|generation|quarter))\b|\b(?P<more>a (?P<unit2>year|month|decade|week|generation) (?:or more|behind|ahead|or so|or longer))", _a_year),
        _finder(rf"{_NOT_IN_NAME}(?P<n>{hans})(?![A-Za-z]+\d)", _han),
        _finder(plain_number, _plain),
    ]  # fmt: skip


def _nothing(m: re.Match[str]) -> _Found | None:
    return None


def _top_zh(m: re.Match[str]) -> _Found | None:
    value = _small(m["n"])
    return _ranked(m, 1.0, value)


def _top_en(m: re.Match[str]) -> _Found | None:
    value = _small(m["n"])
    return _ranked(m, 1.0, value)


def _rank_zh(m: re.Match[str]) -> _Found | None:
    value = _small(m["n"])
    return _ranked(m, value, value)


def _rank_place(m: re.Match[str]) -> _Found | None:
    return _rank(m)


def _rank_number(m: re.Match[str]) -> _Found | None:
    value = _small(m["n"])
    return _ranked(m, value, value)


def _and_a_half(m: re.Match[str]) -> _Found | None:
    text = m["n"].split()[0].casefold()
    value = 1.0 if text in ("a", "an") else _small(text)
    return (
        _Found(m.start(), m.end(), Number(value + 0.5, value + 0.5, 0.5), m["unit"].casefold(), "duration")
        if value
        else None
    )


def _half_a(m: re.Match[str]) -> _Found | None:
    unit = m["unit"].casefold()
    powers = words("numerals")["en"]["powers"]
    if unit in powers:
        return _unit_behind(m.string, m.start(), m.end(), Number(powers[unit] / 2, powers[unit] / 2, powers[unit] / 10))
    return _Found(m.start(), m.end(), Number(0.5, 0.5, 0.1), unit, "duration")


def _half_year(m: re.Match[str]) -> _Found | None:
    unit = _units()[m[0][1:]]
    return _Found(m.start(), m.end(), Number(0.5, 0.5, 0.1), *unit)


def _zh_and_a_half(m: re.Match[str]) -> _Found | None:
    value = _small(m["n"])
    return _Found(m.start(), m.end(), Number(value + 0.5, value + 0.5, 0.5), *_units()[m["unit"]]) if value else None


def _duration_words() -> str:
    rows = words("qualifiers")["qualifier"]
    return any_of(w for row in rows for w in row["en_before"] if w.isascii() and w[-1].isalpha())


def _a_year(m: re.Match[str]) -> _Found | None:
    unit = (m["unit"] or m["unit2"]).casefold()
    text = m[0].casefold()
    at = m.start() + (re.search(rf"\ba {unit}", text).start())  # type: ignore[union-attr]
    return _Found(at, at + len(f"a {unit}"), Number(1.0, 1.0, 1.0), unit, "duration")


# -- what stands around --------------------------------------------------------------------------------------

_JOIN = re.compile(r"\s?(?:-|–|—|~|～|至|到|或)\s?|\s(?:to|and|or)\s|和")
_FROM = re.compile(r"(?:from|从|由|自)\s?(?:about |约|大约)?$", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:between|介于|在)\s?$", re.IGNORECASE)
_GENERIC = ("", "count", "model")


def _with_inherited_units(found: list[_Found], text: str) -> list[_Found]:
    """Numbers without a unit take that of the noun before them (参数量为6710亿) or of the quantity before."""
    done: list[_Found] = []
    for this in found:
        before, written = text[max(0, this.start - 14) : this.start], text[this.start : this.end]
        if this.unit == "" and this.kind == "":
            nouns = [
                (before.rfind(w), unit) for unit, of in words("units")["nouns"].items() for w in of["zh"] if w in before
            ]
            last = done[-1] if done else None
            if nouns:
                this = replace(this, unit=max(nouns)[1], kind="count")
            elif re.search(r"(?:under|over|aged?)\s?$", before, re.IGNORECASE) or (
                text[this.end : this.end + 1] == "," and before.rstrip().endswith(",") and this.number.low < 120
            ):
                this = replace(this, unit="year", kind="age")
            elif (last and last.kind == "count" and written[-1:].isalnum() and written.isascii()) or (
                last
                and last.kind != "rank"
                and last.unit != "factor"
                and (_follows(text, last, this) or this.number.low >= 1e6)
            ):
                this = replace(this, unit=last.unit, kind=last.kind)
            else:
                this = (
                    replace(this, unit="count", kind="count")
                    if this.number.step >= 1 or not this.number.step
                    else replace(this, unit="number", kind="score")
                )
        elif this.unit == "count" and done and done[-1].unit in ("model", "company", "paper", "patent", "person"):
            near = text[done[-1].end : this.start]
            if re.search(r"其中|of which|of them|of those", near) or text[this.start : this.end].casefold().endswith(
                "ones"
            ):
                this = replace(this, unit=done[-1].unit)
        done.append(this)
    return [_points(this, text, done) for this in done]


def _points(this: _Found, text: str, all_found: list[_Found]) -> _Found:
    """Points are percentage points where the sentence speaks of percent."""
    written = text[this.start : this.end]
    if this.unit == "person" and written[-1:] in "位名" and _MOVED.search(text[max(0, this.start - 6) : this.start]):
        return replace(this, unit="place", kind="score")
    if (
        this.unit == "point"
        and any(f.unit in ("percent", "percentage_point") for f in all_found)
        and text[this.start : this.end].isascii()
    ):
        return replace(this, unit="percentage_point", kind="ratio")
    return this


# A change of rank: 上升四位.
_MOVED = re.compile(r"(?:上升|下降|提升|前进|后退|跃升|滑落|下滑|攀升|上调|下调|跌|升|降|退|进步|退步)(?:了|约)?$")


def _follows(text: str, last: _Found, this: _Found) -> bool:
    between = text[last.end : this.start]
    return bool(re.fullmatch(r"[^。.;；]{0,30}", between)) and bool(
        re.search(
            r"(?:\b(?:to|and|of which|or|than|from|about|versus|vs|against)\b|至|到|其中|和|与|的|~|-|–)[^。.;；]{0,12}$",
            between,
            re.IGNORECASE,
        )
    )


def _ranges(found: list[_Found], text: str) -> list[_Found]:
    """Two numbers joined by "to", 至 or a dash are one range, unless "from" stands before the first."""
    done: list[_Found] = []
    for this in found:
        last = done[-1] if done else None
        if last is not None and _is_range(last, this, text):
            number = _common_scale(last, this, text)
            start = last.start
            lead = re.search(r"(?:between |介于)$", text[:start], re.IGNORECASE)
            start = lead.start() if lead else start
            unit = last.unit if last.kind == "money" else this.unit or last.unit
            done[-1] = _Found(start, this.end, number, unit, this.kind or last.kind, is_range=True)
        else:
            done.append(this)
    return done


def _is_range(last: _Found, this: _Found, text: str) -> bool:
    between, before = text[last.end : this.start], text[: last.start]
    over_under = re.fullmatch(r"以上(?:、|至|,|，)?", between) and text[this.end :].startswith("以下")
    joined = _JOIN.fullmatch(between) or over_under
    if not joined or _FROM.search(before) or last.is_range or this.is_range:
        return False
    is_and = between.strip().casefold() in ("and", "和", "或", "or")
    if is_and and not _BETWEEN.search(before):
        return False
    same = last.unit == this.unit or last.unit in ("", "count") or this.kind == last.kind == "money"
    low, high = last.number.low, this.number.high
    return same and (low < high or _scale(this, text) > 1)


def _scale(found: _Found, text: str) -> float:
    """The power of ten a number is written with: 万, 亿, billion."""
    written = text[found.start : found.end]
    number = re.search(r"\d[\d,.]*", written)
    if not number or not number[0].strip(",."):
        return 1.0
    value = float(number[0].strip(",.").replace(",", ""))
    return found.number.high / value if value else 1.0


def _common_scale(last: _Found, this: _Found, text: str) -> Number:
    """3 to 5 billion: the first takes the power of the second where it has none."""
    low = last.number.low
    if _scale(last, text) == 1 and _scale(this, text) > 1 and low < this.number.high / _scale(this, text) * 10:
        low *= _scale(this, text)
    if low > this.number.high:
        low = last.number.low
    return Number(low, this.number.high, this.number.step)


@cache
def _qualifiers() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    rows = words("qualifiers")["qualifier"]
    between = words("qualifiers")["between"]
    table = {w.casefold(): row["bound"] for row in rows for k, v in row.items() if k != "bound" for w in v}
    zh, en = any_of(w for r in rows for w in r["zh_before"]), any_of(w for r in rows for w in r["en_before"])
    zh_between = f"(?:{any_of(between['zh'])})?"
    en_between = f"(?:(?:{any_of(between['en'])}) ?)?"
    before = re.compile(rf"(?P<zh>{zh}){zh_between}\s?$|(?:^|(?<![A-Za-z]))(?P<en>{en})\s?{en_between}$", re.IGNORECASE)
    zh_after, en_after = any_of(w for r in rows for w in r["zh_after"]), any_of(w for r in rows for w in r["en_after"])
    after = re.compile(rf"\s?(?:(?P<zh>{zh_after})(?!面|一|种|样|年)|(?P<en>{en_after})(?![A-Za-z]))", re.IGNORECASE)
    return before, after, table


_OR = re.compile(r"^[,，、\s]*(?:或者|或|or)[^,，。;；\d]{0,14}$", re.IGNORECASE)
_NOT = re.compile(
    r"(?:未|没有|没)[^，。；,\d]{0,4}$|(?:(?:did|does|do|has|have|had|was|were|is) not|n't|never)(?: \w+){1,2} ?$|(?:不会|不|did not|didn't|does not|doesn't|not|never|no longer|don't|has not|have not|had not|had yet to|hardly)\s?$",
    re.IGNORECASE,
)
_APPROXIMATE = ("about", "nearly", "just_over")
_OPPOSITE = {"more_than": "at_most", "at_least": "less_than", "less_than": "at_least", "at_most": "more_than"}


def _qualified(found: _Found, text: str, folded: str, last: Quantity | None) -> Quantity:
    before, after, table = _qualifiers()
    bound = "range" if found.is_range else "exact"
    near = text[max(0, found.start - 26) : found.start]
    match = before.search(near)
    if match:
        word = (match["zh"] or match["en"]).casefold()
        bound = table[word]
        rest = near[: match.start()]
        if _NOT.search(rest) and bound in _OPPOSITE:
            bound = _OPPOSITE[bound]
        earlier = before.search(rest.rstrip())
        if earlier and bound in ("about", "nearly"):
            word = (earlier["zh"] or earlier["en"]).casefold()
            bound = table[word] if table[word] in _OPPOSITE and word != "over" else bound
    else:
        match = after.match(text, found.end)
        if match:
            bound = table[(match["zh"] or match["en"]).casefold()]
            if found.is_range:
                bound = "range"
    if match is None and last and last.bound == "at_most" and _OR.search(text[last.end : found.start]):
        bound = "at_most"
    if found.kind == "rank":
        bound = "range" if found.is_range else "exact"
    if near[-1:] == "上" and text[found.start] in "百千万亿":
        return replace(_bounded(found, "at_least", folded), approximate=True)
    if found.number.open_above and bound in ("exact", "nearly"):
        bound = "about"
    return _bounded(found, bound, folded)


def _bounded(found: _Found, bound: str, folded: str) -> Quantity:
    number = found.number
    low: float | None = number.low
    high: float | None = number.high
    rounded_low: float | None = low - number.step / 2 if low is not None else None
    rounded_high: float | None = high + number.step / 2 if high is not None else None
    if bound in ("more_than", "at_least"):
        high = rounded_high = None
        rounded_low = number.low
    elif bound in ("less_than", "at_most"):
        low = rounded_low = None
        rounded_high = number.high
    return Quantity(
        found.start,
        found.end,
        folded[found.start : found.end],
        _round(low),
        _round(high),
        found.unit or "count",
        found.kind or "count",
        bound,
        found.vague or bound in _APPROXIMATE or number.open_above,
        _round(rounded_low),
        _round(rounded_high),
    )


def _round(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.10g}")


_FINDERS = _finders()
