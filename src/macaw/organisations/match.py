"""Says which organisations a raw affiliation string names, how probably, and why.

The way of a string: repair → segments → places → longest known names → one meaning for each name.
A name with several meanings is settled by the parent, country or city that the string also names, else
by what kind of organisation it is; if nothing settles it, it stays unmatched: no match is an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from macaw.organisations.index import Entry, NameIndex
from macaw.organisations.names import has_han, repair, segments, simplified, tokens
from macaw.organisations.places import Gazetteer, Place, country_of

# Probability that a match by each rule is right. Names, acronyms and clues: precision on the openly licensed
# strings, as benchmarks/matching.py measures it, rounded down; gold that labels one of several organisations
# counts the others as wrong, so these are low. Registry, parent and places: judged, there is no gold for them.
PROBABILITY = {
    "registry": 0.95,
    "name": 0.86,
    "name, settled by parent": 0.80,
    "name, settled by country": 0.67,
    "name, settled by city": 0.69,
    "name, settled by official name": 0.65,
    "name, settled by kind": 0.50,
    "name, other country in text": 0.33,
    "acronym": 0.51,
    "place only": 0.95,
    "place of every meaning": 0.90,
}
NameRow = tuple[str, str, str, str | None, str | None, bool]
_NO_ORGANISATION = re.compile(
    r"^\W*(independent( researcher| scholar| consultant)?|unaffiliated|unknown|n/?a|none|null|no affiliation|"
    r"(paper )?under (double[- ]blind )?review|anonymous|anonymized|freelance\w*|self[- ]employed|"
    r"researcher|student|\d+)\W*$",
    re.IGNORECASE,
)
_HAN_RUN = re.compile(r"[㐀-䶿一-鿿豈-﫿][㐀-䶿一-鿿豈-﫿A-Za-z0-9]*")
# What may follow a brand of two characters in a Chinese company or lab name; anything else makes it another word
# (京东方 is not 京东). A longer brand is distinctive enough to stand before anything.
_HAN_TAIL = re.compile(
    r"^(?:有限|股份|公司|集团|控股|技术|科技|网络|信息|通信|通讯|电子|软件|智能|人工智能|云|研究|实验|创新|创投|中心|部门|终端|汽车|"
    r"数据|数字|在线|投资|资本|产业|中国|总部|商城|网|地图|外卖|体育|新闻|财经|金融|支付|医疗|健康|生物|咨询|服务|手机|招聘|焦点|之家|"
    r"快运|物流|快递|机器人|自动化|电器|半导体|能源|系统|仿真|平台|事业部|分公司|[A-Za-z0-9（(]|$)"
)
_DISTINCTIVE = 3


@dataclass(frozen=True, slots=True)
class Match:
    """One organisation named by a string (or, with organisation None, only a place)."""

    organisation: str | None
    ror: str | None
    country: str | None
    probability: float
    evidence: str
    is_ancestor: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What the matcher must know of an organisation."""

    kind: str
    country: str | None
    city: str | None


@dataclass(slots=True)
class Candidate:
    """Words of a string that are a known name, with its possible meanings."""

    start: int
    end: int
    segment: int
    key: str
    entries: tuple[Entry, ...]
    rule: str = ""
    # One meaning, or the partners of a joint laboratory.
    chosen: tuple[Entry, ...] = ()


@dataclass
class Trace:
    """The steps of one decision, for `macaw explain`."""

    repaired: str = ""
    segments: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)


