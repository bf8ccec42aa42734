"""Finds the country an affiliation string names, from countries, regions, cities and state codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from macaw.organisations.names import tokens

# A country is the surest sign, a two-letter state code the weakest.
_STRENGTH = {"country": 3, "region": 2, "city": 1, "state_code": 0}


@dataclass(frozen=True)
class Place:
    """A country named in a segment, with the words that name it."""

    country: str
    kind: str
    words: str
    segment: int


class Gazetteer:
    """Place words and the countries they stand for.

    >>> g = Gazetteer([("China", "CHN", "country"), ("Pittsburgh", "USA", "city"), ("PA", "USA", "state_code")])
    >>> [(p.country, p.kind) for p in g.locate(["CMU", "Pittsburgh", "PA 15213"])]
    [('USA', 'city'), ('USA', 'state_code')]
    """

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        # A later row wins: places.csv follows countries.csv, so "Georgia" is the American state …
        self._words: dict[str, tuple[str, str]] = {}
        # … unless another place in the text lies in the country of that name.
        self._second: dict[str, tuple[str, str]] = {}
        for name, country, kind in rows:
            key = " ".join(tokens(name))
            if key in self._words and self._words[key][0] != country:
                self._second[key] = self._words[key]
            self._words[key] = country, kind
        self._longest = max((key.count(" ") + 1 for key in self._words), default=1)

    def is_place(self, words: str) -> bool:
        """Whether these folded words are nothing but a place."""
        return words in self._words

    def is_city(self, name: str) -> bool:
        """Whether a name is a city's or a region's, not a country's."""
        return self._words.get(" ".join(tokens(name)), ("", "country"))[1] != "country"

    def country(self, words: str, segment: int) -> Place | None:
        """The country these folded words name, if they name one."""
        country, kind = self._words.get(words, ("", ""))
        return Place(country, kind, words, segment) if kind == "country" and len(words) > 3 else None

    def locate(self, segments: list[str], words: list[list[str]] | None = None) -> list[Place]:
        """Every segment that is, or ends in, a place, in order; "Cambridge, MA" is one place in two segments.

        `words` are the segments' folded words, where the caller has them already.
        """
        bare = [[w for w in found if not w.isdigit()] for found in words or map(tokens, segments)]
        places = []
        for i, segment in enumerate(segments):
            place = self._across(bare[i - 1], bare[i], i) if i else None
            place = place or self._in_segment(segment, bare[i], i)
            if place:
                places.append(place)
        return [self._meant(place, places) for place in places]

    def _meant(self, place: Place, others: list[Place]) -> Place:
        """The place, or its namesake in a country where another place of the text lies and none in its own."""
        if place.words not in self._second:
            return place
        country, kind = self._second[place.words]
        around = {p.country for p in others if p.words != place.words}
        if country in around and place.country not in around:
            return Place(country, kind, place.words, place.segment)
        return place

    def _across(self, before: list[str], words: list[str], index: int) -> Place | None:
        if len(before) + len(words) > self._longest:
            return None
        key = " ".join(before + words)
        found = self._words.get(key)
        return Place(*found, key, index) if found else None

    def _in_segment(self, segment: str, words: list[str], index: int) -> Place | None:
        for length in range(min(len(words), self._longest), 0, -1):
            key = " ".join(words[-length:])
            found = self._words.get(key)
            if found and self._stands(found[1], key, segment, whole=length == len(words), before=len(words) - length):
                return Place(*found, key, index)
        return None

    @staticmethod
    def _stands(kind: str, key: str, segment: str, *, whole: bool, before: int) -> bool:
        """Whether place words count where they stand: short codes only alone and in capitals."""
        if kind == "state_code" or (len(key) <= 3 and key.isascii()):
            return whole and segment.split()[0].isupper()
        return whole or kind == "country" or before <= 2


def country_of(places: list[Place]) -> Place | None:
    """The place that tells the country of a whole string: the surest kind, the last of its kind."""
    return max(places, key=lambda p: (_STRENGTH[p.kind], p.segment), default=None)
