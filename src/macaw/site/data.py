"""What pages show of a build: entities, series, ranks, facts; each read once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, NamedTuple

from macaw import registry
from macaw.api import Observatory
from macaw.indicators import Indicator, categories, indicators, is_fraction
from macaw.provenance import read_json
from macaw.registry.vocabulary import Term
from macaw.site.settings import settings
from macaw.sources import Origin, origins
from macaw.version import __version__

# Marks that turn the direction of the text around them, and control characters: no name needs them on a page.
_MARKS = dict.fromkeys((*range(32), 127, 0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
# The source of a registry row that rests on general knowledge (docs/registry.md).
UNCHECKED = "unchecked"
KINDS = ("company", "country", "group", "world")
# A place counts fractions of a paper, an organisation whole ones, unless a reader chooses otherwise.
COUNTING = {"company": "full", "country": "fractional", "group": "fractional", "world": "fractional"}


def inert(text: str) -> str:
    """A text without marks that would act on the text around it.

    >>> inert("a\\u202eb\\x00c")
    'abc'
    """
    return text.translate(_MARKS)


@dataclass(frozen=True)
class Entity:
    """A company, a country, a group or the world, with what the registry knows of it."""

    id: str
    name: str
    name_zh: str | None
    kind: str
    country: str | None
    region: str = ""
    sector: str = ""
    stage: str = ""
    markets: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    facts: tuple[tuple[str, str, str | None], ...] = ()
    members: tuple[str, ...] = ()
    # Properties of which a fact rests on general knowledge: nobody has read a source for it yet.
    unchecked: frozenset[str] = frozenset()
    # Whether a group is of companies or of countries.
    of: str = ""

    def all(self, name: str, language: str | None = None) -> list[str]:
        """Every value of one fact, of one language if given."""
        return [v for p, v, lang in self.facts if p == name and (language is None or lang == language)]


class Point(NamedTuple):
    """One value of a series."""

    period: int
    value: float | None
    low: float | None
    high: float | None
    status: str
    n: int | None
    completeness: float | None


class Data:
    """Everything pages read of one build or of the shipped release."""

    version = __version__

    def __init__(self, observatory: Observatory, address: str = "") -> None:
        """`address`: where the site will stand, with a closing slash; empty if nobody said."""
        self.observatory = observatory
        self.address = address
        self._series: dict[tuple[str, str | None], dict[str, list[Point]]] = {}
        self._by_year: dict[str, dict[str, dict[int, Point]]] = {}
        self._reference: dict[str, int | None] = {}
        self._kinds: dict[str, list[Entity]] = {}
        self._specifications: dict[str, dict[str, dict[tuple[str, ...], list[Point]]]] = {}

    # What it was made from

    def has(self, table: str) -> bool:
        """Whether the build has a table; the shipped release holds values and entities only."""
        return self.observatory.file(table).is_file()

    @cached_property
    def record(self) -> dict[str, Any]:
        """The build's or release's own record."""
        if self.observatory.path is None:
            text = files("macaw.released").joinpath("release.json").read_text("utf-8")
            found: dict[str, Any] = json.loads(text)
            return found
        made: dict[str, Any] = read_json(self.observatory.path / "build.json")
        return made

    @cached_property
    def origins(self) -> dict[str, Origin]:
        """The sources the values rest on, by name."""
        return {name: origins()[name] for name in self.record["sources"]}

    @cached_property
    def not_for_publication(self) -> tuple[str, ...]:
        """Sources of the build whose values may not be published."""
        return tuple(name for name, origin in self.origins.items() if not origin.values_may_be_released)

    @cached_property
    def release(self) -> str:
        """Name of the release that every value carries."""
        con = self.observatory.connection(("values",))
        found = con.execute('select max(release) from "values"').fetchone()
        return str(found[0] if found and found[0] else "")

    # Entities

    @cached_property
    def entities(self) -> dict[str, Entity]:
        """Companies, countries, groups and the world that have values, by id."""
        facts, groups, members = self._facts(), self._groups(), self._members()
        regions = {r["country"]: r["region"] or "" for r in self._registry("countries")}
        found = {}
        for row in self.observatory.table("entities").to_pylist():
            if row["kind"] not in KINDS:
                continue
            own = facts.get(row["entity"], ())
            tickers = [v for p, v, _ in own if p == "ticker"]
            found[row["entity"]] = Entity(
                id=row["entity"],
                name=inert(row["name"]),
                name_zh=inert(row["name_zh"]) if row["name_zh"] else None,
                kind=row["kind"],
                country=row["country"],
                region=regions.get(row["entity"] if row["kind"] == "country" else row["country"], ""),
                sector=_one(own, "sector"),
                stage=_one(own, "stage"),
                markets=tuple(dict.fromkeys(t.split(":")[0] for t in tickers)),
                groups=tuple(groups.get(row["entity"], ())),
                facts=own,
                members=tuple(members.get(row["entity"], ())),
                unchecked=self._unchecked.get(row["entity"], frozenset()),
                of=self._group_kinds.get(row["entity"], ""),
            )
        return found

    def of_kind(self, kind: str) -> list[Entity]:
        """Entities of one kind, those with most papers first, then by name."""
        if kind not in self._kinds:
            papers = self.series("papers")
            size = {e: sum(p.value or 0 for p in papers.get(e, ())) for e in self.entities}
            chosen = [e for e in self.entities.values() if e.kind == kind]
            self._kinds[kind] = sorted(chosen, key=lambda e: (-size[e.id], e.name.casefold(), e.id))
        return self._kinds[kind]

    @staticmethod
    def _registry(name: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = registry.tables()[f"registry_{name}"].to_pylist()
        return rows

    def _facts(self) -> dict[str, tuple[tuple[str, str, str | None], ...]]:
        found: dict[str, list[tuple[str, str, str | None]]] = defaultdict(list)
        for r in self._registry("facts"):
            found[r["organisation"]].append((r["property"], inert(r["value"]), r["language"]))
        return {k: tuple(v) for k, v in found.items()}

    @cached_property
    def _unchecked(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for r in self._registry("facts"):
            if r["source"] == UNCHECKED:
                found[r["organisation"]].add(r["property"])
        return {k: frozenset(v) for k, v in found.items()}

    def _groups(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for r in self._registry("groups"):
            found[r["member"]].append(r["group_id"])
        return found

    def _members(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for r in self._registry("groups"):
            found[r["group_id"]].append(r["member"])
        return found

    @cached_property
    def _group_kinds(self) -> dict[str, str]:
        return {r["group_id"]: r["kind"] for r in self._registry("groups")}

    @cached_property
    def ownership(self) -> list[dict[str, Any]]:
        """Who owned whom, since when and until when, as the registry has it."""
        return self._registry("ownership")

    # Values

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Indicators that have at least one value, by id, in the order of their categories."""
        con = self.observatory.connection(("values",))
        known = {r[0] for r in con.execute('select distinct indicator from "values"').fetchall()}
        order = list(categories())
        held = [i for name, i in indicators().items() if name in known]
        return {i.id: i for i in sorted(held, key=lambda i: (order.index(i.category), self._place(i)))}

    @staticmethod
    def _place(of: Indicator) -> tuple[int, str]:
        first = settings()["order"]
        return (first.index(of.id) if of.id in first else len(first), of.id)

    @cached_property
    def categories(self) -> dict[str, list[Indicator]]:
        """Indicators with values, by category."""
        found: dict[str, list[Indicator]] = {}
        for i in self.indicators.values():
            found.setdefault(i.category, []).append(i)
        return found

    def series(self, indicator: str, venues: str | None = None) -> dict[str, list[Point]]:
        """The series of every entity under the default specification, by entity, in order of years.

        As `macaw values` gives them: years of which nothing is known stand there with their status. Papers may be
        asked for over another list of venues. Empty for an indicator that the build lacks.
        """
        key = (indicator, venues)
        if key not in self._series:
            of = self.indicators.get(indicator)
            self._series[key] = {} if of is None else self._read_series(of, venues)
        return self._series[key]

    def _read_series(self, of: Indicator, venues: str | None) -> dict[str, list[Point]]:
        told = self.told(of.id)
        asked = [e.id for e in self.entities.values() if e.kind in told]
        if not asked:
            return {}
        definition = of.definitions[0] if "definition" in of.rests_on.switches else None
        counting = {e: COUNTING[self.entities[e].kind] for e in asked}
        rows = self.observatory.values(of.id, entity=asked, venues=venues, definition=definition)
        columns = ("entity", "counting", "period", "value", "low", "high", "status", "n", "completeness")
        found: dict[str, list[Point]] = defaultdict(list)
        for entity, counted, *point in zip(*(rows[c].to_pylist() for c in columns), strict=True):
            if counting[entity] == counted:
                found[entity].append(Point(*point))
        return {e: points for e, points in found.items() if any(p.status != "L" for p in points)}

    def by_year(self, indicator: str) -> dict[str, dict[int, Point]]:
        """The default series of every entity by year."""
        if indicator not in self._by_year:
            self._by_year[indicator] = {
                entity: {p.period: p for p in points} for entity, points in self.series(indicator).items()
            }
        return self._by_year[indicator]

    def rank_rows(self, indicator: str) -> list[dict[str, Any]]:
        """Rows of the table `ranks` of one indicator; none where the build has no such table."""
        return self._rank_rows.get(indicator, [])

    @cached_property
    def _rank_rows(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self.observatory.table("ranks").to_pylist() if self.has("ranks") else ():
            found[row["indicator"]].append(row)
        return found

    def told(self, indicator: str) -> set[str]:
        """The kinds of entities of which an indicator has a value."""
        return self._told.get(indicator, set())

    @cached_property
    def _told(self) -> dict[str, set[str]]:
        """The kinds of entities of which each indicator has a value."""
        con = self.observatory.connection(("values", "entities"))
        found: dict[str, set[str]] = defaultdict(set)
        for indicator, kind in con.execute(
            """select distinct v.indicator, e.kind from "values" as v join entities as e using (entity)
            where value is not null"""
        ).fetchall():
            found[indicator].add(kind)
        return found

    def every_specification(self, indicator: str) -> dict[str, dict[tuple[str, ...], list[Point]]]:
        """Values of countries and groups under every published specification of the topic AI.

        By entity and specification (counting, place, ownership, definition, venues), in order of years.
        """
        if indicator not in self._specifications:
            con = self.observatory.connection(("values", "entities"))
            rows = con.execute(
                """select v.entity, counting, place, ownership, definition, venues, period, value, low, high, status, n,
                  completeness
                from "values" as v join entities as e using (entity)
                where indicator = ? and topic = 'ai' and place_country = '' and territory = 'mainland'
                  and value is not null and e.kind in ('country', 'group') order by period""",
                [indicator],
            ).fetchall()
            found: dict[str, dict[tuple[str, ...], list[Point]]] = {}
            for entity, *row in rows:
                found.setdefault(entity, {}).setdefault(tuple(row[:5]), []).append(Point(*row[5:]))
            self._specifications[indicator] = found
        return self._specifications[indicator]

    def shown(self, entity: Entity) -> list[Indicator]:
        """Indicators that have a value of an entity, in the order of pages."""
        return [i for i in self.indicators.values() if has_value(self.series(i.id).get(entity.id, ()))]

    def reference_year(self, indicator: str) -> int | None:
        """The last year of which at least half is known, else the last with any value; None without values.

        Half: of what the series of the world or else of its best known entity could rest on.
        """
        if indicator not in self._reference:
            self._reference[indicator] = self._last_known(indicator)
        return self._reference[indicator]

    def _last_known(self, indicator: str) -> int | None:
        best: dict[int, float] = {}
        for points in self.series(indicator).values():
            for p in points:
                if p.value is not None:
                    known = 1.0 if p.completeness is None else p.completeness
                    best[p.period] = max(best.get(p.period, 0.0), known)
        return max((y for y, known in best.items() if known >= 0.5), default=max(best, default=None))


@cache
def venue_lists() -> dict[str, Term]:
    """The names of every list of venues, by id."""
    rows = registry.tables()["registry_venue_lists"].to_pylist()
    return {r["venues"]: Term(r["name"], r["name_zh"]) for r in rows}


def has_few(of: Indicator, point: Point) -> bool:
    """Whether a share rests on too few records to be ranked."""
    least: int = settings()["entity"]["least_records"]
    return is_fraction(of.unit) and point.n is not None and point.n < least


def published(value: float) -> float:
    """A value as the site's data files have it: six digits, more than is shown, and short in a file.

    >>> published(0.123456789)
    0.123457
    """
    return float(f"{value:.6g}")


def _one(facts: Iterable[tuple[str, str, str | None]], wanted: str) -> str:
    return next((value for name, value, _ in facts if name == wanted), "")


def has_value(points: Iterable[Point]) -> bool:
    """Whether a series has a value that is not zero."""
    return any(p.value for p in points)