class Matcher:
    """Matches raw strings against an index of names. Deterministic; holds no state between strings."""

    def __init__(
        self,
        names: Iterable[NameRow],
        facts: Mapping[str, Facts],
        ancestors: Mapping[str, frozenset[str]],
        places: Iterable[tuple[str, str, str]],
        legal_forms: Iterable[str],
    ) -> None:
        self.facts = facts
        self.ancestors = ancestors
        self.gazetteer = Gazetteer(places)
        self.index = NameIndex(legal_forms)
        rows = list(names)
        self.index.build(map(self._cautious, rows), self.gazetteer.is_place)
        # The registry records of a company, by country: ROR keeps one for each country it works in.
        self.records: dict[str, dict[str | None, str]] = {}
        for organisation, _, _, country, ror, _ in rows:
            if ror:
                self.records.setdefault(organisation, {}).setdefault(country, ror)

    def _cautious(self, row: NameRow) -> NameRow:
        """The row, but a company known only to ROR by one or two words ("Embedded Systems") must stand alone."""
        organisation, name, rule, country, ror, sure = row
        short = not sure and organisation.startswith("ror:") and len(tokens(name.split("(")[0])) <= 2
        if short and rule != "acronym" and self.facts[organisation].kind == "company":
            return organisation, name, "segment", country, ror, sure
        return row

    def match(self, raw: str) -> list[Match]:
        """The organisations a string names, in the order of the string; empty if none and no place is known."""
        return self.trace(raw).matches

    def trace(self, raw: str) -> Trace:
        """The same with every step kept."""
        trace = Trace(repaired=repair(raw))
        if _NO_ORGANISATION.match(trace.repaired):
            return trace
        trace.segments = segments(trace.repaired)
        trace.places = self.gazetteer.locate(trace.segments)
        words, owners = self._words(trace.segments)
        trace.candidates = self._candidates(trace.segments, words, owners)
        for han in self._han_candidates(trace.segments, len(words)):
            trace.candidates.append(han)
        self._settle(trace)
        trace.matches = self._matches(trace)
        return trace

    # -- names in the string ---------------------------------------------------------------------------

    def _words(self, parts: list[str]) -> tuple[list[str], list[int]]:
        """All words of the string, and for each the segment it stands in."""
        words: list[str] = []
        owners: list[int] = []
        for number, part in enumerate(parts):
            for word in tokens(part):
                words.append(self._unmarked(word))
                owners.append(number)
        return words, owners

    def _unmarked(self, word: str) -> str:
        """A word without a footnote digit stuck to it, unless the word with the digit is known."""
        if word in self.index.vocabulary or word.isalpha() or word.isdigit():
            return word
        bare = word.strip("0123456789")
        return bare if bare in self.index.vocabulary and bare.isalpha() else word

    def _candidates(self, parts: list[str], words: list[str], owners: list[int]) -> list[Candidate]:
        """Known names in the string, longest first, without overlap, in order of the string."""
        cores = [self.index.core(tokens(part)) for part in parts]
        spans: list[Candidate] = []
        for start, word in enumerate(words):
            for length in range(min(self.index.longest.get(word, 0), len(words) - start), 0, -1):
                key = " ".join(words[start : start + length])
                entries = self.index.names.get(key)
                if entries and _stands_whole(owners, start, start + length):
                    found = Candidate(start, start + length, owners[start], key, entries)
                    found.entries = self._allowed(found, cores, parts)
                    if found.entries:
                        spans.append(found)
                        break
        taken = [False] * len(words)
        kept = []
        for span in sorted(spans, key=lambda s: (s.start - s.end, s.start)):
            if not any(taken[span.start : span.end]):
                taken[span.start : span.end] = [True] * (span.end - span.start)
                kept.append(span)
        return sorted(kept, key=lambda s: s.start)

    def _allowed(self, found: Candidate, cores: list[str], parts: list[str]) -> tuple[Entry, ...]:
        """The meanings whose rule lets the name match where it stands."""
        whole = cores[found.segment] == self.index.core(found.key.split())
        if self.gazetteer.is_place(found.key) and not any(e.sure for e in found.entries):
            return ()
        allowed = []
        for entry in found.entries:
            if entry.rule == "acronym":
                in_capitals = found.key.upper() in parts[found.segment].upper().split() and any(
                    w.isupper() and len(w) > 1 for w in re.findall(r"\w+", parts[found.segment])
                )
                # "GRASP Lab" is a lab of that name, not an organisation with that acronym.
                alone = [w for w in tokens(parts[found.segment]) if not w.isdigit()] == found.key.split()
                if alone and in_capitals:
                    allowed.append(entry)
            elif whole or entry.rule in ("official", "phrase"):
                allowed.append(entry)
        return tuple(allowed)

    def _han_candidates(self, parts: list[str], start: int) -> Iterator[Candidate]:
        for number, part in enumerate(parts):
            if not has_han(part):
                continue
            for run in _HAN_RUN.findall(simplified(part)):
                found = self._longest_han(run)
                if found:
                    yield Candidate(start, start, number, *found)

    def _longest_han(self, run: str) -> tuple[str, tuple[Entry, ...]] | None:
        """The longest known Chinese name a run of characters begins with, after a place name if there is one."""
        whole = self.index.without_han_form(run)
        if whole in self.index.han:
            return whole, self.index.han[whole]
        starts = [0] + [
            n for n in (2, 3) if self.gazetteer.is_place(run[:n]) or self.gazetteer.is_place(run[:n] + "市")
        ]
        for start in starts:
            rest = run[start:].removeprefix("市").removeprefix("省")
            for length in range(len(rest), 1, -1):
                name, tail = rest[:length], rest[length:]
                entries = tuple(e for e in self.index.han.get(name, ()) if e.rule == "phrase")
                if entries and (_ends_well(name, tail) or _is_distinctive(name, entries)):
                    return name, entries
        return None

    # -- one meaning for each name ---------------------------------------------------------------------

    def _settle(self, trace: Trace) -> None:
        """Choose a meaning for each candidate; first the clear ones, then those that need a parent named beside."""
        for _ in range(2):
            named = {e.organisation for c in trace.candidates for e in c.chosen}
            for candidate in trace.candidates:
                if not candidate.chosen:
                    self._choose(candidate, trace, named)
        # Two or three letters beside another organisation are its abbreviation or a street, not HP or BP; and
        # a city beside one ("NEC Laboratories, Princeton") is where it is, not the university.
        if len({e.organisation for c in trace.candidates for e in c.chosen}) > 1:
            for candidate in trace.candidates:
                short = len(candidate.key) <= 3 or self.gazetteer.is_place(candidate.key)
                if short and candidate.entries[0].rule == "segment":
                    candidate.chosen = ()

    def _choose(self, candidate: Candidate, trace: Trace, named: set[str]) -> None:
        entries = candidate.entries
        sure = {e.organisation for e in entries if e.sure}
        if len(sure) > 1:
            candidate.chosen, candidate.rule = tuple(_first_of_each(e for e in entries if e.sure)), "registry"
            return
        several = len({e.organisation for e in entries}) > 1
        weak = not sure and candidate.key in self.index.weak
        under = [e for e in entries if self.ancestors.get(e.organisation, frozenset()) & named]
        if under and (weak or several):
            self._accept(candidate, under, "name, settled by parent", trace)
            return
        if weak:
            entries = self._supported(candidate, trace)
        if len({e.organisation for e in entries}) == 1:
            self._accept(candidate, list(entries), "name, settled by country" if weak else "", trace)
            return
        for rule, kept in self._clues(entries, candidate, trace):
            if len({e.organisation for e in kept}) == 1:
                self._accept(candidate, kept, rule, trace)
                return
            if kept:
                entries = tuple(kept)

    def _supported(self, candidate: Candidate, trace: Trace) -> tuple[Entry, ...]:
        """Meanings of a name of common words that the text supports: by its country, or, where the name is the
        whole text, by being an organisation's official name."""
        countries = {p.country for p in trace.places}
        if countries:
            return tuple(e for e in candidate.entries if self._country(e) in countries)
        whole = len(trace.segments) == 1 and " ".join(tokens(trace.segments[0])) == candidate.key
        return tuple(e for e in candidate.entries if whole and e.rule == "official")

    def _clues(
        self, entries: tuple[Entry, ...], candidate: Candidate, trace: Trace
    ) -> Iterator[tuple[str, list[Entry]]]:
        """Ways to settle a name with several meanings, the surest first, each with the meanings it leaves."""
        countries = {p.country for p in trace.places}
        if countries:
            entries = tuple(e for e in entries if self._country(e) in countries) or entries
            yield "name, settled by country", list(entries)
        yield "registry", [e for e in entries if e.sure]
        yield "name, settled by official name", [e for e in entries if e.rule == "official"]
        said = set(tokens(trace.repaired))
        in_city = [e for e in entries if (city := self.facts[e.organisation].city) and set(tokens(city)) <= said]
        yield "name, settled by city", in_city
        if candidate.entries[0].rule != "acronym" and not countries:
            yield (
                "name, settled by kind",
                [e for e in entries if self.facts[e.organisation].kind == "education"],
            )

    def _country(self, entry: Entry) -> str | None:
        return entry.country or self.facts[entry.organisation].country

    def _accept(self, candidate: Candidate, entries: list[Entry], rule: str, trace: Trace) -> None:
        """Fix the meaning, unless the text names a country in which the organisation is not."""
        entry = next((e for e in entries if e.sure), entries[0])
        if not rule:
            rule = "registry" if entry.sure else "acronym" if entry.rule == "acronym" else "name"
        place = self._place_near(candidate, trace)
        # A company of the registry works anywhere; one that only ROR knows is where ROR says.
        company = not entry.organisation.startswith("ror:")
        if not place and self.facts[entry.organisation].kind == "company":
            place = country_of(trace.places)
        if place and not company and not entry.sure and place.country != self._country(entry):
            # An institute of the same name elsewhere: right one time in five when accepted.
            if place.kind in ("country", "region") or rule != "name" or len(candidate.key.split()) < 3:
                return
            rule = "name, other country in text"
        candidate.chosen, candidate.rule = (entry,), rule

    def _place_near(self, candidate: Candidate, trace: Trace, settled: bool = False) -> Place | None:
        """The place that follows the name, before the next (settled) name; else the place of the whole string."""
        following = [p for p in trace.places if p.segment >= candidate.segment]
        later = [c for c in trace.candidates if c.segment > candidate.segment and c.end > c.start]
        next_name = min((c.segment for c in later if c.chosen or not settled), default=None)
        near = [p for p in following if next_name is None or p.segment < next_name]
        return country_of(near) or (country_of(trace.places) if next_name is None else None)

    def _place_within(self, candidate: Candidate, trace: Trace) -> Place | None:
        """A country right behind the name in its own segment: "SenseTime Japan Ltd"."""
        words = tokens(trace.segments[candidate.segment])
        key = candidate.key.split()
        for start in range(len(words) - len(key)):
            if words[start : start + len(key)] == key:
                return self.gazetteer.country(words[start + len(key)], candidate.segment)
        return None

    # -- the answer ------------------------------------------------------------------------------------

    def _matches(self, trace: Trace) -> list[Match]:
        chosen = [c for c in trace.candidates if c.chosen]
        named = {e.organisation for c in chosen for e in c.chosen}
        above = {a for o in named for a in self.ancestors.get(o, frozenset())}
        found: dict[tuple[str, str | None], Match] = {}
        for candidate in chosen:
            for entry in candidate.chosen:
                match = self._match(candidate, entry, trace, above)
                key = (entry.organisation, match.country)
                if key not in found or match.probability > found[key].probability:
                    found[key] = match
        if found:
            return _one_place_each(found.values())
        place = country_of(trace.places)
        if place:
            return [Match(None, None, place.country, PROBABILITY["place only"], f"place: {place.words}")]
        return self._place_of_unsettled(trace)

    def _place_of_unsettled(self, trace: Trace) -> list[Match]:
        """The country in which all meanings of a name lie, though which of them is meant is not known."""
        for candidate in trace.candidates:
            countries = {self._country(e) for e in candidate.entries if candidate.key not in self.index.weak}
            if len(countries) == 1 and None not in countries:
                evidence = f"place of every meaning: {candidate.key}"
                return [Match(None, None, countries.pop(), PROBABILITY["place of every meaning"], evidence)]
        return []

    def _match(self, candidate: Candidate, entry: Entry, trace: Trace, above: set[str]) -> Match:
        facts = self.facts[entry.organisation]
        country, ror, where = self._country(entry), entry.ror, ""
        if facts.kind == "company":
            country, where = self._workplace(candidate, entry, trace)
        if entry.organisation in self.records:
            records = self.records[entry.organisation]
            ror = records.get(country) or records.get(facts.country) or min(records.values())
        return Match(
            entry.organisation,
            ror,
            country,
            PROBABILITY[candidate.rule],
            f"{candidate.rule}: {candidate.key}{where}",
            entry.organisation in above,
        )

    def _workplace(self, candidate: Candidate, entry: Entry, trace: Trace) -> tuple[str | None, str]:
        """Where a company's work is done: the place in the text, the lab's own, else its headquarters."""
        place = self._place_within(candidate, trace) or self._place_near(candidate, trace, settled=True)
        if place:
            return place.country, f"; place: {place.words}"
        if entry.sure and entry.country:
            return entry.country, "; place: of the lab"
        return self.facts[entry.organisation].country, "; place: headquarters"


