"""Reads the tables of NCSES as re-cut to CSV: one row per cell, with its flag, and one row per table.

Three shapes occur. Wide tables have a column per year or measure. Long tables have one `value` per row, with the
measure in columns of levels. Long tables without such columns lost an axis: see axes.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path

from macaw.errors import SourceError
from macaw.sources.files import csv_table, decode, read_bytes
from macaw.sources.ncses import cells
from macaw.sources.ncses.axes import lost_axes, recover
from macaw.sources.records import Reading, Rejected

SOURCE = "ncses"
TABLES = ("source_statistic_tables", "source_statistics")

_LINK = "https://github.com/bq-org/ncses_stats_explorer_placeholder/tree/1f879ab65ed260668840db406611ddc10e8455bc/output/tables/{}"
_LONG = {"time_period", "value"}
# Codes of classifications look like numbers and are none.
_CODES = {"field_naics_code"}
_TEXT = re.compile(r".*(_full_path|_level_\d+|_hierarchy_depth)")
_AGAIN = f"delete the file and run: macaw fetch {SOURCE}"


@dataclass
class Line:
    """One cell before it is written: its id in the table, its row's number in the file, labels and what it says."""

    id: str
    position: int
    row: str
    column: str
    text: str
    cell: cells.Cell


@dataclass
class Table:
    """One file as read, and whether it lost an axis."""

    id: str
    file: str
    lost: bool
    lines: list[Line]


def read(paths: list[Path], root: Path) -> Reading:
    """All tables among `paths`; a README belongs to the CSV of the same number beside it."""
    reading = Reading()
    notes = {path: decode(read_bytes(path, SOURCE), path, SOURCE) for path in paths if path.suffix == ".md"}
    tables: dict[str, Table] = {}
    for path in (p for p in paths if p.suffix == ".csv"):
        shown = path.relative_to(root).as_posix()
        table = _table(path, shown, reading)
        if table.id in tables:
            reading.refused.append(Rejected(SOURCE, shown, None, "table was read from another file", table.id))
            continue
        tables[table.id] = table
        readme = path.with_name(f"{path.stem}.README.md")
        if readme not in notes:
            reading.refused.append(Rejected(SOURCE, shown, None, "table has no README", table.id, "noted"))
        texts = about(notes.get(readme, ""))
        reading.add("source_statistic_tables", table.id, SOURCE, shown, *texts, _LINK.format(table.id))
    for table in tables.values():
        _recover(table, tables, reading)
        _fill_down(table)
        _add(table, reading)
    return reading


def about(readme: str) -> tuple[str | None, str | None, str | None, str | None]:
    """Title, units, notes and producers that a README gives.

    >>> about("# AI, 2000–20\\n\\n**Units:** (Number)\\n\\n## Notes\\n\\nA note.\\n\\n## Sources\\n\\nA source.\\n")
    ('AI, 2000–20', 'Number', 'A note.', 'A source.')
    """
    title = re.search(r"^# (.+)$", readme, re.MULTILINE)
    units = re.search(r"^\*\*Units:\*\* \(?(.*?)\)?$", readme, re.MULTILINE)
    parts = dict(re.findall(r"^## (Notes|Sources)\n+(.*?)(?=\n+## |\Z)", readme, re.MULTILINE | re.DOTALL))
    texts = (title and title[1], units and units[1], parts.get("Notes"), parts.get("Sources"))
    return tuple(cells.label(text) if text else None for text in texts)  # type: ignore[return-value]


def _table(path: Path, shown: str, reading: Reading) -> Table:
    header, records = csv_table(path, SOURCE)
    if header[:2] != ["table_id", "row_id"]:
        raise SourceError(f"{path}: the first columns are {header[:2]}, expected table_id and row_id", _AGAIN)
    body = []
    for position, row in enumerate(records):
        if len(row) == len(header):
            body.append((position, row))
        else:
            reason = f"has {len(row)} cells, the header {len(header)}"
            reading.refused.append(Rejected(SOURCE, shown, position, reason, row[0]))
    if not body:
        raise SourceError(f"{path}: holds a header and no rows", _AGAIN)
    long = set(header) >= _LONG
    lines = list(_long(header, body) if long else _wide(header, body))
    return Table(body[0][1][0], shown, set(header) == {"table_id", "row_id", *_LONG}, lines)


