"""What the values of a release or build say of drafted tests, by the ledger's own measuring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from macaw.claims.measure import Reading, readings
from macaw.claims.observations import Observations, by_day, specifications
from macaw.claims.reading.templates import Drafted
from macaw.claims.record import Article, Test
from macaw.indicators import Specification, default_specification, indicators
from macaw.sure.observation import Observation
from macaw.sure.specifications import computed_under, counted_as

SWITCHES = ("topic", "counting", "place", "ownership", "definition", "venues", "territory")
_UNKNOWN = date(9999, 1, 1)


@dataclass(frozen=True)
class Evidence:
    """A drafted test with its readings; `fits` only if every specification agrees and nothing is in doubt."""

    drafted: Drafted
    readings: tuple[Reading, ...]
    fits: bool | None
    why: str
    why_zh: str

    @property
    def decisive(self) -> tuple[Reading, ...]:
        """The readings that count: of the time the sentence names, else of the article's day, else of now."""
        for view in ("dated", "then", "now"):
            of = tuple(r for r in self.readings if r.view == view)
            if any(r.value is not None or r.low is not None for r in of):
                return of
        return ()


def weigh(drafted: Sequence[Drafted], seen: Observations, on: date | None) -> list[Evidence]:
    """Evidence on each drafted test from what was observed; tests of which nothing is known are left out."""
    article = Article("–", "–", "–", "–", on or _UNKNOWN, "–", "–")
    found = []
    for one in drafted:
        read = tuple(readings(one.test, article, seen))
        evidence = Evidence(one, read, None, "", "")
        if evidence.decisive:
            found.append(_judged(evidence))
    return found


def _judged(evidence: Evidence) -> Evidence:
    of = evidence.decisive
    yes, no = sum(r.holds == "yes" for r in of), sum(r.holds == "no" for r in of)
    told = (
        f"holds under {yes} of {len(of)} specifications, not under {no}",
        f"{len(of)} 种口径中 {yes} 种成立、{no} 种不成立",
    )
    one = evidence.drafted
    if one.doubt:
        return Evidence(
            one, evidence.readings, None, f"not judged: {one.doubt}; {told[0]}", f"不作判断：{one.doubt_zh}；{told[1]}"
        )
    fits = True if yes == len(of) else False if no == len(of) else None
    return Evidence(one, evidence.readings, fits, *told)


def observations(tests: Iterable[Test], values: pa.Table, kinds: Mapping[str, tuple[str, str | None]]) -> Observations:
    """The series that tests ask for, from a table of values."""
    seen = Observations(kinds)
    listed = list(tests)
    if not listed:
        return seen
    wanted = {t.indicator for t in listed}
    entities = {counted_as(e, s) for t in listed for s in specifications(t) for e in (t.entity, t.against) if e}
    specs = {(t.indicator, computed_under(indicators()[t.indicator], s)) for t in listed for s in specifications(t)}
    mask = pc.and_(
        pc.is_in(values["indicator"], pa.array(sorted(wanted))), pc.is_in(values["entity"], pa.array(sorted(entities)))
    )
    rows: list[dict[str, Any]] = values.filter(pc.and_(mask, pc.equal(values["place_country"], ""))).to_pylist()
    for row in rows:
        spec = Specification(**{s: row[s] for s in SWITCHES})
        of = indicators()[row["indicator"]]
        # What is known by day stands in values with its year; before that year is over it was not known.
        period = f"{row['period']}-12-31" if by_day(of) else str(row["period"])
        if of.single:
            # Counting and ownership make no difference: any stored choice is the usual one.
            spec = _as_usual(spec, default_specification(of))
        if (of.id, spec) in specs:
            seen.add(
                of.id,
                row["entity"],
                spec,
                period,
                Observation(row["value"], row["low"], row["high"], row["status"], row["n"] or 0),
            )
    return seen


def _as_usual(spec: Specification, usual: Specification) -> Specification:
    return Specification(**{**vars(usual), "definition": spec.definition})
