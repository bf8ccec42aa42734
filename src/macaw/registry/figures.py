"""Checks the hand-kept figures.csv: numbers that others published, each with where it stands and who read it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from macaw.errors import RegistryError

# read: the source itself was read; reported: another source that quotes it was read; unread: from notes or
# memory, a place to be filled, which settles no claim.
GRADES = ("read", "reported", "unread")
# Where a figure stands among others: the indicator and definition that it is a value of, if any.
PLACE = ("figure", "series", "indicator", "definition", "title", "title_zh", "entity")
TEXTS = ("unit", "unit_zh", "scope", "scope_zh", "source_title", "url", "page", "accessed", "grade", "disputed", "note",
         "note_zh")  # fmt: skip
_NEEDED = ("figure", "series", "title", "title_zh", "entity", "period", "unit", "unit_zh", "scope", "scope_zh",
           "source_title", "grade")  # fmt: skip
_NEEDED_OF_A_SOURCE = ("url", "accessed")
_ID = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
# BCP 47: a language of two or three letters, and a script where one is meant: lang:zh, lang:zh-Hant.
_LANGUAGE = re.compile(r"lang:[a-z]{2,3}(-[A-Z][a-z]{3})?")
_YEAR = re.compile(r"[0-9]{4}")
_DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def figures(lines: Iterable[tuple[int, dict[str, str]]], entities: frozenset[str]) -> Iterator[tuple[object, ...]]:
    """The rows of the file, checked; `entities` are the ids a figure may be about, languages apart.

    Raises `RegistryError` naming the line, the value and what to write instead.
    """
    seen: set[str] = set()
    for line, r in lines:
        where = f"registry/figures.csv, line {line}"
        for broken, what, remedy in (*_rules(r, entities, seen), *_number_rules(r)):
            if broken:
                raise RegistryError(f"{where}: {what}", remedy)
        seen.add(r["figure"])
        numbers = [float(r[c]) if r[c] else None for c in ("value", "low", "high")]
        _check_range(numbers, where)
        yield (*(r[c] or None for c in PLACE), int(r["period"]), *numbers, *(r[c] or None for c in TEXTS))


def _rules(r: dict[str, str], entities: frozenset[str], seen: set[str]) -> tuple[tuple[object, str, str], ...]:
    """Whether each rule on texts is broken, how, and what to do."""
    figure, entity, grade, day = r["figure"], r["entity"], r["grade"], r["accessed"]
    lacking = [c for c in _NEEDED if not r[c]]
    unsourced = [c for c in _NEEDED_OF_A_SOURCE if not r[c]] if grade != "unread" else []
    return (
        (lacking, f"{', '.join(lacking)} is empty", "fill it in"),
        (not _ID.fullmatch(figure), f"figure is {figure!r}", "use small letters, digits and _"),
        (figure in seen, f"figure {figure!r} stands twice", "give each row an id of its own"),
        (
            entity not in entities and not _LANGUAGE.fullmatch(entity),
            f"entity is {entity!r}",
            "WLD, a country code, the id of a group or organisation, or a language as in lang:zh",
        ),
        (not _YEAR.fullmatch(r["period"]), f"period is {r['period']!r}", "write a year; scope says what else it means"),
        (grade not in GRADES, f"grade is {grade!r}", f"one of {', '.join(GRADES)}"),
        (unsourced, f"grade is {grade!r} but {', '.join(unsourced)} is empty", "fill it in, or grade it unread"),
        (day and not _DAY.fullmatch(day), f"accessed is {day!r}", "write the day as YYYY-MM-DD"),
        (
            bool(r["indicator"]) != bool(r["definition"]),
            "indicator or definition stands alone",
            "write both, or neither",
        ),
        (r["disputed"] not in ("", "yes"), f"disputed is {r['disputed']!r}", "yes, or leave it empty"),
        (r["disputed"] and not r["note"], "is disputed without a note", "name the figure that contradicts it"),
        (bool(r["note"]) != bool(r["note_zh"]), "the note stands in one language only", "write note and note_zh"),
    )


def _number_rules(r: dict[str, str]) -> Iterator[tuple[object, str, str]]:
    for column in ("value", "low", "high"):
        cell = r[column]
        yield cell and not _NUMBER.fullmatch(cell), f"{column} is {cell!r}", "write digits only, as in 1234.5"


def _check_range(numbers: list[float | None], where: str) -> None:
    value, low, high = numbers
    if value is None and (low is None or high is None):
        raise RegistryError(f"{where}: there is neither a value nor a range", "give value, or low and high")
    given = [n for n in (low, value, high) if n is not None]
    if given != sorted(given):
        raise RegistryError(f"{where}: low, value, high are {given}", "put them in ascending order")
