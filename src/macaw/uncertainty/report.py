"""What intervals are made of, as tables to read in either language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from macaw.uncertainty.papers import PARTS

Row = dict[str, Any]


@cache
def words(lang: str) -> dict[str, str]:
    """The words of the tables in a language."""
    said: dict[str, dict[str, str]] = tomllib.loads(
        files("macaw.uncertainty").joinpath("report.toml").read_text("utf-8")
    )
    return said[lang]


def tables(rows: Sequence[Mapping[str, Any]], lang: str) -> Iterator[tuple[str, list[Row]]]:
    """Headings, each with its rows: values with an interval by part, then those without and why.

    `rows` are those of `Observatory.uncertainty`; a value is in one of the tables.
    """
    w = words(lang)
    told = [r for r in rows if r["reason"] is None]
    if told:
        yield w["with"], [_apart(r, w) for r in told]
    rest = [r for r in rows if r["reason"] is not None]
    if rest:
        why = "reason" if lang == "en" else "reason_zh"
        yield w["without"], [_key(r, w) | {w["status"]: r["status"], w["why"]: r[why]} for r in rest]


def _key(row: Mapping[str, Any], w: Mapping[str, str]) -> Row:
    shown = {w[n]: str(row[n]) for n in ("entity", "period", "counting", "venues")}
    return shown | {w["value"]: None if row["value"] is None else f"{row['value']:.4g}"}


def _apart(row: Mapping[str, Any], w: Mapping[str, str]) -> Row:
    shown = _key(row, w) | {w["interval"]: _between(row["low"], row["high"])}
    shown |= {w[p]: _between(row[f"{p}_low"], row[f"{p}_high"]) for p in PARTS if f"{p}_low" in row}
    return shown | {w["widest"]: row["widest"] and w[row["widest"]]}


def _between(low: float | None, high: float | None) -> str:
    """Both ends; an end that is open is left out."""
    ends = ["" if end is None else f"{end:.4g}" for end in (low, high)]
    return " – ".join(ends).strip() if any(ends) else ""
