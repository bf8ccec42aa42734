"""Definitions by words: which phrases of a definition a text holds, for many texts at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from macaw.errors import MacawError
from macaw.relevance.features import Hashes, Ints, Terms, pair_of, plain, terms

# Bits of a word's hash by which a word that begins no phrase is passed over.
_FIRST_BITS = 16


def forms(phrase: str) -> list[str]:
    """A phrase as it is looked up, and with its last word in the plural.

    >>> forms("Multi-agent system"), forms("support vector machines")
    (['multi agent system', 'multi agent systems'], ['support vector machines'])
    """
    words = " ".join(plain(phrase).decode("ascii").split())
    return [words] if words.endswith("s") else [words, words + "s"]


def _hash(words: str) -> np.uint64:
    single = terms([w.encode() for w in words.split()]).hash
    value = single[:1]
    for following in single[1:]:
        value = pair_of(value, np.array([following]))
    return np.uint64(value[0])


@dataclass(frozen=True)
class Phrases:
    """Phrases by number of words, each length's hashes in ascending order with the phrase and what it tells."""

    first: np.ndarray[tuple[int], np.dtype[np.bool_]]
    hashes: dict[int, Hashes]
    told: dict[int, list[tuple[str, str]]]

    @classmethod
    def of(cls, phrases: Iterable[tuple[str, str]]) -> Phrases:
        """From pairs of phrase and topic; a phrase may tell several topics.

        >>> found = Phrases.of([("neural network", "ai")]).found(terms([plain("Two Neural Networks"), plain("neural")]))
        >>> found
        {0: {'ai': 'neural networks'}}
        """
        first = np.zeros(1 << _FIRST_BITS, bool)
        groups: dict[int, list[tuple[int, str, str]]] = {}
        for phrase, topic in phrases:
            for form in forms(phrase):
                words = form.split()
                first[int(_hash(words[0])) >> (64 - _FIRST_BITS)] = True
                groups.setdefault(len(words), []).append((int(_hash(form)), form, topic))
        hashes, told = {}, {}
        for length, group in groups.items():
            group.sort()
            hashes[length] = np.array([h for h, _, _ in group], np.uint64)
            told[length] = [(form, topic) for _, form, topic in group]
        return cls(first, hashes, told)

    def found(self, of: Terms) -> dict[int, dict[str, str]]:
        """Of each text that holds a phrase the topics told, with the phrase that comes first in the text."""
        single, text = of.hash[: of.words], of.text[: of.words]
        place = np.flatnonzero(self.first[(single >> np.uint64(64 - _FIRST_BITS)).astype(np.int64)])
        hits: list[tuple[int, int, str, str]] = []
        value = single[place]
        for length in range(1, max(self.hashes, default=0) + 1):
            if length > 1:
                inside = place + length - 1 < of.words
                place, value = place[inside], value[inside]
                whole = text[place + length - 1] == text[place]
                place, value = place[whole], value[whole]
                value = pair_of(value, single[place + length - 1])
            if length in self.hashes:
                hits += self._hits(length, value, place, text)
        made: dict[int, dict[str, str]] = {}
        for number, _, phrase, topic in sorted(hits, key=lambda h: h[1]):
            made.setdefault(number, {}).setdefault(topic, phrase)
        return made

    def _hits(self, length: int, value: Hashes, place: Ints, text: Ints) -> list[tuple[int, int, str, str]]:
        known = self.hashes[length]
        at = np.searchsorted(known, value)
        right = np.flatnonzero((at < len(known)) & (known[np.minimum(at, len(known) - 1)] == value))
        hits = []
        for i in right.tolist():
            j = int(at[i])
            while j < len(known) and known[j] == value[i]:
                phrase, topic = self.told[length][j]
                hits.append((int(text[place[i]]), int(place[i]), phrase, topic))
                j += 1
        return hits


@dataclass(frozen=True)
class Definition:
    """A definition by words or by arXiv categories: id, version, and of each topic its words or categories."""

    id: str
    version: str
    name: str
    name_zh: str
    english: Phrases
    chinese: dict[str, tuple[str, ...]]
    categories: dict[str, frozenset[str]]
    # Share of those told that is right, as measured (docs/relevance.md).
    probability: dict[str, float]

    def found_chinese(self, text: str) -> dict[str, str]:
        """The topics that a text in small simplified characters tells, each with the first of its words found."""
        told = {topic: next((w for w in words if w in text), "") for topic, words in self.chinese.items()}
        return {topic: word for topic, word in told.items() if word}

    def found_categories(self, categories: Iterable[str]) -> dict[str, str]:
        """The topics that arXiv categories tell, each with the categories that do."""
        given = list(dict.fromkeys(categories))
        told = {topic: [c for c in given if c in wanted] for topic, wanted in self.categories.items()}
        return {topic: " ".join(found) for topic, found in told.items() if found}


def _definition(name: str) -> Definition:
    text = files("macaw.relevance").joinpath("definitions", f"{name}.toml").read_text("utf-8")
    try:
        document = tomllib.loads(text)
        topics = {topic: entry for topic, entry in document.items() if isinstance(entry, dict)}
        return Definition(
            name,
            document["version"],
            document["name"],
            document["name_zh"],
            Phrases.of((phrase, topic) for topic, entry in topics.items() for phrase in entry.get("en", ())),
            {topic: tuple(entry["zh"]) for topic, entry in topics.items() if "zh" in entry},
            {topic: frozenset(entry["categories"]) for topic, entry in topics.items() if "categories" in entry},
            {topic: entry["probability"] for topic, entry in topics.items()},
        )
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise MacawError(
            f"relevance/definitions/{name}.toml: {error}", "mend it, as in the other definitions"
        ) from None


@cache
def definitions() -> dict[str, Definition]:
    """The definitions by words and by categories, by id.

    >>> list(definitions())
    ['strict', 'broad', 'arxiv']
    """
    return {name: _definition(name) for name in ("strict", "broad", "arxiv")}
