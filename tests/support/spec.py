"""Reads specifications: Markdown pages whose tables are data and the results expected of it.

A page has a title, a definition in plain words, and under second-level headings its examples. A table
stands under a caption that names it:

    Table `authorships`:
    Result `activity` of organisation `mit`:
    Result `values` of indicator `papers`, counting `fractional`, entity `MIT`:

Tables before the first example hold for all of them. Columns left out are filled with what is usual
(`support.rows`). A result is compared in the columns it shows; words before code in its caption choose rows,
and for `values` the indicator and the specification. A value asked of an `entity` has every period.

Cells: `–` is null, `""` the empty text, `2013–2018` or `w1–w9` a row for each, `(3/4)^(1/3) - 1` a formula.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pytest

from macaw.indicators import default_specification, indicator
from macaw.indicators.values import Specification

from .engines import Engine
from .rows import arrow_schema
from .steps import Steps

Row = dict[str, object]
_CAPTION = re.compile(r"^(Table|Result) `(\w+)`(.*):$")
_CHOICE = re.compile(r"(\w+) `([^`]*)`")
_RANGE = re.compile(r"^(\D*)(\d+)–\1(\d+)$")
_FORMULA = re.compile(r"^[-+*/^(). 0-9]+$")
_SWITCHES = {f.name for f in fields(Specification)}


@dataclass(frozen=True)
class Result:
    """Rows expected of a table, among those chosen by the caption."""

    table: str
    choices: Mapping[str, str]
    rows: list[Row]

    def check(self, steps: Steps) -> None:
        """Fail unless the rows are as expected, in whatever order."""
        made = steps.table(self.table) if self.table != "values" else self._values(steps)
        chosen = [r for r in made.to_pylist() if all(r.get(c, v) == v for c, v in self._filters(made))]
        columns = list(self.rows[0]) if self.rows else []
        found, expected = _sorted([{c: r[c] for c in columns} for r in chosen]), _sorted(self.rows)
        assert _approximately(found) == expected, f"{self.table}\n{_shown(found)}\nexpected\n{_shown(expected)}"

    def _values(self, steps: Steps) -> pa.Table:
        switches = {name: value for name, value in self.choices.items() if name in _SWITCHES}
        asked = [self.choices["entity"]] if "entity" in self.choices else []
        by_country = self.choices.get("by") == "country"
        of = indicator(self.choices["indicator"])
        usual = replace(default_specification(of), venues="ai") if of.base != "evidence" else default_specification(of)
        return steps.values(of, [replace(usual, **switches)], asked, by_country=by_country)

    def _filters(self, made: pa.Table) -> list[tuple[str, object]]:
        arrow = made.schema
        chosen = {c: v for c, v in self.choices.items() if c in arrow.names}
        return [(c, cell(v, arrow.field(c).type)) for c, v in chosen.items()]


@dataclass
class Example:
    """One heading of a page: tables given and results expected."""

    title: str
    given: dict[str, list[Row]] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)

    def check(self, engine: Engine | None = None) -> None:
        """Fail unless the engine makes every result from the tables given."""
        assert self.results, f"{self.title}: no result is expected"
        steps = Steps(self.given, engine)
        for result in self.results:
            result.check(steps)


@dataclass
class Page:
    """One file: what is defined, and examples."""

    path: Path

    @cached_property
    def lines(self) -> list[str]:
        return self.path.read_text("utf-8").splitlines()

    @property
    def title(self) -> str:
        return self.lines[0].removeprefix("# ")

    @property
    def definition(self) -> str:
        """The words between the title and the first table or example."""
        words = []
        for line in self.lines[1:]:
            if line.startswith(("#", "Table `")):
                break
            words.append(line)
        return " ".join(words).strip()

    @cached_property
    def examples(self) -> list[Example]:
        shared = Example("")
        found = [shared]
        caption: re.Match[str] | None = None
        table: list[str] = []
        for line in [*self.lines, ""]:
            if line.startswith("|"):
                table.append(line)
                continue
            if table:
                assert caption, f"{self.path.name}: a table without a caption: {table[0]}"
                _add(found[-1], caption, table)
                caption, table = None, []
            if line.startswith("## "):
                found.append(Example(line.removeprefix("## "), {n: list(r) for n, r in shared.given.items()}))
            caption = _CAPTION.match(line) or caption
        return found[1:]


def _add(example: Example, caption: re.Match[str], lines: list[str]) -> None:
    kind, name, rest = caption.groups()
    rows = parse_rows(name, lines)
    if kind == "Table":
        example.given[name] = rows
    else:
        example.results.append(Result(name, dict(_CHOICE.findall(rest)), rows))


def parse_rows(table: str, lines: list[str]) -> list[Row]:
    """The rows of a pipe table, typed as the schema says, ranges written out."""
    arrow = arrow_schema(table)
    head, _, *body = [[c.strip() for c in line.strip().strip("|").split("|")] for line in lines]
    rows: list[Row] = []
    for cells in body:
        assert len(cells) == len(head), f"{table}: {cells} does not fit {head}"
        rows += [
            {name: cell(text, arrow.field(name).type) for name, text in zip(head, written, strict=True)}
            for written in _written_out(cells)
        ]
    return rows


def _written_out(cells: list[str]) -> list[list[str]]:
    ranges = {n: m for n, c in enumerate(cells) if (m := _RANGE.match(c))}
    if not ranges:
        return [cells]
    spans = {n: range(int(m[2]), int(m[3]) + 1) for n, m in ranges.items()}
    length = {len(span) for span in spans.values()}
    assert len(length) == 1, f"ranges of different length: {cells}"
    return [
        [f"{ranges[n][1]}{spans[n][step]}" if n in spans else c for n, c in enumerate(cells)]
        for step in range(length.pop())
    ]


def cell(text: str, kind: pa.DataType) -> object:
    """The value a cell stands for.

    >>> cell("yes", pa.bool_()), cell("3/4", pa.float64()), cell('""', pa.string()), cell("–", pa.int64())
    (True, 0.75, '', None)
    """
    if text == "–":
        return None
    if text == '""':
        return ""
    if pa.types.is_boolean(kind):
        return {"yes": True, "no": False}[text]
    if pa.types.is_int64(kind):
        return int(text)
    if pa.types.is_floating(kind):
        assert _FORMULA.match(text), f"{text!r} is no number"
        return float(eval(text.replace("^", "**")))
    return text


def _sorted(rows: list[Row]) -> list[Row]:
    def key(row: Row) -> list[tuple[bool, object]]:
        return [(v is not None, round(v, 6) if isinstance(v, float) else v) for v in row.values()]

    return sorted(rows, key=key)


def _shown(rows: list[Row]) -> str:
    return "\n".join(" | ".join("–" if v is None else str(v) for v in row.values()) for row in rows)


def _approximately(rows: list[Row]) -> list[Row]:
    return [
        {c: pytest.approx(v, rel=0, abs=1e-9) if isinstance(v, float) else v for c, v in row.items()} for row in rows
    ]


def pages(folder: Path) -> list[Page]:
    """The pages of a folder, in alphabetical order."""
    return [Page(path) for path in sorted(folder.glob("*.md"))]
