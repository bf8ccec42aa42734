"""Runs definitions of AI work on positions: each definition is a TOML file beside this module.

An answer is yes, no or open: open where a rule needs a degree, a field or a description that the list does not give.
The rule of degrees follows PARAT: at least a bachelor's degree, or a doctorate, in a field that matches.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

from macaw.errors import MacawError
from macaw.schema import to_table

_FOLDER = "macaw.relevance.positions"
_SKILLS = "skills.toml"
_BACHELOR = re.compile(
    r"(?i)\b(bachelor\w*|b\.?sc?\.?|b\.?a\.?|b\.?e(ng)?\.?|b\.?tech\.?|undergraduate)(?!\w)|本科|学士"
)
_MASTER = re.compile(r"(?i)\b(master\w*|m\.?sc?\.?|m\.?a\.?|mba|m\.?eng\.?|m\.?tech\.?)(?!\w)|硕士|研究生")
_DOCTOR = re.compile(r"(?i)\b(ph\.? ?d\.?|doctor\w*|d\.?phil\.?|postdoc\w*)(?!\w)|博士")
_LEVELS = {"bachelor": (_BACHELOR, _MASTER, _DOCTOR), "doctor": (_DOCTOR,)}
_BLANKS = re.compile(r"[\s_]+")


@dataclass(frozen=True)
class Position:
    """What a list says of a position, as far as definitions look at it; None where it says nothing."""

    title: str
    role: str | None = None
    description: str | None = None
    degree: str | None = None
    field: str | None = None


@dataclass(frozen=True)
class Rule:
    """One way of being AI work: a class or a pattern in the title, and what else is needed."""

    why: str
    classes: frozenset[str]
    title: re.Pattern[str] | None
    degree: str | None
    description: re.Pattern[str] | None
    words: int

    def fits_title(self, position: Position, found: str | None) -> bool:
        """Whether the position is of one of the rule's classes, or its title fits the rule's pattern."""
        if self.title is not None:
            return bool(self.title.search(position.title))
        return found in self.classes

    def holds(self, position: Position, field: re.Pattern[str] | None) -> bool | None:
        """Whether what the rule needs beside the title is there; None if the list does not tell."""
        needed = (self._degree(position, field), self._description(position.description))
        return False if False in needed else None if None in needed else True

    def _degree(self, position: Position, field: re.Pattern[str] | None) -> bool | None:
        if self.degree is None:
            return True
        if position.degree is None or position.field is None:
            return None
        level = any(pattern.search(position.degree) for pattern in _LEVELS[self.degree])
        return level and (field is None or bool(field.search(position.field)))

    def _description(self, text: str | None) -> bool | None:
        if self.description is None:
            return True
        if text is None:
            return None
        found = {match.group().casefold() for match in self.description.finditer(text)}
        return len(found) >= self.words


@dataclass(frozen=True)
class Definition:
    """A definition of AI work, with its rules in order and the classes among which a title's longest is taken."""

    id: str
    name: str
    name_zh: str
    version: str
    source: str
    differs: str
    differs_zh: str
    rules: tuple[Rule, ...]
    field: re.Pattern[str] | None
    not_title: re.Pattern[str] | None
    classes: re.Pattern[str] | None
    known: frozenset[str]

    def of(self, position: Position) -> tuple[bool | None, str]:
        """Whether the position is AI work (None: open), and why.

        >>> definitions()["macaw_ai_work"].of(Position("NLP算法工程师"))
        (True, 'AI in the title')
        >>> definitions()["parat_ai_jobs"].of(Position("Senior Data Scientist, Ads"))
        (True, 'class of data science: data scientist')
        >>> definitions()["parat_tech_team_1"].of(Position("Systems Engineer"))[0] is None
        True
        """
        if self.not_title and (found := self.not_title.search(position.title)):
            return False, f"title: {found.group()}"
        named = self._class(position)
        found_open = None
        for rule in self.rules:
            if not rule.fits_title(position, named):
                continue
            answer = rule.holds(position, self.field)
            reason = f"{rule.why}: {named}" if rule.classes and named else rule.why
            if answer:
                return True, reason
            if answer is None:
                found_open = f"the list does not tell what is needed beside the title ({reason})"
        return (False, "no rule fits") if found_open is None else (None, found_open)

    def _class(self, position: Position) -> str | None:
        """The class of the position: its role where the list has one, else the longest one in the title."""
        if self.classes is None:
            return None
        if position.role is not None:
            return folded(position.role) if folded(position.role) in self.known else None
        found = self.classes.findall(folded(position.title))
        return max(found, key=len) if found else None


