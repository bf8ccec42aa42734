"""Reads Epoch AI's CSV files. What a file holds is told by its columns, not by its name alone.

A field that lists several things joins them with a comma and no space; a comma within a name is followed by one.
The lists of models differ in their columns, not in what they say of a model: the same name is the same model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from macaw.errors import SourceError
from macaw.sources.dates import iso_date
from macaw.sources.files import csv_table
from macaw.sources.records import Reading, Rejected, finite

SOURCE = "epoch"
TABLES = (
    "source_models",
    "source_record_parts",
    "source_index_scores",
    "source_clusters",
    "source_hardware",
    "source_staff_reports",
)

Row = Mapping[str, str]
# What a list of models is called here, by what its file's name says.
_LISTS = {"notable": "notable", "large_scale": "large_scale", "frontier": "frontier", "all_ai": "all"}
# Parts of a model: what they are called here, and the column that lists them.
_PARTS = {
    "organisation": "Organization",
    "country": "Country (of organization)",
    "base": "Base model",
    "hardware": "Training hardware",
}
_MODEL_COLUMNS = ("Model", "Publication date", "Training compute (FLOP)", "Confidence", "Model accessibility", "Link")
_CLUSTER_COLUMNS = (
    "Name", "Status", "Certainty", "Single cluster?", "H100 equivalents", "Country", "Owner",
    "First Operational Date", "Superseded by", "Possible Duplicate", "GPU Supplier (primary)",
)  # fmt: skip
# The index by model version, as its publisher had it until 2025, and by model, as it is now.
_INDEX = {
    "eci_score": ("model_version", "model_name", "display_name", "eci_score", "", "", "release_date", "country"),
    "eci": ("Model", "Model", "Display name", "eci", "eci_ci_low", "eci_ci_high", "date", "Country (of organization)"),
}


@dataclass
class File:
    """One CSV file while it is read: where it stands, its rows, and where refusals go."""

    path: Path
    shown: str
    header: list[str]
    records: list[list[str]]
    reading: Reading

    def require(self, *columns: str) -> None:
        """Raise `SourceError` if a column is missing."""
        missing = [c for c in columns if c not in self.header]
        if missing:
            raise SourceError(
                f"{self.path}: has no column {', '.join(map(repr, missing))}",
                f"this is not the file Epoch AI publishes; delete it and run: macaw fetch {SOURCE}",
            )

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Position and cells by column; a record of another length is refused."""
        for position, record in enumerate(self.records):
            if len(record) == len(self.header):
                yield position, {name: cell.strip() for name, cell in zip(self.header, record, strict=True)}
            else:
                self.refuse(position, f"has {len(record)} cells, the header {len(self.header)}", record[0])

    def refuse(self, position: int, reason: str, value: object, action: str = "rejected") -> None:
        """List a record."""
        self.reading.refused.append(Rejected(SOURCE, self.shown, position, reason, value, action))

    def number(self, position: int, row: Row, column: str) -> float | None:
        """A positive number, or None where the cell is empty or, listed, holds something else."""
        text = row.get(column, "")
        if not text:
            return None
        value = finite(text)
        if value is None or value <= 0:
            self.refuse(position, f"{column} is not a positive number", text, "noted")
            return None
        return value

    def date(self, position: int, row: Row, column: str) -> str | None:
        """An ISO date, or None where the cell is empty or, listed, holds something else."""
        text = row.get(column, "")
        if not text:
            return None
        try:
            return iso_date(text)
        except ValueError as error:
            self.refuse(position, f"{column}: {error}", text, "noted")
            return None


def record_id(name: str, *more: str) -> str:
    """The permanent id of a record: a hash of its name as written (CALM and CaLM are two models).

    >>> record_id("GPT-4"), record_id("GPT-4") == record_id("GPT-4 ")
    ('epoch:16ceb419fe70', True)
    """
    text = "\n".join(" ".join(part.split()) for part in (name, *more))
    return f"{SOURCE}:{blake2b(text.encode(), digest_size=6).hexdigest()}"


def parts(field: str) -> list[str]:
    """The things a field lists.

    >>> parts("NVIDIA,NERSC, Lawrence Berkeley National Laboratory")
    ['NVIDIA', 'NERSC, Lawrence Berkeley National Laboratory']
    """
    return [part.strip() for part in re.split(r",(?! )", field) if part.strip()]


def _model_list(path: Path) -> str:
    """Which list of models a file is; only its name tells."""
    found = [name for words, name in _LISTS.items() if words in path.name]
    if len(found) != 1:
        raise SourceError(
            f"{path}: the name tells {' and '.join(found) or 'nothing'} where it must tell which list of models it is",
            "name it notable_ai_models.csv, large_scale_…, frontier_… or all_ai_models.csv",
        )
    return found[0]


def _read_models(file: File) -> None:
    file.require(*_MODEL_COLUMNS, *(c for c in _PARTS.values()))
    model_list = _model_list(file.path)
    seen: set[str] = set()
    for position, row in file.rows():
        title = " ".join(row["Model"].split())
        released = file.date(position, row, "Publication date")
        if not title or title in seen or released is None:
            reason = "model has no name" if not title else "duplicate name" if title in seen else "model has no date"
            file.refuse(position, reason, title or row["Link"])
            continue
        seen.add(title)
        file.reading.add(
            "source_models",
            record_id(title),
            SOURCE,
            file.shown,
            position,
            model_list,
            title,
            released,
            file.number(position, row, "Training compute (FLOP)"),
            file.number(position, row, "Training compute lower bound"),
            file.number(position, row, "Training compute upper bound"),
            row["Confidence"] or None,
            row["Model accessibility"] or None,
            next(iter(row["Link"].split()), None),
        )
        _add_parts(file, record_id(title), model_list, row, _PARTS)


