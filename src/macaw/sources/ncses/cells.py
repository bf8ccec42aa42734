"""What one cell of a table says: a number, its flag, or why there is no number."""

from __future__ import annotations

import ast
import html
import re
from dataclasses import dataclass

from macaw.sources.records import finite

# Marks that stand where a number would, in the publisher's own spelling.
MARKS = {"NA", "na", "D", "*", "**", "–", "—"}
# i imputed, r revised; a cell without one is as measured.
FLAGS = {"", "i", "r"}
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
# A range is given instead of a number to avoid disclosure.
_RANGE = re.compile(rf"{_NUMBER.pattern} - {_NUMBER.pattern}")
_TAG = re.compile(r"<(su[bp])>.*?</\1>|</?\w+>")


@dataclass(frozen=True)
class Cell:
    """A cell's number (null where a mark stands), its flag or mark, and what is wrong with it, if anything."""

    number: float | None
    flag: str
    problem: str | None = None


def parse(text: str) -> Cell:
    """The cell that a text is.

    >>> parse("['37,014', 'i ']")
    Cell(number=37014.0, flag='i', problem=None)
    >>> parse("NA").number is None, parse("NA").flag
    (True, 'NA')
    >>> parse("high").problem
    'cell is neither a number nor a known mark'
    """
    value, flag = _pair(text.strip()) if text.lstrip().startswith("[") else (text.strip(), "")
    if value is None:
        return Cell(None, "", "cell is not a list of value and flag")
    if flag not in FLAGS:
        return Cell(None, flag, "cell has an unknown flag")
    if value in MARKS:
        return Cell(None, value)
    if _RANGE.fullmatch(value):
        return Cell(None, "range")
    number = finite(value.replace(",", "")) if _NUMBER.fullmatch(value) else None
    return Cell(number, flag, None if number is not None else "cell is neither a number nor a known mark")


def _pair(text: str) -> tuple[str | None, str]:
    """Value and flag of a cell written as a list, `['37,014', 'i ']`; `&nbsp;` is an empty flag."""
    try:
        parts = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None, ""
    if not isinstance(parts, list) or len(parts) != 2 or not all(isinstance(p, str) for p in parts):
        return None, ""
    value, flag = (html.unescape(part).strip() for part in parts)
    return value, flag


def is_blank(text: str) -> bool:
    """Whether a cell holds nothing, not even a mark: the row is a heading.

    >>> is_blank("['&nbsp;', '&nbsp;']"), is_blank(" "), is_blank("NA")
    (True, True, False)
    """
    text = text.strip()
    return not text or (text.startswith("[") and _pair(text) == ("", ""))


def label(text: str) -> str:
    """A label without markup and footnote marks.

    >>> label("United States (2019)<sup>c</sup>"), label("2000&#8211;10")
    ('United States (2019)', '2000–10')
    """
    return " ".join(html.unescape(_TAG.sub("", text)).split())
