"""Tables as workbooks: the rows, and a codebook sheet that says what each column means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import xlsxwriter

from macaw import schema

# A fixed date: the hash of a file tells whether its numbers changed.
_CREATED = datetime(2000, 1, 1)
# Excel's own limit, less the row of names.
MOST_ROWS = 1_048_575
# Only text that is meant as text: no cell becomes a formula, a link or a number by its looks.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
_LONGEST = 32_767


def write_workbook(rows: pa.Table, out: Path, about: Sequence[tuple[str, str]]) -> None:
    """Write a sheet `data` of the rows and a sheet `codebook`: what the rows are, and each column in both languages.

    `about` are lines of label and text for the head of the codebook. The same rows give the same bytes.
    """
    with xlsxwriter.Workbook(str(out), _OPTIONS) as book:
        book.set_properties({"title": about[0][1] if about else out.stem, "created": _CREATED})
        bold = book.add_format({"bold": True})
        data = book.add_worksheet("data")
        data.freeze_panes(1, 0)
        data.write_row(0, 0, rows.column_names, bold)
        for at, row in enumerate(_rows(rows), 1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    data.write_string(at, column, value[:_LONGEST])
                elif isinstance(value, bool):
                    data.write_boolean(at, column, value)
                elif value is not None:
                    data.write_number(at, column, value)
        _codebook(book.add_worksheet("codebook"), rows.column_names, about, bold)


def _rows(table: pa.Table) -> Iterable[tuple[object, ...]]:
    for batch in table.to_batches(max_chunksize=20_000):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _codebook(sheet: object, names: Sequence[str], about: Sequence[tuple[str, str]], bold: object) -> None:
    write = sheet.write_string  # type: ignore[attr-defined]
    for at, (label, text) in enumerate(about):
        write(at, 0, label, bold)
        write(at, 1, text[:_LONGEST])
    top = len(about) + 1
    for column, title in enumerate(("column", "type", "unit", "meaning", "含义")):
        write(top, column, title, bold)
    for at, name in enumerate(names, top + 1):
        known = schema.column(name)
        for column, text in enumerate((name, known.type, known.unit, known.meaning, known.meaning_zh)):
            write(at, column, text)
