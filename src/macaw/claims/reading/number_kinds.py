"""Every way news writes a number, as one pattern each, the surest first."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

from macaw.claims.reading.lexicon import any_of, words
from macaw.claims.reading.numerals import Number, chinese, chinese_pattern, english, english_word_pattern, plain
from macaw.claims.reading.units import Found, currency_before, unit_at, unit_behind, unit_words

PERCENT = 100.0
# What joins the two ends of a range.
JOIN = re.compile(r"\s?(?:-|–|—|~|～|至|到|或)\s?|\s(?:to|and|or)\s|和")


_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\w.])\.\d+)"
_NOT_IN_NAME = r"(?<![A-Za-z0-9_./@#])(?<![A-Za-z]-)(?<!\d,)"


_Finder = tuple[Callable[[str], Iterator[Found]], bool]


def _finder(pattern: str, make: Callable[[re.Match[str]], Found | None]) -> _Finder:
    """What finds numbers of a kind, and whether it finds them in Chinese only."""
    # ASCII: a Chinese character before a figure is no letter of its word.
    compiled = re.compile(pattern, re.IGNORECASE | re.ASCII)

    def find(text: str) -> Iterator[Found]:
        for match in compiled.finditer(text):
            found = make(match)
            # A row of hundreds of figures measures nothing.
            if found is not None and math.isfinite(found.number.high):
                yield found

    return find, bool(re.search("[\u4e00-\u9fff]", pattern))


def _small(text: str) -> float | None:
    """A number in figures, English words or Chinese characters."""
    if re.fullmatch(_DIGITS, text):
        return plain(text).low
    number = english(text) if text.isascii() else chinese(text)
    return number.low if number and number.low == number.high else None


def _share(match: re.Match[str], part: float | None, whole: float | None, step: float = 0.0) -> Found | None:
    if not part or not whole:
        return None
    value = float(f"{PERCENT * part / whole:.6g}")
    return Found(match.start(), match.end(), Number(value, value, step), "percent", "ratio")


def _ratio_words(m: re.Match[str]) -> Found | None:
    part, whole = _small(m["part"]), _small(m["whole"])
    return _share(m, part, whole) if part and whole and part < whole else None


def _zh_fraction(m: re.Match[str]) -> Found | None:
    whole, part = _small(m["whole"]), _small(m["part"])
    if m["whole"] in ("百", "千", "万"):
        whole = {"百": 100.0, "千": 1000.0, "万": 10000.0}[m["whole"]]
        number = chinese(m["part"])
        if number is None:
            return None
        scaled = number.times(PERCENT / whole)
        return Found(m.start(), m.end(), scaled, "percent", "ratio", vague=number.low != number.high)
    return _share(m, part, whole)


def _tenths(m: re.Match[str]) -> Found | None:
    """三成, 七成五, 两三成, 9成."""
    number = chinese(m["n"])
    if number is None or number.high > 10:
        return None
    number = Number(number.low * 10, number.high * 10, 10.0)
    if m["half"]:
        more = 5.0 if m["half"] == "半" else float(chinese(m["half"]).low)  # type: ignore[union-attr]
        number = Number(number.low + more, number.high + more, 1.0)
    return Found(m.start(), m.end(), number, "percent", "ratio", vague=number.low != number.high)


def _half(m: re.Match[str]) -> Found:
    return Found(m.start("n"), m.end("n"), Number(50.0, 50.0, 0.0), "percent", "ratio")


def _en_fraction(m: re.Match[str]) -> Found | None:
    fractions = words("numerals")["en"]["fractions"]
    number = 1.0 if m["n"].casefold() in ("a", "an") else _small(m["n"])
    return _share(m, number, float(fractions[m["of"].casefold()]))


def _factor(m: re.Match[str], value: float | None) -> Found | None:
    if value is None:
        return None
    return Found(m.start(), m.end(), Number(value, value, 0.0), "factor", "ratio")


def _fold_range(m: re.Match[str]) -> Found | None:
    low, high = _small(m["low"]), _small(m["high"])
    if low is None or high is None or low >= high:
        return None
    return Found(m.start(), m.end(), Number(low, high, 0.0), "factor", "ratio", is_range=True)


def _fold_times(m: re.Match[str]) -> Found | None:
    text = m["n"]
    if text.casefold() in ("a hundred", "hundred"):
        return _factor(m, 100.0)
    return _factor(m, {"a thousand": 1000.0, "thousand": 1000.0}.get(text.casefold()) or _small(text))


def _by_a_factor(m: re.Match[str]) -> Found | None:
    value = _small(m["n"])
    return Found(m.start("n"), m.end("n"), Number(value, value, 0.0), "factor", "ratio") if value else None


def _quarter_of(m: re.Match[str]) -> Found | None:
    """A quarter of a million people."""
    parts = 0.75 if m["n"].casefold().startswith("three") else 0.25
    unit = m["unit"].casefold()
    powers = words("numerals")["en"]["powers"]
    if unit not in powers:
        return Found(m.start(), m.end(), Number(parts, parts, 0.0), unit, "duration")
    return unit_behind(m.string, m.start(), m.end(), Number(parts * powers[unit], parts * powers[unit], 0.0))


def _multiple(m: re.Match[str]) -> Found | None:
    value = words("numerals")["en"]["multiples"].get(m["n"].casefold())
    return Found(m.start("n"), m.end("n"), Number(value, value, 0.0), "factor", "ratio") if value else None


def _turned_over(m: re.Match[str]) -> Found | None:
    """翻一番 is twice, 翻两番 four times."""
    times = chinese(m["n"]) if m["n"] else Number(1, 1, 0)
    return _factor(m, 2.0**times.low) if times and times.low == times.high else None


def _grown_by(m: re.Match[str]) -> Found | None:
    """增长了两倍 is three times as much as before."""
    number = chinese(m["n"])
    if number is None:
        return None
    grown = Number(number.low + 1, number.high + 1, number.step, number.open_above)
    return Found(m.start("n"), m.end(), grown, "factor", "ratio", vague=grown.low != grown.high)


def _rank(m: re.Match[str]) -> Found | None:
    ordinals = words("numerals")["en"]["ordinals"]
    text = m["n"].casefold()
    value = ordinals.get(text) or (float(text[:-2]) if re.fullmatch(r"\d+(?:st|nd|rd|th)", text) else _small(text))
    return _ranked(m, value, value)


def _ranked(m: re.Match[str], low: float | None, high: float | None) -> Found | None:
    if low is None or high is None:
        return None
    start, end = (m.start("shown"), m.end("shown")) if "shown" in m.re.groupindex else (m.start(), m.end())
    return Found(start, end, Number(low, high, 0.0), "rank", "rank", is_range=low != high)


def _scientific(m: re.Match[str]) -> Found | None:
    value = (float(m["n"].replace(",", "")) if m["n"] else 1.0) * 10.0 ** int(m["power"])
    return unit_behind(m.string, m.start(), m.end(), Number(value, value, 0.0))


def _e_notation(m: re.Match[str]) -> Found | None:
    value = float(m[0])
    return unit_behind(m.string, m.start(), m.end(), Number(value, value, 0.0)) if value < 1e300 else None


def _several(m: re.Match[str]) -> Found | None:
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
    found = unit_behind(m.string, m.start(), m.end(), Number(low, high, 0.0))
    return replace(found, vague=True) if found else None


def _han(m: re.Match[str]) -> Found | None:
    number = chinese(m["n"])
    stop = m.start() + len(m["n"].rstrip())
    if number is None or _is_name(m.string, m.start(), stop) or _LATIN_SCALE.match(m.string, stop):
        return None
    if _is_denominator(m.string, m.start()):
        return None
    vague = number.low != number.high
    if vague and number.high / number.low == 5:  # 几十 stops before a hundred
        number = replace(number, high=number.high * (0.99 if _is_tens(number.low) else 0.9))
    found = unit_behind(m.string, m.start(), stop, number)
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


def _plain(m: re.Match[str]) -> Found | None:
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
    currency = currency_before(text, start)
    if m["letter"]:
        number = number.times(en["letters"][m["letter"].casefold()])
        if not currency and m["letter"].casefold() in ("k", "m", "b", "t"):
            unit = unit_at(text, end)
            if unit is None and m["letter"] not in ("K", "k", "M", "B") and not re.match(r" [a-z]{3,}s\b", text[end:]):
                return None
    found = unit_behind(text, start, end, number, words_only=bool(m["words"]))
    if found is None:
        return None
    if found.unit == "" and not _counts_bare(text, start, end, m) and not _range_begins(text, end):
        return None
    return found


def _range_begins(text: str, end: int) -> bool:
    """Whether another number follows that ends a range: 150至200人, five to ten percent."""
    join = JOIN.match(text, end)
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
    """Whether a number in a Latin text counts without a known unit: by a power, or a word that leads to it."""
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
    """Whether a bare number continues a count: "produced 40 models; China 15 and Europe three"."""
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


def _nothing(m: re.Match[str]) -> Found | None:
    return None


def _top_zh(m: re.Match[str]) -> Found | None:
    value = _small(m["n"])
    return _ranked(m, 1.0, value)


def _top_en(m: re.Match[str]) -> Found | None:
    value = _small(m["n"])
    return _ranked(m, 1.0, value)


def _rank_zh(m: re.Match[str]) -> Found | None:
    value = _small(m["n"])
    return _ranked(m, value, value)


def _rank_place(m: re.Match[str]) -> Found | None:
    return _rank(m)


def _rank_number(m: re.Match[str]) -> Found | None:
    value = _small(m["n"])
    return _ranked(m, value, value)


def _and_a_half(m: re.Match[str]) -> Found | None:
    text = m["n"].split()[0].casefold()
    value = 1.0 if text in ("a", "an") else _small(text)
    return (
        Found(m.start(), m.end(), Number(value + 0.5, value + 0.5, 0.5), m["unit"].casefold(), "duration")
        if value
        else None
    )


def _half_a(m: re.Match[str]) -> Found | None:
    unit = m["unit"].casefold()
    powers = words("numerals")["en"]["powers"]
    if unit in powers:
        return unit_behind(m.string, m.start(), m.end(), Number(powers[unit] / 2, powers[unit] / 2, powers[unit] / 10))
    return Found(m.start(), m.end(), Number(0.5, 0.5, 0.1), unit, "duration")


def _half_year(m: re.Match[str]) -> Found | None:
    unit = unit_words()[m[0][1:]]
    return Found(m.start(), m.end(), Number(0.5, 0.5, 0.1), *unit)


def _zh_and_a_half(m: re.Match[str]) -> Found | None:
    value = _small(m["n"])
    return Found(m.start(), m.end(), Number(value + 0.5, value + 0.5, 0.5), *unit_words()[m["unit"]]) if value else None


def _duration_words() -> str:
    rows = words("qualifiers")["qualifier"]
    return any_of(w for row in rows for w in row["en_before"] if w.isascii() and w[-1].isalpha())


def _a_year(m: re.Match[str]) -> Found | None:
    unit = (m["unit"] or m["unit2"]).casefold()
    text = m[0].casefold()
    at = m.start() + (re.search(rf"\ba {unit}", text).start())  # type: ignore[union-attr]
    return Found(at, at + len(f"a {unit}"), Number(1.0, 1.0, 1.0), unit, "duration")


FINDERS = _finders()
