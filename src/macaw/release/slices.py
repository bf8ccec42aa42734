"""Which slices of what values rest on differ between two sides, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pyarrow as pa

from macaw.engine import connect
from macaw.indicators import BASES, COVERAGES
from macaw.release.causes import CHANGED, NOTHING, Because, Found, Lineage, Moved
from macaw.release.side import Side
from macaw.release.traces import record_prints

# Tables that hold the records of a base, what their names mean, their topics and who is credited.
_TABLES = {
    "cells": {
        "contents": ("works", "authorships"),
        "relevance": "record_topics",
        "credits": "credits",
        "measures": "record_measures",
    },
    "patents": {
        "contents": ("patent_families", "patent_applicants"),
        "relevance": "patent_topics",
        "credits": "patent_credits",
        "measures": "patent_measures",
    },
}
# Where a walk from one stage stops, since the stage before has been asked already.
_RECORDS = ("works", "authorships", "patent_families", "patent_applicants", "patents", "patent_members", "patent_parts")
_NAMES = ("raw_names",)
# Evidence whose records are sums over records of a source: that one differs does not tell whether some came or changed.
_SUMS = {f"evidence_{domain}" for domain in ("heads", "moves", "people", "languages", "chips", "frameworks")}
# Domains of evidence whose coverage stands with another's.
_COVERAGE_WITH = {"heads": "people", "moves": "people"}
Key = tuple[str, str, int]


@dataclass
class Slice:
    """What differs of one slice: fingerprints by stage and definition on either side, sources, its table."""

    prints: dict[tuple[str, str], list[tuple[int, str] | None]] = field(default_factory=dict)
    sources: set[str] = field(default_factory=set)
    made_by: str = ""

    def differs(self, stage: str, definition: str = "") -> bool:
        """Whether a stage's fingerprints differ, or only one side has it."""
        old, new = self.prints.get((stage, definition), (None, None))
        return old != new


