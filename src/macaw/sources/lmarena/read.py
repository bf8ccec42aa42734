"""Reads daily copies of LMArena's leaderboard. A copy is a CSV file whose name begins with its date.

Three layouts occur: the score as `arena_elo`; as `arena_score`; and that with a second rank. The interval is written
`+5/-4`: points above and below the score, at 95 %.
"""

from __future__ import annotations

import re
from pathlib import Path

from macaw.errors import SourceError
from macaw.sources.dates import iso_date
from macaw.sources.files import csv_table
from macaw.sources.records import Reading, Rejected

SOURCE = "lmarena"
TABLES = ("source_arena_scores",)

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})[_.].*")
_NUMBER = re.compile(r"\d{1,15}(\.\d+)?")
_INTERVAL = re.compile(r"\+(\d{1,15}(?:\.\d+)?)/-(\d{1,15}(?:\.\d+)?)")
_SCORES = ("arena_score", "arena_elo")
_COLUMNS = ("model", "95_pct_ci", "organization", "license", "url")


def date_of(path: Path) -> str:
    """The date of a copy, from its name; `SourceError` if it has none.

    >>> date_of(Path("2024-06-19_3792cf0_lmsys.csv"))
    '2024-06-19'
    """
    found = _NAME.fullmatch(path.name)
    try:
        return iso_date(found[1] if found else "")
    except ValueError:
        raise SourceError(
            f"{path}: the name does not begin with a date", "name it as in 2024-06-19_lmsys.csv, by the day of the copy"
        ) from None


def interval(text: str) -> tuple[float, float] | None:
    """Points above and below the score; None if the text is no interval.

    >>> interval("+5/-4"), interval("±5")
    ((5.0, 4.0), None)
    """
    found = _INTERVAL.fullmatch(text.strip())
    return (float(found[1]), float(found[2])) if found else None


def _score_column(path: Path, header: list[str]) -> str:
    """The column of the score; `SourceError` if it or another one is missing."""
    found = [name for name in _SCORES if name in header]
    missing = [c for c in (*_COLUMNS, *([] if found else _SCORES[:1])) if c not in header]
    if missing:
        raise SourceError(
            f"{path}: has no column {', '.join(map(repr, missing))}",
            f"this is no copy of the leaderboard; delete it and run: macaw fetch {SOURCE}",
        )
    return found[0]


def _problem(row: dict[str, str], score: str, seen: set[str]) -> tuple[str, object] | None:
    if not row["model"]:
        return "model has no name", row["url"]
    if row["model"] in seen:
        return "duplicate of a model in the same file", row["model"]
    if not _NUMBER.fullmatch(row[score]):
        return f"{score} is not a number", row[score]
    return None


def _read(path: Path, shown: str, reading: Reading) -> None:
    measured = date_of(path)
    header, records = csv_table(path, SOURCE)
    score = _score_column(path, header)
    seen: set[str] = set()
    for position, record in enumerate(records):
        if len(record) != len(header):
            reason = f"has {len(record)} cells, the header {len(header)}"
            reading.refused.append(Rejected(SOURCE, shown, position, reason, record[0]))
            continue
        row = {name: cell.strip() for name, cell in zip(header, record, strict=True)}
        problem = _problem(row, score, seen)
        if problem:
            reading.refused.append(Rejected(SOURCE, shown, position, *problem))
            continue
        seen.add(row["model"])
        points, spread = float(row[score]), interval(row["95_pct_ci"])
        if spread is None:
            reason = "95_pct_ci is not an interval"
            reading.refused.append(Rejected(SOURCE, shown, position, reason, row["95_pct_ci"], "noted"))
        reading.add(
            "source_arena_scores",
            measured,
            SOURCE,
            shown,
            position,
            row["model"],
            points,
            points - spread[1] if spread else None,
            points + spread[0] if spread else None,
            row["organization"] or None,
            row["license"] or None,
            row["url"] or None,
        )


def read(paths: list[Path], root: Path) -> Reading:
    """All copies in order of their dates; two of one day are an error. Paths are shown relative to `root`."""
    reading = Reading()
    by_date: dict[str, Path] = {}
    for path in sorted(paths, key=lambda p: p.name):
        other = by_date.setdefault(date_of(path), path)
        if other != path:
            raise SourceError(f"{path}: {other} is a copy of the same day", "remove one of the two files")
        _read(path, path.relative_to(root).as_posix(), reading)
    return reading
