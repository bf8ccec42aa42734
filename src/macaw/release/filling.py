"""Years that are still filling up: what is counted, and what is expected in the end, learned from our releases."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from macaw.engine import connect, scan
from macaw.errors import MacawError, UsageError
from macaw.indicators import Indicator, default_specification, is_fraction
from macaw.release.side import Side
from macaw.sure.nowcast import LEAST_COMPLETE, Cell, Nowcast, learn, nowcast, years
from macaw.sure.observation import Observation

# What adds up over records, so that a delay of records tells of it.
_COUNTS = ("record_sum", "evidence_sum")
_NAME = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")
_SWITCHES = ("topic", "counting", "place", "ownership", "definition", "venues", "territory")


@dataclass(frozen=True)
class Filling:
    """The provisional years of the last release, and why nothing is expected of them where nothing is.

    `why_not` and `why_not_zh` are empty where a delay was learned; a year too little known is then refused by itself.
    """

    releases: tuple[str, ...]
    found: tuple[Nowcast, ...]
    why_not: str = ""
    why_not_zh: str = ""


def released_on(name: str) -> date | None:
    """The day that a release's name tells: a month stands for its last day; None for any other name.

    >>> released_on("2026-11"), released_on("spring")
    (datetime.date(2026, 11, 30), None)
    """
    told = _NAME.fullmatch(name)
    if not told:
        return None
    try:
        year, month = int(told[1]), int(told[2])
        return date(year, month, int(told[3]) if told[3] else calendar.monthrange(year, month)[1])
    except ValueError:
        return None


def filling(
    releases: Sequence[str | Path], of: Indicator, entities: Sequence[str], *, least: float = LEAST_COMPLETE
) -> Filling:
    """The years of some entities that the last of the releases has as provisional (P), counted and expected.

    The releases are the reporting triangle; those whose name is no month or day are left out.
    Raises `UsageError` for an indicator that is no count.
    """
    if of.query_name not in _COUNTS or is_fraction(of.unit):
        raise UsageError(f"{of.id} does not add up over records", "a delay of records tells of counts only")
    sides = [(day, side) for side in map(Side, releases) if (day := released_on(side.name))]
    dated = sorted(sides, key=lambda of: (of[0], of[1].name))
    if not dated:
        return Filling(
            (), (), "no release is named by its month, as in 2026-11", "没有以月份（如 2026-11）命名的发布版本"
        )
    cells, provisional = [], {}
    for day, side in dated:
        rows = _rows(side, of, entities)
        cells += [Cell(r["entity"], years(day), r["period"], r["value"]) for r in rows]
        provisional = {(r["entity"], r["period"]): r["value"] for r in rows if r["status"] == "P"}
    names = tuple(side.name for _, side in dated)
    if not provisional:
        text = f"no value of {names[-1]} is provisional: none is filling up"
        return Filling(names, (), text, f"{names[-1]} 中没有暂定值：没有仍在增补的年份")
    return _expected(names, cells, provisional, years(dated[-1][0]), least)


def _expected(
    names: tuple[str, ...],
    cells: Sequence[Cell],
    provisional: dict[tuple[str, int], float],
    released: float,
    least: float,
) -> Filling:
    counted = tuple(_counted_only(*key, value) for key, value in sorted(provisional.items()))
    if len(names) < 2:
        text = f"{names[0]} is the only release: how late records come is learned from two or more"
        return Filling(names, counted, text, f"只有 {names[0]} 一个发布版本：延迟须由两个以上的版本学得")
    try:
        delay = learn(cells)
    except MacawError as error:
        return Filling(names, counted, error.what, f"由 {names[0]} 至 {names[-1]} 的 {len(names)} 个版本学不出延迟")
    made = (nowcast(delay, s, p, released, v, least=least) for (s, p), v in sorted(provisional.items()))
    return Filling(names, tuple(made))


def _counted_only(series: str, period: int, value: float) -> Nowcast:
    nothing = Observation(None, None, None, "O")
    return Nowcast(series, period, float("nan"), Observation(value, None, None, "P", round(value)), nothing)


def _rows(side: Side, of: Indicator, entities: Sequence[str]) -> list[dict[str, Any]]:
    """Values of a release under the usual specification: fractional for places, full for organisations."""
    con = connect()
    scan(con, "held", side.values)
    usual = default_specification(of)
    fixed = " and ".join(f"\"{s}\" = '{getattr(usual, s)}'" for s in _SWITCHES if s != "counting")
    query = f"""select entity, period, value, status from held
        where indicator = $of and place_country = '' and value is not null and {fixed}
          and list_contains($entities, entity)
          and counting = case when entity = upper(entity) then 'fractional' else 'full' end
        order by entity, period"""
    found: list[dict[str, Any]] = (
        con.sql(query, params={"of": of.id, "entities": list(entities)}).to_arrow_table().to_pylist()
    )
    return found


def rows(found: Filling) -> list[dict[str, Any]]:
    """Counted and expected side by side, each with its status."""
    return [
        {
            "series": n.series,
            "period": n.period,
            "complete": None if n.complete != n.complete else round(n.complete, 3),
            "counted": n.counted.value,
            "counted_status": n.counted.status,
            "expected": n.expected.value,
            "low": n.expected.low,
            "high": n.expected.high,
            "expected_status": n.expected.status,
        }
        for n in found.found
    ]
