"""Intervals: the 5th and 95th of a hundred of a value's draws, put beside the values they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from macaw.engine import connect
from macaw.errors import MacawError
from macaw.indicators import Indicator, Specification
from macaw.uncertainty.chance import Draws, Ints
from macaw.uncertainty.formulas import FORMULAS, World
from macaw.uncertainty.papers import Papers, Series, Sum
from macaw.uncertainty.rates import Floats
from macaw.uncertainty.reasons import reason

Request = tuple[Indicator, Specification]
# Ends of the interval.
_LOW, _HIGH = 0.05, 0.95
# Sums of a hundred thousand single floats are so far off at most.
_TOLERANCE = 2e-4
_SWITCHES = tuple(f.name for f in fields(Specification))
_KEY = ("entity", "place_country", "period", "indicator", *_SWITCHES)


@dataclass(frozen=True)
class Drawn:
    """The values of one indicator under one specification in every draw."""

    indicator: Indicator
    specification: Specification
    series: Series


def drawn(
    papers: Papers, requests: Iterable[Request], scope: Collection[str] | None = None, *, by_country: bool = False
) -> Iterator[Drawn]:
    """The values of entities in scope (None: all) in every draw, a few at a time; nothing where there is a reason."""
    by_rule: dict[tuple[str, str], list[Request]] = defaultdict(list)
    for of, spec in _distinct(requests):
        if reason(of, spec) is None:
            by_rule[spec.place, spec.ownership].append((of, spec))
    for (place, ownership), wanted in sorted(by_rule.items()):
        keys = np.array([(p != "") == by_country and (scope is None or e in scope) for e, p in papers.keys])
        worlds = _worlds(papers, wanted)
        for chunk in papers.chunks(place, ownership, keys, {Sum.of(of, spec) for of, spec in wanted}):
            series: dict[tuple[Sum, str], Series] = {}
            for of, spec in wanted:
                key = (Sum.of(of, spec), spec.venues)
                if key not in series:
                    series[key] = chunk.series(of, spec)
                made = FORMULAS[of.query_name](series[key], worlds[of.id, spec], int(of.parameters.get("span", 1)))
                yield Drawn(of, spec, made)


def _distinct(requests: Iterable[Request]) -> list[Request]:
    return list({(of.id, spec): (of, spec) for of, spec in requests}.values())


def _worlds(papers: Papers, wanted: Sequence[Request]) -> dict[tuple[str, Specification], World]:
    """What each request is set against."""
    made: dict[tuple[str, Specification], World] = {}
    for of, spec in wanted:
        series, span = papers.world(of, spec), int(of.parameters.get("span", 1))
        total = dict(zip(series.period.tolist(), series.total, strict=True))
        windows = papers.whole_windows(spec, span) if span > 1 else ()
        made[of.id, spec] = World(total, windows, papers.recall, papers.key_hashes)
    return made


def ends(values: Draws) -> tuple[Draws, Draws]:
    """The 5th and 95th of a hundred of each row's draws but the first, which is the count.

    Quantiles at p (n + 1), which are passed as often as they say even of few draws (Hyndman & Fan's sixth). Of draws
    that are defined; NaN where half are not.

    >>> low, high = ends(np.arange(100, dtype=np.float32)[None, :])
    >>> float(low[0]), float(high[0])
    (5.0, 95.0)
    """
    # What is undefined comes last.
    ordered = np.sort(values[:, 1:], axis=1)
    counts = ordered.shape[1] - np.isnan(ordered).sum(axis=1)
    rows = np.arange(len(ordered))
    found = []
    for p in (_LOW, _HIGH):
        place = np.clip(p * (counts + 1) - 1, 0, np.maximum(counts - 1, 0))
        below, above = np.floor(place).astype(int), np.ceil(place).astype(int)
        first, second = ordered[rows, below], ordered[rows, above]
        with np.errstate(invalid="ignore"):
            between = first + (place - below).astype(np.float32) * (second - first)
        told = np.where(first == second, first, between).astype(np.float32)
        found.append(np.where(2 * counts > ordered.shape[1], told, np.float32(np.nan)))
    return found[0], found[1]


def interval(draws: Draws) -> tuple[float, float] | None:
    """The interval of one value from its draws, holding the value itself (the first); None where it is not finite."""
    low, high = (float(x[0]) for x in ends(draws[None, :]))
    value = float(draws[0])
    return (min(low, value), max(high, value)) if np.isfinite([low, high, value]).all() else None


def draws_by_value(
    papers: Papers, requests: Iterable[Request], scope: Collection[str] | None = None, first_year: int = 0
) -> dict[tuple[str, int, Specification], Draws]:
    """The draws of each value from a year on, by entity, year and specification."""
    found: dict[tuple[str, int, Specification], Draws] = {}
    for each in drawn(papers, requests, scope):
        s = each.series
        for key, period, draws in zip(s.key.tolist(), s.period.tolist(), s.total, strict=True):
            if period >= first_year:
                # A copy, for else one row would keep its whole chunk in memory.
                found[papers.keys[key][0], period, each.specification] = draws.copy()
    return found


def interval_table(
    papers: Papers, requests: Iterable[Request], scope: Collection[str] | None = None, *, by_country: bool = False
) -> pa.Table:
    """The key of each value with point, low and high."""
    listed = _distinct(requests)
    index = {(of.id, spec): i for i, (of, spec) in enumerate(listed)}
    parts: list[tuple[Ints, Ints, Ints, Draws, Draws, Draws]] = []
    for each in drawn(papers, listed, scope, by_country=by_country):
        low, high = ends(each.series.total)
        known = np.isfinite(low) & np.isfinite(high) & np.isfinite(each.series.total[:, 0])
        which = np.full(int(known.sum()), index[each.indicator.id, each.specification])
        s = each.series
        parts.append((which, s.key[known], s.period[known], s.total[known, 0], low[known], high[known]))
    columns = [np.concatenate(c) for c in zip(*parts, strict=True)] if parts else [np.empty(0, np.int64)] * 6
    return _keyed(papers, listed, columns)


def _keyed(papers: Papers, listed: Sequence[Request], columns: Sequence[NDArray[Any]]) -> pa.Table:
    which, key, period, point, low, high = columns

    def named(index: Ints, names: Sequence[str]) -> pa.Array:
        return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int32)), pa.array(names, pa.string()))

    of_request = {
        "indicator": [of.id for of, _ in listed],
        **{s: [astuple(spec)[i] for _, spec in listed] for i, s in enumerate(_SWITCHES)},
    }
    made = {
        "entity": named(key, [e for e, _ in papers.keys]),
        "place_country": named(key, [p for _, p in papers.keys]),
        "period": pa.array(period.astype(np.int64)),
        **{name: named(which, values) for name, values in of_request.items()},
        "point": pa.array(point.astype(np.float64)),
        "low": pa.array(_rounded(low)),
        "high": pa.array(_rounded(high)),
    }
    return pa.table(made)


def _rounded(x: Draws) -> Floats:
    """Five digits, which is more than two hundred draws tell."""
    size = 10.0 ** (4 - np.floor(np.log10(np.where(x == 0, 1, np.abs(x)).astype(np.float64))))
    return np.asarray(np.round(x.astype(np.float64) * size) / size)


def with_intervals(
    rows: pa.Table,
    papers: Papers,
    requests: Iterable[Request],
    scope: Collection[str] | None = None,
    *,
    by_country: bool = False,
) -> pa.Table:
    """Rows of `values` with low and high where the errors are known; an interval always holds the value.

    The value is a count of what was found; where the model says that this is likely too many or too few, the interval
    reaches from there to it. Raises `MacawError` if the formula over draws does not give the value itself.
    """
    requests = list(requests)
    if all(reason(of, spec) for of, spec in requests):
        return rows
    found = interval_table(papers, requests, scope, by_country=by_country)
    con = connect()
    con.register("rows", rows.append_column("row_number", pa.array(range(rows.num_rows))))
    con.register("found", found)
    con.register("absent", absent_table(papers, requests))
    con.register("rates_of", papers.rate_table())
    keys = ", ".join(f'"{k}"' for k in _KEY)
    _check(con, keys)
    means = ", ".join(sorted({f"'{of.id}'" for of, _ in requests if of.query_name in _MEANS} | {"''"}))
    # Rounding to five digits moves an end by as much as this: one so near to the value is the value.
    ends_of = {
        name: f"""case
            -- Where nothing was found all draws are 0: papers that nobody found say how far 0 is sure, unless too
            -- many of the entity's own papers are not located, or have no citation count, to be like the others.
            when v.value = 0 and coalesce(i.low = i.high, true) and coalesce(v.completeness, 1.0) < {_KNOWN}
              then v.{name}
            when v.value = 0 and coalesce(i.low = i.high, true) then coalesce(v.{name}, a.{name})
            when v.value = 0 then {further}(v.value, i.{name}, coalesce(a.{name}, i.{name}))
            -- A mean of a handful of records leaves nothing to draw.
            when i.low = i.high and v.n < {_FEW} and v.indicator in ({means}) then v.{name}
            when i.{name} is null then v.{name}
            when abs(i.{name} - v.value) <= 5.1e-5 * abs(v.value) then v.value
            else {further}(v.value, i.{name})
          end as {name}"""
        for name, further in (("low", "least"), ("high", "greatest"))
    }
    columns = ", ".join(ends_of.get(c, f'v."{c}"') for c in rows.column_names)
    made = con.sql(
        f"""select {columns} from rows as v
        left join found as i using ({keys})
        left join rates_of as r on r.entity = v.entity
        left join absent as a using (indicator, period, rate, {", ".join(_SWITCHES)})
        order by row_number"""
    )
    return made.to_arrow_table()


_MEANS = ("record_mean",)
_FEW = 5
# Of an entity's papers so many must be known for a 0 to have an interval.
_KNOWN = 0.9
# Of what nothing was found: what counts papers, or is a share of them.
_COUNTS = {"record_sum": ("papers", "highly_cited"), "papers_share": ("papers",)}


def absent_table(papers: Papers, requests: Iterable[Request]) -> pa.Table:
    """The interval of a count of 0, by request, year and rate: one row each.

    Of n true papers each is found with chance d, the recall of the kind times the share of papers that were located.
    With Jeffreys' prior the number not found is negative binomial (half a success); its 95th of a hundred is the end.
    """
    wanted = [(o, s) for o, s in _distinct(requests) if o.parameters.get("measure") in _COUNTS.get(o.query_name, ())]
    rows: list[dict[str, Any]] = []
    for of, spec in wanted:
        if reason(of, spec) is not None:
            continue
        world = papers.world(of, spec)
        key = {"indicator": of.id, **dict(zip(_SWITCHES, astuple(spec), strict=True))}
        for period, found in zip(world.period.tolist(), world.weight, strict=True):
            whole = float(np.median(found[1:]))
            for rate, recall in papers.recalls.items():
                most = unseen(recall * min(float(found[0]) / whole, 1.0))
                high = most / whole if of.query_name == "papers_share" else most
                rows.append({**key, "period": period, "rate": rate, "low": 0.0, "high": high})
    names = ("indicator", *_SWITCHES, "rate")
    numbers = [("period", pa.int64()), ("low", pa.float64()), ("high", pa.float64())]
    types = [*((n, pa.string()) for n in names), *numbers]
    return pa.Table.from_pylist(rows, schema=pa.schema(types))


@cache
def unseen(chance: float) -> int:
    """How many papers there may be of which none was found, each found with this chance: 95 of a hundred.

    >>> unseen(0.99), unseen(0.8), unseen(0.4)
    (0, 1, 3)
    """
    term = total = chance**0.5
    count = 0
    while total < _HIGH and count < 1000:
        term *= (count + 0.5) / (count + 1) * (1 - chance)
        total, count = total + term, count + 1
    return count


def _check(con: Any, keys: str) -> None:
    """Raise `MacawError` where the formula over draws does not give the value itself."""
    wrong = con.execute(
        f"""select v.indicator, v.entity, v.period, v.venues, v.counting, v.value, i.point
        from rows as v join found as i using ({keys})
        where abs(v.value - i.point) > {_TOLERANCE} * (abs(v.value) + 0.01) limit 1"""
    ).fetchone()
    if wrong:
        raise MacawError(
            f"intervals of {wrong[0]}: for {wrong[1]} {wrong[2]} ({wrong[3]}, {wrong[4]}) the value is {wrong[5]}, "
            f"by uncertainty/formulas.py {wrong[6]}",
            "make the formula agree with the indicator's SQL",
        )
