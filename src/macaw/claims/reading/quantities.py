"""Quantities in a sentence: number, unit, how it is meant, and the interval its rounding implies."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from macaw.claims.reading.lexicon import any_of, words
from macaw.claims.reading.number_kinds import FINDERS, JOIN
from macaw.claims.reading.numerals import Number
from macaw.claims.reading.times import Time
from macaw.claims.reading.units import Found

# What stands where a place in time was: no word, no figure.
BLANK = "\x00"


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


def find_quantities(folded: str, times: list[Time], yuan: str = "CNY") -> list[Quantity]:
    """The quantities of a folded sentence in order; places in time are none. `yuan` is the currency a bare 元 means.

    >>> found = find_quantities("规模为1751亿元，至少一年，最多100亿美元", [])
    >>> [(q.text, q.low, q.high, q.unit) for q in found[:2]]
    [('1751亿元', 175100000000.0, 175100000000.0, 'CNY'), ('一年', 1.0, None, 'year')]
    >>> [(q.low, q.high, q.unit, q.bound) for q in find_quantities("one in five spent tens of billions of dollars", [])]
    [(20.0, 20.0, 'percent', 'exact'), (20000000000.0, 99000000000.0, 'USD', 'exact')]
    """
    text = folded
    for time in times:
        text = text[: time.start] + BLANK * (time.end - time.start) + text[time.end :]
    text = _without_words(text)
    found: list[Found] = []
    for find, is_chinese in FINDERS:
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
    return _word_pattern(text.isascii()).sub(lambda m: (m[1] if m.re.groups else "") or BLANK * len(m[0]), text)


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


_FROM = re.compile(r"(?:from|从|由|自)\s?(?:about |约|大约)?$", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:between|介于|在)\s?$", re.IGNORECASE)
_GENERIC = ("", "count", "model")


def _with_inherited_units(found: list[Found], text: str) -> list[Found]:
    """Numbers without a unit take that of the noun before them (参数量为6710亿) or of the quantity before."""
    done: list[Found] = []
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


def _points(this: Found, text: str, all_found: list[Found]) -> Found:
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


def _follows(text: str, last: Found, this: Found) -> bool:
    between = text[last.end : this.start]
    return bool(re.fullmatch(r"[^。.;；]{0,30}", between)) and bool(
        re.search(
            r"(?:\b(?:to|and|of which|or|than|from|about|versus|vs|against)\b|至|到|其中|和|与|的|~|-|–)"
            r"[^。.;；]{0,12}$",
            between,
            re.IGNORECASE,
        )
    )


def _ranges(found: list[Found], text: str) -> list[Found]:
    """Two numbers joined by "to", 至 or a dash are one range, unless "from" stands before the first."""
    done: list[Found] = []
    for this in found:
        last = done[-1] if done else None
        if last is not None and _is_range(last, this, text):
            number = _common_scale(last, this, text)
            start = last.start
            lead = re.search(r"(?:between |介于)$", text[:start], re.IGNORECASE)
            start = lead.start() if lead else start
            unit = last.unit if last.kind == "money" else this.unit or last.unit
            done[-1] = Found(start, this.end, number, unit, this.kind or last.kind, is_range=True)
        else:
            done.append(this)
    return done


def _is_range(last: Found, this: Found, text: str) -> bool:
    between, before = text[last.end : this.start], text[: last.start]
    over_under = re.fullmatch(r"以上(?:、|至|,|，)?", between) and text[this.end :].startswith("以下")
    joined = JOIN.fullmatch(between) or over_under
    if not joined or _FROM.search(before) or last.is_range or this.is_range:
        return False
    is_and = between.strip().casefold() in ("and", "和", "或", "or")
    if is_and and not _BETWEEN.search(before):
        return False
    same = last.unit == this.unit or last.unit in ("", "count") or this.kind == last.kind == "money"
    low, high = last.number.low, this.number.high
    return same and (low < high or _scale(this, text) > 1)


def _scale(found: Found, text: str) -> float:
    """The power of ten a number is written with: 万, 亿, billion."""
    written = text[found.start : found.end]
    number = re.search(r"\d[\d,.]*", written)
    if not number or not number[0].strip(",."):
        return 1.0
    value = float(number[0].strip(",.").replace(",", ""))
    return found.number.high / value if value else 1.0


def _common_scale(last: Found, this: Found, text: str) -> Number:
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
    r"(?:未|没有|没)[^，。；,\d]{0,4}$|(?:不会|不)\s?$"
    r"|(?:(?:did|does|do|has|have|had|was|were|is) not|n't|never)(?: \w+){0,2} ?$"
    r"|(?:\bnot|no longer|had yet to|hardly) ?$",
    re.IGNORECASE,
)
_APPROXIMATE = ("about", "nearly", "just_over")
_OPPOSITE = {"more_than": "at_most", "at_least": "less_than", "less_than": "at_least", "at_most": "more_than"}


def _qualified(found: Found, text: str, folded: str, last: Quantity | None) -> Quantity:
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


def _bounded(found: Found, bound: str, folded: str) -> Quantity:
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
