"""Numbers as news writes them, in both scripts: what they say, and how finely they say it.

cn2an and text2num were tried and not used: neither keeps offsets or knows 几十亿, 数百, 1.75万亿, "tens of billions".
"""

from __future__ import annotations

import math
import re
import sys
from dataclasses import dataclass
from functools import cache

from macaw.claims.reading.lexicon import any_of, words

# A number of several digits is taken to be meant to two figures at least: 100 is 95 to 105, not 50 to 150.
_LEAST_FIGURES = 2
_SEVERAL = (2.0, 10.0)
_TEENS = (11.0, 20.0)


@dataclass(frozen=True)
class Number:
    """A number: its smallest and largest value as written, and the unit of its last figure (0: none).

    `open_above` says that it is followed by "and more": 30余, 20多亿.
    """

    low: float
    high: float
    step: float
    open_above: bool = False

    def times(self, factor: float) -> Number:
        """The number so many times over."""
        return Number(_tidy(self.low * factor), _tidy(self.high * factor), _tidy(self.step * factor), self.open_above)


def _tidy(value: float) -> float:
    """A product of decimals without the dust of binary fractions.

    >>> _tidy(0.57 * 100)
    57.0
    """
    return float(f"{value:.12g}")


def plain(text: str) -> Number:
    """A number in figures; infinite where it has too many of them for a float.

    >>> plain("1,751"), plain("0.10").step, plain("100").step, plain("12").step
    (Number(low=1751.0, high=1751.0, step=1.0, open_above=False), 0.01, 10.0, 1.0)
    """
    bare = text.replace(",", "").replace(" ", "")
    value = float(bare)
    if "." in bare:
        return Number(value, value, 10.0 ** -len(bare.split(".")[1]))
    digits = bare.lstrip("0")
    zeros = min(len(digits) - len(digits.rstrip("0")), max(len(digits) - _LEAST_FIGURES, 0))
    return Number(value, value, 10.0 ** min(zeros, sys.float_info.max_10_exp))


@cache
def _zh() -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    zh = words("numerals")["zh"]
    return zh["digits"], zh["tens"], zh["powers"]


@cache
def chinese_pattern() -> str:
    """A regular expression for a number in Chinese, in figures or characters, with 几, 数, 余, 多."""
    digits, tens, powers = _zh()
    zh = words("numerals")["zh"]
    more = any_of(zh["and_more"])
    scale = "".join([*tens, *powers])
    figure = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    one = f"(?:{figure}|[{''.join([*digits, *tens, *powers])}]+|(?:{any_of(zh['several'])})(?=[{scale}]))"
    part = rf"(?:{one})\s?(?:{more}|几)?[{scale}]*(?:{more})?(?![a-zA-Z]+\d)"
    # Atomic: a long number is not tried in every way it could be cut.
    return rf"(?>(?:{part})+)"


def chinese(text: str) -> Number | None:
    """The number a text in Chinese stands for, None if it is none.

    >>> [chinese(t).low for t in ("1751亿", "1.75万亿", "一千七百五十一亿", "2亿5000万")]
    [175100000000.0, 1750000000000.0, 175100000000.0, 250000000.0]
    >>> [(n.low, n.high) for n in map(chinese, ("几十亿", "十几", "两三百"))]
    [(2000000000.0, 10000000000.0), (11.0, 20.0), (200.0, 300.0)]
    >>> chinese("30余").open_above, chinese("20多亿").low, chinese("万亿").low, chinese("百度")
    (True, 2000000000.0, 1000000000000.0, None)
    """
    bare = text.replace(" ", "")
    if "点" in bare:
        return _with_decimals(bare)
    more = any_of(words("numerals")["zh"]["and_more"])
    shorn = re.sub(rf"(?<=.)(?:{more})", "", bare)
    number = _sum_of_powers(shorn) if shorn else None
    if number is None:
        return None
    return Number(number.low, number.high, number.step, open_above=shorn != bare)


def _with_decimals(text: str) -> Number | None:
    """三点五 is 3.5."""
    digits, _, _ = _zh()
    whole, _, part = text.partition("点")
    number = chinese(whole)
    if number is None or not part or any(c not in digits for c in part):
        return None
    value = _tidy(number.low + float("0." + "".join(str(int(digits[c])) for c in part)))
    return Number(value, value, 10.0 ** -len(part))


