"""Which organisations each of many raw strings may name: exact names anywhere, similar names of whole parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from macaw.organisations.lexicon import Flags, Floats, Hashes, Ints, Lexicon, distinct, extend, found
from macaw.organisations.names import fold, repair, segments, tokens, unglued
from macaw.organisations.places import Gazetteer, Place, country_of

_CAPITALS = re.compile(r"[A-Z][A-Z0-9]+")
_INNER_CAPITAL = re.compile(r"[a-z][A-Z]|[A-Z]{3}[a-z]{3}")
_LETTERS = re.compile(r"[^\W\d_]+")
# A part counts as explained when an exact name of two words or more holds this much of its weight.
_EXPLAINED = 0.75
# A word in more names than this starts no search for similar names, and only the rarest words of a part start one.
_FREQUENT = 200
_STARTS = 2
_SIMILAR = 6
_SHORTEST_MISSPELT = 6
_LONGEST_MISSPELT = 30
# Words remembered with their correction.
_REMEMBERED = 1_000_000
# The longest word sequence that can be an organisation's city.
_CITY_WORDS = 4


@dataclass(slots=True)
class Text:
    """One raw string, taken apart."""

    repaired: str
    parts: list[str]
    words: list[list[str]]
    places: list[Place]
    place: Place | None
    capitals: frozenset[str]
    in_capitals: bool


class Parser:
    """Takes raw strings apart with the words of a lexicon in mind."""

    def __init__(self, lexicon: Lexicon, gazetteer: Gazetteer) -> None:
        self._known = lexicon.words
        self._gazetteer = gazetteer
        self._deletions = _deletions(lexicon)
        self._corrected: dict[str, str] = {}

    def parse(self, raw: str) -> Text:
        """Repaired text, its parts between separators, their folded words, and the places they name."""
        repaired = repair(raw)
        if _INNER_CAPITAL.search(repaired):
            repaired = _LETTERS.sub(self._unglued, repaired)
        parts = segments(repaired)
        words = [[self._word(w) for w in tokens(part)] for part in parts]
        places = self._gazetteer.locate(parts, words)
        return Text(
            repaired,
            parts,
            words,
            places,
            country_of(places),
            frozenset(w.casefold() for w in _CAPITALS.findall(repaired)),
            sum(map(str.isupper, repaired)) > 0.7 * sum(map(str.isalpha, repaired)),
        )

    def _unglued(self, found: re.Match[str]) -> str:
        word = found.group()
        return word if fold(word) in self._known else " ".join(unglued(word))

    def _word(self, word: str) -> str:
        """The word without a footnote digit stuck to it, or rightly spelt, if the word itself is unknown."""
        if word in self._known or word.isdigit():
            return word
        if not word.isalpha():
            bare = word.strip("0123456789")
            return bare if bare in self._known and bare.isalpha() else word
        if not _SHORTEST_MISSPELT <= len(word) <= _LONGEST_MISSPELT:
            return word
        if len(self._corrected) > _REMEMBERED:
            self._corrected.clear()
        if word not in self._corrected:
            self._corrected[word] = self._corrections(word)
        return self._corrected[word]

    def _corrections(self, word: str) -> str:
        for near in (word, *_without_one(word)):
            if near in self._deletions:
                return self._deletions[near]
        return word


def _without_one(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(1, len(word))]


def _deletions(lexicon: Lexicon) -> dict[str, str]:
    """Words of at least three names by themselves less one letter; of two such words the more frequent one.

    A word that is a name by itself is not among them: "Tennent" is not Tencent.
    """
    frequency, names = np.diff(lexicon.holder), set(lexicon.keys)
    common = [
        w
        for w, i in lexicon.words.items()
        if len(w) >= _SHORTEST_MISSPELT and w.isalpha() and frequency[i] > 2 and w not in names
    ]
    table: dict[str, str] = {}
    for word in sorted(common, key=lambda w: (frequency[lexicon.words[w]], w)):
        table[word] = word
        table.update(dict.fromkeys(_without_one(word), word))
    return table


@dataclass(slots=True)
class Strings:
    """Many texts as one row of words: for each word its number, its part, its text."""

    texts: Sequence[Text]
    word: Ints
    text: Ints
    part: Ints
    in_capitals: Flags
    # Bounds of the parts, and of the texts, in the row of words.
    part_start: Ints
    part_end: Ints
    # Whether a part is nothing but a place, nothing but a country, and which part of its text it is.
    is_place: Flags
    is_country: Flags
    segment: Ints
    total: Floats = field(default_factory=lambda: np.zeros(0))

    @classmethod
    def of(cls, lexicon: Lexicon, texts: Sequence[Text]) -> Strings:
        """The texts, as arrays."""
        word: list[int] = []
        text: list[int] = []
        part: list[int] = []
        capital: list[bool] = []
        places: list[bool] = []
        countries: list[bool] = []
        segments_: list[int] = []
        known = lexicon.words
        for number, t in enumerate(texts):
            whole = {
                p.segment: p.kind
                for p in t.places
                if len(p.words.split()) >= len([w for w in t.words[p.segment] if not w.isdigit()])
            }
            for segment, words in enumerate(t.words):
                if words:
                    word += [known.get(w, 0) for w in words]
                    text += [number] * len(words)
                    part += [len(places)] * len(words)
                    capital += [w in t.capitals for w in words]
                    places.append(segment in whole)
                    countries.append(whole.get(segment) == "country")
                    segments_.append(segment)
        parts = np.array(part, np.int64)
        bounds = np.searchsorted(parts, np.arange(len(places) + 1))
        made = cls(
            texts, np.array(word, np.int64), np.array(text, np.int64), parts, np.array(capital, bool),
            bounds[:-1], bounds[1:], np.array(places, bool), np.array(countries, bool), np.array(segments_, np.int64),
        )  # fmt: skip
        made.total = np.concatenate([[0.0], np.cumsum(lexicon.weight[made.word])])
        return made

    def is_whole(self, start: Ints, end: Ints) -> Flags:
        """Whether words `start:end` are whole parts: a name from the first word of one to the last of one."""
        return np.asarray((start == self.part_start[self.part[start]]) & (end == self.part_end[self.part[end - 1]]))

    def core(self, lexicon: Lexicon) -> tuple[Ints, Ints]:
        """First and last word of each part that is neither a number nor a company form; of no such word its bounds."""
        place = np.arange(len(self.word))
        counts = ~lexicon.is_number[self.word] & ~lexicon.is_form[self.word]
        if not len(place):
            return place, place
        first = np.minimum.reduceat(np.where(counts, place, len(place)), self.part_start)
        last = np.maximum.reduceat(np.where(counts, place, -1), self.part_start)
        return first, last


@dataclass(slots=True)
class Spans:
    """Names found in strings: words `start:end` are name `key`; of a similar name, how much of either is shared."""

    start: Ints
    end: Ints
    key: Ints
    is_covered: Flags
    is_similar: Flags
    # Shares of the weight of the name, and of the part; the number of shared words.
    of_name: Floats
    of_part: Floats
    shared: Ints
    # Place among the similar names of the part, and the lead over the next one.
    rank: Ints
    lead: Floats

    def __len__(self) -> int:
        return len(self.start)

    def take(self, rows: Ints | Flags) -> Spans:
        """Some of the spans."""
        return Spans(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def and_(self, other: Spans) -> Spans:
        """These spans and the other ones."""
        columns = (np.concatenate([getattr(self, n), getattr(other, n)]) for n in self.__dataclass_fields__)
        return Spans(*columns)


def spans(lexicon: Lexicon, strings: Strings) -> tuple[Spans, Hashes]:
    """All spans, and the hashes of all short word sequences of each text (see `in_text`)."""
    exact, sequences = _exact(lexicon, strings)
    return exact.and_(_similar(lexicon, strings, exact)), sequences


def in_text(hashes: Hashes, texts: Ints) -> Hashes:
    """Hashes that tell the same sequence in two texts apart."""
    return np.asarray(hashes ^ (texts.astype(np.uint64) * np.uint64(0xD6E8FEB86659FD93)))


def _exact(lexicon: Lexicon, strings: Strings) -> tuple[Spans, Hashes]:
    word, text = strings.word, strings.text
    start = np.flatnonzero(word > 0)
    last, hashes = start, np.zeros(len(start), np.uint64)
    starts, ends, keys, sequences = [start[:0]], [start[:0]], [start[:0]], [np.zeros(0, np.uint64)]
    length = 0
    while len(start) and len(lexicon.beginnings):
        hashes = extend(hashes, word[last])
        if length < _CITY_WORDS:
            sequences.append(in_text(hashes, text[start]))
        place = np.minimum(np.searchsorted(lexicon.beginnings, hashes), len(lexicon.beginnings) - 1)
        going = lexicon.beginnings[place] == hashes
        start, last, hashes, name = start[going], last[going], hashes[going], lexicon.whole[place[going]]
        ending = name >= 0
        starts.append(start[ending])
        ends.append(last[ending] + 1)
        keys.append(name[ending])
        last = last + 1
        going = last < len(word)
        start, last, hashes = start[going], last[going], hashes[going]
        going = (text[last] == text[start]) & (word[last] > 0)
        start, last, hashes = start[going], last[going], hashes[going]
        length += 1
    one, end, key = np.concatenate(starts), np.concatenate(ends), np.concatenate(keys)
    order = np.lexsort((-end, one))
    one, end, key = one[order], end[order], key[order]
    stands = _stands(lexicon, strings, one, end)
    one, end, key = one[stands], end[stands], key[stands]
    furthest = np.maximum.accumulate(end) if len(end) else end
    covered = np.concatenate([[False], end[1:] <= furthest[:-1]]) if len(end) else np.zeros(0, bool)
    kept = (~covered | (end - one > 1)) & (~lexicon.is_place[key] | lexicon.is_sure[key])
    n = int(kept.sum())
    ones = np.ones(n)
    return Spans(
        one[kept], end[kept], key[kept], covered[kept], np.zeros(n, bool), ones, -ones, (end - one)[kept],
        np.full(n, -1), -ones,
    ), np.sort(np.concatenate(sequences))  # fmt: skip


def _stands(lexicon: Lexicon, strings: Strings, start: Ints, end: Ints) -> Flags:
    """Whether a span lies in one part, or ends with the last words of a part and is no chance meeting of two.

    "Guangdong University of Science & Technology, China" holds no University of Science & Technology of China.
    """
    part = strings.part
    is_word = np.where(lexicon.is_number[strings.word], -1, np.arange(len(part)))
    last_word = np.maximum.reduceat(is_word, strings.part_start) if len(part) else is_word
    ends_part = end - 1 >= last_word[part[end - 1]]
    starts_part = start == strings.part_start[part[start]]
    meets = (end - start >= 3) & ~strings.is_country[part[end - 1]]
    return np.asarray((part[start] == part[end - 1]) | (ends_part & (starts_part | meets)))


def _similar(lexicon: Lexicon, strings: Strings, exact: Spans) -> Spans:
    """Names that share much of their weight with a part that no exact name explains."""
    part, weight = strings.part, lexicon.weight
    counted = (strings.word > 0) & ~lexicon.is_number[strings.word]
    number = len(strings.is_place)
    whole = np.bincount(part[counted], weights=weight[strings.word[counted]], minlength=number)
    explained = np.zeros(number)
    longer = exact.end - exact.start > 1
    held = strings.total[exact.end[longer]] - strings.total[exact.start[longer]]
    np.maximum.at(explained, part[exact.start[longer]], held)
    open_ = (explained < _EXPLAINED * whole) & ~strings.is_place
    counted &= open_[part]
    pairs = distinct((part[counted] << 20) + strings.word[counted])
    p, w = pairs >> 20, pairs & ((1 << 20) - 1)
    where, key = _sharing(lexicon, p, w)
    share, shared, telling = _overlap(lexicon, pairs, where, key)
    of_name, of_part = share / lexicon.key_weight[key], share / np.maximum(whole[where], 1e-9)
    enough = ((of_name >= 0.5) & (of_part >= 0.3)) | ((of_name >= 0.3) & (of_part >= 0.6))
    enough &= telling & ((shared > 1) | (of_name > 0.95)) & (np.diff(lexicon.meaning)[key] <= 15)
    likeness = of_name * np.sqrt(of_part)
    rows = np.flatnonzero(enough)
    rows = rows[np.lexsort((key[rows], -likeness[rows], where[rows]))]
    where, key, likeness = where[rows], key[rows], likeness[rows]
    of_name, of_part, shared = of_name[rows], of_part[rows], shared[rows]
    first = np.searchsorted(where, where)
    rank = np.arange(len(where)) - first
    following = np.minimum(np.arange(len(where)) + 1, len(where) - 1)
    has_second = (rank == 0) & (where[following] == where) & (following > np.arange(len(where)))
    lead = likeness - np.where(rank > 0, likeness[first], np.where(has_second, likeness[following], 0.0))
    kept = (rank < _SIMILAR) & ~lexicon.is_place[key]
    n = int(kept.sum())
    return Spans(
        strings.part_start[where[kept]], strings.part_end[where[kept]], key[kept], np.zeros(n, bool), np.ones(n, bool),
        of_name[kept], of_part[kept], shared[kept], rank[kept], lead[kept],
    )  # fmt: skip


def _sharing(lexicon: Lexicon, part: Ints, word: Ints) -> tuple[Ints, Ints]:
    """Pairs of a part and a name that share one of the part's rarest words."""
    frequency = np.diff(lexicon.holder)
    order = np.lexsort((word, frequency[word], part))
    part, word = part[order], word[order]
    rank = np.arange(len(part)) - np.searchsorted(part, part)
    kept = (rank < _STARTS) & (frequency[word] <= _FREQUENT)
    part, word = part[kept], word[kept]
    rows, offset = spread(frequency[word])
    pairs = distinct((part[rows] << 20) + lexicon.holders[lexicon.holder[word[rows]] + offset])
    return pairs >> 20, pairs & ((1 << 20) - 1)


def _overlap(lexicon: Lexicon, pairs: Ints, part: Ints, key: Ints) -> tuple[Floats, Ints, Flags]:
    """Weight and number of the words that each part shares with a name, and whether one of them is no common word."""
    rows, offset = spread(np.diff(lexicon.part)[key])
    words = lexicon.parts[lexicon.part[key[rows]] + offset]
    both = found(pairs, (part[rows] << 20) + words)
    share = np.bincount(rows, weights=lexicon.weight[words] * both, minlength=len(key)).astype(np.float64)
    telling = np.bincount(rows, weights=both & ~lexicon.is_generic[words], minlength=len(key)) > 0
    return share, np.bincount(rows, weights=both, minlength=len(key)).astype(np.int64), telling


def spread(counts: Ints) -> tuple[Ints, Ints]:
    """Row numbers, each repeated by its count, and a running number within each row.

    >>> rows, offset = spread(np.array([2, 0, 1]))
    >>> rows.tolist(), offset.tolist()
    ([0, 0, 2], [0, 1, 0])
    """
    rows = np.repeat(np.arange(len(counts)), counts)
    return rows, np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
