"""When a sentence speaks of: dates, years, quarters, words such as 去年 and "last year", from the article's date."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from macaw.claims.reading.lexicon import any_of, words

_MONTHS = 12
_CENTURY = 100


@dataclass(frozen=True)
class Time:
    """A place in time in a sentence: where it stands, its first and last day as far as known, and its kind.

    `kind` is year, years, month, day, quarter, part, relative, compared, recent or now. First and last are ISO
    dates, None where the text leaves them open or the article has no date.
    """

    start: int
    end: int
    text: str
    kind: str
    first: str | None
    last: str | None


def find_times(folded: str, on: date | None) -> list[Time]:
    """All places in time in a folded sentence, in order, none inside another.

    >>> [(t.text, t.first, t.last) for t in find_times("去年到2017年,10月24日", date(2024, 10, 29))]
    [('去年', '2023-01-01', '2023-12-31'), ('2017年', '2017-01-01', '2017-12-31'), ('10月24日', '2024-10-24', '2024-10-24')]
    """
    found: list[Time] = []
    for time in sorted(_all_times(folded, on), key=lambda t: (t.start, -t.end)):
        if not found or time.start >= found[-1].end:
            found.append(time)
    return found


def _all_times(text: str, on: date | None) -> Iterator[Time]:
    for pattern, kind in _patterns():
        for match in pattern.finditer(text):
            first, last = _KINDS[kind](match, on)
            yield Time(match.start(), match.end(), match[0], kind, first, last)


def _iso(first: date | None, last: date | None) -> tuple[str | None, str | None]:
    return first.isoformat() if first else None, last.isoformat() if last else None


def _span(y1: int, m1: int, y2: int, m2: int) -> tuple[str | None, str | None]:
    try:
        return _iso(date(y1, m1, 1), date(y2, m2, calendar.monthrange(y2, m2)[1]))
    except ValueError:
        return None, None


def _year_of(text: str | None, on: date | None) -> int | None:
    """A year in figures, in characters, or in a word; without any the article's."""
    if not text:
        return on.year if on else None
    digits = words("numerals")["zh"]["digits"]
    bare = "".join(str(int(digits[c])) if c in digits else c for c in text)
    number = re.search(r"\d{4}", bare)
    if number:
        return int(number[0])
    for row in words("times")["relative"]:
        if "years" in row and text.strip().casefold() in [*row["zh"], *row["en"]]:
            return on.year + row["years"] if on else None
    return None


def _year(match: re.Match[str], on: date | None) -> tuple[str | None, str | None]:
    year = _year_of(match["year"], on)
    return _span(year, 1, year, _MONTHS) if year else (None, None)


def _years(match: re.Match[str], on: date | None) -> tuple[str | None, str | None]:
    first, last = int(match["year"]), match["last"]
    whole = int(last) if len(last) > 2 else first - first % _CENTURY + int(last)
    return _span(first, 1, whole, _MONTHS)


def _decade(match: re.Match[str], on: date | None) -> tuple[str | None, str | None]:
    year = int(match["year"])
    return _span(year, 1, year + 9, _MONTHS)


def _quarter(match: re.Match[str], on: date | None) -> tuple[str | None, str | None]:
    year = _year_of(match["year"], on)
    names = {"一": 1, "二": 2, "三": 3, "四": 4, "首": 1, "末": 4, "first": 1, "second": 2, "third": 3, "fourth": 4}
    name = match["quarter"].casefold()
    quarter = next((n for word, n in names.items() if word in name), None)
    if quarter is None:
        digit = re.search(r"[1-4]", name)
        quarter = int(digit[0]) if digit else None
    if year is None or quarter is None:
        return None, None
    return _span(year, 3 * quarter - 2, year, 3 * quarter)


def _part(match: re.Match[str], on: date | None) -> tuple[str | None, str | None]:
    year = _year_of(match["year"], on)
    months = words("times")["parts"]["year_zh"].get(match["part"])
    return _span(year, months[0], year, months[1]) if year and months else (None, None)


def _half(match: re.Match[str], on: date | None) -> tuple[str | None, str | None]:
    year = _year_of(match["year"], on)
    first = match["half"].casefold() == "first"
    return _span(year, 1 if first else 7, year, 6 if first else 12) if year else (None, None)


