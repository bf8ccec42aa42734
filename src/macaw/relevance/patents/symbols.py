"""Symbols of the patent classifications CPC and IPC as keys in whose order a range of the scheme is an interval.

A subgroup is a decimal fraction of its main group: 3/045 lies between 3/04 and 3/08. A key holds section, class and
subclass, the main group on four digits, and the subgroup as written: G06N 3/045 is `G06N0003/045`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from macaw.errors import MacawError

# After every character of a key.
_LAST = "\U0010ffff"
_FULL = re.compile(r"([A-HY]\d\d[A-Z])\s*(\d{1,4})\s*/\s*(\d{2,8})")
# WIPO standard ST.8 without blanks: subclass, main group and subgroup on four and six digits, as in G06N0003080000.
_FIXED = re.compile(r"([A-HY]\d\d[A-Z])(\d{4})(\d{6})")
_PATTERN = re.compile(r"([A-HY](?:\d{1,2}[A-Z]?)?)(?:(?<=[A-Z])(\d{1,4})(?:/(\d{1,8})?)?)?(\*?)")

Interval = tuple[str, str]


def key(symbol: str) -> str | None:
    """The key of a symbol as offices write it; None if it is none.

    >>> key("G06N 3/08"), key("G06N   3/  045"), key("G06N0003080000"), key("706/12")
    ('G06N0003/08', 'G06N0003/045', 'G06N0003/08', None)
    """
    text = symbol.strip().upper()
    found = _FULL.match(text)
    if found:
        return f"{found[1]}{int(found[2]):04d}/{found[3]}"
    found = _FIXED.match(text)
    if found:
        return f"{found[1]}{found[2]}/{found[3].rstrip('0').ljust(2, '0')}"
    return None


def plain(key: str) -> str:
    """The symbol of a key as it is usually written.

    >>> plain("G06N0003/08")
    'G06N3/08'
    """
    return f"{key[:4]}{int(key[4:8])}{key[8:]}"


def interval(pattern: str) -> Interval:
    """First and last key that a pattern means.

    A symbol with a subgroup means itself (`G06N5/04`), with a star what begins so (`G06N5/04*`); a main group, a
    subclass, a class mean all they hold (`G06N5`, `G06N`, `A61`, `A4`); two with dots between all from the one to
    the other, what lies under the second included. Raises `MacawError` for anything else.

    >>> interval("G06N5/04")
    ('G06N0005/04', 'G06N0005/04')
    >>> low, high = interval("G06N3/02..G06N3/126")
    >>> low <= "G06N0003/045" <= high, low <= "G06N0003/004" <= high
    (True, False)
    """
    first, dots, last = pattern.partition("..")
    low, is_whole = _start(first)
    if not dots:
        return low, low if is_whole else low + _LAST
    high, _ = _start(last)
    if high < low:
        raise MacawError(f"class range {pattern!r} ends before it begins", "put the lower symbol first")
    return low, high + _LAST


def _start(pattern: str) -> tuple[str, bool]:
    found = _PATTERN.fullmatch(pattern)
    if not found:
        raise MacawError(f"{pattern!r} is no class of CPC or IPC", "as in A61, G06N, G06N5, G06N5/04, G06N5/04*")
    subclass, group, subgroup, star = found.groups()
    if group is None:
        return subclass, False
    start = f"{subclass}{int(group):04d}/"
    return (start, False) if subgroup is None else (start + subgroup, not star)


def main_group(low: str, high: str) -> Interval:
    """The main group that holds an interval, or the interval itself if it is a whole subclass or class.

    >>> main_group(*interval("G06N99/005")) == interval("G06N99")
    True
    """
    group, slash, _ = low.partition("/")
    return (group + slash, group + slash + _LAST) if slash else (low, high)


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same keys in intervals that do not overlap, in order."""
    out: list[Interval] = []
    for low, high in sorted(intervals):
        if out and low <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return out


def held(keys: np.ndarray, intervals: Iterable[Interval]) -> np.ndarray:
    """For each key whether one of the intervals holds it.

    >>> held(np.array(["G06N0003/08", "H04L0009/00"], dtype=object), [interval("G06N3")]).tolist()
    [True, False]
    """
    bounds = merged(intervals)
    if not bounds or not len(keys):
        return np.zeros(len(keys), bool)
    lows, highs = (np.array(side, dtype=object) for side in zip(*bounds, strict=True))
    place = np.searchsorted(lows, keys, side="right") - 1
    return (place >= 0) & (keys <= highs[np.maximum(place, 0)])
