"""What speaks for and against each candidate, as numbers: a row per text and organisation it may name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from macaw.organisations.candidates import Spans, Strings, Text, in_text, spans, spread
from macaw.organisations.lexicon import KINDS, RULES, TELLING, Flags, Floats, Hashes, Ints, Lexicon, found
from macaw.organisations.places import country_of

# Kinds whose best rival in the same text is a feature of its own.
_RIVALS = ("education", "facility", "healthcare", "government")
# No more rows than this are kept of one text, the likeliest by plain reckoning.
_MOST_ROWS = 24


@dataclass(slots=True)
class Rows:
    """Candidates: text `text` may name organisation `organisation` by entry `entry` of the name at `start:end`."""

    text: Ints
    organisation: Ints
    entry: Ints
    start: Ints
    end: Ints
    is_covered: Flags
    is_similar: Flags
    is_whole: Flags
    # Whether a name is all of its part but for numbers and company forms.
    is_alone: Flags
    # Which part of its text a name stands in.
    segment: Ints
    matrix: Floats

    def __len__(self) -> int:
        return len(self.text)

    def column(self, name: str) -> Floats:
        """One feature of all rows."""
        return self.matrix[:, NAMES.index(name)]


def rows(lexicon: Lexicon, strings: Strings) -> Rows:
    """All candidates of all texts with their features (columns: `NAMES`), ordered by text."""
    found_spans, sequences = spans(lexicon, strings)
    span, entry = _best_of_each(lexicon, strings, found_spans)
    return _Features(lexicon, strings, found_spans, sequences, span, entry).rows()


def _best_of_each(lexicon: Lexicon, strings: Strings, of: Spans) -> tuple[Ints, Ints]:
    """For each text and organisation its best span and entry: exact before similar, long before short.

    Names of few meanings come before those of many: there are forty Ministries of Education.
    """
    span, offset = spread(np.diff(lexicon.meaning)[of.key])
    entry = lexicon.meaning[of.key[span]] + offset
    organisation, text = lexicon.entry_organisation[entry], strings.text[of.start[span]]
    worth = np.where(of.is_similar, 90 * of.of_name * np.sqrt(np.maximum(of.of_part, 0)), 100.0 + of.end - of.start)[
        span
    ]
    worth = worth - 0.2 * np.diff(lexicon.meaning)[of.key[span]]
    worth = worth + 0.1 * lexicon.entry_rule[entry] - 20 * of.is_covered[span]
    by_hand = _stands_by_hand(lexicon, strings, of, span, entry)
    worth = worth + np.where(by_hand, np.where(lexicon.is_listed[organisation], 50, 1), 0)
    order = np.lexsort((entry, -worth, organisation, text))
    first = np.ones(len(order), bool)
    first[1:] = (organisation[order][1:] != organisation[order][:-1]) | (text[order][1:] != text[order][:-1])
    kept = order[first]
    order = kept[np.lexsort((entry[kept], -worth[kept], text[kept]))]
    place = np.arange(len(order)) - np.searchsorted(text[order], text[order])
    kept = np.sort(order[place < _MOST_ROWS])
    kept = kept[np.argsort(text[kept], kind="stable")]
    return span[kept], entry[kept]


def _stands_by_hand(lexicon: Lexicon, strings: Strings, of: Spans, span: Ints, entry: Ints) -> Flags:
    """Whether a hand-kept name may match where it stands: one that must be a whole part does not stand elsewhere."""
    whole = strings.is_whole(of.start[span], of.end[span])
    exact = ~of.is_similar[span] & ~of.is_covered[span]
    return np.asarray(
        lexicon.entry_sure[entry] & exact & (whole | (lexicon.entry_rule[entry] >= RULES.index("phrase")))
    )


class _Features:
    def __init__(
        self, lexicon: Lexicon, strings: Strings, of: Spans, sequences: Hashes, span: Ints, entry: Ints
    ) -> None:
        self.lexicon, self.strings, self.entry = lexicon, strings, entry
        self.spans = of.take(span)
        self.sequences = sequences
        self.organisation = lexicon.entry_organisation[entry]
        self.text = strings.text[self.spans.start]
        self.count = len(strings.texts)
        total = strings.total
        exact = total[self.spans.end] - total[self.spans.start]
        self.held = np.where(self.spans.is_similar, self.spans.of_name * lexicon.key_weight[self.spans.key], exact)
        self.part = strings.part[self.spans.end - 1]
        self.first_part = strings.part[np.searchsorted(strings.text, self.text)] if len(span) else self.part
        self.is_maximal = ~self.spans.is_covered & ~self.spans.is_similar

    def _of_texts(self, measure: Callable[[Text], int]) -> Ints:
        return np.array([measure(t) for t in self.strings.texts], np.int64)[self.text]

    def rows(self) -> Rows:
        s = self.spans
        is_whole = self.strings.is_whole(s.start, s.end)
        columns = [*self._of_name(is_whole), *self._of_place(), *self._of_organisation(), *self._of_rivals()]
        matrix = np.column_stack([np.asarray(c, float) for c in columns]) if len(s) else np.zeros((0, len(NAMES)))
        segment = self.strings.segment[self.strings.part[s.start]]
        first_core, last_core = self.strings.core(self.lexicon)
        is_alone = (s.start <= first_core[self.strings.part[s.start]]) & (s.end > last_core[self.part])
        return Rows(
            self.text,
            self.organisation,
            self.entry,
            s.start,
            s.end,
            s.is_covered,
            s.is_similar,
            is_whole,
            is_alone,
            segment,
            matrix,
        )

    def _of_name(self, is_whole: Flags) -> list[Floats | Ints | Flags]:
        s, lexicon, strings = self.spans, self.lexicon, self.strings
        total = strings.total
        part_weight = total[strings.part_end[self.part]] - total[strings.part_start[strings.part[s.start]]]
        ends = np.searchsorted(strings.text, self.text, side="right")
        text_weight = total[ends] - total[np.searchsorted(strings.text, self.text)]
        parts = self._of_texts(lambda t: len(t.parts))
        place = self.part - self.first_part
        return [
            s.end - s.start,
            self.held,
            self.held / np.maximum(part_weight, 1e-9),
            self.held / np.maximum(text_weight, 1e-9),
            part_weight,
            is_whole,
            place,
            parts - place,
            parts,
            self._of_texts(lambda t: sum(map(len, t.words))),
            np.diff(lexicon.meaning)[s.key],
            lexicon.entry_rule[self.entry],
            lexicon.entry_sure[self.entry],
            s.is_covered,
            s.is_similar,
            s.of_name,
            s.of_part,
            s.shared,
            s.rank,
            s.lead,
            lexicon.key_weight[s.key] * (1 - s.of_name),
            s.start - strings.part_start[strings.part[s.start]],
            strings.part_end[self.part] - s.end,
            strings.in_capitals[s.start] & (s.end - s.start == 1),
            self._of_texts(lambda t: t.in_capitals),
            self._place_follows(),
        ]

    def _place_follows(self) -> Flags:
        """Whether the next part of the same text is a place."""
        strings = self.strings
        following = np.minimum(self.part + 1, len(strings.is_place) - 1)
        same = (following > self.part) & (strings.text[strings.part_start[following]] == self.text)
        return np.asarray(same & strings.is_place[following])

    def _of_place(self) -> list[Floats | Ints | Flags]:
        lexicon = self.lexicon
        code = lexicon.countries
        stated, is_near = self._stated()
        size = len(lexicon.countries)
        named = np.unique(
            np.array(
                [i * size + code.get(p.country, 0) for i, t in enumerate(self.strings.texts) for p in t.places],
                np.int64,
            )
        )
        own, said = lexicon.country[self.organisation], np.array([code.get(c, 0) for c in stated], np.int64)
        anywhere = found(named, self.text * size + own)
        country = np.where(said == 0, 0, np.where(own == said, 2, np.where(anywhere & ~is_near, 1, -1)))
        city = lexicon.city[self.organisation]
        in_city = np.where(city == 0, -1, found(self.sequences, in_text(city, self.text)))
        group = np.unique(self.spans.start * (1 << 20) + self.spans.key, return_inverse=True)[1]
        return [
            country,
            in_city,
            own == 0,
            lexicon.country_letters[own],
            np.bincount(group, weights=country > 0)[group] if len(group) else country,
            np.bincount(group, weights=in_city > 0)[group] if len(group) else country,
        ]

    def _stated(self) -> tuple[list[str], Flags]:
        """The country the text states for each row, and whether it is one of several: that behind the name itself.

        Of several countries it is that of the places between the name and the next one, if there are such.
        """
        is_near = np.zeros(len(self.text), bool)
        texts, number, part = self.strings.texts, self.text.tolist(), self.strings.segment[self.part]
        stated = [texts[t].place.country if texts[t].place else "" for t in number]
        several = {t for t in set(number) if len({p.country for p in texts[t].places}) > 1}
        names: dict[int, list[int]] = defaultdict(list)
        for row in np.flatnonzero(self.is_maximal & (self.held >= TELLING)).tolist():
            if number[row] in several:
                names[number[row]].append(int(part[row]))
        for row, text in enumerate(number):
            if text in several:
                here = int(part[row])
                following = min((p for p in names[text] if p > here), default=len(texts[text].parts))
                near = country_of([p for p in texts[text].places if here <= p.segment < following])
                if near:
                    stated[row], is_near[row] = near.country, True
        return stated, is_near

    def _of_organisation(self) -> list[Floats | Ints | Flags]:
        lexicon, organisation = self.lexicon, self.organisation
        return [
            lexicon.kind[organisation],
            np.log1p(lexicon.children[organisation]),
            lexicon.parents[organisation],
            lexicon.names[organisation],
        ]

    def _of_rivals(self) -> list[Floats | Ints | Flags]:
        """What else the text may name."""
        text, held, s = self.text, self.held, self.spans
        best = self._best(held, np.ones(len(text), bool))
        maximal = np.bincount(text[self.is_maximal], minlength=self.count)
        order = np.cumsum(self.is_maximal) - 1
        start = np.searchsorted(text, text)
        before = order - np.where(start > 0, np.concatenate([[0], np.cumsum(self.is_maximal)])[start], 0)
        likeness = s.of_name * np.sqrt(np.abs(s.of_part))
        kind = self.lexicon.kind[self.organisation]
        return [
            best[text] - held,
            maximal[text],
            np.where(self.is_maximal, before, -1),
            self._best(likeness, s.is_similar)[text],
            self._best(held, ~s.is_similar)[text],
            *(self._best(held, kind == KINDS.index(k))[text] for k in _RIVALS),
        ]

    def _best(self, value: Floats, among: Flags) -> Floats:
        """The highest value in each text among some rows; 0 where there are none."""
        best = np.zeros(self.count)
        np.maximum.at(best, self.text[among], value[among])
        return best


NAMES = (
    "words weight weight_of_part weight_of_text part_weight is_whole part part_from_end parts text_words meanings rule"
    " is_sure is_covered is_similar of_name of_part shared rank lead name_left words_before words_after is_capital"
    " text_in_capitals place_follows country city no_country country_letters rivals_in_country rivals_in_city kind"
    " children parents names"
    " behind_best maximal_names place_among_names best_likeness best_exact best_education best_facility best_healthcare"
    " best_government"
).split()


def beside(of: Rows, some: Ints) -> tuple[Ints, Ints]:
    """Pairs of each of some rows with every other row of its text."""
    first, last = (np.searchsorted(of.text, of.text[some], side=side) for side in ("left", "right"))
    which, offset = spread(last - first)
    one, other = some[which], first[which] + offset
    apart = one != other
    return one[apart], other[apart]


def relations(lexicon: Lexicon, of: Rows, likelihood: Floats) -> Floats:
    """Features of the second stage: how likely the first stage holds each row, and the rows beside it.

    Columns: own likelihood, its rank, the best other one, the sum of the others, the best among rows of the same
    name, their sum, the best above and the best below in ROR's relations, the best overlapping one, the best one
    elsewhere in the text, the best one to the left.
    """
    p = likelihood
    one, other = beside(of, np.arange(len(of)))
    overlap = (of.start[one] < of.end[other]) & (of.end[one] > of.start[other])
    a, b = of.organisation[one], of.organisation[other]
    same = (of.start[one] == of.start[other]) & (of.end[one] == of.end[other])

    def best(among: Flags) -> Floats:
        value = np.zeros(len(p))
        np.maximum.at(value, one[among], p[other[among]])
        return value

    def total(among: Flags) -> Floats:
        return np.bincount(one[among], weights=p[other[among]], minlength=len(p)).astype(np.float64)

    everywhere = np.ones(len(one), bool)
    rank = np.bincount(one, weights=(p[other] > p[one]) | ((p[other] == p[one]) & (other < one)), minlength=len(p))
    return np.column_stack(
        [
            p,
            rank,
            best(everywhere),
            total(everywhere),
            np.maximum(best(same), p),
            total(same) + p,
            best(lexicon.has_above(a, b)),
            best(lexicon.has_above(b, a)),
            best(overlap),
            best(~overlap),
            best(of.end[other] <= of.start[one]),
        ]
    )
