"""The way from affiliations to values in dictionaries, loops and exact fractions: slow, short, no SQL.

Written from the definitions in tests/spec, not from the queries, so that a mistake must be made twice to pass.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, cached_property
from itertools import pairwise

from macaw.indicators import Indicator, Specification

from .worlds import COUNTRIES, GROUPS, LISTS, ORGANISATIONS, PANELS, Edge, Work, World

CHINA = {"mainland": {"CHN"}, "with_hkg_mac": {"CHN", "HKG", "MAC"}, "with_twn": {"CHN", "HKG", "MAC", "TWN"}}
HALF, MOST, TENTH = Fraction(1, 2), Fraction(4, 5), Fraction(1, 10)

Number = Fraction | float
# An entity and its place of work ("" for all places).
Who = tuple[str, str]
# An entity's value in a year, and the number of works it rests on.
Computed = tuple[tuple[Who, int], tuple[Number | None, int]]
# The value of a measure and its weight for each work of an entity in a year.
Series = dict[Who, dict[int, list[tuple[int, Fraction]]]]


@dataclass(frozen=True)
class Credit:
    """An organisation's (or place's) part in a work."""

    organisation: str | None
    country: str
    is_ancestor: bool
    share: Fraction


@dataclass(frozen=True)
class VenueYear:
    papers: int = 0
    affiliation_share: Fraction | None = None
    listing: str = "none"
    is_collected: bool = False
    citations_collected: bool = False
    starts_break: bool = False


@dataclass
class Coverage:
    """What is known of a venue list in a year."""

    venue_years: list[VenueYear] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return bool(self.venue_years) and all(y.is_collected for y in self.venue_years)

    # Whether papers on the topic are known but none of them has a located affiliation.
    is_blank: bool = False

    # Papers that list what they cite; references listed, and of these to works at hand with a place.
    referring: int = 0
    listed: int = 0
    known: int = 0

    def status(self, needs: str) -> str:
        if needs == "references":
            return self._status_of_references()
        collected = [y.is_collected and (needs == "affiliation" or y.citations_collected) for y in self.venue_years]
        if not collected:
            return "M"
        if not any(collected) or self.is_blank:
            return "L"
        if not all(collected):
            return "U"
        return "B" if any(y.starts_break for y in self.venue_years) else "A"

    def _status_of_references(self) -> str:
        of_papers = self.status("affiliation")
        if of_papers in ("L", "M"):
            return of_papers
        if not self.known:
            return "L"
        few = self.referring < HALF * len(self.works) or self.known < HALF * self.listed
        return "U" if few else of_papers


@dataclass(frozen=True)
class Value:
    value: Number | None
    n: int
    status: str
    completeness: Number | None


class Oracle:
    """Answers for one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.published = [w for w in world.works if w.is_published]
        self.activity = {w.work: list(self._activity(w)) for w in self.published}
        self.venue_years = dict(self._venue_years())

    # -- works ------------------------------------------------------------------------------------------------

    def _activity(self, work: Work) -> Iterator[Credit]:
        slots = []
        for parts in work.slots:
            named = [[m for m in self.world.names[raw] if m.country] for raw in parts]
            if any(named):
                slots.append([mentions for mentions in named if mentions])
        shares: dict[tuple[str | None, str, bool], Fraction] = defaultdict(Fraction)
        for parts in slots:
            for mentions in parts:
                sharers = [m for m in mentions if not m.is_ancestor]
                for m in mentions:
                    above = m.is_ancestor and bool(sharers)
                    share = Fraction(1, len(slots) * len(parts) * len(sharers or mentions))
                    shares[m.organisation, m.country, above] += share
        for (organisation, country, above), share in shares.items():
            yield Credit(organisation, country, above, share)

    def _venue_years(self) -> Iterator[tuple[tuple[str, int], VenueYear]]:
        by_year: dict[tuple[str, int], list[Work]] = {key: [] for key in self.world.held}
        for work in self.published:
            by_year.setdefault((work.venue, work.period), []).append(work)
        before: dict[str, VenueYear] = {}
        for (venue, period), works in sorted(by_year.items()):
            year = self._venue_year(works, self.world.held.get((venue, period)))
            if year.is_collected:
                last = before.get(venue)
                changed = last and (
                    year.listing != last.listing or abs(year.affiliation_share - last.affiliation_share) > TENTH
                )
                year = VenueYear(**{**vars(year), "starts_break": bool(changed)})
                before[venue] = year
            yield (venue, period), year

    @staticmethod
    def _venue_year(works: list[Work], complete: str | None) -> VenueYear:
        if not works:
            return VenueYear()
        named = sum(any(w.slots) for w in works)
        counted = sum(w.citations is not None for w in works)
        by_author = Fraction(sum(w.listing == "per_author" for w in works), len(works))
        listing = "per_author" if by_author >= MOST else "per_paper" if by_author <= 1 - MOST else "mixed"
        return VenueYear(
            papers=len(works),
            affiliation_share=Fraction(named, len(works)),
            listing=listing if named else "none",
            is_collected=Fraction(named, len(works)) >= HALF and complete != "no",
            citations_collected=Fraction(counted, len(works)) >= MOST and complete != "no",
        )

    # -- credit -----------------------------------------------------------------------------------------------

    @cache  # noqa: B019
    def owner(self, organisation: str, ownership: str, year: int) -> str:
        """The organisation that counts for another one's work."""
        if ownership == "none":
            return organisation
        for edge in self.world.edges:
            if edge.child == organisation and (_is_now(edge) if ownership == "as_is" else _was(edge, year)):
                return self.owner(edge.parent, ownership, year)
        return organisation

    @cache  # noqa: B019
    def credits(self, work: Work, place: str, ownership: str) -> dict[Who, Fraction]:
        """The entities that a work counts for and their shares of it."""
        shares: dict[Who, Fraction] = defaultdict(Fraction)
        activity = self.activity[work.work]
        owners = {
            c.organisation: self.owner(c.organisation, ownership, work.period) for c in activity if c.organisation
        }
        below = {c.organisation for c in activity if c.organisation and not c.is_ancestor}
        for c in activity:
            owner = owners.get(c.organisation)
            if owner and not (c.is_ancestor and any(owners[b] == owner for b in below - {c.organisation})):
                shares[owner, ""] += c.share
                shares[owner, c.country] += c.share
            if not c.is_ancestor:
                facts = self.world.organisations.get(owner)
                country = facts.country if place == "owner" and facts and facts.country else c.country
                for entity in (country, *_groups("country", country), *_groups("company", owner)):
                    shares[entity, ""] += c.share
        if activity:
            shares["WLD", ""] = Fraction(1)
        return {who: min(share, Fraction(1)) for who, share in shares.items()}

    # -- measures ---------------------------------------------------------------------------------------------

    def measure(self, work: Work, name: str, territory: str) -> Number | None:
        """What is known of a work: None if the measure cannot be known."""
        year = self.venue_years[work.venue, work.period]
        if not year.is_collected:
            return None
        known: dict[str, Callable[[], Number | None]] = {
            "papers": lambda: 1 if self.activity[work.work] else None,
            "citations": lambda: work.citations if year.citations_collected else None,
            "highly_cited": lambda: self._highly_cited(work) if year.citations_collected else None,
            "international": lambda: self._across(work, territory, lambda places: len(places) > 1),
            "us_china": lambda: self._across(work, territory, lambda places: {"USA", "CHN"} <= places),
            "industry_academia": lambda: self._sectors(work),
            "normalised_citations": lambda: self._normalised(work) if year.citations_collected else None,
            "top_tenth_of_field": lambda: self._top_tenth(work) if year.citations_collected else None,
        }
        return known[name]()

    def _highly_cited(self, work: Work) -> int | None:
        if work.citations is None:
            return None
        rivals = [
            w.citations
            for w in self.published
            if (w.venue, w.period) == (work.venue, work.period) and w.citations is not None
        ]
        return int(Fraction(sum(c > work.citations for c in rivals), len(rivals)) < TENTH)

    def _compared(self, work: Work) -> list[int]:
        """The citations of all works of the same index, field, year and type."""
        return [
            w.citations
            for w in self.published
            if _field(w)
            and (w.venue, _field(w), w.period, w.kind) == (work.venue, _field(work), work.period, work.kind)
            if w.citations is not None
        ]

    def _normalised(self, work: Work) -> Number | None:
        every = self._compared(work)
        if work.citations is None or len(every) < 2 or not sum(every):
            return None
        return Fraction(work.citations) / Fraction(sum(every), len(every))

    def _top_tenth(self, work: Work) -> Number | None:
        """Each work of the set fills as much of it; those with as many citations share the room in the top tenth."""
        every = self._compared(work)
        if work.citations is None or len(every) < 3:
            return None
        room = TENTH * len(every) - sum(c > work.citations for c in every)
        return min(Fraction(1), max(Fraction(0), room / every.count(work.citations)))

    def _across(self, work: Work, territory: str, holds: Callable[[set[str]], bool]) -> int | None:
        china = CHINA[territory]
        places = {"CHN" if c.country in china else c.country for c in self.activity[work.work] if not c.is_ancestor}
        return int(holds(places)) if places else None

    def _sectors(self, work: Work) -> int | None:
        named = (self.world.organisations.get(c.organisation) for c in self.activity[work.work])
        kinds = {facts.kind for facts in named if facts}
        return int("company" in kinds and bool(kinds & {"education", "facility"})) if kinds else None

    # -- indicators -------------------------------------------------------------------------------------------

    def computed(self, of: Indicator, spec: Specification) -> dict[tuple[Who, int], tuple[Number | None, int]]:
        """Value and number of records for each entity and year that have any."""
        if of.base == "references":
            return dict(self._references(of, spec))
        series = self._series(str(of.parameters["measure"]), spec)
        make = {
            "record_sum": _sums,
            "record_mean": _means,
            "papers_share": _shares_of_world,
            "growth": lambda s, spec: self._growth(s, spec, 6, _growth),
            "growth_parat": lambda s, spec: self._growth(s, spec, 4, _growth_parat),
            "concentration": self._concentration,
        }
        return dict(make[of.query_name](series, spec))

    def _series(self, measure: str, spec: Specification) -> Series:
        found: Series = defaultdict(lambda: defaultdict(list))
        for work in self._works(spec):
            value = self.measure(work, measure, spec.territory)
            if value is not None:
                for who, share in self.credits(work, spec.place, spec.ownership).items():
                    found[who][work.period].append((value, Fraction(1) if spec.counting == "full" else share))
        return found

    def _works(self, spec: Specification) -> Iterable[Work]:
        return [w for w in self.published if w.venue in LISTS[spec.venues] and spec.topic in w.topics]

    def _known_references(self, work: Work) -> list[Work]:
        """The works cited that are at hand and have a place."""
        return [w for w in self.published if w.work in work.cites - {work.work} and self.activity[w.work]]

    def _flow(self, who: str, target: str, year: int, spec: Specification) -> tuple[Fraction, Fraction, int]:
        """What an entity's works of a year refer to a target, to anybody, and how many works refer to anybody."""
        to_target, to_all, n = Fraction(0), Fraction(0), 0
        for work in self._works(spec):
            own = self.credits(work, spec.place, spec.ownership).get((who, ""))
            known = self._known_references(work)
            if own is None or not known or work.period != year or self.measure(work, "papers", "mainland") is None:
                continue
            shares = [self.credits(w, spec.place, spec.ownership).get((target, "")) for w in known]
            full = spec.counting == "full"
            to_target += sum(Fraction(1) if full else own * s for s in shares if s is not None)
            to_all += len(known) * (Fraction(1) if full else own)
            n += 1
        return to_target, to_all, n

    def _references(self, of: Indicator, spec: Specification) -> Iterator[Computed]:
        for who in {"WLD", *COUNTRIES, *GROUPS, *ORGANISATIONS}:
            target = who if of.parameters["cited"] == "itself" else str(of.parameters["cited"])
            if (who, of.parameters["cited"]) == ("WLD", "itself"):
                continue
            for year in {w.period for w in self.published}:
                part, whole, n = self._flow(who, target, year, spec)
                if not n:
                    continue
                value = part / whole
                if of.query_name == "citation_preference":
                    of_world, by_world, _ = self._flow("WLD", target, year, spec)
                    if not of_world:
                        continue
                    value /= of_world / by_world
                yield ((who, ""), year), (value, n)

    def _growth(
        self, series: Series, spec: Specification, span: int, formula: Callable[[list[Number]], Number | None]
    ) -> Iterator[Computed]:
        coverage = self.coverage(spec)
        most = max((len(c.venue_years) for c in coverage.values()), default=0)
        for last in coverage if spec.venues in PANELS else ():
            years = range(last - span + 1, last + 1)
            if all(y in coverage and coverage[y].complete and len(coverage[y].venue_years) == most for y in years):
                for who, records in series.items():
                    counted = years[:-1] if formula is _growth_parat else years
                    if any(y in records for y in counted):
                        value = formula([_total(records.get(y, [])) for y in years])
                        used = years if formula is _growth or years[-2] in records else years[:-1]
                        yield (who, last), (value, sum(len(records.get(y, [])) for y in used))

    def _concentration(self, series: Series, spec: Specification) -> Iterator[Computed]:
        totals: dict[tuple[str, int], list[Number]] = defaultdict(list)
        for (entity, country), years in series.items():
            if entity in self.world.organisations:
                for year, records in years.items():
                    totals[country or "WLD", year].append(_total(records))
        for (entity, year), values in totals.items():
            yield ((entity, ""), year), (sum((v / sum(values)) ** 2 for v in values), len(values))

    # -- series with what they lack ---------------------------------------------------------------------------

    def coverage(self, spec: Specification) -> dict[int, Coverage]:
        """What is known of the list in each year from its first to its last; nothing if no work has the topic."""
        if not any(spec.topic in w.topics for w in self.published):
            return {}
        held = {p: y for (v, p), y in self.venue_years.items() if v in LISTS[spec.venues]}
        years = sorted({p for _, p in self.venue_years if held and min(held) <= p <= max(held)})
        made = {}
        for year in years:
            works = [w for w in self._works(spec) if w.period == year]
            blank = bool(works) and all(self.measure(w, "papers", "mainland") is None for w in works)
            of_year = [y for (v, p), y in self.venue_years.items() if v in LISTS[spec.venues] and p == year]
            cited = [w.cites - {w.work} for w in works]
            known = sum(len(self._known_references(w)) for w in works)
            made[year] = Coverage(of_year, works, blank, sum(map(bool, cited)), sum(map(len, cited)), known)
        return made

    @cached_property
    def entities(self) -> set[str]:
        """Everything with a credit that has a name."""
        credited = {
            who[0]
            for w in self.published
            for place in ("workplace", "owner")
            for ownership in ("as_is", "as_was", "none")
            for who in self.credits(w, place, ownership)
        }
        return credited & {*self.world.organisations, *COUNTRIES, *GROUPS, "WLD"}

    def values(
        self, of: Indicator, spec: Specification, asked: Iterable[str] = (), *, by_country: bool = False
    ) -> dict[tuple[Who, int], Value]:
        """The rows that the table `values` has for an indicator."""
        scope = set(asked) or self.entities
        coverage = {y: c for y, c in self.coverage(spec).items() if y >= self._first_year(spec)}
        computed = self.computed(of, spec)
        found = {}
        for (who, year), (value, n) in computed.items():
            if who[0] in scope and bool(who[1]) == by_country and year in coverage:
                status = "M" if value is None else "U" if n < of.few else self._status(of, coverage, year)
                found[who, year] = Value(value, n, status, self._completeness(of, coverage[year]))
        for entity in self._whole_series(of, scope, {who for who, _ in computed}, bool(asked), by_country):
            for year, known in coverage.items():
                if ((entity, ""), year) not in computed:
                    found[(entity, ""), year] = self._absent(of, spec, entity, year, known)
        return found

    def _status(self, of: Indicator, coverage: dict[int, Coverage], year: int) -> str:
        status = coverage[year].status(_needs(of))
        window = range(year - int(of.parameters.get("span", 1)) + 2, year + 1)
        broken = any(y in coverage and coverage[y].status(_needs(of)) == "B" for y in window)
        return "B" if status == "A" and broken else status

    def _first_year(self, spec: Specification) -> int:
        """The year of the first paper at hand at the venues of the list, whatever its topic; else the first known."""
        venues = LISTS[spec.venues]
        papers = [w.period for w in self.published if w.venue in venues and w.topics]
        collected = [p for (v, p), y in self.venue_years.items() if v in venues and y.is_collected]
        return min(papers + collected or self.coverage(spec), default=0)

    def _whole_series(
        self, of: Indicator, scope: set[str], seen: set[Who], asked: bool, by_country: bool
    ) -> Iterable[str]:
        if by_country:
            return ()
        if asked:
            return scope
        places = {*COUNTRIES, *GROUPS, "WLD"} if of.absent == "zero" else set()
        return {e for e, country in seen if not country} & places & scope & self.entities

    def _absent(self, of: Indicator, spec: Specification, entity: str, year: int, known: Coverage) -> Value:
        completeness = self._completeness(of, known)
        if self.owner(entity, spec.ownership, year) != entity:
            return Value(None, 0, "K", completeness)
        status = known.status(_needs(of))
        if status in ("L", "M"):
            return Value(None, 0, status, completeness)
        if of.absent == "zero":
            return Value(0.0, 0, status, completeness)
        return Value(None, 0, "M" if of.absent == "cannot_exist" else "L", completeness)

    def _completeness(self, of: Indicator, known: Coverage) -> Number | None:
        if of.base == "references":
            return Fraction(known.known, known.listed) if known.listed else None
        if not known.works:
            return None
        if of.needs == "citation":
            return Fraction(sum(w.citations is not None for w in known.works), len(known.works))
        return Fraction(sum(self.measure(w, "papers", "mainland") is not None for w in known.works), len(known.works))


