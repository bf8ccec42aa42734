"""Measures one test of a rule under each specification: what is found, and whether the test holds of it."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from macaw.claims.observations import OLDEST, SWITCHES, Observation, Observations, Series, by_day, specifications
from macaw.claims.record import LATEST, Article, Test
from macaw.indicators import Specification, indicators
from macaw.uncertainty import Draws, ends, interval

Number = Any
Join = Callable[[Number, Number], Number]
# As of the article's day, as of the data at hand, or of a time the rule itself names.
VIEWS = ("then", "now", "dated")
HOLDS = ("yes", "no", "open")
# A measurement of a day stands for days up to so many after it.
DAYS = timedelta(days=45)


@dataclass(frozen=True)
class Reading:
    """What one test finds under one specification at one time."""

    test: str
    view: str
    specification: Specification
    period: str
    value: float | None
    low: float | None
    high: float | None
    status: str
    holds: str
    # Why it is open: a status, interval, old, not_due, not_known_then.
    why: str = ""
    capped: bool = False
    n: int = 0


@cache
def weight(status: str) -> str:
    """What a status lets a value do: settles, caps or open.

    >>> weight("A"), weight("U")
    ('settles', 'open')
    """
    found: str = _statuses().get(status, "open")
    return found


@cache
def _statuses() -> dict[str, str]:
    return tomllib.loads(files("macaw.claims").joinpath("statuses.toml").read_text("utf-8"))


def readings(test: Test, article: Article, seen: Observations, due: date | None = None) -> list[Reading]:
    """Every reading of a test: for each view, specification and period one."""
    found = []
    for spec in specifications(test):
        for view in _views(test, due):
            for period, measured in _measured(test, spec, view, article, seen, due):
                found.append(_judge(test, view, spec, period, measured))
    return without_idle_switches(found)


def without_idle_switches(found: list[Reading]) -> list[Reading]:
    """The readings without choices that make no difference to any of them, which would count one value twice."""
    for switch in SWITCHES:
        choices = list(dict.fromkeys(getattr(r.specification, switch) for r in found))
        alike: dict[tuple[object, ...], set[tuple[object, ...]]] = {}
        for r in found:
            rest = (r.view, r.period, replace(r.specification, **{switch: ""}))
            alike.setdefault(rest, set()).add((r.value, r.low, r.high, r.status))
        if len(choices) > 1 and all(len(each) == 1 for each in alike.values()):
            found = [r for r in found if getattr(r.specification, switch) == choices[0]]
    return found


def _views(test: Test, due: date | None) -> tuple[str, ...]:
    if test.period != LATEST:
        return ("dated",)
    return ("now",) if due else ("then", "now")


@dataclass(frozen=True)
class _Measured:
    value: float | None
    low: float | None
    high: float | None
    status: str
    why: str = ""
    n: int = 0


def _open(status: str, why: str = "") -> _Measured:
    return _Measured(None, None, None, status, why or f"status_{status}")


def _judge(test: Test, view: str, spec: Specification, period: str, m: _Measured) -> Reading:
    holds, why = _holds(test, m)
    capped = holds != "open" and weight(m.status) == "caps"
    return Reading(test.id, view, spec, period, m.value, m.low, m.high, m.status, holds, why, capped, m.n)


def _holds(test: Test, m: _Measured) -> tuple[str, str]:
    if m.why:
        return "open", m.why
    if weight(m.status) == "open":
        return "open", f"status_{m.status}"
    ends = _ends(m)
    if ends is None:
        return "open", f"status_{m.status}"
    inside = [within(test, end) for end in ends]
    if all(inside):
        return "yes", ""
    low, high = ends
    least, most = test.bounds
    if any(inside) or (low < least and high > most):
        return "open", "interval"
    return "no", ""


def _ends(m: _Measured | Observation) -> tuple[float, float] | None:
    """Both ends of a measurement: of an open one infinity, of a point the point; None where nothing is known."""
    if m.value is None and m.low is None and m.high is None:
        return None
    if m.low is None and m.high is None:
        assert m.value is not None
        return m.value, m.value
    low = -math.inf if m.low is None else m.low
    high = math.inf if m.high is None else m.high
    return (low, high) if m.value is None else (min(low, m.value), max(high, m.value))


def within(test: Test, x: float) -> bool:
    """Whether a number is within a test's bounds."""
    return (
        (test.at_least is None or x >= test.at_least)
        and (test.at_most is None or x <= test.at_most)
        and (test.above is None or x > test.above)
        and (test.below is None or x < test.below)
    )


# -- which time ------------------------------------------------------------------------------------------


