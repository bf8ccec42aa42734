"""Reads Common Crawl's counts of pages by primary language: the publisher's file, or an excerpt of it.

An excerpt lists some languages of a crawl, so its pages do not add up to the crawl; the percentages still are
of the whole crawl.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from macaw.errors import SourceError
from macaw.sources.files import csv_table
from macaw.sources.language_codes import UNDETERMINED, language_of
from macaw.sources.records import WHOLE, Reading, Rejected

SOURCE = "commoncrawl"
TABLES = ("source_commoncrawl_languages",)
# Percentages are given to four decimals, so each may be off by half of the last.
HALF_A_DIGIT = 0.00005
UNKNOWN = "<unknown>"

_COLUMNS = ("crawl", "primary_language", "pages", "urls")
_PERCENTAGES = ("%pages/crawl", "pct_pages_of_crawl")
_CRAWL = re.compile(r"CC-MAIN-(20\d\d)(-\d{2}|-20\d\d)?")
_PERCENTAGE = re.compile(r"\d{1,3}(\.\d+)?")


@dataclass(frozen=True)
class _Line:
    """One line that can be used."""

    position: int
    crawl: str
    code: str
    pages: int
    urls: int
    percentage: float

    @property
    def period(self) -> int:
        return int(self.crawl.removeprefix("CC-MAIN-")[:4])

    @property
    def language(self) -> str | None:
        return None if self.code == UNKNOWN else language_of(self.code)


def read(paths: list[Path], root: Path) -> Reading:
    """Every crawl and language once: the first file that has it counts."""
    reading, seen = Reading(), set[tuple[str, str]]()
    for path in paths:
        file = path.relative_to(root).as_posix()
        lines = sorted(_lines(path, file, seen, reading.refused), key=lambda line: line.crawl)
        for _, crawl in groupby(lines, key=lambda line: line.crawl):
            _add(reading, list(crawl), file)
    return reading


def _lines(path: Path, file: str, seen: set[tuple[str, str]], refused: list[Rejected]) -> Iterator[_Line]:
    header, records = csv_table(path, SOURCE)
    columns = _positions(header, path)
    for position, cells in enumerate(records):
        chosen = [cells[c] for c in columns] if len(cells) == len(header) else []
        problem = _problem(chosen, seen, len(header))
        if problem:
            refused.append(Rejected(SOURCE, file, position, problem, ",".join(cells)))
            continue
        crawl, code, pages, urls, percentage = chosen
        seen.add((crawl, code))
        yield _Line(position, crawl, code, int(pages), int(urls), float(percentage))


def _positions(header: list[str], path: Path) -> list[int]:
    """Where the columns stand, under either name of the last."""
    percentage = next((name for name in _PERCENTAGES if name in header), _PERCENTAGES[0])
    wanted = (*_COLUMNS, percentage)
    missing = [name for name in wanted if name not in header]
    if missing:
        raise SourceError(
            f"{path}: lacks the column {', '.join(missing)}; it has {', '.join(header)}",
            f"delete the file and run: macaw fetch {SOURCE}",
        )
    return [header.index(name) for name in wanted]


def _problem(chosen: list[str], seen: set[tuple[str, str]], width: int) -> str | None:
    if not chosen:
        return f"expected {width} cells"
    crawl, code, pages, urls, percentage = chosen
    if not _CRAWL.fullmatch(crawl):
        return "the crawl is not named as CC-MAIN-2018-34"
    if (crawl, code) in seen:
        return "the crawl and language stand twice, or in a file read before"
    if not (WHOLE.fullmatch(pages) and WHOLE.fullmatch(urls)):
        return "pages or urls is not a whole number of at most 15 digits"
    return None if _PERCENTAGE.fullmatch(percentage) else "the percentage is not a number"


def _add(reading: Reading, lines: list[_Line], file: str) -> None:
    """Add the lines of one crawl and what is odd about them."""
    whole = abs(sum(line.percentage for line in lines) - 100) <= HALF_A_DIGIT * len(lines)
    reading.refused += _doubts(lines, file, whole)
    for line in lines:
        row = (file, line.position, line.crawl, line.period, line.code, line.language or UNDETERMINED)
        reading.add(TABLES[0], *row, line.pages, line.urls, line.percentage, whole)


def _doubts(lines: list[_Line], file: str, whole: bool) -> Iterator[Rejected]:
    total = sum(line.pages for line in lines)
    if not whole:
        added = sum(line.percentage for line in lines)
        yield _noted(file, None, "the languages listed are not the whole crawl: shares rest on the percentages stated",
                     f"{lines[0].crawl}: {added:.4f} %")  # fmt: skip
    for line in lines:
        if line.language is None and line.code != UNKNOWN:
            yield _noted(file, line.position, "the code names no language known today: counted as undetermined",
                         line.code)  # fmt: skip
        if whole and total and abs(100 * line.pages / total - line.percentage) > 1.1 * HALF_A_DIGIT:
            yield _noted(file, line.position, "the percentage is not that of the pages: shares rest on the pages",
                         f"{line.crawl} {line.code}: {line.percentage} %")  # fmt: skip


def _noted(file: str, position: int | None, reason: str, value: str) -> Rejected:
    return Rejected(SOURCE, file, position, reason, value, "noted")