def folded(text: str) -> str:
    """A title or class as classes are compared: small letters, single blanks.

    >>> folded(" Software  Engineer_I ")
    'software engineer i'
    """
    return _BLANKS.sub(" ", text.strip()).casefold()


@cache
def definitions() -> dict[str, Definition]:
    """All definitions by id, in alphabetical order."""
    documents = {
        entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text("utf-8"))
        for entry in sorted(files(_FOLDER).iterdir(), key=lambda e: e.name)
        if entry.name.endswith(".toml") and entry.name != _SKILLS
    }
    return {name: _definition(name, document, documents) for name, document in documents.items()}


def _definition(name: str, document: Mapping[str, Any], documents: Mapping[str, Any]) -> Definition:
    among = documents.get(document.get("classes_of", name))
    if among is None:
        raise MacawError(f"{name}.toml: classes_of names no definition", f"one of {', '.join(documents)}")
    known = {folded(c): c for rule in among["rule"] for c in rule.get("classes", ())}
    # The longest first: what findall gives at a place is then the longest class that begins there.
    longest = sorted(known, key=lambda c: (-len(c), c))
    pattern = rf"(?<![\w.])(?:{'|'.join(map(re.escape, longest))})(?!\w)" if longest else None
    return Definition(
        id=name,
        **{key: document[key] for key in ("name", "name_zh", "version", "source", "differs", "differs_zh")},
        rules=tuple(
            Rule(
                why=rule["why"],
                classes=frozenset(map(folded, rule.get("classes", ()))),
                title=_compiled(rule, "title"),
                degree=rule.get("degree"),
                description=_compiled(rule, "description"),
                words=rule.get("words", 1),
            )
            for rule in document["rule"]
        ),
        field=_compiled(document, "field"),
        not_title=_compiled(document, "not_title"),
        classes=re.compile(pattern) if pattern else None,
        known=frozenset(known),
    )


def _compiled(entry: Mapping[str, Any], key: str) -> re.Pattern[str] | None:
    return re.compile(entry[key]) if key in entry else None


@cache
def skills() -> dict[str, re.Pattern[str]]:
    """The pattern of each skill, in the order of the file.

    >>> bool(skills()["paddle"].search("熟悉飞桨者优先"))
    True
    """
    document = tomllib.loads(files(_FOLDER).joinpath(_SKILLS).read_text("utf-8"))
    return {name: re.compile(entry["pattern"]) for name, entry in document.items()}


def position_definitions(positions: Iterable[tuple[str, Position]]) -> pa.Table:
    """The table `position_definitions` from id and contents of positions, in the order given."""
    rows = [
        (job, name, *definition.of(position))
        for job, position in positions
        for name, definition in definitions().items()
    ]
    return to_table("position_definitions", rows)


def position_skills(positions: Iterable[tuple[str, Position]]) -> pa.Table:
    """The table `position_skills` from id and contents of positions, in the order given; only those with a text."""
    rows = [
        (job, skill, bool(pattern.search(f"{position.title}\n{position.description}")))
        for job, position in positions
        if position.description is not None
        for skill, pattern in skills().items()
    ]
    return to_table("position_skills", rows)