def _needs(of: Indicator) -> str:
    return "references" if of.base == "references" else of.needs


def _field(work: Work) -> str | None:
    """The subfield of the topic with the highest score, of several the first."""
    ordered = sorted(work.fields, key=lambda f: (-f[2], f[0]))
    return ordered[0][1] if ordered else None


def _is_now(edge: Edge) -> bool:
    return edge.last is None


def _was(edge: Edge, year: int) -> bool:
    return (edge.first is None or edge.first <= year) and (edge.last is None or year < edge.last)


def _groups(kind: str, member: str | None) -> list[str]:
    return [group for group, (of, members) in GROUPS.items() if of == kind and member in members]


def _total(records: list[tuple[int, Fraction]]) -> Fraction:
    return sum((value * weight for value, weight in records), Fraction(0))


def _sums(series: Series, _: Specification) -> Iterator[Computed]:
    for who, years in series.items():
        for year, records in years.items():
            yield (who, year), (_total(records), len(records))


def _means(series: Series, _: Specification) -> Iterator[Computed]:
    for who, years in series.items():
        for year, records in years.items():
            yield (who, year), (_total(records) / sum(weight for _, weight in records), len(records))


def _shares_of_world(series: Series, _: Specification) -> Iterator[Computed]:
    for who, years in series.items():
        for year, records in years.items():
            yield (who, year), (_total(records) / _total(series["WLD", ""][year]), len(records))


def _growth(values: list[Number]) -> Number | None:
    early, late = sum(values[:3]), sum(values[3:])
    return (late / early) ** (1 / 3) - 1 if early else None


def _growth_parat(values: list[Number]) -> Number | None:
    changes = [(after - base) / base for base, after in pairwise(values) if base]
    return sum(changes) / len(changes) if changes else None
