"""What the sections of beside-papers.md have in common: tables by year, sources, refused records, notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from macaw.api import Observatory
from macaw.sources import origin

# Entity, indicator and definition of a column.
Column = tuple[str, str, str]
_NOTES = Path(__file__).parents[1] / "notes"


def columns(series: Iterable[tuple[str, str]], entities: Iterable[str] = ("USA", "CHN")) -> tuple[Column, ...]:
    """A column for each of some indicators with their definitions, and each entity, those of an indicator together."""
    return tuple((entity, name, definition) for name, definition in series for entity in entities)


def table(observatory: Observatory, shown: Sequence[Column], period: str, counting: str | None = None) -> list[str]:
    """A table with a row for each year in which any column has more to say than that nothing was collected."""
    cells: dict[tuple[int, Column], str] = {}
    for column in shown:
        entity, name, definition = column
        rows = observatory.values(name, entity=entity, definition=definition, period=period, counting=counting)
        cells |= {(row["period"], column): stated(row) for row in rows.to_pylist()}
    years = sorted({year for (year, _), text in cells.items() if text != "L"})
    return [
        "| year | " + " | ".join(f"{entity}: `{name}` {definition}" for entity, name, definition in shown) + " |",
        "|---" * (len(shown) + 1) + "|",
        *(f"| {year} | " + " | ".join(cells.get((year, c), "") for c in shown) + " |" for year in years),
        "",
    ]


def stated(row: dict[str, Any]) -> str:
    """A value with its range and its status, unless that is A; without a value the range, or the status."""
    ends = ["…" if row[end] is None else number(row[end]) for end in ("low", "high")]
    if row["value"] is None:
        return str(row["status"]) if ends == ["…", "…"] else "–".join(ends)
    spread = f" ({ends[0]}–{ends[1]})" if len({*ends, number(row["value"])}) > 1 and ends != ["…", "…"] else ""
    return f"{number(row['value'])}{spread}" + ("" if row.get("status", "A") == "A" else f" {row['status']}")


def number(value: float) -> str:
    """A number with as many digits as a reader needs.

    >>> number(0.12345), number(495.95), number(41631.2), number(2.5e25)
    ('0.123', '495.9', '41,631', '2.5e+25')
    """
    if abs(value) >= 1e12:
        return f"{value:.3g}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}" if abs(value) >= 100 else f"{value:.3g}"


def sources(*names: str) -> str:
    """The sources with their licences."""
    return "Sources · 来源: " + "; ".join(f"{origin(n).citation} ({origin(n).licence})" for n in names) + "\n"


def refused(observatory: Observatory, *names: str) -> list[str]:
    """How many records of these sources were refused or noted, by reason."""
    counted = Counter(
        (r["source"], r["action"], r["reason"])
        for r in observatory.table("rejected").to_pylist()
        if r["source"] in names
    )
    return [
        "### Refused and noted · 未采用与提示\n",
        "Each is listed with file, place and value in `rejected.csv`. · 逐条见 `rejected.csv`。\n",
        "| source | action | records | reason |",
        "|---|---|---|---|",
        *(
            f"| {source} | {action} | {n} | {reason} |"
            for (source, action, reason), n in sorted(counted.items(), key=lambda x: (x[0][0], -x[1]))
        ),
        "",
    ]


def notes(domain: str) -> str:
    """What was found by reading rows, written by hand."""
    return (_NOTES / f"{domain}.md").read_text("utf-8")