class Slices:
    """All slices of two sides."""

    def __init__(self, old: Side, new: Side) -> None:
        self._sides = old, new
        self._lineage = Lineage(old.made, new.made)
        self._found: dict[tuple[str, str, int, str, str], Found] = {}

    @property
    def lineage(self) -> Lineage:
        """What the two sides were made from."""
        return self._lineage

    @property
    def known(self) -> bool:
        """Whether both sides hold fingerprints."""
        return all(side.traces is not None for side in self._sides)

    @cached_property
    def _slices(self) -> Mapping[Key, Slice]:
        found: dict[Key, Slice] = defaultdict(Slice)
        for number, side in enumerate(self._sides):
            assert side.traces is not None
            for row in side.traces.to_pylist():
                one = found[row["base"], row["slice"], row["period"]]
                prints = one.prints.setdefault((row["stage"], row["definition"]), [None, None])
                prints[number] = row["records"], row["fingerprint"]
                if row["stage"] != "coverage":
                    one.sources |= set(filter(None, row["sources"].split(",")))
                    one.made_by = row["made_by"] or one.made_by
        return dict(found)

    @cached_property
    def _stages(self) -> Sequence[Mapping[str, set[str]]]:
        """The stages of each base that either side has fingerprints of."""
        found: list[dict[str, set[str]]] = [defaultdict(set), defaultdict(set)]
        for stages, side in zip(found, self._sides, strict=True):
            assert side.traces is not None
            for row in side.traces.group_by(["base", "stage"]).aggregate([]).to_pylist():
                stages[row["base"]].add(row["stage"])
        return found

    def _tells_measures(self, base: str) -> bool:
        """Whether measures can be compared: a release from before they were recorded tells nothing of them.

        A side without a single record of a base has no measures of it either, and says so.
        """
        stages = [side.get(base, set()) for side in self._stages]
        return all("measures" in found for found in stages) or not all(stages)

    def why(self, base: str, slice_: str, period: int, definition: str, measure: str = "") -> Found:
        """Why the records of a slice differ under a definition and measure; nothing where they do not."""
        key = (base, slice_, period, definition, measure)
        if key not in self._found:
            one = self._slices.get(key[:3])
            self._found[key] = NOTHING if one is None else self._of(one, *key)
        return self._found[key]

    def coverage(self, base: str, slice_: str, period: int, definition: str) -> Found:
        """Why what is said of a slice's coverage differs; nothing where it does not."""
        one = self._slices.get((base, slice_, period))
        return NOTHING if one is None else self._of_coverage(one, base, definition)

    def _of(self, one: Slice, base: str, slice_: str, period: int, definition: str, measure: str) -> Found:
        under = definition if base == "evidence" else ""
        data = one.differs("records", under) or one.differs("contents", under)
        found, moved = NOTHING, Moved(0, 0, None)
        if data:
            unknown = one.made_by in _SUMS
            moved = Moved(None, None, None) if unknown else self._moved(one, base, slice_, period, under)
            tables = (one.made_by,) if base == "evidence" else _TABLES[base]["contents"]
            for table in tables:
                said = self._lineage.explain(table, stop=_NAMES, sources=one.sources)
                found |= _told_apart(said, moved, f"{slice_} {period}")
        if one.differs("matching"):
            found |= self._of_matching(data=data)
        if base != "evidence" and one.differs("relevance", definition):
            found |= self._of_relevance(one, base, data=data)
        if one.differs("credits", under):
            found |= self._of_credits(one, base, moved, data=bool(found))
        if base != "evidence" and measure and (one.differs("measures", measure) or not self._tells_measures(base)):
            found |= self._of_measures(base, moved)
        return found

    def _of_matching(self, *, data: bool) -> Found:
        found = self._lineage.explain("matches", stop=_NAMES, sources=())
        if data or found.because:
            return found
        text = Because("matching", "names of the same records mean others now", "同样记录中的名称现对应到其他机构")
        return replace(found, because=frozenset({text}))

    def _of_relevance(self, one: Slice, base: str, *, data: bool) -> Found:
        table = str(_TABLES[base]["relevance"])
        found = self._lineage.explain(table, stop=(*_RECORDS, "source_abstracts"))
        if data or found.because:
            return found
        found = self._lineage.explain(table, stop=_RECORDS, sources=one.sources)
        altered = Moved(0, 0, None)
        if found.because:
            return _told_apart(found, altered, "")
        text = Because("definition", "topics of the same records differ", "同样记录的主题有变动")
        return replace(found, because=frozenset({text}))

    def _of_credits(self, one: Slice, base: str, moved: Moved, *, data: bool) -> Found:
        if base == "evidence":
            owned = self._owners() | self._lineage.code("evidence")
            # Matches are asked here, since who is credited is all that evidence records of them.
            return owned if data else owned | self._lineage.explain(one.made_by, stop=_NAMES, sources=())
        # Of the sources of its records too: they may link an affiliation to an institution themselves.
        stop = (*_RECORDS, *_NAMES, "matches")
        found = self._lineage.explain(str(_TABLES[base]["credits"]), stop=stop, sources=one.sources)
        return _told_apart(found, moved, "")

    def _of_measures(self, base: str, moved: Moved) -> Found:
        table = str(_TABLES[base]["measures"])
        if base == "cells":
            # Records, and who is credited, have been asked already.
            found = self._lineage.explain(table, stop=(*_RECORDS, *_NAMES, "matches", "activity"), sources=())
        else:
            # Families are cited by documents of other slices, which may have come, or say something else.
            found = self._lineage.explain(table)
            none_came = self._lineage.changed("patents") is False
            found = _told_apart(found, Moved(0, 0, None) if none_came else Moved(None, None, None), "")
        if self._tells_measures(base):
            return found
        return Found(not_excluded=found.not_excluded | {b.cause for b in found.because})

    def _owners(self) -> Found:
        return self._lineage.explain("owners") | self._lineage.explain("group_members")

    def _of_coverage(self, one: Slice, base: str, definition: str) -> Found:
        if not one.differs("coverage", definition):
            return NOTHING
        if base != "evidence":
            return self._of_coverage_table(base)
        domain = one.made_by.removeprefix("evidence_")
        table = f"coverage_{_COVERAGE_WITH.get(domain, domain)}"
        found = self._lineage.explain(table, stop=_NAMES, sources=one.sources)
        return _told_apart(found, Moved(None, None, None), "")

    def cited(self, base: str) -> Found:
        """Why what records cite, of which no slice is kept, differs; nothing for a base that asks for none of it."""
        asked = "reference_credits" in BASES[base].record_tables
        return self._lineage.explain(BASES[base].table("reference_credits")) if asked else NOTHING

    def beside(self, base: str) -> Found:
        """Why tables differ that values rest on and of which no slice is kept: owners, and where a series begins."""
        return self._owners() if base == "evidence" else self._owners() | self._of_coverage_table(base)

    def _of_coverage_table(self, base: str) -> Found:
        stop = (*_RECORDS, "record_topics", "patent_topics", "record_measures", "matches")
        return self._lineage.explain(COVERAGES[base], stop=stop, sources=())

    # Records of two builds, one by one

    def _moved(self, one: Slice, base: str, slice_: str, period: int, definition: str) -> Moved:
        if all(side.is_build for side in self._sides):
            return self._by_record(base).get((slice_, period, definition), Moved(0, 0, 0))
        before, after = one.prints.get(("records", definition), (None, None))
        if before is None:
            return Moved(after[0] if after else 0, 0, 0)
        if after is None:
            return Moved(0, before[0], 0)
        if before == after:
            return Moved(0, 0, None)
        grown = after[0] - before[0]
        return Moved(grown if grown > 0 else None, -grown if grown < 0 else None, None)

    def _by_record(self, base: str) -> dict[tuple[str, int, str], Moved]:
        if base not in self._counted:
            self._counted[base] = _compared([record_prints(side.observatory, base) for side in self._sides], base)
        return self._counted[base]

    @cached_property
    def _counted(self) -> dict[str, dict[tuple[str, int, str], Moved]]:
        return {}


