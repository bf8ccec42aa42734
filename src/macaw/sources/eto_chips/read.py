"""Reads the supply chain of chips. What a file holds is told by its columns, not by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from macaw.sources.files import csv_table
from macaw.sources.records import WHOLE, Reading, Rejected, finite

SOURCE = "eto_chips"
TABLES = ("source_chip_inputs", "source_chip_providers", "source_chip_provision", "source_chip_sequence")

Row = Mapping[str, str]
_PROVIDER_KINDS = ("country", "organization")
_WHOLE = 100.0


@dataclass
class _File:
    """One file while it is read."""

    shown: str
    header: list[str]
    records: list[list[str]]
    reading: Reading

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Position and cells by column; a record of another length is refused."""
        for position, record in enumerate(self.records):
            if len(record) == len(self.header):
                yield position, {name: cell.strip() for name, cell in zip(self.header, record, strict=True)}
            else:
                self.refuse(position, f"has {len(record)} cells, the header {len(self.header)}", record[0])

    def refuse(self, position: int | None, reason: str, value: object, action: str = "rejected") -> None:
        """List a record."""
        self.reading.refused.append(Rejected(SOURCE, self.shown, position, reason, value, action))


def read(paths: list[Path], root: Path) -> Reading:
    """All files; one whose columns are none of the four lists is listed whole."""
    reading = Reading()
    for path in paths:
        header, records = csv_table(path, SOURCE)
        file = _File(path.relative_to(root).as_posix(), header, records, reading)
        reader = next((r for columns, r in _READERS.items() if set(columns) <= set(header)), None)
        if reader is None:
            file.refuse(None, "no list of the supply chain has these columns", ", ".join(header), "noted")
        else:
            reader(file)
    return reading


def _inputs(file: _File) -> None:
    seen: set[str] = set()
    for position, row in file.rows():
        node = row["input_id"]
        if not node or not row["input_name"] or node in seen:
            file.refuse(position, "input has no id or name, or its id stands twice", node or row["input_name"])
            continue
        seen.add(node)
        file.reading.add(
            "source_chip_inputs", node, SOURCE, file.shown, position, row["input_name"], row["type"] or None,
            row["stage_id"] or None,
        )  # fmt: skip


def _providers(file: _File) -> None:
    seen: set[str] = set()
    for position, row in file.rows():
        provider, kind = row["provider_id"], row["provider_type"]
        if not provider or kind not in _PROVIDER_KINDS:
            reason = "provider has no id, or is neither country nor organization"
            file.refuse(position, reason, provider or row["provider_name"])
            continue
        if provider in seen:
            file.refuse(position, "provider stands twice: the first name counts", row["provider_name"], "noted")
            continue
        seen.add(provider)
        # A country is named by its code; of an organisation the country stands beside it.
        country = row["provider_name"] if kind == "country" else row["country"]
        file.reading.add(
            "source_chip_providers", provider, SOURCE, file.shown, position, row["provider_name"], kind, country or None
        )


def _provision(file: _File) -> None:
    seen: set[tuple[str, str]] = set()
    for position, row in file.rows():
        key = (row["provider_id"], row["provided_id"])
        if not all(key) or key in seen:
            file.refuse(position, "provision lacks a provider or an input, or stands twice", " → ".join(key))
            continue
        year, share = row["year"], _share(row["share_provided"])
        if not WHOLE.fullmatch(year):
            file.refuse(position, "provision has no year", year)
            continue
        if row["share_provided"] and share is None:
            file.refuse(position, "share is no number from 0 to 100", row["share_provided"], "noted")
        seen.add(key)
        file.reading.add(
            "source_chip_provision", *key, SOURCE, file.shown, position, share, int(year), row["source"] or None
        )


def _share(text: str) -> float | None:
    """A share as a fraction; None where the cell is empty or no share.

    >>> _share("81.5"), _share(""), _share("most"), _share("101")
    (0.815, None, None, None)
    """
    value = finite(text)
    return value / _WHOLE if value is not None and 0 <= value <= _WHOLE else None


def _sequence(file: _File) -> None:
    for position, row in file.rows():
        node = row["input_id"]
        targets = {"goes_into": row["goes_into_id"], "is_type_of": row["is_type_of_id"]}
        if not node or not any(targets.values()):
            file.refuse(position, "sequence lacks an input or where it goes", node)
            continue
        for relation, target in targets.items():
            if target:
                file.reading.add("source_chip_sequence", node, relation, target)


_READERS: dict[tuple[str, ...], Callable[[_File], None]] = {
    ("input_id", "input_name", "type", "stage_id"): _inputs,
    ("provider_id", "provider_name", "provider_type", "country"): _providers,
    ("provider_id", "provided_id", "share_provided", "year", "source"): _provision,
    ("input_id", "goes_into_id", "is_type_of_id"): _sequence,
    # Stages: the inputs name them.
    ("stage_id", "stage_name", "description"): lambda file: None,
}
