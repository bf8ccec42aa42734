"""Axis labels that a table lost at source: put back from a hand-written mapping, if its proof holds on the data.

A mapping of axes.toml reads a table as runs, consecutive rows with the same label: the label names one axis, the
place in the run another, and the nth run of the same label the nth block. Its proof is a list of equalities with
labelled tables, or with figures published elsewhere, or bounds by parts that a labelled table has. One that fails,
or that would hold elsewhere in the run as well, refuses the table.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby

Lookup = Callable[[str, str, str], float | None]
Place = tuple[str, str, int]
# A growth is stated with one digit, of levels that are rounded too.
_ROUNDED = 0.06


@dataclass(frozen=True)
class Proof:
    """Equalities: at a label and block, each position equals a cell of a table, or a value.

    With `growth_since`, an earlier year, it is the growth a year since then that equals it, in percent, to the digit
    that is stated. With `parts`, rows of the table that may overlap and leave nothing out, it is no equality: a whole
    is at least the largest of its parts and at most their sum.
    """

    at_label: str
    at_block: int
    positions: tuple[str, ...]
    table: str = ""
    row: str = ""
    column: str = ""
    value: float | None = None
    source: str = ""
    growth_since: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Axes:
    """How a table's rows are read: an empty name in `order` stands for a position that is not proven."""

    table: str
    labels: str
    order: tuple[str, ...]
    blocks: tuple[str, ...]
    row: str
    column: str
    proof: str
    proofs: tuple[Proof, ...]


@dataclass(frozen=True)
class Recovered:
    """Row number → new row and column label, and what was refused, in words with a count."""

    labels: dict[int, tuple[str, str]]
    refused: list[tuple[str, str]]


@cache
def lost_axes() -> dict[str, Axes]:
    """The mappings of axes.toml by table."""
    document = tomllib.loads(files("macaw.sources.ncses").joinpath("axes.toml").read_text("utf-8"))
    found = {}
    for table, entry in document.items():
        listed = ("positions", "parts")
        proofs = tuple(Proof(**{**p, **{k: tuple(p[k]) for k in listed if k in p}}) for p in entry.pop("proved_by"))
        order, blocks = tuple(entry.pop("order")), tuple(entry.pop("blocks"))
        found[table] = Axes(table=table, order=order, blocks=blocks, proofs=proofs, **entry)
    return found


def recover(axes: Axes, labels: list[str], numbers: list[float | None], lookup: Lookup) -> Recovered:
    """The labels of each row of a table; all are refused if a run is not as long as the order, or a proof fails."""
    try:
        placed = dict(_places(axes, labels))
    except ValueError as error:
        return Recovered({}, [(f"axis labels lost at source and not recovered: {error}", f"{len(labels)} cells")])
    at = {place: numbers[i] for i, place in placed.items()}
    first = next((message for proof in axes.proofs for message in _failures(axes, proof, at, lookup)), None)
    if first:
        return Recovered(
            {}, [(f"axis labels lost at source and the proof of axes.toml fails: {first}", f"{len(labels)} cells")]
        )
    kept = {i: _labels(axes, place) for i, place in placed.items() if place[1]}
    return Recovered(kept, list(_left_out(axes, labels, placed)))


def _places(axes: Axes, labels: list[str]) -> Iterator[tuple[int, Place]]:
    """Row number, and label, name of the position and block there."""
    seen: Counter[str] = Counter()
    start = 0
    for name, run in groupby(labels):
        length = sum(1 for _ in run)
        if re.fullmatch(axes.labels, name):
            if length != len(axes.order):
                raise ValueError(f"{name!r} stands on {length} rows, expected {len(axes.order)}")
            if seen[name] >= len(axes.blocks):
                raise ValueError(f"{name!r} comes more than {len(axes.blocks)} times")
            for offset, position in enumerate(axes.order):
                yield start + offset, (name, position, seen[name])
            seen[name] += 1
        start += length


def _labels(axes: Axes, place: Place) -> tuple[str, str]:
    name, position, block = place
    words = {"label": name, "position": position, "block": axes.blocks[block]}
    return axes.row.format(**words), axes.column.format(**words)


def _failures(axes: Axes, proof: Proof, at: dict[Place, float | None], lookup: Lookup) -> Iterator[str]:
    """What is wrong with a proof, position by position."""
    run = [_found(proof, position, at) for position in axes.order]
    for position in proof.positions:
        found = _found(proof, position, at)
        where = f"{proof.at_label}, {position}, {axes.blocks[proof.at_block]}"
        if proof.growth_since:
            where += f", growth since {proof.growth_since}"
        row, column = (text.format(position=position) for text in (proof.row, proof.column))
        if proof.parts:
            parts = [lookup(proof.table, part, column) for part in proof.parts]
            if not _is_whole(found, parts):
                yield f"{where} is {found}, no whole of {parts} (table {proof.table}, {column})"
            continue
        expected = _cell(axes, at, row, column, proof, lookup)
        if found is None or expected is None or abs(found - expected) > (_ROUNDED if proof.growth_since else 0.0):
            yield f"{where} is {found}, expected {expected} ({proof.source or f'table {proof.table}, {row}, {column}'})"
        elif run.count(found) > 1:
            yield f"{where} is {found}, which stands {run.count(found)} times in its run"


def _is_whole(found: float | None, parts: list[float | None]) -> bool:
    known = [part for part in parts if part is not None]
    return found is not None and len(known) == len(parts) and max(known) <= found <= sum(known)


def _found(proof: Proof, position: str, at: dict[Place, float | None]) -> float | None:
    """What the table has where the proof looks, or its growth until there."""
    last, first = (at.get((label, position, proof.at_block)) for label in (proof.at_label, proof.growth_since))
    if not proof.growth_since:
        return last
    if not first or last is None:
        return None
    factor: float = (last / first) ** (1 / (int(proof.at_label) - int(proof.growth_since)))
    return 100 * (factor - 1)


def _cell(
    axes: Axes, at: dict[Place, float | None], row: str, column: str, proof: Proof, lookup: Lookup
) -> float | None:
    if proof.value is not None:
        return proof.value
    if proof.table == axes.table:
        return next((v for place, v in at.items() if place[1] and _labels(axes, place) == (row, column)), None)
    return lookup(proof.table, row, column)


def _left_out(axes: Axes, labels: list[str], placed: dict[int, Place]) -> Iterator[tuple[str, str]]:
    unproven = sum(1 for place in placed.values() if not place[1])
    if unproven:
        yield "axis labels lost at source: position in the run is not proven", f"{unproven} cells"
    unread = Counter(name for i, name in enumerate(labels) if i not in placed)
    for name, count in sorted(unread.items()):
        yield "axis labels lost at source: rows with this label are not mapped", f"{name}: {count} cells"