def _measured(
    test: Test, spec: Specification, view: str, article: Article, seen: Observations, due: date | None
) -> list[tuple[str, _Measured]]:
    take = _TAKES[test.take]
    if test.period != LATEST:
        return [(p, take(test, spec, p, seen)) for p in _periods(test.period)]
    days = by_day(indicators()[test.indicator])
    limit = (article.date.isoformat() if days else str(article.date.year - 1)) if view == "then" else "9999"
    known = [p for p in _known(test, spec, seen) if p <= limit]
    oldest = str(article.date.year - OLDEST)
    for period in sorted(known, reverse=True):
        if period < oldest:
            break
        found = take(test, spec, period, seen)
        if found.why or weight(found.status) == "open" or _ends(found) is None:
            continue
        if due and period < (due.isoformat() if days else str(due.year)):
            return [(period, _open(found.status, "not_due"))]
        return [(period, found)]
    if not known:
        return [("", _open("L", "not_known_then" if view == "then" and _known(test, spec, seen) else ""))]
    newest = max(known)
    found = take(test, spec, newest, seen)
    return [(newest, _open(found.status, "old") if newest < oldest else found)]


def _known(test: Test, spec: Specification, seen: Observations) -> set[str]:
    entities = seen.among(test) if test.take == "among_first" else (test.entity,)
    return {p for e in entities for p in seen.series(test, e, spec)}


def _periods(text: str) -> list[str]:
    first, colon, last = text.partition(":")
    return [str(y) for y in range(int(first), int(last) + 1)] if colon else [text]


def _at(series: Series, period: str) -> Observation:
    """The value of a year, or the last of the days up to a day."""
    if period in series:
        return series[period]
    if len(period) > len("2024"):
        earliest = (date.fromisoformat(period) - DAYS).isoformat()
        days = [p for p in series if earliest <= p <= period]
        if days:
            return series[max(days)]
    return Observation(None, None, None, "L")


# -- what is taken ---------------------------------------------------------------------------------------


def _value(test: Test, spec: Specification, period: str, seen: Observations) -> _Measured:
    o = _at(seen.series(test, test.entity, spec), period)
    return _Measured(o.value, o.low, o.high, o.status, n=o.n)


def _ratio(test: Test, spec: Specification, period: str, seen: Observations) -> _Measured:
    return _of_two(test, spec, period, seen, _over)


def _difference(test: Test, spec: Specification, period: str, seen: Observations) -> _Measured:
    return _of_two(test, spec, period, seen, lambda a, b: a - b)