def _add_parts(file: File, record: str, model_list: str, row: Row, columns: Mapping[str, str]) -> None:
    """Add what the row lists in each of the columns."""
    for part_kind, column in columns.items():
        for part, name in enumerate(parts(row[column])):
            file.reading.add("source_record_parts", record, model_list, part_kind, part, name)


def _read_index(file: File) -> None:
    columns = next(c for key, c in _INDEX.items() if key in file.header)
    version, model, shown, score, low, high, date, country = columns
    file.require(*filter(None, columns))
    seen: set[str] = set()
    for position, row in file.rows():
        title = row[version]
        released = file.date(position, row, date)
        if not title or title in seen:
            file.refuse(position, "duplicate name" if title else "model has no name", title)
            continue
        seen.add(title)
        if released is None:
            file.refuse(position, "model has no date", title)
            continue
        file.reading.add(
            "source_index_scores",
            record_id(title, "index"),
            SOURCE,
            file.shown,
            position,
            title,
            row[model] or title,
            row[shown] or None,
            released,
            # Most have too few benchmarks for a score.
            file.number(position, row, score),
            file.number(position, row, low),
            file.number(position, row, high),
        )
        _add_parts(file, record_id(title, "index"), "index", row, {"country": country})


def _read_clusters(file: File) -> None:
    file.require(*_CLUSTER_COLUMNS)
    seen: dict[str, int] = {}
    for position, row in file.rows():
        name = row["Name"]
        if not name:
            file.refuse(position, "cluster has no name", row["Country"])
            continue
        # Chinese clusters are anonymised: all have one name, so the id holds what else is told of them.
        record = record_id(name, row["Country"], row["First Operational Date"], row["H100 equivalents"])
        seen[record] = seen.get(record, 0) + 1
        record += "" if seen[record] == 1 else f"-{seen[record]}"
        file.reading.add(
            "source_clusters",
            record,
            SOURCE,
            file.shown,
            position,
            name,
            row["Status"] or None,
            row["Certainty"] or None,
            row["Single cluster?"] or None,
            row["Possible Duplicate"].upper() == "TRUE",
            file.number(position, row, "H100 equivalents"),
            row["GPU Supplier (primary)"] or None,
            file.date(position, row, "First Operational Date"),
            file.date(position, row, "Decommissioned Date (if applicable)"),
            row["Superseded by"] or None,
            row.get("Source 1") or None,
        )
        _add_parts(file, record, "cluster", row, {"organisation": "Owner", "country": "Country"})


def _read_hardware(file: File) -> None:
    file.require("Hardware name", "Manufacturer")
    seen: set[str] = set()
    for position, row in file.rows():
        name = row["Hardware name"]
        if not name or name in seen:
            file.refuse(position, "duplicate name" if name else "hardware has no name", name)
            continue
        seen.add(name)
        file.reading.add("source_hardware", name, row["Manufacturer"] or None)


# What a report of staff counts; whatever else it says is part of a company.
_WHOLE = "Full company"


def _read_staff(file: File) -> None:
    """Reports of how many people work for a company; the notes, which quote persons, are not read."""
    file.require("Company", "Staff count", "Date", "Type", "Division name", "Confidence", "Source 1")
    seen: dict[str, int] = {}
    for position, row in file.rows():
        company, day = row["Company"], file.date(position, row, "Date")
        staff = file.number(position, row, "Staff count")
        if not company or day is None or staff is None or not row["Type"]:
            file.refuse(position, "report has no company, day, number or kind of staff", company)
            continue
        record = record_id(company, row["Division name"], row["Type"], day, row["Staff count"], "staff")
        seen[record] = seen.get(record, 0) + 1
        if seen[record] > 1:
            file.refuse(position, "duplicate report", company)
            continue
        file.reading.add(
            "source_staff_reports",
            record,
            SOURCE,
            file.shown,
            position,
            company,
            row["Division name"] or None,
            "whole_company" if row["Type"] == _WHOLE else "part_of_company",
            row["Type"],
            int(day[:4]),
            day,
            staff,
            row["Confidence"] or None,
            row["Source 1"] or None,
        )


# What each kind of file holds, told by a column that only it has.
_KINDS: dict[str, Callable[[File], None]] = {
    "Model accessibility": _read_models,
    "eci_score": _read_index,
    "eci": _read_index,
    "H100 equivalents": _read_clusters,
    "Hardware name": _read_hardware,
    "Staff count": _read_staff,
}


def _kind(file: File) -> str:
    """The column that tells what a file holds. Of an index by model, accessibility stands there too."""
    for column in ("eci_score", "eci", *_KINDS):
        if column in file.header:
            return column
    raise SourceError(
        f"{file.path}: its columns are those of no data set of Epoch AI that is read ({', '.join(file.header[:5])}, …)",
        "remove the file from the folder",
    )


def read(paths: list[Path], root: Path) -> Reading:
    """All of Epoch's files among `paths`, shown relative to `root`, the data folder; each data set once."""
    reading = Reading()
    held: dict[str, Path] = {}
    for path in paths:
        header, records = csv_table(path, SOURCE)
        file = File(path, path.relative_to(root).as_posix(), header, records, reading)
        kind = _kind(file)
        what = _model_list(path) if kind == "Model accessibility" else _KINDS[kind].__name__
        other = held.setdefault(what, path)
        if other != path:
            raise SourceError(f"{path}: {other} holds the same data set", "remove one of the two files")
        _KINDS[kind](file)
    return reading
