"""Reads CSVs of positions, each by its mapping. Of a person only a number within the list is kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path

from macaw.errors import SourceError
from macaw.sources.positions.mapping import Mapping, load
from macaw.sources.records import Reading, Rejected, mask_addresses

SOURCE = "positions"
TABLES = ("source_positions",)


@dataclass
class List:
    """One list of positions while it is read into a table."""

    mapping: Mapping
    shown: str
    source: str
    table: str
    reading: Reading
    people: dict[str, int] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)

    def refuse(self, position: int | None, reason: str, value: object, action: str = "rejected") -> None:
        """List a record that is refused, or noted."""
        self.reading.refused.append(Rejected(self.source, self.shown, position, reason, value, action))

    def number(self, person: str) -> int | None:
        """The number of a person within the list; none where the list tells no person."""
        return self.people.setdefault(person, len(self.people) + 1) if person else None


def read(paths: list[Path], root: Path) -> Reading:
    """The positions of every mapping among `paths`; a CSV that no mapping names is listed."""
    reading = Reading()
    mappings = [load(path) for path in paths if path.suffix == ".toml"]
    named = {mapping.file for mapping in mappings}
    for path in paths:
        if path.suffix != ".toml" and path not in named:
            shown = path.relative_to(root).as_posix()
            reading.refused.append(Rejected(SOURCE, shown, None, "no mapping names this file: it is not read"))
    for mapping in mappings:
        if not mapping.file.is_file():
            raise SourceError(f"{mapping.path}: there is no file {mapping.file}", "name a CSV beside the mapping")
        add(List(mapping, mapping.file.relative_to(root).as_posix(), SOURCE, "source_positions", reading))
    return reading


def add(listed: List) -> None:
    """Add the positions of a list that name employer and title, each id once."""
    repeated = 0
    for position, row in listed.mapping.rows(listed.source, listed.refuse):
        cell = partial(listed.mapping.cell, row)
        if not cell("employer") or not cell("title"):
            listed.refuse(position, "position has no employer or no title", cell("title") or cell("employer"))
            continue
        start, until, problem = _dates(listed.mapping, cell("from"), cell("until"))
        if problem:
            listed.refuse(position, *problem)
            continue
        own = cell("id") or sha256(repr(sorted(row.items())).encode()).hexdigest()[:16]
        listed.seen[own] += 1
        again = listed.seen[own] - 1
        if again and cell("id"):
            repeated += 1
            continue
        _row(listed, position, row, f"{own}-{again + 1}" if again else own, start, until)
    if repeated:
        listed.refuse(None, "the same id again: counted once", f"{repeated:,} rows", "noted")
    alike = sum(n - 1 for n in listed.seen.values() if n > 1) - repeated
    if alike:
        reason = "rows say the same as another and have no id: each is counted"
        listed.refuse(None, reason, f"{alike:,} rows", "noted")


def _dates(mapping: Mapping, start: str, until: str) -> tuple[date | None, date | None, tuple[str, str] | None]:
    """First and last day of a position, or why it cannot be used and the value that is wrong."""
    found = [mapping.date(text) if text else None for text in (start, until)]
    for text, day in zip((start, until), found, strict=True):
        if text and day is None:
            return None, None, (f"date is not written as {' or '.join(mapping.dates)}", text)
    if found[0] and found[0] > mapping.exported:
        return None, None, (f"begins after the list was made ({mapping.exported})", start)
    if mapping.kind != "held" and not (found[0] or mapping.year):
        return None, None, ("position has no day", start)
    return found[0], found[1], None


def _row(listed: List, position: int, row: dict[str, str], own: str, start: date | None, until: date | None) -> None:
    mapping, cell = listed.mapping, partial(listed.mapping.cell, row)
    period = mapping.exported.year if mapping.kind == "held" else start.year if start else mapping.year
    description = mask_addresses(cell("description"))
    listed.reading.add(
        listed.table,
        f"{listed.source}:{mapping.path.name.split('.')[0]}:{own}",
        listed.source,
        listed.shown,
        position,
        mapping.title,
        mapping.search or None,
        mapping.kind,
        " ".join(cell("employer").split()),
        " ".join(cell("title").split()),
        cell("role") or None,
        description or None,
        cell("skills") or None,
        cell("degree") or None,
        cell("field") or None,
        cell("country") or mapping.country or None,
        period,
        start.isoformat() if start else None,
        mapping.kind != "held" or until is None or until > mapping.exported,
        listed.number(cell("person")),
        cell("link") or None,
    )
