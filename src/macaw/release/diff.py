"""What changed between two releases or builds, by how much, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from macaw import registry, schema
from macaw.engine import connect, scan
from macaw.indicators import RECORDS_OF, Indicator, indicators
from macaw.release.causes import NOTHING, Because, Found, causes
from macaw.release.side import Side
from macaw.release.slices import Slices

# What a value rests on beside its entity and place: all of one group have the same causes.
GROUP = ("indicator", "venues", "definition", "period", "kind")
# Values on unchanged slices that must have stayed for a changed formula or code to be excluded.
_CONTROLS = 20
Group = tuple[str, str, str, int, str]
# Of a value: another number; none any more, or one where there was none, in a row that both have; a row that one side
# lacks; another status only.
KINDS = ("moved", "no_longer_told", "now_told", "came", "went", "status")


@dataclass(frozen=True)
class Diff:
    """Two sides compared.

    `values` has one row per value that differs, the largest absolute change first: the key of a value, `old_value`,
    `new_value`, `change` (null where a side has the row without a value), both statuses, the older interval, `beyond`
    (whether the new value is outside it; null where there was none), `kind` (see `KINDS`), `causes` and `not_excluded`
    (ids, separated by +).
    `because` says what speaks for the causes of each group of values.
    """

    old: str
    new: str
    values: pa.Table
    because: Mapping[Group, Found]
    compared: int
    # Values of series that one side, a release, does not hold at all.
    not_held: int

    @cached_property
    def totals(self) -> list[dict[str, Any]]:
        """Values by cause: how many it alone explains, and how many with others."""
        counts: Counter[tuple[str, bool]] = Counter()
        for row in self.values.group_by("causes").aggregate([([], "count_all")]).to_pylist():
            named = row["causes"].split("+")
            for cause in named:
                counts[cause, len(named) == 1] += row["count_all"]
        return [
            {"cause": cause, **said, "alone": counts[cause, True], "with_others": counts[cause, False]}
            for cause, said in causes().items()
            if counts[cause, True] or counts[cause, False]
        ]

    @cached_property
    def warnings(self) -> list[dict[str, Any]]:
        """Values beyond their own interval of the older side, those furthest outside (in widths of it) first."""
        rows = self.values.filter(pc.field("beyond")).to_pylist()
        return sorted(rows, key=lambda r: (-_outside(r), r["indicator"], r["entity"], r["period"]))

    @property
    def without_interval(self) -> int:
        """Values that differ and had no interval on the older side."""
        moved = (pc.field("kind") == "moved") & pc.field("old_low").is_null()
        return int(self.values.filter(moved).num_rows)

    @property
    def kinds(self) -> dict[str, int]:
        """How many values are of each kind."""
        counts = Counter(self.values["kind"].to_pylist())
        return {kind: counts[kind] for kind in KINDS}

    @cached_property
    def no_longer_told(self) -> list[dict[str, Any]]:
        """Values that only the older side tells of a row that both have, the largest first."""
        rows = self.values.filter(pc.field("kind") == "no_longer_told").to_pylist()
        return sorted(rows, key=lambda r: (-abs(r["old_value"]), r["indicator"], r["entity"], r["period"]))

    def why(self, row: Mapping[str, Any]) -> Found:
        """What speaks for the causes of a value."""
        return self.because[_group(row)]


def _outside(row: Mapping[str, Any]) -> float:
    width = max(row["old_high"] - row["old_low"], 1e-12)
    return float(max(row["old_low"] - row["new_value"], row["new_value"] - row["old_high"]) / width)


def diff(old: str | Path, new: str | Path) -> Diff:
    """Compare two builds or releases (folders, or `shipped` for the release in the package).

    Series that a release does not hold are not compared, and counted. Raises `MacawError` for a folder of neither.
    """
    sides = Side(old), Side(new)
    rows, compared, not_held = _rows(*sides)
    found = _Causes(*sides, rows, compared).all()
    shown = _with_causes(rows, found)
    total = int(sum(compared["values"].to_pylist()))
    return Diff(sides[0].name, sides[1].name, shown, found, total, not_held)


_SERIES = [k for k in schema.table("values").key if k != "period"]


def _rows(old: Side, new: Side) -> tuple[pa.Table, pa.Table, int]:
    """Rows that differ; values compared by group; how many were left out since a release does not hold their series."""
    con = connect()
    keys = list(schema.table("values").key)
    for name, side in (("o", old), ("n", new)):
        scan(con, f"{name}_all", side.values)
    held = {}
    for name, other, side in (("o", "n", new), ("n", "o", old)):
        # A build holds all series that there are, a release some.
        lack = "" if side.is_build else f"semi join {other}_all using ({_quoted(_SERIES)})"
        con.execute(f"create temp table {name} as select * from {name}_all {lack}")
        held[name] = _count(con, f"{name}_all") - _count(con, name)
    on = " and ".join(f'o."{k}" = n."{k}"' for k in keys)
    shown = ", ".join(f'coalesce(n."{k}", o."{k}") as "{k}"' for k in keys)
    con.execute(
        f"""create temp table joined as
        select {shown}, o.value as old_value, n.value as new_value,
          case when o.status is null then n.value when n.status is null then -o.value else n.value - o.value end
            as change, o.status as old_status, n.status as new_status,
          o.low as old_low, o.high as old_high,
          case when o.low is not null and o.high is not null and n.value is not null
            then n.value < o.low or n.value > o.high end as beyond,
          case when o.status is null then 'came' when n.status is null then 'went'
            when n.value is null and o.value is not null then 'no_longer_told'
            when o.value is null and n.value is not null then 'now_told'
            when o.value is distinct from n.value then 'moved' else 'status' end as kind,
          o.value is distinct from n.value or o.status is distinct from n.status as differs
        from o full join n on {on}"""
    )
    order = ", ".join(f'"{k}"' for k in keys)
    rows = con.sql(
        f"select * exclude (differs) from joined where differs order by abs(change) desc nulls last, {order}"
    ).to_arrow_table()
    compared = con.sql(
        """select indicator, venues, definition, period, count(*) as "values", count(*) filter (differs) as differing
        from joined group by all"""
    ).to_arrow_table()
    return rows, compared, held["o"] + held["n"]


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{n}"' for n in names)


def _count(con: Any, table: str) -> int:
    return int(con.execute(f"select count(*) from {table}").fetchone()[0])


def _group(row: Mapping[str, Any]) -> Group:
    return row["indicator"], row["venues"], row["definition"], row["period"], row["kind"]


class _Causes:
    """The causes of every group of values that differ."""

    def __init__(self, old: Side, new: Side, rows: pa.Table, compared: pa.Table) -> None:
        self._old, self._new = old, new
        self._groups = [_group(r) for r in rows.group_by(list(GROUP)).aggregate([]).to_pylist()]
        self._compared = compared.to_pylist()
        self._slices = Slices(old, new)
        self._lists: dict[str, dict[str, list[str]]] = {}

    def all(self) -> dict[Group, Found]:
        """What speaks for the causes of each group."""
        if not self._slices.known:
            text = (
                "the older or newer side has no fingerprints of what its values rest on",
                "其中一方没有数值依据的指纹",
            )
            return dict.fromkeys(self._groups, Found(frozenset({Because("untold", *text)})))
        return {group: self._of(group) for group in self._groups}

    def _of(self, group: Group) -> Found:
        name, venues, definition, period, kind = group
        of = indicators().get(name)
        if of is None:
            return Found(frozenset({Because("definition", f"indicator {name} is no more", f"指标 {name} 已停用")}))
        below = self._below(of, venues, definition, period) | self._coverage(of, venues, definition, period)
        below |= self._slices.cited(of.base)
        above = self._above(of, venues, kind)
        if below and (name, venues) in self._steady:
            above = Found(frozenset(b for b in above.because if b.cause not in ("definition", "code")))
        found = below | above or self._slices.beside(of.base) or self._elsewhere(of, venues, definition, kind)
        if not found:
            text = "nothing that was recorded differs", "所记录的内容均无差别"
            return Found(frozenset({Because("unexplained", *text)}))
        return Found(found.because, found.not_excluded - {b.cause for b in found.because})

    def _below(self, of: Indicator, venues: str, definition: str, period: int) -> Found:
        found = NOTHING
        measure = str(of.parameters.get("measure", ""))
        for base, slice_, year in self._rests_on(of, venues, period):
            found |= self._slices.why(base, slice_, year, definition, measure)
        return found

    def _elsewhere(self, of: Indicator, venues: str, definition: str, kind: str) -> Found:
        """A row of zero comes with the first record of another year of its series, and goes with the last."""
        found = NOTHING
        if kind in ("came", "went"):
            for period in self._periods[of.id, venues, definition]:
                found |= self._below(of, venues, definition, period)
        return found

    @cached_property
    def _periods(self) -> Mapping[tuple[str, str, str], set[int]]:
        """The periods of which a value differs, by what else its group has."""
        found: dict[tuple[str, str, str], set[int]] = defaultdict(set)
        for name, venues, definition, period, _ in self._groups:
            found[name, venues, definition].add(period)
        return found

    def _coverage(self, of: Indicator, venues: str, definition: str, period: int) -> Found:
        slice_ = str(of.parameters.get("series", of.id)) if of.base == "evidence" else venues
        found = NOTHING
        for year in self._years(of, period):
            found |= self._slices.coverage(of.base, slice_, year, definition)
        return found

    def _years(self, of: Indicator, period: int) -> range:
        """The years a value looks back over."""
        return range(of.since or period - int(of.parameters.get("span", 1)) + 1, period + 1)

    def _rests_on(self, of: Indicator, venues: str, period: int) -> Iterator[tuple[str, str, int]]:
        if of.base == "evidence":
            slices: Sequence[str] = [str(of.parameters.get("series", of.id))]
        else:
            slices = self._members(of.rests_on.lists).get(venues, [venues])
        base = RECORDS_OF.get(of.base, of.base)
        for year in self._years(of, period):
            for slice_ in slices:
                yield base, slice_, year

    def _members(self, lists: str) -> Mapping[str, list[str]]:
        if lists not in self._lists:
            found: dict[str, list[str]] = defaultdict(list)
            for row in registry.tables()[lists].to_pylist():
                found[row["venues"]].append(row["venue"])
            self._lists[lists] = dict(found)
        return self._lists[lists]

    def _above(self, of: Indicator, venues: str, kind: str) -> Found:
        """Between what is counted and the value: formula, lists, published specifications, shared code."""
        made = self._old.made, self._new.made
        same = Pair("definition", f"formula or switches of {of.id} differ", f"{of.id} 的公式或选项有变动")
        found = same.of([_get(m.definitions, of.id) for m in made])
        if of.base != "evidence":
            same = Pair("definition", "lists of venues differ", "会议名单有变动")
            found |= same.of([_get(m.registry, of.rests_on.lists) for m in made])
        if kind in ("came", "went"):
            same = Pair("definition", "other specifications are published", "所发布的口径组合有变动")
            found |= same.of([m.specifications for m in made])
        same = Pair("code", "code between counts and values differs", "由计数到数值的程序有变动")
        return found | same.of([m.computing for m in made]) | _libraries(*(m.libraries for m in made))

    @cached_property
    def _steady(self) -> set[tuple[str, str]]:
        """Indicators and lists of which enough values rest on what did not change, and none of these moved.

        A formula or code that moved nothing there is not why the others moved.
        """
        stayed: Counter[tuple[str, str]] = Counter()
        moved: set[tuple[str, str]] = set()
        for row in self._compared:
            of = indicators().get(row["indicator"])
            if of is None:
                continue
            at = row["venues"], row["definition"], row["period"]
            if self._below(of, *at) or self._coverage(of, *at):
                continue
            key = row["indicator"], row["venues"]
            stayed[key] += row["values"] - row["differing"]
            if row["differing"]:
                moved.add(key)
        return {key for key, n in stayed.items() if n >= _CONTROLS and key not in moved}


@dataclass(frozen=True)
class Pair:
    """A hash that both sides may have recorded, and what it means where they differ."""

    cause: str
    text: str
    text_zh: str

    def of(self, hashes: Sequence[str | None]) -> Found:
        """What is found of the two hashes."""
        old, new = hashes
        if old is None or new is None:
            return Found(not_excluded=frozenset({self.cause}))
        return NOTHING if old == new else Found(frozenset({Because(self.cause, self.text, self.text_zh)}))


def _libraries(old: Mapping[str, str] | None, new: Mapping[str, str] | None) -> Found:
    if not old or not new or old == new:
        return NOTHING
    names = [n for n in new if old.get(n) != new[n]]
    moved = ", ".join(f"{n} {old.get(n, '–')} → {new[n]}" for n in names)
    return Found(frozenset({Because("code", f"libraries: {moved}", f"程序库：{moved}")}))


def _get(table: Mapping[str, str] | None, name: str) -> str | None:
    """A recorded hash; empty for what a side that records does not have."""
    return None if table is None else table.get(name, "")


def _with_causes(rows: pa.Table, found: Mapping[Group, Found]) -> pa.Table:
    order = list(causes())
    named = {g: "+".join(sorted({b.cause for b in f.because}, key=order.index)) or "untold" for g, f in found.items()}
    unsure = {g: "+".join(sorted(f.not_excluded, key=order.index)) for g, f in found.items()}
    groups = list(zip(*(rows[c].to_pylist() for c in GROUP), strict=True))
    table = rows.append_column("causes", pa.array([named[g] for g in groups], pa.string()))
    return table.append_column("not_excluded", pa.array([unsure[g] for g in groups], pa.string()))