def _sum_of_powers(text: str) -> Number | None:
    """Groups of 万, 亿, 兆 added up; 万亿 is one power."""
    _, _, powers = _zh()
    total: Number | None = None
    for head, scale in re.findall(rf"([^{''.join(powers)}]*)([{''.join(powers)}]*)", text):
        if not head and not scale:
            continue
        part = _below_ten_thousand(head) if head else Number(1, 1, 1)
        if part is None or (not head and total is not None):
            return None
        part = part.times(math.prod(powers[c] for c in scale))
        if total is not None and total.step == 0:
            return None
        total = part if total is None else _added(total, part)
    return total


def _added(a: Number, b: Number) -> Number:
    return Number(_tidy(a.low + b.low), _tidy(a.high + b.high), min(a.step, b.step) if b.step else b.step)


def _below_ten_thousand(text: str) -> Number | None:
    """A group before 万: figures with a tail of 十百千, or characters."""
    digits, tens, _ = _zh()
    several = any_of(words("numerals")["zh"]["several"])
    figures = re.fullmatch(rf"([\d,.]*\d)(几)?([{''.join(tens)}]*)", text)
    if figures:
        number = plain(figures[1])
        factor = math.prod(tens[c] for c in figures[3])
        return number.times(factor)
    vague = re.fullmatch(rf"(?:{several})([{''.join(tens)}]*)", text)
    if vague:
        factor = math.prod(tens[c] for c in vague[1])
        return Number(_SEVERAL[0] * factor, _SEVERAL[1] * factor, 0)
    if text == "十几":
        return Number(*_TEENS, 0)
    pair = re.fullmatch(rf"([{''.join(digits)}])([{''.join(digits)}])([{''.join(tens)}]*)", text)
    if pair and 1 <= digits[pair[2]] - digits[pair[1]] <= 2 and digits[pair[1]]:  # 两三百, 三五; 二三 is no 23
        factor = math.prod(tens[c] for c in pair[3])
        return Number(digits[pair[1]] * factor, digits[pair[2]] * factor, 0)
    if all(c in digits for c in text):
        value = float("".join(str(int(digits[c])) for c in text))
        return Number(value, value, 1)
    return _characters(text)


def _characters(text: str) -> Number | None:
    """一千七百五十一 → 1751; 一千七 is 1700; characters that make no number give None."""
    digits, tens, _ = _zh()
    total, digit, last = 0.0, None, 0.0
    for c in text:
        if c in tens:
            last = tens[c]
            total += (1 if digit is None else digit) * last
            digit = None
        elif c in digits and (digit is None or digit == 0):
            digit = float(digits[c])
            last = 0.0 if not digit else last
        else:
            return None
    if digit is not None:
        # 一千七 is 1700, after a 零 (一千零七) or a 十 it is the plain digit.
        unit = last / 10 if last > 10 else 1.0
        total += digit * unit
    return Number(total, total, plain(f"{total:.0f}").step) if total or text in ("零", "〇") else None


@cache
def _english() -> tuple[dict[str, float], dict[str, float]]:
    en = words("numerals")["en"]
    return en["cardinals"], en["powers"]


@cache
def english_word_pattern() -> str:
    """A regular expression for a number in English words: "one hundred and twenty", "twenty-five million"."""
    cardinals, powers = _english()
    one = any_of(cardinals)
    power = "(?:" + any_of([*powers, *(f"{p}s" for p in powers)]) + ")"
    return rf"(?:(?:{one})\b|an?(?=\s{power}))(?:[\s-](?:and\s)?(?:{one}|{power})\b)*"


def english(text: str) -> Number | None:
    """The number that English words stand for.

    >>> english("one hundred and twenty").low, english("twenty-five million").low, english("two dozen").low
    (120.0, 25000000.0, 24.0)
    """
    cardinals, powers = _english()
    total, group = 0.0, None
    seen = re.findall(r"[a-z]+", text.casefold())
    for word in seen:
        if word == "and":
            continue
        singular = word if word in powers else word.removesuffix("s")
        if word in ("a", "an"):
            group = 1.0
        elif singular in powers:
            factor = powers[singular]
            group = (1.0 if group is None else group) * factor
            if factor > powers["hundred"] or singular == "dozen":
                total, group = total + group, None
        elif word in cardinals:
            group = (group or 0.0) + cardinals[word]
        else:
            return None
    value = total + (group or 0.0)
    if not seen:
        return None
    return Number(value, value, plain(f"{value:.0f}").step)