def _over(a: Number, b: Number) -> Number:
    """A quotient, not a number where it is over zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(np.asarray(b) > 0, np.divide(a, b), np.nan)
    return found if found.ndim else float(found)


def _of_two(test: Test, spec: Specification, period: str, seen: Observations, join: Join) -> _Measured:
    a = _at(seen.series(test, test.entity, spec), period)
    b = _at(seen.series(test, test.against, spec), period)
    return _joined(a, b, join)


def _joined(a: Observation, b: Observation, join: Join) -> _Measured:
    """What `join`, which rises with a and falls with b, gives of two values, and of their draws or else their ends."""
    status = worst((a.status, b.status))
    ends_a, ends_b = _ends(a), _ends(b)
    if a.value is None or b.value is None or ends_a is None or ends_b is None:
        return _open(status if weight(status) == "open" else "O")
    value = float(join(a.value, b.value))
    together = _drawn_together((a, b))
    if together is not None and math.isfinite(value):
        found = interval(np.asarray(join(together[0], together[1]), np.float32))
        low, high = (min(found[0], value), max(found[1], value)) if found else (math.nan, math.nan)
        return _Measured(value, low, high, status, n=min(a.n, b.n)) if found else _open(status, "no_ratio")
    low, high = float(join(ends_a[0], ends_b[1])), float(join(ends_a[1], ends_b[0]))
    if not all(map(math.isfinite, (value, low, high))):
        return _open(status, "no_ratio")
    exact = ends_a[0] == ends_a[1] and ends_b[0] == ends_b[1]
    return _Measured(value, None if exact else low, None if exact else high, status, n=min(a.n, b.n))


def _drawn_together(observed: Sequence[Observation]) -> list[Draws] | None:
    """The draws of several values; of an exact one, or of none at all, the value.

    None if none is drawn, or one has another interval.
    """
    known = [o.draws for o in observed if o.draws is not None]
    if not known or any(o.draws is None and (o.value is None or (o.low is not None and o.value)) for o in observed):
        return None
    return [np.full_like(known[0], o.value) if o.draws is None else o.draws for o in observed]


def worst(statuses: Sequence[str]) -> str:
    """The least sure of several statuses.

    >>> worst(["A", "U", "I"])
    'U'
    """
    order = list(_statuses())
    return max(statuses, key=lambda s: order.index(s) if s in order else len(order))


def _growth(test: Test, spec: Specification, period: str, seen: Observations) -> _Measured:
    series = seen.series(test, test.entity, spec)
    return _rise(_at(series, period), _at(series, str(int(period) - 1)), {period}, series)


def _change(test: Test, spec: Specification, period: str, seen: Observations) -> _Measured:
    series = seen.series(test, test.entity, spec)
    base = _mean([_at(series, p) for p in _periods(test.base)])
    return _rise(
        _at(series, period), base, set(_periods(test.base)[1:]), series, since=_periods(test.base)[-1], to=period
    )


def _rise(
    after: Observation, before: Observation, years: set[str], series: Series, since: str = "", to: str = ""
) -> _Measured:
    between = {p for p in series if since and since < p <= to}
    if any(series[p].status == "B" for p in between | (years & set(series))):
        return _open("B", "break")
    return _joined(after, before, lambda a, b: _over(a, b) - 1)


def _mean(observed: Sequence[Observation]) -> Observation:
    values = [o.value for o in observed]
    status = worst([o.status for o in observed])
    if len(observed) == 1:
        return observed[0]
    together = _drawn_together(observed)
    ranged = any(o.low is not None or o.high is not None for o in observed)
    if any(v is None for v in values) or (ranged and together is None):
        return Observation(None, None, None, status if weight(status) == "open" else "O")
    mean = sum(v for v in values if v is not None) / len(values)
    if together is None:
        return Observation(mean, None, None, status)
    draws = np.asarray(np.mean(together, axis=0), np.float32)
    low, high = interval(draws) or (None, None)
    return Observation(mean, low, high, status, draws=draws)


def _rank(test: Test, spec: Specification, period: str, seen: Observations) -> _Measured:
    own = _at(seen.series(test, test.entity, spec), period)
    if own.value is None or weight(own.status) == "open":
        return _open(own.status if weight(own.status) == "open" else "O")
    others = [_at(seen.series(test, e, spec), period) for e in seen.among(test) if e != test.entity]
    others = [o for o in others if o.value is not None]
    place = 1.0 + sum(1 for o in others if o.value is not None and o.value > own.value)
    together = _drawn_together([own, *others])
    if together is None:
        return _Measured(place, None, None, own.status, n=own.n)
    places = 1 + sum((draws > together[0]).astype(np.float32) for draws in together[1:])
    low, high = (float(x[0]) for x in ends(np.asarray(places, np.float32)[None, :]))
    return _Measured(place, min(math.floor(low), place), max(math.ceil(high), place), own.status, n=own.n)


def _among_first(test: Test, spec: Specification, period: str, seen: Observations) -> _Measured:
    """How many of the first are of the country; between two numbers where several tie for the last place."""
    known = []
    for entity in seen.among(test):
        o = _at(seen.series(test, entity, spec), period)
        if o.value is not None and o.value > 0:
            known.append((o.value, seen.entities[entity][1] == test.entity, o.status, o))
    known.sort(key=lambda k: -k[0])
    if len(known) <= test.first:
        return _open(known[0][2] if known and weight(known[0][2]) == "open" else "O")
    border = known[test.first - 1][0]
    sure = [k for k in known if k[0] > border]
    tied = [k for k in known if k[0] == border]
    places = test.first - len(sure)
    own_tied = sum(k[1] for k in tied)
    base = sum(k[1] for k in sure)
    low, high = base + max(0, places - (len(tied) - own_tied)), base + min(places, own_tied)
    status = worst([k[2] for k in (*sure, *tied)])
    drawn = _drawn_together([k[3] for k in known])
    if drawn is not None:
        own = np.array([k[1] for k in known])
        first = np.argsort(-np.stack(drawn), axis=0, kind="stable")[: test.first]
        counts = own[first].sum(axis=0).astype(np.float32)
        ours = ends(counts[None, :])
        low, high = min(low, math.floor(ours[0][0])), max(high, math.ceil(ours[1][0]))
    return _Measured(float(high), float(low), float(high), status, n=test.first)


_TAKES: dict[str, Callable[[Test, Specification, str, Observations], _Measured]] = {
    "value": _value,
    "ratio": _ratio,
    "difference": _difference,
    "growth": _growth,
    "change": _change,
    "rank": _rank,
    "among_first": _among_first,
}
