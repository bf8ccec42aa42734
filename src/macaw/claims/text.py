"""Writes numbers, dates and the reasons of verdicts in English and Chinese; every word stands in reasons.toml."""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Any

from macaw import registry
from macaw.claims.measure import Reading
from macaw.claims.record import Claim, Test
from macaw.claims.settle import (
    FAILS,
    FAILS_PARTLY,
    HOLDS,
    HOLDS_PARTLY,
    MIXED,
    NAMED,
    OPEN,
    OVERSTATED,
    REPLACED,
    UNDERSTATED,
    Settled,
    Tally,
)
from macaw.indicators import indicators
from macaw.sure.specifications import SWITCHES

LANGUAGES = ("en", "zh")
_DIGITS = 3
_YEAR = len("2024")
# A rise from here on is told as a multiple.
_MANY_TIMES = 10


@cache
def words() -> Mapping[str, Any]:
    """Everything of reasons.toml."""
    return tomllib.loads(files("macaw.claims").joinpath("reasons.toml").read_text("utf-8"))


def _of(pair: Sequence[str], lang: str) -> str:
    return pair[LANGUAGES.index(lang)]


def say(kind: str, name: str, lang: str, **filled: object) -> str:
    """A sentence or name of reasons.toml, filled.

    >>> say("verdict", "supported", "zh")
    '得到支持'
    """
    entry = words()[kind][name]
    return _of(entry["name"] if isinstance(entry, dict) else entry, lang).format(**filled)


# -- numbers ---------------------------------------------------------------------------------------------


def plain(x: float, digits: int = _DIGITS) -> str:
    """A number to so many digits, whole from a thousand on, never with an exponent.

    >>> plain(0.000993), plain(12.3456), plain(4760.4)
    ('0.000993', '12.3', '4,760')
    """
    if x == 0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(x))))
    text = f"{round(x, places):,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def zh_number(x: float) -> str:
    """A number as Chinese writes it: by 万 and 亿.

    >>> zh_number(175.1e9), zh_number(12345), zh_number(0.5)
    ('1,751 亿', '1.23 万', '0.5')
    """
    for size, name in ((1e12, "万亿"), (1e8, "亿"), (1e4, "万")):
        if abs(x) >= size and not (size == 1e12 and abs(x) < 1e13):
            return f"{plain(x / size, 4 if size == 1e8 else _DIGITS)} {name}"
    return plain(x)


_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def scientific(value: float) -> str:
    """A very large number.

    >>> scientific(3.8e25), scientific(1e24)
    ('3.8 × 10²⁵', '10²⁴')
    """
    digits, exponent = f"{value:.1e}".split("e")
    digits = digits.removesuffix(".0")
    power = "10" + str(int(exponent)).translate(_RAISED)
    return power if digits == "1" else f"{digits} × {power}"


def amount(x: float, unit: str, lang: str, unit_zh: str = "") -> str:
    """A number with its unit.

    >>> amount(0.0012, "fraction 0–1", "en"), amount(20527, "million US dollars, nominal", "zh")
    ('0.12 %', '205.3 亿美元')
    """
    known = words()["unit"].get(unit, {})
    if known.get("percent"):
        return f"{plain(100 * x)} %" if lang == "en" else f"{plain(100 * x)}%"
    if lang == "en":
        return f"{plain(x)} {known.get('en', unit)}"
    return f"{zh_number(x * known.get('scale', 1))}{known.get('zh', ' ' + unit_zh)}"


def measured(test: Test, x: float, lang: str) -> str:
    """What a test finds, with the unit of what it takes."""
    if math.isinf(x):
        return say("number", "unbounded", lang)
    if test.take in ("growth", "change"):
        if x >= _MANY_TIMES:
            return say("number", "times_as_much", lang, x=plain(x + 1))
        return f"{'+' if x > 0 else ''}{plain(100 * x)}{' %' if lang == 'en' else '%'}".replace("-", "−")
    if test.take in ("rank", "ratio"):
        return say("number", test.take, lang, x=plain(x))
    if test.take == "among_first":
        return plain(x)
    of = indicators()[test.indicator]
    return amount(x, of.unit, lang, of.unit_zh)


def _span(low: str, high: str, lang: str) -> str:
    return low if low == high else say("number", "range", lang, low=low, high=high)


def _values(test: Test, readings: Iterable[Reading], lang: str) -> str:
    """The least and greatest value, and how far their ranges reach; empty without a value."""
    known = [r for r in readings if r.value is not None or r.low is not None]
    values = sorted(r.value for r in known if r.value is not None)
    if not values:
        return ""
    told = _span(measured(test, values[0], lang), measured(test, values[-1], lang), lang)
    ranged = [r for r in known if r.low is not None or r.high is not None]
    if not ranged or test.take == "among_first":
        return told
    low = min(min(x for x in (r.low, r.value) if x is not None) for r in known)
    high = max(
        math.inf if r.high is None and r.low is not None else (r.high if r.high is not None else r.value or low)
        for r in known
    )
    ends = _span(measured(test, low, lang), measured(test, high, lang), lang)
    if ends == told:
        return told
    return say("sentence", "with_ranges", lang, range=told, ends=ends)


