"""What the values of a release or build say of drafted tests, by the ledger's own measuring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
# Of a time the sentence itself names, as of the article's day, as of the data at hand.
_VIEWS = ("dated", "then", "now")
# Statuses of values that are not simply so.
WEAK = frozenset("BEIPU")


@dataclass(frozen=True)
class Evidence:
    """A drafted test with what the values say: no judgement, which needs a rule that a person wrote before looking."""

    drafted: Drafted
    readings: tuple[Reading, ...]
    cautions: tuple[tuple[str, str], ...]

    @property
    def shown(self) -> tuple[Reading, ...]:
        """The readings that know a value: of the time the sentence names, else of the article's day, else of now."""
        for view in _VIEWS:
            of = tuple(r for r in self.readings if r.view == view and _known(r))
            if of:
                return of
        return ()


def weigh(drafted: Sequence[Drafted], seen: Observations, on: date | None) -> list[Evidence]:
    """Evidence on each drafted test from what was observed; tests of which nothing is known are left out."""
    article = Article("–", "–", "–", "–", on or _UNKNOWN, "–", "–")
    found = []
    for one in drafted:
        evidence = Evidence(one, tuple(readings(one.test, article, seen)), ())
        if evidence.shown:
            found.append(replace(evidence, cautions=tuple(_cautions(evidence, on))))
    return found


def _known(r: Reading) -> bool:
    return r.value is not None or r.low is not None


def _cautions(evidence: Evidence, on: date | None) -> Iterator[tuple[str, str]]:
    if evidence.drafted.doubt:
        yield evidence.drafted.doubt, evidence.drafted.doubt_zh
    if on and evidence.shown[0].view == "now":
        yield "these values are later than the article", "这些数值晚于该文"
    if any(r.status in WEAK for r in evidence.shown):
        yield "some of these values are not sure (see the status)", "其中有不可靠的数值（见状态）"
    lacking = sum(not _known(r) for r in evidence.readings if r.view == evidence.shown[0].view)
    if lacking:
        yield f"{lacking} more definitions have no value", f"另有 {lacking} 种口径没有数值"


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
