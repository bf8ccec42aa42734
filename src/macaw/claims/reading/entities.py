"""Countries, organisations and languages that a sentence names, by the names of the registry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from macaw import registry
from macaw.claims.reading.folding import fold
from macaw.claims.reading.lexicon import words

_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9.&+'-]*")
_ENDING = re.compile(r"(?:'s|[.'])$")
_LEAST_LATIN = 3


@dataclass(frozen=True)
class Entity:
    """An entity named in a sentence: its id, kind (country, organisation, group, language), and place."""

    id: str
    kind: str
    start: int
    end: int
    text: str


class Names:
    """Finds the names of a lexicon in running text, the longest first; Latin names as whole words in their own case."""

    def __init__(self, names: Iterable[tuple[str, str, str]]) -> None:
        self._latin: dict[str, tuple[str, str]] = {}
        self._han: dict[str, tuple[str, str]] = {}
        for name, entity, kind in names:
            if _HAN.search(name):
                self._han.setdefault(fold(name), (entity, kind))
            else:
                self._latin.setdefault(" ".join(_WORD.findall(name)), (entity, kind))
        # How many words the longest name has that begins with a word.
        self._most_words: dict[str, int] = {}
        for name in self._latin:
            first, n = name.split(" ")[0], name.count(" ") + 1
            self._most_words[first] = max(n, self._most_words.get(first, 0))
        self._starts: dict[str, list[int]] = {}
        for name in self._han:
            lengths = self._starts.setdefault(name[0], [])
            if len(name) not in lengths:
                lengths.append(len(name))
        for lengths in self._starts.values():
            lengths.sort(reverse=True)

    def find(self, folded: str) -> list[Entity]:
        """Every name in a folded text, in order; none overlaps another."""
        found = [*self._find_han(folded), *self._find_latin(folded)]
        return sorted(found, key=lambda e: e.start)

    def _find_han(self, text: str) -> Iterable[Entity]:
        at = 0
        while at < len(text):
            for length in self._starts.get(text[at], ()):
                name = text[at : at + length]
                meant = self._han.get(name)
                if meant and _stands(text, at, at + length):
                    yield Entity(meant[0], meant[1], at, at + length, name)
                    at += length - 1
                    break
            at += 1

    def _find_latin(self, text: str) -> Iterable[Entity]:
        tokens = list(_WORD.finditer(text))
        i = 0
        while i < len(tokens):
            word = tokens[i][0]
            most = max(self._most_words.get(w, 0) for w in (word, _ENDING.sub("", word)))
            for n in range(min(most, len(tokens) - i), 0, -1):
                first, last = tokens[i], tokens[i + n - 1]
                if n > 1 and re.search(r"[,;:!?。，]|\.\s", text[first.end() : last.start()]):
                    continue
                name = " ".join(t[0] for t in tokens[i : i + n])
                meant = self._latin.get(name) or self._latin.get(_ENDING.sub("", name))
                if meant:
                    end = last.end() - len(name) + len(re.sub(r"'s$|(?<![A-Z])\.$", "", name))
                    yield Entity(meant[0], meant[1], first.start(), end, text[first.start() : end])
                    i += n - 1
                    break
            i += 1


def _stands(text: str, start: int, end: int) -> bool:
    """Whether one character names a country where it stands: 中美, 美方, not 中 in 其中."""
    if end - start > 1:
        return True
    singles = _single_countries()
    before, after = text[start - 1 : start], text[end : end + 1]
    return after in singles or before in singles


@cache
def _single_countries() -> frozenset[str]:
    return frozenset("中美英日韩德俄")


@cache
def known_names() -> Names:
    """The names of countries, organisations and groups of the registry, and their short forms in news."""
    return Names(_all_names())


def _all_names() -> Iterable[tuple[str, str, str]]:
    extra = words("names")
    skipped = set(extra["not_in_news"]["names"])
    for code, of in extra["countries"].items():
        for name in [*of["zh"], *of["en"]]:
            yield name, code, "group" if code in ("EU27", "WLD") else "country"
    for row in registry.tables()["registry_countries"].to_pylist():
        for name in (row["name"], row["name_zh"]):
            yield name, row["country"], "country"
    for row in registry.tables()["registry_places"].to_pylist():
        name = row["name"]
        if (
            row["place_kind"] == "country"
            and (len(name) > _LEAST_LATIN or _HAN.search(name))
            and (_HAN.search(name) is None or len(name) > 1)
        ):
            yield name, row["country"], "country"
    for row in registry.tables()["registry_facts"].to_pylist():
        name = row["value"]
        named = row["property"] in ("name", "alias", "former_name", "segment_alias", "lab") and name not in skipped
        if named and (_HAN.search(name) or len(name) >= _LEAST_LATIN or name.isupper()):
            yield name, row["organisation"], "organisation"


@cache
def _languages() -> Names:
    return Names(
        (name, code, "language") for code, of in words("names")["languages"].items() for name in [*of["zh"], *of["en"]]
    )


@cache
def _venues() -> Names:
    rows = registry.tables()["registry_venues"].to_pylist()
    return Names((r[column], r["venue"], "venue") for r in rows for column in ("venue", "name", "name_zh") if r[column])


def find_venues(folded: str) -> tuple[str, ...]:
    """Conferences and journals of the registry that a folded sentence names, each once, in order.

    >>> find_venues("Chinese papers at CVPR and NeurIPS")
    ('CVPR', 'NeurIPS')
    """
    return tuple(dict.fromkeys(e.id for e in _venues().find(folded)))


def find_entities(folded: str) -> list[Entity]:
    """Countries, organisations and groups in a folded sentence, in order.

    >>> [(e.id, e.text) for e in find_entities("中美竞争,百度和Google领先,Chinese labs lag")]
    [('CHN', '中'), ('USA', '美'), ('baidu', '百度'), ('alphabet', 'Google'), ('CHN', 'Chinese')]
    """
    return known_names().find(folded)


def find_languages(folded: str) -> list[Entity]:
    """Languages in a folded sentence, in order; for sentences about languages, where Chinese is no country."""
    return _languages().find(folded)
