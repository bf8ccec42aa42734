"""Reads the database of CSET and 1790 Analytics.

The layout of August 2020 has a fault at its source: three commas are missing in its query, so that three columns hold
another's values and three are lost. It is refused; the layout of July 2020 is right.
"""

from __future__ import annotations

import re
from pathlib import Path

from macaw.errors import SourceError
from macaw.sources.files import csv_table, decode, parse_csv, zip_member
from macaw.sources.patents import Collector, Document, publication_number, tables_of
from macaw.sources.records import Reading

SOURCE = "cset_1790"
TABLES = tables_of(SOURCE)

_NEEDED = ("Publication_country", "Publication_number", "Publication_type", "Simple_family_ID")
# Every category's column; what it is called here stands in registry/patent_categories.toml.
CATEGORIES = (
    "Physical_Sciences_and_Engineering", "Life_Sciences", "Security__eg_cybersecurity", "Transportation",
    "Industrial_and_Manufacturing", "Education", "Document_Mgt_and_Publishing", "Military", "Agricultural",
    "Computing_in_Government", "Personal_Devices_and_Computing", "Banking_and_Finance", "Telecommunications",
    "Networks__eg_social_IOT_etc", "Business", "Energy_Management", "Entertainment", "Nanotechnology",
    "Semiconductors", "Language_Processing", "Speech_Processing", "Knowledge_Representation",
    "Planning_and_Scheduling", "Control", "Distributed_AI", "Robotics", "Computer_Vision",
    "Analytics_and_Algorithms", "Measuring_and_Testing", "Logic_Programming", "Fuzzy_Logic",
    "Probabilistic_Reasoning", "Ontology_Engineering", "Machine_Learning", "Search_Methods",
    "Generic_and_Unspecified",
)  # fmt: skip
_YES = frozenset({"1", "true", "TRUE", "True"})
# A number that a spreadsheet made of a longer one, as in 1.02E+11.
_LOST = re.compile(r"\d(\.\d+)?E\+\d+")


def read(paths: list[Path], root: Path) -> Reading:
    """The documents of all files; one with a number destroyed at the source is kept under its row, and noted."""
    reading = Reading()
    for path in paths:
        collector = Collector(SOURCE, path.relative_to(root).as_posix(), reading)
        header, records = _table(path)
        _check(path, header)
        for position, record in enumerate(records):
            if len(record) == len(header):
                _document(dict(zip(header, record, strict=True)), position, collector)
            else:
                collector.refuse(position, f"has {len(record)} cells, the header {len(header)}", record[:1])
    return reading


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    if path.suffix != ".zip":
        return csv_table(path, SOURCE)
    return parse_csv(decode(zip_member(path, (".csv",), SOURCE), path, SOURCE), path, SOURCE)


def _check(path: Path, header: list[str]) -> None:
    missing = [c for c in (*_NEEDED, *CATEGORIES) if c not in header]
    if missing:
        raise SourceError(
            f"{path}: has no column {', '.join(map(repr, missing[:3]))}",
            "the layouts of August 2020 lost columns; take that of July 2020: macaw fetch cset_1790",
        )


def _document(row: dict[str, str], position: int, collector: Collector) -> None:
    office, number, family = row["Publication_country"], row["Publication_number"].strip(), row["Simple_family_ID"]
    if _LOST.fullmatch(number) or row.get("number_lost") in _YES:
        collector.refuse(position, "number was destroyed at the source", f"{office} {number}", "noted")
        number = f"LOST{position}"
    document = Document(
        office=office, number=publication_number(office, number), kind=row["Publication_type"].strip(), family=family
    )
    year = row.get("Priority_Year", "").strip()
    if re.fullmatch(r"\d{4}", year):
        document.priority(None, year)
    document.parts += [("category", c, None, None) for c in CATEGORIES if row[c] in _YES]
    collector.add(position, document)
