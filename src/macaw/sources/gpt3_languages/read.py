"""Reads OpenAI's counts of words, characters and documents by language in GPT-3's training data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from macaw.errors import SourceError
from macaw.sources.files import csv_table
from macaw.sources.language_codes import UNDETERMINED, language_of
from macaw.sources.records import WHOLE, Reading, Rejected

SOURCE = "gpt3_languages"
TABLES = ("source_gpt3_languages",)
# Percentages are given to five decimals, so each may be off by half of the last.
HALF_A_DIGIT = 0.000005

_COUNTED = re.compile(r"number of (words|characters|documents)")
_PERCENTAGE = re.compile(r"\d{1,3}(\.\d+)?%")


@dataclass(frozen=True)
class _Line:
    """One line that can be used."""

    position: int
    code: str
    amount: int
    percentage: float


def read(paths: list[Path], root: Path) -> Reading:
    """All three countings; a second file of one counting is refused."""
    reading, seen = Reading(), set[str]()
    for path in paths:
        counted, records = _counted(path)
        file = path.relative_to(root).as_posix()
        if counted in seen:
            reason = "another file of the same counting was read"
            reading.refused.append(Rejected(SOURCE, file, None, reason, counted))
            continue
        seen.add(counted)
        lines = list(_lines(records, file, reading.refused))
        reading.refused += _doubts(lines, file)
        for line in lines:
            language = language_of(line.code) or UNDETERMINED
            row = (file, line.position, counted, line.code, language, line.amount, line.percentage)
            reading.add(TABLES[0], *row)
    return reading


def _counted(path: Path) -> tuple[str, list[list[str]]]:
    """What the file counts, by its header, and its records."""
    header, records = csv_table(path, SOURCE)
    found = _COUNTED.fullmatch(header[1]) if len(header) == 3 and header[0] == "language" else None
    if found is None:
        raise SourceError(
            f"{path}: columns are {header}, expected language, number of words (characters, documents), percentage",
            f"delete the file and run: macaw fetch {SOURCE}",
        )
    return found[1], records


def _lines(records: list[list[str]], file: str, refused: list[Rejected]) -> Iterator[_Line]:
    seen = set[str]()
    for position, cells in enumerate(records):
        problem = _problem(cells, seen)
        if problem:
            refused.append(Rejected(SOURCE, file, position, problem, ",".join(cells)))
            continue
        code, amount, percentage = cells
        seen.add(code)
        yield _Line(position, code, int(amount), float(percentage.removesuffix("%")))


def _problem(cells: list[str], seen: set[str]) -> str | None:
    if len(cells) != 3:
        return "expected three cells: language, number, percentage"
    code, amount, percentage = cells
    if code in seen:
        return "the language stands twice"
    if not WHOLE.fullmatch(amount):
        return "the number is not a whole number of at most 15 digits"
    return None if _PERCENTAGE.fullmatch(percentage) else "the percentage is not a number with %"


def _doubts(lines: list[_Line], file: str) -> Iterator[Rejected]:
    """Lines and sums that are used but odd."""
    total = sum(line.amount for line in lines)
    for line in lines:
        if language_of(line.code) is None:
            yield _noted(file, line.position, "the code names no language, at most a script: counted as undetermined",
                         line.code)  # fmt: skip
        if total and abs(100 * line.amount / total - line.percentage) > 1.1 * HALF_A_DIGIT:
            yield _noted(file, line.position, "the percentage is not that of the number: shares rest on the number",
                         f"{line.code}: {line.percentage} %")  # fmt: skip
    added = sum(line.percentage for line in lines)
    if abs(added - 100) > HALF_A_DIGIT * len(lines):
        yield _noted(file, None, "the percentages do not add up to 100", f"{added:.5f} %")
    yield from _same_language(lines, file)


def _same_language(lines: list[_Line], file: str) -> Iterator[Rejected]:
    """Languages that stand under two codes; they are added together."""
    tags = [(line, language_of(line.code)) for line in lines]
    times = Counter(tag for _, tag in tags)
    for line, tag in tags:
        if tag is not None and times[tag] > 1:
            yield _noted(file, line.position, "another code of the same language stands in the file: both are added",
                         f"{line.code}: {tag}")  # fmt: skip


def _noted(file: str, position: int | None, reason: str, value: str) -> Rejected:
    return Rejected(SOURCE, file, position, reason, value, "noted")