def _month_number(text: str) -> int | None:
    months = words("times")["en"]["months"]
    found = months.get(text.strip(". ").casefold())
    if found is None and text.isdigit():
        found = int(text)
    if found is None:
        digits = words("numerals")["zh"]["digits"]
        value = 10 * text.count("十") + (digits[text[-1]] if text and text[-1] in digits else 0)
        found = int(value)
    return found if 1 <= found <= _MONTHS else None


def _month(match: re.Match[str], on: date | None) -> tuple[str | None, str | None]:
    month = _month_number(match["month"])
    year = _year_of(match["year"], on)
    if year is None or month is None:
        return None, None
    if not match["year"] and on and month > on.month and "明" not in match[0]:
        year -= 1  # news without a year speaks of the last such month
    return _span(year, month, year, month)


def _day(match: re.Match[str], on: date | None) -> tuple[str | None, str | None]:
    month = _month_number(match["month"])
    year = _year_of(match["year"], on)
    if year is None or month is None:
        return None, None
    if not match["year"] and on and month > on.month + 1:
        year -= 1
    try:
        day = date(year, month, int(match["day"]))
    except ValueError:
        return None, None
    return _iso(day, day)


def _iso_day(match: re.Match[str], on: date | None) -> tuple[str | None, str | None]:
    try:
        day = date.fromisoformat(match[0].replace("/", "-"))
    except ValueError:
        return None, None
    return _iso(day, day)