def _ends_well(name: str, tail: str) -> bool:
    """Whether what follows a Chinese name leaves it that name."""
    return bool(_HAN_TAIL.match(tail)) or name.endswith(("大学", "学院", "研究所", "研究院", "公司"))


def _is_distinctive(name: str, entries: tuple[Entry, ...]) -> bool:
    """Whether a Chinese name is a hand-kept one long enough to be no part of another word."""
    return len(name) >= _DISTINCTIVE and all(e.sure for e in entries)


def _stands_whole(owners: list[int], start: int, end: int) -> bool:
    """Whether words lie in one segment, or make up whole ones ("University of California | San Diego")."""
    if owners[start] == owners[end - 1]:
        return True
    return (start == 0 or owners[start - 1] != owners[start]) and (end == len(owners) or owners[end] != owners[end - 1])


def _first_of_each(entries: Iterable[Entry]) -> Iterable[Entry]:
    """The first entry of each organisation."""
    return {e.organisation: e for e in reversed(list(entries))}.values()


def _one_place_each(matches: Iterable[Match]) -> list[Match]:
    """One row per organisation and country; a place taken from headquarters gives way to one in the text."""
    rows = list(matches)
    stated = {m.organisation for m in rows if "headquarters" not in m.evidence}
    return [m for m in rows if "headquarters" not in m.evidence or m.organisation not in stated]


def explain(matcher: Matcher, raw: str) -> Trace:
    """Every step of the decision on one string."""
    return matcher.trace(raw)