def needs(test: Test, lang: str) -> str:
    """What must hold of a measurement."""
    given = {n: getattr(test, n) for n in ("at_least", "at_most", "above", "below")}
    found = {n: measured(test, b, lang) for n, b in given.items() if b is not None}
    if set(found) == {"at_least", "at_most"}:
        return say("bound", "between", lang, low=found["at_least"], high=found["at_most"])
    if test.take == "rank" and set(found) == {"at_most"}:
        return say("bound", "rank_at_most", lang, x=found["at_most"])
    joint = " and " if lang == "en" else "且"
    return joint.join(say("bound", n, lang, x=x) for n, x in found.items())


def when(test: Test, readings: Iterable[Reading], lang: str) -> str:
    """The years or days of readings in brackets; nothing where there are none."""
    first, _, last = test.period.partition(":")
    periods = [first, last] if last else sorted({r.period for r in readings if r.period})
    if not periods:
        return ""
    if lang == "zh" and len(periods[0]) == len(periods[-1]) == _YEAR and periods[0] != periods[-1]:
        told = f"{periods[0]} 至 {periods[-1]} 年"
    else:
        told = _span(period(periods[0], lang), period(periods[-1], lang), lang)
    return say("sentence", "when", lang, when=told)


def period(text: str, lang: str) -> str:
    """A year or day in words of the language.

    >>> period("2024-10-29", "zh")
    '2024 年 10 月 29 日'
    """
    if lang == "en":
        return text
    if len(text) == _YEAR:
        return f"{text} 年"
    year, month, day = text.split("-")
    return f"{year} 年 {int(month)} 月 {int(day)} 日"


# -- specifications --------------------------------------------------------------------------------------


@cache
def _names() -> Mapping[str, tuple[str, str]]:
    rows = registry.tables()["registry_venue_lists"].to_pylist()
    found = {r["venues"]: (r["name"], r["name_zh"]) for r in rows}
    found |= {k: (v[0], v[1]) for k, v in words()["choice"].items()}
    return found


def choice(name: str, lang: str) -> str:
    """A choice of a switch in words."""
    return _of(_names().get(name, (name, name)), lang)


def holds_under(tally: Tally, lang: str) -> str:
    """The specifications under which a test holds, by as few switches as tell them from those under which it fails."""
    yes, no = ([r.specification for r in side] for side in (tally.yes, tally.no))
    varying = [s for s in SWITCHES if len({getattr(x, s) for x in (*yes, *no)}) > 1]
    for size in range(1, len(varying) + 1):
        for chosen in combinations(varying, size):
            keys_yes, keys_no = ([tuple(getattr(x, s) for s in chosen) for x in side] for side in (yes, no))
            if not set(keys_yes) & set(keys_no):
                listed = [_join((choice(c, lang) for c in key), lang) for key in dict.fromkeys(keys_yes)]
                return ("; " if lang == "en" else "；").join(listed)
    return ""


def _join(parts: Iterable[str], lang: str) -> str:
    return (", " if lang == "en" else "、").join(parts)


def under(settled: Settled, lang: str) -> str:
    """The definition that a claim holds under: the choices of a mixed test, or what was measured in its place."""
    parts = []
    for tally in settled.deciding:
        says = tally.test.says if lang == "en" else tally.test.says_zh
        if tally.state == MIXED:
            parts.append(
                f"{says}: {holds_under(tally, lang)}" if lang == "en" else f"{says}（{holds_under(tally, lang)}）"
            )
        elif tally.state in (HOLDS, HOLDS_PARTLY) and (settled.rests_on_proxies or len(settled.deciding) == 1):
            parts.append(says)
    return ("; " if lang == "en" else "；").join(parts)


# -- reasons ---------------------------------------------------------------------------------------------


def why_open(readings: Iterable[Reading], lang: str) -> str:
    """Why readings are open, the commonest cause first."""
    causes = Counter(r.why for r in readings if r.why)
    return _join((say("why", c, lang) for c, _ in causes.most_common()), lang)


def of_tally(tally: Tally, lang: str) -> str:
    """The sentence on one test at one time."""
    test = tally.test
    says = test.says if lang == "en" else test.says_zh
    known = (*tally.yes, *tally.no)
    everything = (*known, *tally.unsettled)
    looked_at = tally.known or tally.readings
    told, at = _values(test, looked_at, lang), when(test, looked_at, lang)
    if test.role == "context":
        if not told:
            return say("sentence", "context_open", lang, says=says, why=why_open(everything, lang))
        return say("sentence", "context", lang, says=says, when=at, range=told)
    if lang == "en":
        says = says[0].upper() + says[1:]
    if not known:
        name, n = "all_open_values" if told else "all_open", _specifications(len(everything), lang)
        why = why_open(everything, lang)
        return say("sentence", name, lang, says=says, when=at, range=told, open=n, why=why)
    name = "known" if len(known) > 1 else "known_one" if tally.yes else "known_one_not"
    yes, n = len(tally.yes), _specifications(len(known), lang)
    parts = [say("sentence", name, lang, says=says, when=at, range=told, needs=needs(test, lang), yes=yes, known=n)]
    if tally.unsettled:
        n = _specifications(len(tally.unsettled), lang)
        parts.append(say("sentence", "open", lang, open=n, why=why_open(tally.unsettled, lang)))
    return _sentences(parts, lang)


