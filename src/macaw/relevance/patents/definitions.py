"""Reads the definitions of an AI patent, their categories, and the concordance of classes that were replaced."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from macaw.errors import MacawError
from macaw.registry.load import entries_of
from macaw.relevance.patents.symbols import Interval, interval, main_group

DIMENSIONS = ("field", "function", "technique")
AI = "ai"


@dataclass(frozen=True)
class Clause:
    """One way to meet a rule: a class of the one scheme or the other, and a word, where either is asked for."""

    cpc: tuple[str, ...] = ()
    ipc: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def needs_code(self) -> bool:
        """Whether the clause asks for a class."""
        return bool(self.cpc or self.ipc)


@dataclass(frozen=True)
class Category:
    """One application field, functional application or technique."""

    topic: str
    name: str
    name_zh: str
    dimension: str
    # What the category is called in the database of CSET and 1790 Analytics.
    column: str
    clauses: tuple[Clause, ...]
    # Whether it holds what none of the others of its dimension does.
    remainder: bool = False


@dataclass(frozen=True)
class Successor:
    """A class that was replaced, by what, and since when."""

    old: str
    new: str
    since: str
    basis: str
    note: str


@dataclass(frozen=True)
class Definition:
    """What an AI patent is, in one reading: any clause met makes a family AI."""

    id: str
    title: str
    title_zh: str
    short: str
    short_zh: str
    source: str
    version: str
    concordance: bool
    universe: tuple[Clause, ...]


def _folder_text(name: str) -> str:
    return files("macaw.relevance.patents").joinpath(name).read_text("utf-8")


def _clauses(entries: Iterable[dict[str, Any]], where: str) -> Iterator[Clause]:
    for entry in entries:
        both = entry.get("codes", [])
        clause = Clause((*both, *entry.get("cpc", [])), (*both, *entry.get("ipc", [])), tuple(entry.get("words", [])))
        if not clause.needs_code and not clause.words:
            raise MacawError(f"{where}: a rule without classes and words", "give codes, cpc, ipc or words")
        yield clause


@cache
def categories() -> dict[str, Category]:
    """The 36 categories by topic, in the order of the publication.

    >>> len(categories()), categories()["technique_fuzzy"].name
    (36, 'Fuzzy logic')
    """
    found = {}
    for topic, entry in entries_of("patent_categories.toml", "name", "name_zh", "dimension", "column"):
        where = f"registry/patent_categories.toml: [{topic}]"
        if entry["dimension"] not in DIMENSIONS:
            raise MacawError(f"{where}: dimension is {entry['dimension']!r}", f"one of {', '.join(DIMENSIONS)}")
        # A class or a word: either is enough.
        ways: list[dict[str, Any]] = [{k: entry[k]} for k in ("codes", "words") if k in entry]
        found[topic] = Category(
            topic,
            entry["name"],
            entry["name_zh"],
            entry["dimension"],
            entry["column"],
            tuple(_clauses(ways, where)),
            entry.get("remainder", False),
        )
    return found


@cache
def concordance() -> tuple[Successor, ...]:
    """Classes that were replaced, in the order of the file."""
    return tuple(Successor(**row) for row in csv.DictReader(_folder_text("concordance.csv").splitlines()))


@cache
def definitions() -> dict[str, Definition]:
    """All definitions by id, in alphabetical order.

    >>> list(definitions())
    ['cset_1790', 'cset_1790_published', 'macaw', 'wipo_2019']
    """
    read = {}
    for entry in sorted(files("macaw.relevance.patents").iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            read[entry.name.removesuffix(".toml")] = tomllib.loads(entry.read_text("utf-8"))
    found = {}
    for name, fields in read.items():
        universe = read[fields.pop("universe_of")]["universe"] if "universe_of" in fields else fields["universe"]
        kept = {k: v for k, v in fields.items() if k != "universe"}
        where = f"relevance/patents/{name}.toml"
        found[name] = Definition(id=name, universe=tuple(_clauses(universe, where)), **kept)
    return found


def intervals(patterns: Iterable[str], successors: Iterable[Successor] = ()) -> list[Interval]:
    """The classes that patterns mean, and those that replaced any of them.

    A pattern takes on a successor where it holds all of the old class and nothing beyond its main group: whoever names
    all of a subclass (G06F) does not mean what left it.

    >>> known = [Successor("G06K9", "G06V", "2022-01", "", "")]
    >>> len(intervals(["G06K9"], known)), len(intervals(["G06K"], known)), len(intervals(["G06K9/62"], known))
    (2, 1, 1)
    """
    own = [interval(p) for p in patterns]
    more = [interval(s.new) for s in successors if any(_takes_on(each, s.old) for each in own)]
    return own + more


def _takes_on(own: Interval, old: str) -> bool:
    low, high = interval(old)
    first, last = main_group(low, high)
    return first <= own[0] <= low and high <= own[1] <= last
