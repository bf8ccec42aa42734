"""Says which organisations raw affiliation strings name, how probably, and why.

The way of a string: repair → parts → places → names in it (exact anywhere, similar ones of whole parts) → features of
each organisation it may name → two stages of trees, the second of which sees what the first thinks of the others →
decision. The hand-kept registry always wins over the trees, and no match is an answer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from macaw.organisations.candidates import Parser, Strings, Text
from macaw.organisations.decision import Decided, decided
from macaw.organisations.features import Rows, relations, rows
from macaw.organisations.forest import Model, shipped
from macaw.organisations.han import HanNames
from macaw.organisations.lexicon import (
    RULES,
    SHORT,
    Entry,
    Facts,
    Floats,
    LegalForms,
    Lexicon,
    NameRow,
    compiled,
    is_listed,
)
from macaw.organisations.names import bare_name, has_han, tokens
from macaw.organisations.places import Gazetteer, Place, country_of

# Probability that a match is right where no trees are asked, judged by reading (docs/quality.md).
JUDGED = {"registry": 0.97, "name in full": 0.90, "Chinese name": 0.90}
PLACE_ONLY = 0.95
PLACE_OF_EVERY_MEANING = 0.90
_AT_ONCE = 4000
# Words around a name that add nothing: "Toyota Research Lab" is Toyota.
_AROUND = frozenset("research laboratory group team ai inc company technology science global".split())
_INITIALS = 3
_LATIN = re.compile(r"[A-Za-z]+")
_SMALL = frozenset("a an and at for in of on the".split())
# Weight a name must have for its country to be told where its meanings are not.
_TELLING_OF_PLACE = 10.0
_NO_ORGANISATION = re.compile(
    r"^\W*(independent( researcher| scholar| consultant)?|unaffiliated|unknown|n/?a|none|null|no affiliation|"
    r"(paper )?under (double[- ]blind )?review|anonymous|anonymized|freelance\w*|self[- ]employed|"
    r"researcher|student|\d+)\W*$",
    re.IGNORECASE,
)
_NOTHING = Text("", [], [], [], None, frozenset(), False)


@dataclass(frozen=True, slots=True)
class Record:
    """A ROR record, with the words of its name; ROR has several of one company, one for each country or laboratory."""

    ror: str
    country: str
    words: frozenset[str]


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
class Candidate:
    """A name found in a string with one organisation it may mean, and what the trees say of it.

    `score` is what the choice goes by: 1 where the registry decides, 0 for what must not be chosen, as its likelihood
    is less than it needs.
    """

    key: str
    entry: Entry
    segment: int
    start: int
    end: int
    rule: str
    likelihood: float
    needs: float
    score: float


@dataclass
class Trace:
    """The steps of one decision, for `macaw explain`."""

    text: Text
    candidates: list[Candidate] = field(default_factory=list)
    chosen: list[Candidate] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)


class Matcher:
    """Matches raw strings against a lexicon of names. Deterministic; an answer depends on its own string alone."""

    def __init__(
        self,
        names: Iterable[NameRow],
        facts: Mapping[str, Facts],
        ancestors: Mapping[str, frozenset[str]],
        places: Iterable[tuple[str, str, str]],
        legal_forms: Iterable[str],
        model: Model | None = None,
    ) -> None:
        self.model = model or shipped()
        self.facts = facts
        self.ancestors = ancestors
        self.gazetteer = Gazetteer(places)
        self.forms = LegalForms(legal_forms)
        names = list(names)
        self.lexicon: Lexicon = compiled(names, facts, ancestors, self.gazetteer, self.forms, self.model.weights)
        self.parser = Parser(self.lexicon, self.gazetteer)
        self.han = HanNames(self.lexicon.han, self.forms, self.gazetteer)
        self.records = _records(names)

    def match(self, raw: str) -> list[Match]:
        """The organisations a string names, in the order of the string; empty if none and no place is known."""
        return self.trace(raw).matches

    def match_many(self, raws: Sequence[str]) -> Iterator[list[Match]]:
        """The same for many strings, much faster."""
        for first in range(0, len(raws), _AT_ONCE):
            for trace in self._traces(raws[first : first + _AT_ONCE]):
                yield trace.matches

    def trace(self, raw: str) -> Trace:
        """The same with every step kept."""
        return next(self._traces([raw]))

    def _traces(self, raws: Sequence[str]) -> Iterator[Trace]:
        texts = self.parsed(raws)
        of = rows(self.lexicon, Strings.of(self.lexicon, texts))
        first = self.model.first.likelihood(of.matrix)
        second = self.model.second.likelihood(np.column_stack([of.matrix, relations(self.lexicon, of, first)]))
        return self.traces(texts, of, second)

    def parsed(self, raws: Sequence[str]) -> list[Text]:
        """The strings taken apart; one that says there is no organisation has no parts."""
        texts = [self.parser.parse(raw) for raw in raws]
        return [_NOTHING if _NO_ORGANISATION.match(t.repaired) else t for t in texts]

    def traces(self, texts: Sequence[Text], of: Rows, likelihood: Floats) -> Iterator[Trace]:
        """The decision on each text, from its candidates and how likely the trees hold them."""
        choice = decided(self.lexicon, texts, of, likelihood)
        bounds, is_open = np.searchsorted(of.text, np.arange(len(texts) + 1)), choice.is_open
        for text, first, last in zip(texts, bounds, bounds[1:], strict=False):
            trace = Trace(text)
            for row in (np.flatnonzero(is_open[first:last]) + first).tolist():
                trace.candidates.append(self._candidate(text, of, choice, row))
            trace.candidates += self._han_candidates(text)
            self._choose(trace)
            trace.matches = self._matches(trace)
            yield trace

    # -- candidates ----------------------------------------------------------------------------------------

    def _candidate(self, text: Text, of: Rows, choice: Decided, row: int) -> Candidate:
        lexicon, segment, e = self.lexicon, int(of.segment[row]), int(of.entry[row])
        key = lexicon.keys[int(np.searchsorted(lexicon.meaning, e, side="right")) - 1]
        entry = Entry(
            lexicon.organisations[int(of.organisation[row])],
            lexicon.entry_ror[e],
            lexicon.entry_country[e],
            RULES[int(lexicon.entry_rule[e])],
            bool(lexicon.entry_sure[e]),
        )
        rule, score = choice.rule(row), float(choice.score[row])
        if (
            rule == "registry"
            and entry.rule == "segment"
            and not self._is_whole(text, segment, key, entry.organisation)
        ):
            # A company's hand-kept name is none where the registry does not let it match; of an institution's the
            # trees may think otherwise.
            rule = rule if is_listed(entry.organisation) else "name"
            unlike = rule == "registry" or choice.likelihood[row] < choice.least[row]
            score = 0.0 if unlike else float(choice.likelihood[row])
        likelihood, needs = float(choice.likelihood[row]), float(choice.least[row])
        return Candidate(key, entry, segment, int(of.start[row]), int(of.end[row]), rule, likelihood, needs, score)

    def _is_whole(self, text: Text, segment: int, key: str, organisation: str) -> bool:
        """Whether a name is all of its part, but for legal forms and words like "research" or "lab" around it."""
        # "Orange, CA" is a city and no company; "Stanford, CA" may be the university all the same.
        if is_listed(organisation):
            following = [p.words for p in text.places if p.segment == segment + 1]
            is_city = self.gazetteer.is_place(key) and bool(following)
            if is_city or any(words.startswith(key + " ") for words in following):
                return False
        words = text.words[segment]
        # "BP 37203" is a letter box.
        if len(key) <= _INITIALS and any(w.isdigit() for w in words):
            return False
        return self._core(words) == self._core(key.split())

    def _core(self, words: list[str]) -> list[str]:
        words = self.forms.cut([w for w in words if not w.isdigit()] or words)
        while len(words) > 1 and words[-1] in _AROUND:
            words = words[:-1]
        return words

    def _han_candidates(self, text: Text) -> Iterator[Candidate]:
        position = 0
        for segment, part in enumerate(text.parts):
            if has_han(part):
                for key, entry in self.han.find(part):
                    position -= 1
                    rule = "registry" if entry.sure else "Chinese name"
                    yield Candidate(key, entry, segment, position, position, rule, 1.0, 0.0, 1.0)

    # -- decision ------------------------------------------------------------------------------------------

    def _choose(self, trace: Trace) -> None:
        """First what the registry decides, then the likeliest names that do not overlap one chosen."""
        chosen: list[Candidate] = []
        for c in sorted(trace.candidates, key=lambda c: (-c.score, c.start, c.entry.organisation)):
            by_hand = c.rule == "registry"
            if c.score > 0 and (by_hand or all(c.end <= o.start or c.start >= o.end for o in chosen)):
                chosen.append(c)
        chosen = [c for c in chosen if not _stands_for_words(c, trace.text)]
        if len({c.entry.organisation for c in chosen}) > 1:
            chosen = [c for c in chosen if not self._is_beside(c)]
        trace.chosen = sorted(chosen, key=lambda c: (c.segment, -c.start if c.start < 0 else c.start))

    def _is_beside(self, c: Candidate) -> bool:
        """Whether a name means something else beside another organisation.

        Two or three letters are its abbreviation or a street, not HP or BP; a city ("NEC Laboratories, Princeton") is
        where it is, not the university.
        """
        short = len(c.key) <= _INITIALS and c.key.isascii() and self.facts[c.entry.organisation].kind == "company"
        return c.entry.rule == "segment" and (short or self.gazetteer.is_place(c.key))

    # -- the answer ----------------------------------------------------------------------------------------

    def _matches(self, trace: Trace) -> list[Match]:
        named = {c.entry.organisation for c in trace.chosen}
        above = {a for o in named for a in self.ancestors.get(o, frozenset())}
        found: dict[tuple[str, str | None], Match] = {}
        for candidate in trace.chosen:
            match = self._match(candidate, trace, above)
            key = (candidate.entry.organisation, match.country)
            if key not in found or match.probability > found[key].probability:
                found[key] = match
        if found:
            return _one_place_each(found.values())
        place = trace.text.place
        if place:
            return [Match(None, None, place.country, PLACE_ONLY, f"place: {place.words}")]
        return self._place_of_unsettled(trace)

    def _place_of_unsettled(self, trace: Trace) -> list[Match]:
        """The country in which all meanings of a name lie, though which of them is meant is not known."""
        for c in trace.candidates:
            numbers = [self.lexicon.words.get(w, 0) for w in c.key.split()]
            if c.rule == "name" and len(numbers) > 1 and self.lexicon.weight[numbers].sum() >= _TELLING_OF_PLACE:
                meanings = [o.entry for o in trace.candidates if o.key == c.key]
                countries = {self._country(entry) for entry in meanings}
                if len(meanings) > 1 and len(countries) == 1 and None not in countries:
                    evidence = f"place of every meaning: {c.key}"
                    return [Match(None, None, countries.pop(), PLACE_OF_EVERY_MEANING, evidence)]
        return []

    def _country(self, entry: Entry) -> str | None:
        return self.facts[entry.organisation].country or entry.country

    def _match(self, candidate: Candidate, trace: Trace, above: set[str]) -> Match:
        entry = candidate.entry
        facts = self.facts[entry.organisation]
        country, ror, where = self._country(entry), entry.ror, ""
        if facts.kind == "company":
            country, where = self._workplace(candidate, trace)
        if entry.organisation in self.records:
            ror = self._record(entry.organisation, country, trace.text)
        elif not is_listed(entry.organisation):
            ror = entry.organisation.removeprefix("ror:")
        return Match(
            entry.organisation,
            ror,
            country,
            self._probability(candidate),
            f"{candidate.rule}: {candidate.key}{where}",
            entry.organisation in above,
        )

    def _record(self, organisation: str, country: str | None, text: Text) -> str:
        """The record of the country, of several the one that most words of the text name; else that of headquarters."""
        records = self.records[organisation]
        if len(records) == 1:
            return records[0].ror
        said, home = {w for words in text.words for w in words}, self.facts[organisation].country
        return max(
            records, key=lambda r: (r.country == country, len(r.words) if r.words <= said else 0, r.country == home)
        ).ror

    def _probability(self, candidate: Candidate) -> float:
        if candidate.rule in JUDGED:
            return JUDGED[candidate.rule]
        return round(self.model.calibrated(candidate.likelihood), 3)

    def _workplace(self, candidate: Candidate, trace: Trace) -> tuple[str | None, str]:
        """Where a company's work is done: the place in the text, the lab's own, else its headquarters."""
        entry = candidate.entry
        place = self._place_within(candidate, trace) or self._place_near(candidate, trace)
        if place:
            return place.country, f"; place: {place.words}"
        if entry.sure and entry.country:
            return entry.country, "; place: of the lab"
        return self.facts[entry.organisation].country, "; place: headquarters"

    def _place_near(self, candidate: Candidate, trace: Trace) -> Place | None:
        """The place that follows the name, before the next chosen name; else the place of the whole string."""
        places = trace.text.places
        next_name = min((c.segment for c in trace.chosen if c.segment > candidate.segment), default=None)
        near = [p for p in places if p.segment >= candidate.segment and (next_name is None or p.segment < next_name)]
        return country_of(near) or (country_of(places) if next_name is None else None)

    def _place_within(self, candidate: Candidate, trace: Trace) -> Place | None:
        """A country right behind the name in its own part: "SenseTime Japan Ltd"."""
        words = trace.text.words[candidate.segment]
        key = candidate.key.split()
        for start in range(len(words) - len(key)):
            if words[start : start + len(key)] == key:
                return self.gazetteer.country(words[start + len(key)], candidate.segment)
        return None


def _stands_for_words(c: Candidate, text: Text) -> bool:
    """Whether a short name abbreviates the words before it: "Centre for Autonomous Systems (CAS)" is no academy."""
    if not c.segment or not c.key.isalpha() or len(c.key) > SHORT or c.start < 0:
        return False
    words = [w for w in _LATIN.findall(text.parts[c.segment - 1]) if w.casefold() not in _SMALL]
    return len(words) >= len(c.key) and "".join(w[0] for w in words).casefold().endswith(c.key)


def _records(names: Iterable[NameRow]) -> dict[str, list[Record]]:
    """The ROR records of each listed company; those named for it alone, "Google (Japan)", stand first."""
    official = sorted(
        (not name.endswith(")"), len(name), ror, organisation, name, country or "")
        for organisation, name, rule, country, ror, _ in names
        if ror and rule == "official" and is_listed(organisation)
    )
    records: dict[str, list[Record]] = defaultdict(list)
    for *_, ror, organisation, name, country in official:
        records[organisation].append(Record(ror, country, frozenset(tokens(bare_name(name)))))
    return dict(records)


def _one_place_each(matches: Iterable[Match]) -> list[Match]:
    """One row per organisation and country; a place taken from headquarters gives way to one in the text."""
    kept = list(matches)
    stated = {m.organisation for m in kept if "headquarters" not in m.evidence}
    return [m for m in kept if "headquarters" not in m.evidence or m.organisation not in stated]
