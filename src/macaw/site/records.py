"""The records behind every number of companies and countries, as files that a page loads when one is opened.

A paper's record has its title, venue, year and link, the organisations that gave the credit and why they were matched;
no person and no raw string.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from importlib.resources import files
from itertools import groupby
from typing import Any

from macaw import registry
from macaw.indicators import BASES, default_specification, indicators
from macaw.site.data import Data, Entity, inert
from macaw.site.page import File, data_file, slug

TABLES = (
    "entities",
    "credits",
    "works",
    "record_topics",
    "record_measures",
    "authorships",
    "matches",
    "affiliation_links",
    "owners",
    "organisations",
)
# The measures of each base that counts works, in the order in which a record holds them, and the folder of its records
# below an entity's.
MEASURES = {
    "cells": ("papers", "citations", "highly_cited", "international", "us_china", "industry_academia"),
    "patents": ("families", "granted", "citations", "cites_literature"),
}
FOLDERS = {"cells": "", "patents": "/patents"}
# Bases whose records are those of another: the families are the same.
RECORDS_OF = {"patent_citations": "patents"}
_EVIDENCE = ("entities", "evidence")


def name_of(entity: Entity) -> str:
    """The folder of an entity's records, below `data/`."""
    return f"records/{entity.kind}/{slug(entity.id)}"


class Index:
    """Numbers the distinct values of a file in the order in which they come."""

    def __init__(self) -> None:
        self.known: dict[Any, int] = {}

    def __call__(self, value: Any) -> int:
        """The number of a value."""
        return self.known.setdefault(value, len(self.known))

    @property
    def values(self) -> list[Any]:
        """The values in order."""
        return list(self.known)


class Records:
    """Reads the records of a build, all at once."""

    def __init__(self, data: Data) -> None:
        self.data = data

    @cached_property
    def organisations(self) -> dict[str, tuple[str, str | None]]:
        """Names of organisations by id."""
        con = self.data.observatory.connection(("organisations",))
        return {
            i: (inert(n), z and inert(z))
            for i, n, z in con.execute("select organisation, name, name_zh from organisations").fetchall()
        }

    @cached_property
    def topics(self) -> dict[str, int]:
        """Each topic's bit."""
        names = [*registry.tables()["registry_topics"]["topic"].to_pylist(), "all"]
        return {name: 1 << n for n, name in enumerate(names)}

    def files(self) -> Iterator[File]:
        """One file per entity and year of papers and of patent families, and one per entity of everything else."""
        if not all(self.data.has(table) for table in TABLES):
            return
        for base in MEASURES:
            if all(self.data.has(BASES[base].table(name)) for name in TABLES):
                yield from self._works(base)
        yield from self._evidence()

    def _works(self, base: str) -> Iterator[File]:
        con = self.data.observatory.connection(TABLES, BASES[base].stands_for)
        query = files("macaw.site").joinpath("works.sql").read_text("utf-8")
        usual = next(default_specification(i) for i in indicators().values() if i.base == base)
        bound = {"definition": usual.definition, "place": usual.place, "measures": list(MEASURES[base])}
        cursor = con.execute(query, bound)
        rows = iter(lambda: cursor.fetchmany(20_000), [])
        flat = (row for batch in rows for row in batch)
        for (entity, period), group in groupby(flat, key=lambda r: (r[0], r[1])):
            yield data_file(f"{name_of(self.data.entities[entity])}{FOLDERS[base]}/{period}", self._year(group))

    def _year(self, rows: Iterator[tuple[Any, ...]]) -> dict[str, Any]:
        venues, organisations, reasons = Index(), Index(), Index()
        works = []
        for _, _, work, title, venue, link, share, measures, topics, found in rows:
            works.append(
                [
                    inert(title or "") or work,
                    venues(venue),
                    link or "",
                    round(share, 4),
                    [None if m is None else round(m, 4) for m in measures],
                    sum(self.topics.get(t, 0) for t in topics),
                    [
                        [
                            organisations(f["organisation"]),
                            f["country"],
                            round(f["probability"], 3),
                            reasons(f["evidence"]),
                        ]
                        for f in found or ()
                    ],
                ]
            )
        names = [[i, *self.organisations.get(i, (i, None))] for i in organisations.values]
        return {"venues": venues.values, "organisations": names, "reasons": reasons.values, "works": works}

    def _evidence(self) -> Iterator[File]:
        con = self.data.observatory.connection(_EVIDENCE)
        held = self.data.indicators.values()
        wanted = sorted({str(i.parameters.get("series")) for i in held if i.base == "evidence"})
        rows = con.execute(
            """select v.entity, series, definition, period, title, amount, share, low, high, status, source, link,
              detail
            from evidence as v join entities as e using (entity)
            where e.kind in ('company', 'country') and ownership in ('any', 'as_is')
              and series in (select unnest($1))
            order by v.entity, series, definition, period, amount desc nulls last, title""",
            [wanted],
        ).fetchall()
        for entity, of_entity in groupby(rows, key=lambda r: r[0]):
            series: dict[str, list[Any]] = {}
            for _, name, *record in of_entity:
                shown = [inert(cell) if isinstance(cell, str) else cell for cell in record]
                series.setdefault(name, []).append(shown)
            yield data_file(f"{name_of(self.data.entities[entity])}/evidence", series)