def _long(header: list[str], body: list[tuple[int, list[str]]]) -> Iterator[Line]:
    """Lines of a table with one value per row; the levels between label and value name the measure."""
    levels = [i for i, name in enumerate(header) if re.search(r"_level_\d+$", name)]
    row_at, value_at = header.index("time_period"), header.index("value")
    for position, row in body:
        column = " -> ".join(filter(None, (cells.label(row[i]) for i in levels)))
        yield Line(row[1], position, cells.label(row[row_at]), column, row[value_at], cells.parse(row[value_at]))


def _wide(header: list[str], body: list[tuple[int, list[str]]]) -> Iterator[Line]:
    """Lines of a table with a column per year or measure; a row without any value is a heading."""
    texts = [i for i in range(2, len(header)) if _is_text(header[i], [row[i] for _, row in body])]
    path = next((i for i in texts if header[i].endswith("_full_path")), texts[0] if texts else 1)
    values = [i for i in range(2, len(header)) if i not in texts]
    for position, row in body:
        for i in values:
            if not cells.is_blank(row[i]):
                column = cells.label(header[i].removeprefix("field_"))
                name = f"{row[1]}:{column}"
                yield Line(name, position, cells.label(row[path]), column, row[i], cells.parse(row[i]))


def _is_text(name: str, column: list[str]) -> bool:
    if name in _CODES or _TEXT.fullmatch(name):
        return True
    return all(cells.parse(text).number is None for text in column)


def _recover(table: Table, tables: dict[str, Table], reading: Reading) -> None:
    """Put back the labels of a lost axis; what is not proven is refused and counted."""
    if not table.lost:
        return
    axes = lost_axes().get(table.id)
    if axes is None:
        reason = "axis labels lost at source and no mapping in axes.toml: the table is not used"
        reading.refused.append(Rejected(SOURCE, table.file, None, reason, f"{len(table.lines)} cells"))
        table.lines = []
        return

    def lookup(other: str, row: str, column: str) -> float | None:
        lines = tables[other].lines if other in tables else []
        return next((line.cell.number for line in lines if (line.row, line.column) == (row, column)), None)

    found = recover(axes, [line.row for line in table.lines], [line.cell.number for line in table.lines], lookup)
    reading.refused += [Rejected(SOURCE, table.file, None, reason, value) for reason, value in found.refused]
    kept = []
    for number, line in enumerate(table.lines):
        if number in found.labels:
            line.row, line.column = found.labels[number]
            kept.append(line)
    table.lines = kept


def _fill_down(table: Table) -> None:
    """Name the rows of a place whose label stands on the first of its years only, a cell `Year` telling them apart.

    Only if every place has the same years, rising: a row would not stand where it does if it belonged elsewhere.
    """
    years = {_row_of(line): line.text for line in table.lines if line.column == "Year"}
    places: list[tuple[str, list[str]]] = []
    for row, lines in groupby(table.lines, key=_row_of):
        label = next(lines).row
        if label:
            places.append((label, [row]))
        elif places:
            places[-1][1].append(row)
    told = {tuple(years.get(row, "") for row in rows) for _, rows in places}
    if years and len(told) == 1 and all("" < a < b for a, b in pairwise(("0", *told.pop()))):
        names = {row: f"{label} ({years[row]})" for label, rows in places for row in rows}
        for line in table.lines:
            line.row = names.get(_row_of(line), line.row)


def _row_of(line: Line) -> str:
    """The row of the printed table that a line is of: `r002` of `r002_3`."""
    return line.id.partition("_")[0]


def _add(table: Table, reading: Reading) -> None:
    for line in table.lines:
        problem = line.cell.problem or (None if line.row else "row has no label")
        if problem:
            reading.refused.append(Rejected(SOURCE, table.file, line.position, problem, f"{line.column}: {line.text}"))
        else:
            reading.add(
                "source_statistics",
                f"{SOURCE}:{table.id}:{line.id}",
                table.id,
                line.position,
                line.row,
                line.column,
                line.text,
                line.cell.number,
                line.cell.flag or None,
            )
