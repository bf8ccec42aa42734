"""Measures one test of a rule under each specification: what is found, and whether the test holds of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from macaw.claims.observations import OLDEST, Observations, Series, by_day, specifications
from macaw.claims.record import LATEST, Article, Test
from macaw.indicators import Specification, indicators
from macaw.sure.observation import Join, Number, Observation, drawn_together, joined, weight, worst
from macaw.sure.specifications import SWITCHES, without_idle_switches
from macaw.uncertainty import ends, interval

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


def readings(test: Test, article: Article, seen: Observations, due: date | None = None) -> list[Reading]:
    """Every reading of a test: for each view, specification and period one."""
    found = []
    for spec in specifications(test):
        for view in _views(test, due):
            for period, measured in _measured(test, spec, view, article, seen, due):
                found.append(_judge(test, view, spec, period, measured))
    return without_idle_switches(
        found,
        SWITCHES,
        choices=lambda r: vars(r.specification),
        outcome=lambda r: (r.value, r.low, r.high, r.status),
        apart=lambda r: (r.view, r.period),
    )


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


def _ends(m: _Measured) -> tuple[float, float] | None:
    return Observation(m.value, m.low, m.high, m.status).ends


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
        earliest = (max(date.fromisoformat(period), date.min + DAYS) - DAYS).isoformat()
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
    found = joined(a, b, join)
    if found is None:
        return _open(worst((a.status, b.status)), "no_ratio")
    if found.value is None:
        return _open(found.status)
    return _Measured(found.value, found.low, found.high, found.status, n=found.n)


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
    together = drawn_together(observed)
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
    together = drawn_together([own, *others])
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
    drawn = drawn_together([k[3] for k in known])
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