def _relative(match: re.Match[str], on: date | None) -> tuple[str | None, str | None]:
    row = _relative_rows().get(match[0].casefold())
    if row is None or on is None:
        return None, None
    if "years" in row:
        return _span(on.year + row["years"], 1, on.year + row["years"], _MONTHS)
    if "months" in row:
        ahead = on.year * _MONTHS + on.month - 1 + row["months"]
        return _span(ahead // _MONTHS, ahead % _MONTHS + 1, ahead // _MONTHS, ahead % _MONTHS + 1)
    if "days" in row:
        return _days_from(on, row["days"], row.get("span", 1))
    return (None, on.isoformat())


def _days_from(on: date, days: int, span: int) -> tuple[str | None, str | None]:
    """A day so many days off, or the week it is in; nothing where the calendar has none."""
    try:
        first = on + timedelta(days=days)
        if span == 1:
            return _iso(first, first)
        first -= timedelta(days=first.weekday())
        return _iso(first, first + timedelta(days=span - 1))
    except OverflowError:
        return None, None


def _past_years(match: re.Match[str], on: date | None) -> tuple[str | None, str | None]:
    from macaw.claims.reading.numerals import chinese, english

    text = match["n"]
    if re.search(r"[A-Za-z]", text):
        years = {"decade": 10.0}.get(text.casefold()) or getattr(english(text), "low", None)
    else:
        years = getattr(chinese(text), "low", None)
    if not years or on is None or years > on.year - 1:
        return None, on.isoformat() if on else None
    return _iso(date(on.year - int(years), 1, 1), on)


def _nothing(match: re.Match[str], on: date | None) -> tuple[str | None, str | None]:
    return None, None


_KINDS = {
    "year": _year,
    "years": _years,
    "decade": _decade,
    "quarter": _quarter,
    "part": _part,
    "half": _half,
    "month": _month,
    "day": _day,
    "date": _iso_day,
    "relative": _relative,
    "now": _relative,
    "recent": _nothing,
    "past": _past_years,
    "compared": _nothing,
    "clock": _nothing,
    "weekday": _nothing,
    "name": _nothing,
    "past_months": _nothing,
}


@cache
def _relative_rows() -> dict[str, dict[str, Any]]:
    return {w.casefold(): row for row in words("times")["relative"] for w in [*row["zh"], *row["en"]]}


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Patterns of places in time with their kinds; where two begin together the longer wins."""
    times = words("times")
    capital = any_of(m.title() for m in times["en"]["months"])
    weekdays = any_of(times["en"]["weekdays"]["names"])
    zh_words = [w for row in times["relative"] if "years" in row for w in row["zh"]]
    en_years = [w for row in times["relative"] if "years" in row for w in row["en"]]
    y4 = r"(?<![\d.])(?<!\d,)(?:19|20)\d\d(?![\d,]\d)(?!\.\d)"
    zh_year = rf"(?:{y4}|[一二][〇零一二三四五六七八九]{{3}})\s?(?:财)?年度?|{any_of(zh_words)}"
    mz = r"(?:1[0-2]|0?[1-9]|十[一二]|[一二三四五六七八九十])(?=\s?月)"
    n_en = rf"(?:\d+(?:\.\d+)?|(?:{any_of(words('numerals')['en']['cardinals'])})(?:[ -](?:{any_of(words('numerals')['en']['cardinals'])}))?|several|a few|few|couple of|a couple of|many|a|an|one)"
    raw: list[tuple[str, str]] = [
        (r"(?:19|20)\d\d[-/](?:0[1-9]|1[0-2])[-/](?:0[1-9]|[12]\d|3[01])(?!\d)", "date"),
        (rf"(?P<year>{zh_year})?\s?(?P<month>{mz})\s?月\s?(?P<day>[0-3]?\d|[一二三]?十?[一二三四五六七八九]?)\s?[日号]", "day"),
        (rf"(?:(?P<year>{zh_year})\s?)?(?P<month>{mz})\s?月(?:份|底|初|中旬|上旬|下旬|末)?(?!度)", "month"),
        (r"(?<![\d月年个近每续足到约过超后前第段路街巷弄楼区道])(?:[1-3]\d|[1-9])日(?![元本后内均活常志程历圆币美韩])", "weekday"),
        (r"(?<![\d月年第段路街巷弄楼区道])(?:[1-3]\d|[1-9])号(?=[上下晚凌早,，。称宣说在])", "weekday"),
        (r"\b\d{1,2}时\d{1,2}分|(?<!\d)\d{1,2}时\d{1,2}分", "clock"),
        (r"^within (?:the )?[a-z\d]+ (?:years|months|weeks|days|hours)(?=,| of)", "clock"),
        (r"(?:前|上)一(?:年|个月|季度|季|天|周|日)", "clock"),
        (rf"(?P<year>{y4})\s?(?:年)?\s?(?:-|至|到|–|—|~|～)\s?(?P<last>(?:19|20)\d\d|\d\d(?=年))\s?(?:财)?年(?:间|期间)?", "years"),
        (rf"\b(?P<year>{y4})\s?[-–—]\s?(?P<last>(?:19|20)\d\d|\d\d)(?!\d|%)", "years"),
        (rf"(?:between|from)\s(?P<year>{y4})\s(?:and|to|through|until)\s(?P<last>(?:19|20)\d\d)", "years"),
        (rf"(?P<year>{y4}|(?:19|20)\d0)\s?(?:年代|s\b|'s\b)", "decade"),
        (rf"(?:(?P<year>{zh_year})的?\s?)?(?P<quarter>{any_of(times['parts']['quarters_zh'])})", "quarter"),
        (rf"(?:the )?(?P<quarter>first|second|third|fourth)[ -]quarter(?: of)?(?: (?P<year>{y4}|{any_of(en_years)}))?", "quarter"),
        (rf"\b(?P<quarter>Q[1-4])(?:,? (?:of )?(?P<year>{y4}))?", "quarter"),
        (rf"(?P<year>{y4})\s?(?:年)?\s?(?P<quarter>Q[1-4])", "quarter"),
        (rf"(?:the )?(?P<half>first|second) half(?: of)? (?P<year>{y4}|{any_of(en_years)}|the year)", "half"),
        (rf"(?P<year>{zh_year})的?(?P<part>{any_of(times['parts']['year_zh'])})", "part"),
        (r"(?P<year>)(?P<part>上半年|下半年|前三季度|前三季|年初|年底|年末)", "part"),
        (rf"(?P<year>{zh_year})(?:以来|以后|之后|以前|之前|前后|起)?", "year"),
        (rf"(?<![\w.$£€¥-])(?:the year |fiscal year |fiscal |FY ?|calendar year )?(?P<year>{y4})(?![\w%‰]|-[a-z]|\s?(?:亿|万|元|家|个|名|人|项|件|篇|款|次|块|枚|台|套|多|余)| (?:people|companies|papers|firms|chips|million|billion|percent|employees|patents|researchers|models))", "year"),
        (rf"\b(?P<month>(?-i:{capital}))\.? (?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?:,? (?P<year>{y4}))?(?![\d,]*\d)", "day"),
        (rf"\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?: of)? (?P<month>(?-i:{capital}))\b\.?(?:,? (?P<year>{y4}))?", "day"),
        (rf"\b(?P<month>(?-i:{capital}))\b\.?(?:,? (?:of )?(?P<year>{y4}|{any_of(en_years)}))?(?! (?:be|have|not|also|well|soon|never|yet)\b)", "month"),
        (rf"\b(?:last |next |this |on )?(?:{weekdays})s?\b", "weekday"),
        (r"(?:过去|未来|近|今后)[一二两三四五六七八九十\d]+(?:至|到|-)[一二两三四五六七八九十\d]+(?:年|个月)(?:内|里|间)?", "clock"),
        (r"(?:发表|发布|公布|签署|开始|举行)?前[一二两三四五六七八九十几\d]+[天周年日](?=[（(，,的])", "clock"),
        (r"(?:近)?[一二两三四五六七八九十几数\d]+(?:多)?年(?:间|来|以来|里|内|之内)", "clock"),
        (r"(?:今年|去年)?前[一二三四五六七八九十\d]+(?:个)?(?:月|季度|季)", "past_months"),
        (r"创(?:下)?(?:近)?[一二两三四五六七八九十\d]+(?:多)?(?:年|个月)(?:来|以来)?(?:同期)?(?=新|最|的?新|高|低)", "clock"),
        (rf"\bin (?:just |only |about |less than |under |the space of )?(?:{n_en}) (?:years|months|weeks|days|decades)\b(?! of)", "clock"),
        (r"(?:\bone day\b|\bsome day\b|\bthe other day\b)(?! (?:behind|ahead))", "clock"),
        (r"(?:过去|近|最近|此前|未来|今后|接下来)的?(?P<n>[一二两三四五六七八九十\d]+)(?:多)?(?:年|个月|个季度|个财年|周|天|个星期)(?:来|间|以来|里|内|中)?", "past"),
        (rf"(?:in|over|during|within|for|of) the (?:past|last|previous|next|coming|recent) (?P<n>{n_en}) (?:years?|months?|quarters?|weeks?|days?|decades?)", "past"),
        (rf"(?:the )?(?:past|last|previous|next|coming) (?P<n>{n_en}) (?:years?|months?|quarters?|weeks?|days?|decades?)", "past"),
        (r"(?:in|over|during|within) the (?:past|last|next|coming) (?P<n>year|decade|century|month|week|quarter)", "past"),
        (rf"(?:{n_en}) (?:years|months|weeks|days|decades) (?:ago|earlier|later|before)\b", "clock"),
        (r"(?:[一二两三四五六七八九十几数\d]+)(?:多)?(?:年|个月|个星期|周|天|小时)(?:前|后|之前|之后|以前|以后)", "clock"),
        (r"\b[0-2]?\d(?::[0-5]\d)(?:\s?[ap]\.?m\.?)?|\b[01]?\d\s?[ap]\.?m\.?\b|(?:上午|下午|晚上|凌晨|早上|中午|傍晚|晚间|[早晚]|日)[0-2]?\d[时点](?:[0-5]?\d分|半|许|整)?", "clock"),
        (r"\b(?:19|20|21)(?:th|st)[ -]century|[一二]十[一二]?世纪|(?:19|20|21)世纪", "name"),
    ]  # fmt: skip
    for kind in ("now", "recent"):
        rows = [r for r in times["relative"] if r.get(kind)]
        raw.append((_either(rows), kind))
    raw.append((_either([r for r in times["relative"] if not r.get("now") and not r.get("recent")]), "relative"))
    for of in ("year", "period"):
        compared = times["compared"]
        raw.append((_either([{"zh": compared[f"{of}_zh"], "en": compared[f"{of}_en"]}]), "compared"))
    return [(re.compile(pattern, re.IGNORECASE | re.ASCII), kind) for pattern, kind in raw]


def _either(rows: list[dict[str, Any]]) -> str:
    zh = any_of(w for r in rows for w in r["zh"])
    en = any_of(w for r in rows for w in r["en"])
    return rf"(?:{zh})" + (rf"|\b(?:{en})\b" if en else "")
