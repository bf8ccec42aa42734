"""From the readings of a rule's tests to a verdict. Pure: no table, no text, no article is looked at here.

The order of decision is docs/claims.md's. A wrong "supported" is worse than "not settled": support and contradiction
alike need more than one data point, most specifications known, no value that its source only estimates, and none in
doubt that speaks the other way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from macaw.claims.measure import Reading, within
from macaw.claims.record import Claim, Test
from macaw.indicators import Specification

SUPPORTED = "supported"
NAMED = "supported_only_under_a_named_definition"
OUT_OF_DATE = "out_of_date"
OVERSTATED = "overstated"
UNDERSTATED = "understated"
CONTRADICTED = "contradicted"
NOT_SETTLED = "not_settled_by_public_data"
NOT_CHECKABLE = "not_checkable"
REPLACED = "replaced"
VERDICTS = (SUPPORTED, NAMED, OUT_OF_DATE, OVERSTATED, UNDERSTATED, CONTRADICTED, NOT_SETTLED, NOT_CHECKABLE, REPLACED)

# How a test, or a rule, stands at one time. Partly: known, but too little for a plain verdict.
HOLDS, HOLDS_PARTLY, MIXED, FAILS_PARTLY, FAILS, OPEN = (
    "holds",
    "holds_partly",
    "mixed",
    "fails_partly",
    "fails",
    "open",
)


@dataclass(frozen=True)
class Tally:
    """In how many specifications a test holds, fails or stays open at one time, and why it is not plainer."""

    test: Test
    view: str
    yes: tuple[Reading, ...]
    no: tuple[Reading, ...]
    unsettled: tuple[Reading, ...]
    # All readings at the time: of a span of years each specification has several.
    readings: tuple[Reading, ...] = ()
    # once: one data point; few_known: most specifications open; capped: values that their source estimates; doubted:
    # a specification that is open may speak the other way.
    caps: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[Reading, ...]:
        """All readings of the specifications that are known."""
        specs = {r.specification for r in (*self.yes, *self.no)}
        return tuple(r for r in self.readings if r.specification in specs)

    @property
    def state(self) -> str:
        """How the test stands."""
        if self.yes and self.no:
            return MIXED
        if self.yes:
            return HOLDS_PARTLY if self.caps else HOLDS
        if self.no:
            return FAILS_PARTLY if self.caps else FAILS
        return OPEN


@dataclass(frozen=True)
class Settled:
    """A verdict with what it rests on: the tallies that decided, the states, and a factor if one is told."""

    verdict: str
    then: str
    now: str
    deciding: tuple[Tally, ...] = ()
    beside: tuple[Tally, ...] = ()
    rests_on_proxies: bool = False
    factor: tuple[float, float] | None = None
    caps: tuple[str, ...] = ()


@dataclass
class _Spec:
    """The readings of one specification: of a span of years one each."""

    readings: list[Reading] = field(default_factory=list)

    @property
    def holds(self) -> str:
        kinds = {r.holds for r in self.readings}
        return "no" if "no" in kinds else "open" if "open" in kinds else "yes"


def tally(test: Test, readings: Sequence[Reading], view: str) -> Tally:
    """The readings of one test at one time, by specification: a span of years holds if every year of it does."""
    specs: dict[Specification, _Spec] = {}
    for reading in readings:
        if reading.view == view:
            specs.setdefault(reading.specification, _Spec()).readings.append(reading)
    by: dict[str, list[Reading]] = {"yes": [], "no": [], "open": []}
    for spec in specs.values():
        telling = [r for r in spec.readings if r.holds == spec.holds]
        by[spec.holds] += telling[:1] if spec.holds != "yes" else [telling[-1]]
    caps = []
    known = [*by["yes"], *by["no"]]
    if len({(r.specification.definition, r.specification.venues, r.value) for r in known}) == 1:
        caps.append("once")
    if len(by["open"]) > len(known) > 0:
        caps.append("few_known")
    if any(r.capped for r in known):
        caps.append("capped")
    if any(_doubts(test, r, agreeing=not by["no"]) for r in by["open"]):
        caps.append("doubted")
    everything = tuple(r for spec in specs.values() for r in spec.readings)
    return Tally(test, view, tuple(by["yes"]), tuple(by["no"]), tuple(by["open"]), everything, tuple(caps))


def _doubts(test: Test, reading: Reading, *, agreeing: bool) -> bool:
    """Whether an open reading has an interval that reaches to the other side, or a value there, however unsure."""
    if reading.why == "interval":
        return True
    return reading.value is not None and within(test, reading.value) != agreeing


def settle(claim: Claim, readings: Mapping[str, Sequence[Reading]], replaced: bool = False) -> Settled:
    """The verdict on a claim; `readings` are those of each of its tests."""
    tests = claim.rule.tests
    views = {t.id: [tally(t, readings[t.id], v) for v in ("then", "now", "dated")] for t in tests}
    deciding = [t for t in tests if t.role == "settles"] or [t for t in tests if t.role == "proxy"]
    by_proxies = bool(deciding) and deciding[0].role == "proxy"
    then = [_first(views[t.id], ("then", "dated")) for t in deciding]
    now = [_first(views[t.id], ("now", "dated")) for t in deciding]
    state_then, state_now = (_together(x, claim.rule.combine) for x in (then, now))
    verdict, decided, factor = NOT_SETTLED, then, None
    if replaced:
        verdict = REPLACED
    elif not claim.rule.checkable:
        verdict = NOT_CHECKABLE
    elif deciding:
        # What was not known on the article's day, or is due only after it, goes by what is known now.
        if state_then == OPEN and (state_now != OPEN or not any(t.unsettled for t in then)):
            decided = now
        verdict, factor = _verdict(claim, state_then, state_now, decided, by_proxies)
    shown = tuple(x for t in tests for x in views[t.id] if x.yes or x.no or x.unsettled)
    caps = tuple(dict.fromkeys(c for x in decided for c in x.caps))
    return Settled(
        verdict,
        state_then,
        state_now,
        tuple(decided),
        tuple(x for x in shown if x not in decided),
        by_proxies,
        factor,
        caps,
    )


def _first(tallies: Sequence[Tally], views: tuple[str, ...]) -> Tally:
    wanted = [t for t in tallies if t.view in views]
    return next((t for t in wanted if t.yes or t.no or t.unsettled), wanted[0])


def _together(tallies: Sequence[Tally], combine: str) -> str:
    """How a rule stands, by the states of its tests: all of them together, or each a reading of the claim."""
    states = [t.state for t in tallies]
    if not states:
        return OPEN
    if len(set(states)) == 1:
        return states[0]
    if combine == "either":
        return MIXED if any(s in (HOLDS, HOLDS_PARTLY, MIXED) for s in states) else OPEN
    for state in (FAILS, FAILS_PARTLY, OPEN, MIXED, HOLDS_PARTLY):
        if state in states:
            return state
    return HOLDS


def _verdict(
    claim: Claim, then: str, now: str, decided: Sequence[Tally], by_proxies: bool
) -> tuple[str, tuple[float, float] | None]:
    state = now if then == OPEN else then
    if by_proxies:
        return (NAMED if state in (HOLDS, HOLDS_PARTLY, MIXED) else NOT_SETTLED), None
    if state == HOLDS:
        return (OUT_OF_DATE if claim.tense == "present" and now == FAILS else SUPPORTED), None
    if state in (HOLDS_PARTLY, MIXED):
        return NAMED, None
    if state == FAILS:
        found = _factor(decided)
        return found if found else (CONTRADICTED, None)
    return NOT_SETTLED, None


def _factor(decided: Sequence[Tally]) -> tuple[str, tuple[float, float]] | None:
    """Overstated or understated, and by how much at least and at most, if all specifications err to one side."""
    failing = [t for t in decided if t.state == FAILS]
    if len(failing) != 1 or failing[0].test.stated is None:
        return None
    stated, (least, most) = failing[0].test.stated, failing[0].test.bounds
    found = [r.value for r in failing[0].no if r.value is not None]
    if len(found) < len(failing[0].no) or stated <= 0 or min(found) <= 0:
        return None
    if all(v < least for v in found):
        return OVERSTATED, (stated / max(found), stated / min(found))
    if all(v > most for v in found):
        return UNDERSTATED, (min(found) / stated, max(found) / stated)
    return None