def _specifications(n: int, lang: str) -> str:
    return say("number", "specification" if n == 1 else "specifications", lang, x=n)


def _sentences(parts: Iterable[str], lang: str) -> str:
    return (" " if lang == "en" else "").join(p for p in parts if p)


def verdict_sentence(claim: Claim, settled: Settled, by: Claim | None, lang: str) -> str:
    """The first sentence of a reason: the verdict in words."""
    filled: dict[str, object] = {}
    if settled.verdict == NAMED:
        filled["under"] = under(settled, lang)
    if settled.verdict in (OVERSTATED, UNDERSTATED) and settled.factor:
        filled["factor"] = _span(plain(settled.factor[0], 2), plain(settled.factor[1], 2), lang)
    if settled.verdict == REPLACED and by:
        filled |= {"by": by.id, "why": by.why_replaced if lang == "en" else by.why_replaced_zh}
    return _of(words()["verdict"][settled.verdict]["says"], lang).format(**filled)


def figures_sentence(claim: Claim, figures: Sequence[Mapping[str, Any]], lang: str) -> str:
    """What others published on the same thing, side by side."""
    told = []
    for f in figures:
        low, high = (f["low"], f["high"]) if f["value"] is None else (f["value"], f["value"])
        value = _span(amount(low, f["unit"], lang, f["unit_zh"]), amount(high, f["unit"], lang, f["unit_zh"]), lang)
        later = "figure_later" if int(f["period"]) > claim.article.date.year else "figure"
        title = f["title"] if lang == "en" else f"{f['title_zh']}，{f['scope_zh']}"
        grade = say("grade", f["grade"], lang)
        told.append(
            say(
                "sentence",
                later,
                lang,
                value=value,
                period=f["period"],
                title=title,
                source=f["source_title"],
                grade=grade,
            )
        )
    return say("sentence", "figures", lang, list=("; " if lang == "en" else "；").join(told)) if told else ""


def reason(claim: Claim, settled: Settled, figures: Sequence[Mapping[str, Any]], by: Claim | None, lang: str) -> str:
    """The reason of a verdict, one paragraph."""
    rule = claim.rule
    en = lang == "en"
    parts = [verdict_sentence(claim, settled, by, lang)]
    if claim.part == "attribution":
        parts.append(say("sentence", "attribution", lang))
    if rule.checkable and not rule.tests and claim.part == "content":
        parts.append(say("sentence", "no_test", lang))
    parts += [of_tally(t, lang) for t in settled.deciding]
    decided = {t.test.id: t.view for t in settled.deciding}
    for tally in settled.beside:
        if tally.test.role == "context" and tally.view != "then":
            parts.append(of_tally(tally, lang))
        elif tally.view == "now" and decided.get(tally.test.id) == "then" and (tally.yes or tally.no):
            parts.append(say("sentence", "now", lang, sentence=of_tally(tally, lang)))
    if settled.rests_on_proxies:
        parts.append(say("sentence", "proxies", lang))
        failing = [t for t in settled.deciding if t.state in (FAILS, FAILS_PARTLY)]
        if failing:
            name = "proxies_against" if len(failing) == len(settled.deciding) else "proxies_against_partly"
            parts.append(say("sentence", name, lang))
    parts += [say("sentence", c, lang) for c in settled.caps]
    parts.append(figures_sentence(claim, figures, lang))
    parts += [rule.left_open if en else rule.left_open_zh, rule.vintage if en else rule.vintage_zh]
    for name, text in (
        ("tolerance", rule.tolerance if en else rule.tolerance_zh),
        ("pending", rule.pending if en else rule.pending_zh),
    ):
        if text:
            parts.append(say("sentence", name, lang, text=text))
    return _sentences(parts, lang)


def summary(claim: Claim, settled: Settled, lang: str) -> str:
    """The reason in one line: what was found against what is needed, or what leaves it open."""
    wanted = settled.now if settled.then == OPEN else settled.then
    # The test that decides goes first: of several together the one that stands as the rule does.
    for tally in sorted(settled.deciding, key=lambda t: (t.state != wanted, not (t.yes or t.no))):
        known = (*tally.yes, *tally.no)
        if not known:
            says = tally.test.says if lang == "en" else tally.test.says_zh
            return f"{says}{_colon(lang)}{why_open(tally.unsettled, lang)}"
        counted = f"{len(tally.yes)}/{len(known)}"
        if tally.unsettled:
            counted += say("number", "and_open", lang, x=len(tally.unsettled))
        told = _values(tally.test, tally.known, lang)
        return say("number", "line", lang, range=told, needs=needs(tally.test, lang), counted=counted)
    return claim.rule.left_open if lang == "en" else claim.rule.left_open_zh


def _colon(lang: str) -> str:
    return ": " if lang == "en" else "："