def _compared(sides: Sequence[Any], base: str) -> dict[tuple[str, int, str], Moved]:
    """How many records of each slice came, went and changed between two builds."""
    definition = "definition" if base == "evidence" else "'' as definition"
    tables: list[pa.Table] = [
        con.sql(f"select slice, period, {definition}, record, contents from record_prints").to_arrow_table()
        for con in sides
    ]
    con = connect()
    con.register("o", tables[0])
    con.register("n", tables[1])
    rows = con.execute(
        """select slice, period, definition, count(*) filter (o.contents is null) as added,
          count(*) filter (n.contents is null) as gone,
          count(*) filter (o.contents <> n.contents) as altered
        from o full join n using (slice, period, definition, record)
        where o.contents is distinct from n.contents group by all"""
    ).fetchall()
    return {(slice_, period, of): Moved(*counts) for slice_, period, of, *counts in rows}


def _told_apart(found: Found, moved: Moved, place: str) -> Found:
    """A change of files as new data, corrected data or either, as the records of the slice have it."""
    because: set[Because] = set()
    possible = set(_possible(moved))
    for each in found.because:
        if each.cause == CHANGED:
            because |= {replace(each, cause=cause) for cause in possible}
        elif each.cause not in ("new_data", "corrected_data") or each.cause in possible:
            because.add(each)
    named = {each.cause for each in because}
    if place and named & {"new_data", "corrected_data"}:
        because |= _counts(moved, place, named)
    unknown = found.not_excluded
    if "corrected_data" in unknown:
        unknown = unknown - {"corrected_data"} | possible
    return Found(frozenset(because), frozenset(unknown - named))


def _possible(moved: Moved) -> Iterable[str]:
    if moved.added != 0:
        yield "new_data"
    if moved.gone != 0 or moved.altered != 0:
        yield "corrected_data"


def _counts(moved: Moved, place: str, named: set[str]) -> set[Because]:
    found = set()
    if moved.added and "new_data" in named:
        found.add(
            Because("new_data", f"{place}: {moved.added:,} records more", f"{place}：新增 {moved.added:,} 条记录")
        )
    if "corrected_data" in named and (moved.gone or moved.altered):
        text, text_zh = _number(moved.altered)
        gone, gone_zh = _number(moved.gone)
        text = f"{place}: records changed: {text}; gone: {gone}"
        found.add(Because("corrected_data", text, f"{place}：有改动的记录：{text_zh}；撤下：{gone_zh}"))
    return found


def _number(n: int | None) -> tuple[str, str]:
    return ("number unknown", "数量未知") if n is None else (f"{n:,}", f"{n:,} 条")
