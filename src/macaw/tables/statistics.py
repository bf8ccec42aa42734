"""Cells of statistical tables → figures of a series, an entity and a year, as registry/statistics.toml says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from macaw import schema
from macaw.errors import RegistryError
from macaw.sources.records import Rejected

Row = dict[str, Any]

# NCSES's flags and marks in SDMX's observation status. A revised figure is a normal one; `*` and `**` stand for shares
# that round to nothing, or for what no note explains: no number, so missing.
STATUS = {None: "A", "r": "A", "i": "I", "NA": "O", "na": "M", "D": "Q", "range": "Q"}
_MISSING = "O"


@dataclass
class Statistics:
    """Rows of the table `statistics`, and the cells that were not used, with the reason."""

    rows: list[Row] = field(default_factory=list)
    refused: list[Rejected] = field(default_factory=list)

    def table(self) -> pa.Table:
        """The rows as Arrow, in the order of their ids."""
        rows = sorted(self.rows, key=lambda row: row["statistic"])
        return pa.Table.from_pylist(rows, schema=schema.arrow_schema("statistics"))


def statistics(cells: list[Row], tables: list[Row], rules: list[Row], places: Mapping[str, str]) -> Statistics:
    """The figures that `rules` find among `cells`; `places` gives the country of a name.

    A label that is no country, a rule without any cell and a second figure of the same series, entity and year are
    listed; of the last the first rule's figure is kept.
    """
    found = Statistics()
    about = {table["table_id"]: table for table in tables}
    by_table = defaultdict(list)
    for cell in cells:
        by_table[cell["table_id"]].append(cell)
    taken: dict[tuple[Any, ...], float | None] = {}
    for rule in rules:
        if rule["table_id"] in about:
            table = about[rule["table_id"]]
            made = list(_figures(rule, by_table[rule["table_id"]], table, places, found))
            if not made:
                found.refused.append(_refused(table, None, f"no cell fits [{rule['rule']}] of statistics.toml", None))
            for row in made:
                _keep(row, table, taken, found)
    return found


def _keep(row: Row, table: Row, taken: dict[tuple[Any, ...], float | None], found: Statistics) -> None:
    key = (row["series"], row["definition"], row["entity"], row["period"])
    if key in taken:
        reason = f"a second figure of {', '.join(map(str, key))} (the first is {taken[key]})"
        found.refused.append(_refused(table, None, reason, row["amount"]))
        return
    taken[key] = row["amount"]
    found.rows.append(row)


def _figures(rule: Row, cells: list[Row], table: Row, places: Mapping[str, str], found: Statistics) -> Iterator[Row]:
    strangers = set()
    for cell in cells:
        row = re.fullmatch(rule["row"], cell["row_label"])
        column = re.fullmatch(rule["column"], cell["column_label"])
        if row and column:
            names = row.groupdict() | column.groupdict()
            entity = _entity(rule, names.get("place"), places)
            if entity:
                yield _figure(rule, cell, table, entity, _period(rule, names))
            else:
                strangers.add(names["place"])
    for name in sorted(strangers):
        found.refused.append(_refused(table, None, "label is no country: its figures are not used", name, "noted"))


def _entity(rule: Row, name: str | None, places: Mapping[str, str]) -> str | None:
    if rule["place"]:
        return str(rule["place"])
    if name is not None and name == rule["world"]:
        return "WLD"
    return dict(rule["places"]).get(name) or places.get(name or "")


def _period(rule: Row, names: Mapping[str, str | None]) -> int:
    """The year of a figure: of its column, or of the table, or the one in brackets that stands for the table's last."""
    year = names.get("period") or rule["period"]
    if year is None:
        raise RegistryError(f"registry/statistics.toml: [{rule['rule']}] gives no year", "add period")
    latest = names.get("latest")
    return int(latest) if latest and int(year) == rule["period"] else int(year)


def _figure(rule: Row, cell: Row, table: Row, entity: str, period: int) -> Row:
    amount = None if cell["amount"] is None else round(cell["amount"] * rule["factor"], 12)
    return {
        "statistic": cell["statistic"],
        "series": rule["series"],
        "definition": rule["definition"],
        "entity": entity,
        "period": period,
        "amount": amount,
        "status": _status(rule, cell, entity, period),
        "flag": cell["flag"],
        "table_id": cell["table_id"],
        "source": table["source"],
        "title": table["title"],
        "link": table["link"],
        "detail": f"{cell['row_label']} · {cell['column_label']}: {cell['cell']}",
    }


def _status(rule: Row, cell: Row, entity: str, period: int) -> str:
    status = STATUS.get(cell["flag"], _MISSING)
    if status != "A":
        return status
    if period == dict(rule["breaks"]).get(entity):
        return "B"
    return "P" if rule["provisional"] and period == rule["period"] else status


def _refused(table: Row, position: int | None, reason: str, value: object, action: str = "rejected") -> Rejected:
    return Rejected(table["source"], table["file"], position, reason, value, action)
