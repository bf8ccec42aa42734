"""The public API: open a build or the shipped release, ask it for values and records, resolve names."""

from __future__ import annotations

import difflib
import io
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from functools import cached_property
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from macaw import pipeline, provenance, registry, schema, uncertainty
from macaw.engine import DuckDB, connect, load, scan
from macaw.errors import MacawError, UsageError
from macaw.indicators import Indicator, Specification, compute, default_specification, indicator, indicators, recorded
from macaw.indicators.frontier_models import known_on, measure
from macaw.indicators.values import COUNTINGS, OWNERSHIPS, TERRITORIES, finish, narrow
from macaw.organisations import Matcher
from macaw.organisations import tables as organisation_tables
from macaw.organisations.forest import Model
from macaw.organisations.match import Match
from macaw.organisations.tables import kept, matcher_from
from macaw.relevance import stream
from macaw.relevance.classify import classifier
from macaw.relevance.correction import Corrected, corrected, of_corpus
from macaw.relevance.stream import Line
from macaw.sources.records import mask_addresses
from macaw.sure import statement as statements
from macaw.sure.multiverse import Multiverse, multiverse
from macaw.sure.observation import Observation
from macaw.sure.sensitivity import Sensitivity, Series, sensitivity
from macaw.sure.specifications import SWITCHES

if TYPE_CHECKING:
    from macaw.claims.reading.article import Article
    from macaw.claims.reading.check import Report

Choice = str | Sequence[str] | None


def open(path: str | Path | None = None) -> Observatory:  # noqa: A001
    """A build folder, or without a path the release shipped with the package.

    >>> macaw_release = open()
    >>> macaw_release.is_release
    True
    """
    return Observatory(None if path is None else Path(path))


def build(
    data: str | Path | None = None,
    out: str | Path = "macaw-build",
    progress: Callable[[str], None] | None = None,
    *,
    releasable: bool = False,
    engine: str = "duckdb",
) -> pipeline.Report:
    """Build all tables from the source files below `data` (default: see `data_folder`) into `out`.

    With `releasable` from those sources only whose values may be released. `engine` is duckdb or spark
    (docs/cluster.md); the values are the same.
    """
    say = progress or (lambda step: None)
    return pipeline.build(data_folder(data), Path(out), say, releasable=releasable, engine=engine)


def data_folder(given: str | Path | None = None) -> Path:
    """The folder of source files: the one given, else MACAW_DATA, else what `macaw fetch` filled, else the demo."""
    if given is not None:
        return Path(given)
    if os.environ.get("MACAW_DATA"):
        return Path(os.environ["MACAW_DATA"])
    return fetched_folder() if pipeline.has_sources(fetched_folder()) else pipeline.DEMO


def fetched_folder() -> Path:
    """Where `macaw fetch` puts source files unless told otherwise."""
    return Path.home() / ".macaw" / "data"


def periods(text: str | int | None) -> tuple[int, int]:
    """First and last year of a period: `2019`, `2013:2024`, `2013:`, `:2024`; None is all years.

    >>> periods("2013:2024"), periods(2019)
    ((2013, 2024), (2019, 2019))
    """
    if text is None:
        return 0, 9999
    first, colon, last = str(text).partition(":")
    try:
        start = int(first) if first else 0
        end = (int(last) if last else 9999) if colon else start
    except ValueError:
        raise UsageError(f"period {text!r} is not a year or a range of years", "as in 2019 or 2013:2024") from None
    if end < start:
        raise UsageError(f"period {text!r} ends before it begins", "as in 2013:2024")
    return start, end


def _choices(given: Choice, allowed: Sequence[str], switch: str, default: Sequence[str]) -> list[str]:
    if given is None:
        return list(default)
    chosen = given.split(",") if isinstance(given, str) else list(given)
    for choice in chosen:
        if choice not in allowed:
            raise UsageError(f"{switch} {choice!r} is unknown", f"choose from {', '.join(allowed)}")
    return chosen


def _one(given: Choice, switch: str) -> None:
    """Refuse several choices where only one can be answered for."""
    if given is not None and ("," in given if isinstance(given, str) else len(given) > 1):
        raise UsageError(f"{switch} {given!r}: only one can be asked for at a time", "ask once for each")


def _territory(given: str | None) -> str:
    _one(given, "territory")
    return _choices(given, TERRITORIES, "territory", ["mainland"])[0]


class Observatory:
    """Values and records of one build, or values of the shipped release."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.is_release = path is None
        if path is not None:
            if not path.is_dir():
                raise MacawError(f"{path}: there is no such folder", "run: macaw build --out DIR")
            pipeline.settle(path)
            if not (path / "build.json").is_file():
                raise MacawError(f"{path}: is not a finished build (no build.json)", f"run: macaw build --out {path}")

    # Tables

    def file(self, table: str) -> Path:
        """The Parquet file of a table."""
        if self.path is None:
            return Path(str(files("macaw.released").joinpath(f"{table}.parquet")))
        return self.path / "parquet" / f"{table}.parquet"

    def table(self, name: str) -> pa.Table:
        """A whole table of the build, or one of the release's: values, entities, coverage, evidence_coverage."""
        if not self.file(name).is_file():
            place = "the shipped release" if self.is_release else str(self.path)
            raise MacawError(
                f"{place} has no table {name!r}", "build from source files: macaw build --data DIR --out DIR"
            )
        try:
            return pq.read_table(self.file(name))
        except (pa.ArrowInvalid, OSError) as error:
            raise MacawError(
                f"{self.file(name)}: cannot be read ({error})", "delete the file and build again"
            ) from None

    def connection(self, tables: Iterable[str], reads: Mapping[str, str] | None = None) -> Any:
        """A DuckDB connection that knows these tables, some of them by the names of others that stand for them."""
        con = connect()
        for name in tables:
            table = (reads or {}).get(name, name)
            if table in registry.TABLES:
                con.register(name, registry.tables()[table])
            else:
                scan(con, name, self.file(table))
        return con

    # What is asked for

    @cached_property
    def _entities(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.table("entities").to_pylist()
        return rows

    @cached_property
    def _ids(self) -> set[str]:
        """Ids as they are written: `arm` is the company, `ARM` is Armenia."""
        facts, countries = registry.tables()["registry_facts"], registry.tables()["registry_countries"]
        return {r["entity"] for r in self._entities} | {
            *facts["organisation"].to_pylist(),
            *countries["country"].to_pylist(),
        }

    @cached_property
    def _entity_names(self) -> dict[str, str]:
        countries = registry.tables()["registry_countries"].to_pylist()
        facts = registry.tables()["registry_facts"].to_pylist()
        known = sorted(self._entities, key=lambda r: (r["kind"] == "company", r["kind"] in ("country", "group")))
        # Surer names come later and win: aliases, names, countries' names and codes, ids.
        pairs = [(r["value"], r["organisation"]) for r in facts if r["property"] in ("name", "alias", "segment_alias")]
        pairs += [(r[column], r["entity"]) for r in known for column in ("name", "name_zh")]
        places = registry.tables()["registry_places"].to_pylist()
        pairs += [(r["name"], r["country"]) for r in places if r["place_kind"] == "country"]
        pairs += [(r[column], r["country"]) for column in ("name", "name_zh", "alpha2", "country") for r in countries]
        pairs += [(r["entity"], r["entity"]) for r in known]
        return {name.casefold(): entity for name, entity in pairs if name}

    def entity(self, text: str) -> str:
        """The entity an id, ISO code or name means.

        >>> open().entity("united states")
        'USA'
        """
        text = text.strip()
        found = text if text in self._ids else self._entity_names.get(text.casefold())
        if found:
            return found
        near = difflib.get_close_matches(text.casefold(), self._entity_names, n=3, cutoff=0.75)
        known = ", ".join(f"{n} ({self._entity_names[n]})" for n in near)
        raise UsageError(f"no entity is called {text!r}", f"near: {known}" if known else "see: macaw entities TEXT")

    def names(self) -> dict[str, str]:
        """English names of all entities, and of countries that have no value."""
        countries = registry.tables()["registry_countries"].to_pylist()
        return {r["country"]: r["name"] for r in countries} | {r["entity"]: r["name"] for r in self._entities}

    def find(self, text: str) -> list[dict[str, Any]]:
        """Entities whose id or name holds a text, in either language, the one it means first; at most fifty."""
        wanted = text.strip().casefold()
        meant = self._entity_names.get(wanted)
        found = [
            row
            for row in self._entities
            if row["entity"] == meant or any(wanted in (row[k] or "").casefold() for k in ("entity", "name", "name_zh"))
        ]
        return sorted(found, key=lambda row: row["entity"] != meant)[:50]

    def _venues(self, given: Choice, of: Indicator) -> list[str]:
        known = {v.casefold(): v for v in registry.tables()[of.rests_on.lists]["venues"].to_pylist()}
        chosen = [of.venues] if given is None else given.split(",") if isinstance(given, str) else list(given)
        for name in chosen:
            if name.casefold() not in known:
                near = difflib.get_close_matches(name.casefold(), known, n=3)
                raise UsageError(
                    f"there is no venue or venue list {name!r}",
                    f"near: {', '.join(known[n] for n in near)}"
                    if near
                    else f"known: {', '.join(sorted(set(known.values())))}",
                )
        return [known[name.casefold()] for name in chosen]

    def _topics(self, given: Choice, of: Indicator) -> list[str]:
        table = "registry_topics" if of.base == "cells" else "registry_patent_categories"
        known = ["ai", *registry.tables()[table]["topic"].to_pylist(), "all"]
        return _choices(given, known, "topic", ["ai"])

    def _specifications(
        self,
        of: Indicator,
        topic: Choice,
        venues: Choice,
        counting: Choice,
        place: Choice,
        ownership: Choice,
        territory: str,
        definition: Choice,
    ) -> list[Specification]:
        given = {"topic": topic, "venues": venues, "place": place, "ownership": ownership, "definition": definition}
        for switch, choice in given.items():
            if choice is not None and switch not in of.rests_on.switches:
                raise UsageError(f"{of.id} does not depend on {switch}", f"leave out {switch} {choice!r}")
        choices = {
            "counting": _choices(counting, COUNTINGS, "counting", COUNTINGS),
            "definition": _choices(definition, of.choices, "definition", of.definitions),
            "ownership": _choices(ownership, OWNERSHIPS, "ownership", ["as_is"]),
        }
        if "venues" in of.rests_on.switches:
            choices |= {
                "place": _choices(place, of.rests_on.places, "place", of.rests_on.places[:1]),
                "venues": self._venues(venues, of),
                "topic": self._topics(topic, of),
            }
            self._check_told(of, choices["topic"], choices["definition"])
        base = replace(default_specification(of), territory=territory)
        return [replace(base, **dict(zip(choices, chosen, strict=True))) for chosen in product(*choices.values())]

    def _check_told(self, of: Indicator, topics: Sequence[str], chosen: Sequence[str]) -> None:
        """Raise `UsageError` for a topic that a definition does not tell, instead of an empty answer."""
        if not self.file(of.rests_on.table("coverage")).is_file():
            return
        coverage = self.table(of.rests_on.table("coverage"))
        pairs = coverage.select(["topic", "definition"]).group_by(["topic", "definition"]).aggregate([])
        told = {(r["topic"], r["definition"]) for r in pairs.to_pylist()}
        for topic, definition in product(topics, chosen):
            if (topic, definition) not in told and any(d == definition for _, d in told):
                others = sorted(d for t, d in told if t == topic)
                remedy = f"definition {', '.join(others)} does" if others else "no definition of this build does"
                raise UsageError(f"topic {topic} is not told by definition {definition}", remedy)

    def _asked(self, of: Indicator, entity: Choice, territory: str) -> list[str]:
        """Entity ids; under a wider territory China is the group that the territory names.

        Raises `UsageError` for a language where an indicator is not of languages, and the other way round.
        """
        groups = {
            (r["territory"], r["counted_as"]): r["group_id"]
            for r in registry.tables()["registry_territories"].to_pylist()
        }
        names = [] if entity is None else self._split(entity) if isinstance(entity, str) else list(entity)
        asked = [groups.get((territory, found), found) for found in map(self.entity, names)]
        for found in asked:
            if found.startswith("lang:") != of.of_languages:
                told = "languages, as in lang:zh" if of.of_languages else "countries, groups and organisations"
                raise UsageError(f"{of.id} is not told of {found}", f"ask for {told}")
            if found != "WLD" and found.startswith("office:") != of.of_offices:
                told = "patent offices, as in office:CN" if of.of_offices else "countries, groups and organisations"
                raise UsageError(f"{of.id} is not told of {found}", f"ask for {told}")
        return asked

    def _split(self, text: str) -> list[str]:
        """Names between commas; a name that has a comma itself is kept whole."""
        parts, names = text.split(","), []
        while parts:
            for length in range(len(parts), 0, -1):
                name = ",".join(parts[:length]).strip()
                if length == 1 or name in self._ids or name.casefold() in self._entity_names:
                    names.append(name)
                    parts = parts[length:]
                    break
        return names

    # Answers

    def values(
        self,
        name: str,
        *,
        entity: Choice = None,
        topic: Choice = None,
        venues: Choice = None,
        period: str | int | None = None,
        counting: Choice = None,
        place: Choice = None,
        ownership: Choice = None,
        territory: str | None = None,
        definition: Choice = None,
        by_country: bool = False,
    ) -> pa.Table:
        """Rows of the table `values` of one indicator.

        One row per entity, period and specification; without `counting` fractional for countries and
        groups, full for organisations. With `by_country` a row for each place of work of an organisation.
        Raises `UsageError` for an unknown name or switch.
        """
        of = indicator(name)
        wider = _territory(territory)
        specifications = self._specifications(of, topic, venues, counting, place, ownership, wider, definition)
        if by_country and of.base == "evidence":
            raise UsageError(f"{of.id} is not told by place of work", "leave out by_country")
        asked = self._asked(of, entity, wider)
        first, last = periods(period)
        rows = (
            self._stored(of, specifications, asked, by_country)
            if self.is_release
            else self._computed(of, specifications, asked, by_country)
        )
        rows = rows.filter((pc.field("period") >= first) & (pc.field("period") <= last))
        return rows if counting is not None else self._usual_counting(rows)

    def uncertainty(
        self,
        name: str,
        *,
        entity: Choice,
        topic: Choice = None,
        venues: Choice = None,
        period: str | int | None = None,
        counting: Choice = None,
        place: Choice = None,
        ownership: Choice = None,
        territory: str | None = None,
        definition: Choice = None,
    ) -> list[dict[str, Any]]:
        """What the width of each value's interval is made of: one row per value of an entity.

        Each row has entity, period, the switches, value, low, high, status, and for each part (matching, imputation)
        the ends that it alone would give; `widest` is the part that alone gives most of the width, `reason` says why
        there is no interval (null only where there is one). Needs a build: the release does not hold the records that
        are drawn.
        """
        if self.is_release:
            raise MacawError(
                "the shipped release holds intervals, not the records that they are drawn from",
                "build from source files: macaw build --data DIR --out DIR, then add --build DIR",
            )
        of, wider = indicator(name), _territory(territory)
        rows = self.values(
            name,
            entity=entity,
            topic=topic,
            venues=venues,
            period=period,
            counting=counting,
            place=place,
            ownership=ownership,
            territory=territory,
            definition=definition,
        )
        specs = self._specifications(of, topic, venues, counting, place, ownership, wider, definition)
        asked = self._asked(of, entity, wider)
        bare = rows
        for end in ("low", "high"):
            at = rows.schema.get_field_index(end)
            bare = bare.set_column(at, rows.schema.field(at), pa.nulls(rows.num_rows, pa.float64()))
        by_part = {}
        for part in uncertainty.PARTS if of.base == "cells" else ():
            papers = uncertainty.Papers(self.connection(uncertainty.INPUTS), asked, parts=(part,))
            by_part[part] = _by_key(uncertainty.with_intervals(bare, papers, [(of, s) for s in specs]))
        return [
            _apart(of, row, {p: found[_value_key(row)] for p, found in by_part.items()}) for row in rows.to_pylist()
        ]

    def _usual_counting(self, rows: pa.Table) -> pa.Table:
        places = {r["entity"] for r in self._entities if r["kind"] in ("country", "group", "world")}
        places |= set(registry.tables()["registry_countries"]["country"].to_pylist())
        keep = [
            counting == ("fractional" if entity in places else "full")
            for entity, counting in zip(rows["entity"].to_pylist(), rows["counting"].to_pylist(), strict=True)
        ]
        return rows.filter(pa.array(keep, pa.bool_()))

    @cached_property
    def _release(self) -> str:
        """Name of the release that every value of a build carries."""
        name: str = pq.ParquetFile(self.file("values")).read_row_group(0, ["release"])["release"][0].as_py()
        return name

    def _computed(self, of: Indicator, specs: list[Specification], asked: list[str], by_country: bool) -> pa.Table:
        con = self.connection(of.rests_on.inputs, of.rests_on.stands_for)
        if asked:
            con.register("scope", pa.table({"entity": pa.array(sorted(set(asked)), pa.string())}))
        else:
            kinds = "kind in ('office', 'world')" if of.of_offices else "kind <> 'office'"
            con.execute(f"create temp table scope as select entity from entities where {kinds}")
        if asked:
            narrow(con, of, specs, asked)
        rows = compute(DuckDB(con), of, specs, release=self._release, fill=bool(asked), by_country=by_country)
        return self._with_intervals(of, specs, rows, by_country)

    def _with_intervals(self, of: Indicator, specs: list[Specification], rows: pa.Table, by_country: bool) -> pa.Table:
        """Rows with the intervals that the build holds; what it does not publish is drawn now, to the same effect."""
        if of.base != "cells":
            return rows
        con = self.connection(("values",))
        con.register("rows", rows.append_column("row_number", pa.array(range(rows.num_rows))))
        keys = ", ".join(f'"{k}"' for k in schema.table("values").key)
        columns = ", ".join(
            f"coalesce(r.{c}, v.{c}) as {c}" if c in ("low", "high") else f'r."{c}"' for c in rows.column_names
        )
        rows = con.sql(
            f"""select {columns} from rows as r
            left join (select {keys}, low, high from "values" where indicator = $indicator) as v using ({keys})
            order by row_number""",
            params={"indicator": of.id},
        ).to_arrow_table()
        wanted = [(of, spec) for spec in specs if uncertainty.reason(of, spec) is None]
        lacking = {
            r["entity"]
            for r in rows.filter(pc.is_null(rows["low"])).select(["entity", "value"]).to_pylist()
            if r["value"]
        }
        if not wanted or not lacking:
            return rows
        papers = uncertainty.Papers(self.connection(uncertainty.INPUTS), lacking)
        return uncertainty.with_intervals(rows, papers, wanted, by_country=by_country)

    def _stored(self, of: Indicator, specs: list[Specification], asked: list[str], by_country: bool) -> pa.Table:
        rows = self.table("values")
        rows = rows.filter((pc.field("indicator") == of.id) & ((pc.field("place_country") != "") == by_country))
        if asked:
            rows = rows.filter(pc.field("entity").isin(asked))
        lacking = f"the shipped release has no {of.id} of {', '.join(asked) or 'any entity'}"
        remedy = "build it: macaw build --data DIR --out DIR, then add --build DIR"
        if not rows.num_rows:
            raise MacawError(lacking + (" by country of work" if by_country else ""), remedy)
        territory = specs[0].territory
        for switch in ("counting", "place", "ownership", "definition", "venues", "territory", "topic"):
            wanted = sorted({getattr(s, switch) for s in specs})
            if switch == "territory" and not of.by_territory:
                wanted = ["mainland"]
            kept = rows.filter(pc.field(switch).isin(wanted))
            if not kept.num_rows:
                held = ", ".join(sorted(pc.unique(rows[switch]).to_pylist()))
                raise MacawError(f"{lacking} with {switch} {', '.join(wanted)}, only with {held}", remedy)
            rows = kept
        if asked and not by_country:
            rows = self._filled(of, rows)
        place = rows.schema.get_field_index("territory")
        return rows.set_column(place, "territory", pa.array([territory] * rows.num_rows, pa.string()))

    def _filled(self, of: Indicator, rows: pa.Table) -> pa.Table:
        """Stored series with the rows they lack: 0 where nothing was found, no value where nothing was collected."""
        switches = [f.name for f in fields(Specification)]
        con = connect()
        con.register("registry_ownership", registry.tables()["registry_ownership"])
        con.register("owners", organisation_tables.owners_table(con))
        for name in ("coverage", "evidence_coverage", "entities"):
            con.register(name, self.table(of.rests_on.table(name)))
        # A release holds no list of works fetched for some organisations.
        con.register("selection_years", schema.to_table("selection_years", ()))
        con.register("stored", rows)
        con.execute("create temp table computed as select * exclude (indicator), 1.0 as known from stored")
        series = ", ".join(f'"{s}"' for s in ("entity", *switches))
        con.execute("create temp table scope as select distinct entity from stored")
        con.execute(f"create temp table specifications as select distinct {', '.join(switches)} from stored")
        con.register("filled", finish(DuckDB(con), of, release=rows["release"][0].as_py(), fill=True))
        keys = ", ".join(f'"{k}"' for k in schema.table("values").key)
        made = con.sql(
            f"""select * from stored
            union all select f.* from filled as f semi join stored using ({series}) anti join stored using ({keys})
            order by {keys}"""
        )
        return made.to_arrow_table().cast(schema.arrow_schema("values"))

    def records(
        self,
        name: str,
        *,
        entity: str,
        period: str | int | None = None,
        topic: str | None = None,
        venues: str | None = None,
        place: str | None = None,
        ownership: str | None = None,
        territory: str | None = None,
        definition: str | None = None,
    ) -> pa.Table:
        """The records behind a number.

        Of papers one row per work, raw name and organisation that gave the credit, addresses in raw names masked; of
        patents one per family, applicant and organisation, and families without any that may be named; of an indicator
        on evidence one row per record, under its first definition unless another is given. `name` may also be a series
        that has records and no number: investment_links, military_contracts. Needs a build: the release holds values
        only.
        """
        of = recorded(name)
        if self.is_release:
            raise MacawError(
                "the shipped release holds values, not the records behind them",
                "build from source files: macaw build --data DIR --out DIR, then add --build DIR",
            )
        switches = {"entity": entity, "topic": topic, "venues": venues, "place": place, "ownership": ownership}
        switches["definition"] = definition
        for switch, given in switches.items():
            if switch != "entity" or len(self._split(entity)) > 1:
                _one(given, switch)
        wider = _territory(territory)
        spec = self._specifications(of, topic, venues, "full", place, ownership, wider, definition)[0]
        first, last = periods(period)
        known = {
            **of.parameters,
            "entity": self._asked(of, entity, wider)[0],
            # A growth rests on all years of its window, a sum only on the records that add to it.
            "first_year": first - int(of.parameters.get("span", 1)) + 1,
            "last_year": last,
            "all_records": of.query_name != "record_sum",
            **{k: getattr(spec, k) for k in ("venues", "topic", "definition", "place", "ownership", "territory")},
        }
        con = self.connection(of.rests_on.record_tables, of.rests_on.stands_for)
        rows = pa.table({})
        for name in of.rests_on.records:
            query = load("macaw.indicators", name)
            rows = con.sql(query.text, params={p: known[p] for p in query.parameters}).to_arrow_table()
            con.register("chosen", rows)
        if "raw_name" not in rows.column_names:
            return rows
        shown = [None if raw is None else _shown(raw) for raw in rows["raw_name"].to_pylist()]
        return rows.set_column(rows.schema.get_field_index("raw_name"), "raw_name", pa.array(shown, pa.string()))

    def multiverse(
        self,
        text: str,
        *,
        period: str | int | None = None,
        topic: str = "ai",
        over: Mapping[str, Sequence[str]] | None = None,
    ) -> list[Multiverse]:
        """A comparison under every combination of reasonable switches, one answer for each indicator and year.

        `text` as in `papers CHN > USA`; the indicator `*` stands for every one that is told of both. `over` replaces
        the choices of a switch. Of the shipped release only combinations that it holds. Raises `UsageError` for a text
        that is no comparison.

        >>> found = open().multiverse("papers CHN > USA", period=2019)
        >>> [m.period for m in found]
        [2019]
        """
        said = statements.parse(text, self.entity)
        wanted = [said.indicator]
        if said.indicator == statements.EVERY:
            wanted = [i.id for i in indicators().values() if not i.of_languages]
        years = periods(period)
        found = []
        for name in wanted:
            one, of = replace(said, indicator=name), indicator(name)
            self._topics(topic, of)
            self._venues((over or {}).get("venues", ()), of)
            chosen = over if name == said.indicator else {}
            found += multiverse(one, years, self._fetch, among=self._ranked(one), topic=topic, over=chosen)
        return found

    def sensitivity(
        self,
        text: str,
        *,
        period: str | int | None = None,
        venues: str | None = None,
        topic: str = "ai",
        counting: str = "fractional",
    ) -> list[Sensitivity]:
        """A comparison, level or rank of every year with data, and how far it moves without each input in turn.

        Inputs of an indicator on papers are the venues of the list, of one on evidence the sources. Needs a build.
        Raises `UsageError` for a text that is no comparison, a list of one venue, and indicators on neither.
        """
        if self.is_release:
            raise MacawError("the shipped release holds no inputs to leave out", "add --build DIR (macaw build)")
        said = statements.parse(text, self.entity)
        of = indicator(said.indicator)
        if of.base not in ("cells", "evidence"):
            told = "on what is cited" if of.rests_on.counted == "reference_counted" else "on patent offices"
            raise UsageError(f"{of.id} rests {told}", "ask: macaw multiverse")
        among = self._ranked(said)
        asked = list(dict.fromkeys(e for e in (said.entity, said.other, *among) if e))
        topic = self._topics(topic, of)[0] if of.base == "cells" else topic
        spec = replace(default_specification(of), topic=topic, counting="full" if of.single else counting)
        if of.base == "evidence":
            found = self._without_sources(of, spec, asked)
        else:
            spec = replace(spec, venues=self._venues(venues, of)[0])
            found = self._without_venues(of, spec, asked)
        kind = "source" if of.base == "evidence" else "venue"
        return sensitivity(said, kind, found, periods(period), among)

    def _without_venues(self, of: Indicator, spec: Specification, asked: list[str]) -> dict[str, Series]:
        """Series under a list of venues and under the list without each of them, named by the one left out."""
        listed = registry.tables()["registry_venue_lists"].filter(pc.field("venues") == spec.venues)
        if listed.num_rows == 1:
            raise UsageError(f"{spec.venues} is one venue: without it nothing is left", "name a list with --venues")
        lists = [listed.set_column(0, "venues", pa.array([_WITHOUT] * listed.num_rows))]
        for venue in listed["venue"].to_pylist():
            rest = listed.filter(pc.field("venue") != venue)
            lists.append(rest.set_column(0, "venues", pa.array([f"{_WITHOUT}{venue}"] * rest.num_rows, pa.string())))
        coverage = load("macaw.indicators", "coverage")
        con = self.connection((*of.rests_on.inputs, *coverage.inputs))
        con.register("registry_venue_lists", pa.concat_tables(lists))
        topics = f"topic = '{spec.topic}' and definition = '{spec.definition}'"
        scan(con, "record_topics", self.file("record_topics"), where=topics)
        con.execute(f"create or replace temp table coverage_of_lists as {coverage.text}")
        con.execute("drop view coverage")
        con.execute("create temp view coverage as select * from coverage_of_lists")
        con.register("scope", pa.table({"entity": pa.array(sorted(asked), pa.string())}))
        specs = [replace(spec, venues=name) for name in dict.fromkeys(t["venues"][0].as_py() for t in lists)]
        narrow(con, of, specs, asked)
        rows = compute(DuckDB(con), of, specs, release=self._release, fill=True)
        made: dict[str, dict[str, dict[int, Observation]]] = {s.venues.removeprefix(_WITHOUT): {} for s in specs}
        for row in rows.to_pylist():
            _put(made[row["venues"].removeprefix(_WITHOUT)], row)
        return dict(made)

    def _without_sources(self, of: Indicator, spec: Specification, asked: list[str]) -> dict[str, Series]:
        """Series from all sources and without each of them, named by the one left out."""
        series = str(of.parameters.get("series", of.id))
        told = f"select distinct source from evidence where series = '{series}' and definition = '{spec.definition}'"
        names = [s for (s,) in self.connection(("evidence",)).execute(f"{told} order by source").fetchall()]
        made: dict[str, Series] = {}
        for name in ("", *names):
            con = self.connection(of.rests_on.inputs)
            for table in ("evidence", "evidence_coverage"):
                scan(con, table, self.file(table), where=f"source <> '{name}'")
            con.register("scope", pa.table({"entity": pa.array(sorted(asked), pa.string())}))
            held: dict[str, dict[int, Observation]] = {}
            for row in compute(DuckDB(con), of, [spec], release=self._release, fill=True).to_pylist():
                _put(held, row)
            made[name] = held
        return made

    def _ranked(self, said: statements.Statement) -> list[str]:
        """Those among whom an entity is ranked: all of its kind."""
        kinds = {r["entity"]: r["kind"] for r in self._entities} if said.is_rank else {}
        return [e for e, kind in kinds.items() if kind == kinds.get(said.entity)]

    def _fetch(self, of: Indicator, specs: Sequence[Specification], asked: Sequence[str]) -> pa.Table:
        if not self.is_release:
            return self._computed(of, list(specs), list(asked), by_country=False)
        rows = self.table("values")
        rows = rows.filter((pc.field("indicator") == of.id) & (pc.field("place_country") == ""))
        rows = rows.filter(pc.field("entity").isin(list(asked)))
        for switch in SWITCHES:
            rows = rows.filter(pc.field(switch).isin(sorted({getattr(s, switch) for s in specs})))
        return rows

    def frontier(self, entity: str, on: str) -> list[dict[str, Any]]:
        """How far a country's best model stood behind the leader's on any date, by each definition and measure.

        Rows of the table `frontiers`, computed anew for the date; of the arena for its last copy until then. Needs a
        build. Raises `UsageError` for a text that is no date (YYYY-MM-DD).
        """
        try:
            day = date.fromisoformat(on)
        except ValueError:
            raise UsageError(f"{on!r} is not a date", "as in 2024-02-21") from None
        country = self.entity(entity)
        rows: list[dict[str, Any]] = []
        for definition, measured, models in known_on(self.table("frontier_models").to_pylist(), day):
            for name, found in measure(models, country, date.fromisoformat(measured)).items():
                rows.append(
                    {"definition": definition, "measure": name, "entity": country, "measured": measured, **vars(found)}
                )
        return rows


# A list of venues without one of them, while sensitivities are computed.
_WITHOUT = "without "


def _put(series: dict[str, dict[int, Observation]], row: Mapping[str, Any]) -> None:
    if row["value"] is not None:
        found = Observation(row["value"], row["low"], row["high"], row["status"], row["n"] or 0)
        series.setdefault(row["entity"], {})[row["period"]] = found


def _value_key(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[k] for k in schema.table("values").key)


def _by_key(rows: pa.Table) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {_value_key(r): r for r in rows.to_pylist()}


def _apart(of: Indicator, row: dict[str, Any], by_part: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A value with what each part alone gives, the widest part, and why there is no interval."""
    switches = [f.name for f in fields(Specification)]
    made = {k: row[k] for k in ("entity", "period", *switches, "value", "low", "high", "status")}
    widths = {}
    for part, found in by_part.items():
        made |= {f"{part}_low": found["low"], f"{part}_high": found["high"]}
        if found["low"] is not None:
            widths[part] = found["high"] - found["low"]
    widest = max(widths, key=lambda p: widths[p]) if any(widths.values()) else None
    spec = Specification(**{s: row[s] for s in switches})
    missing = uncertainty.why_none(of, spec, row["value"], (row["low"], row["high"]))
    return made | {"widest": widest, "reason": missing and missing.text, "reason_zh": missing and missing.text_zh}


# Prose in the field (a title page, a biography, a footnote) names persons.
_PROSE = re.compile(
    r"\n|\b(is|are|was|were|been) (with|born|a|the|an|now|currently)\b|corresponding author|\breceived (his|her|the)\b"
    r"|\[at\]|\b(Prof|Dr|Mr|Ms|Mrs)\. ?[A-Z]|\bwork (was )?done\b",
    re.IGNORECASE,
)
_LONGEST_SHOWN = 400


def _shown(raw: str) -> str:
    """A raw name fit to be shown: addresses masked, prose (which names persons) left out."""
    if len(raw) > _LONGEST_SHOWN or _PROSE.search(raw):
        return "[text that may name persons, not shown]"
    return mask_addresses(raw)


# -- names -----------------------------------------------------------------------------------------------


_MATCHER_TABLES = ("organisations", "organisation_names", "ancestors", "places")


def matcher(
    build: str | Path | None = None, data: str | Path | None = None, model: Model | None = None
) -> tuple[Matcher, Path]:
    """A matcher over the names of a build, or else of the registry files below `data`; and where they stand.

    Names from a data folder are prepared once, and a matcher made once is loaded from then on: both are kept in the
    cache folder (MACAW_CACHE, else ~/.cache/macaw). `model` takes the place of the shipped one.
    """
    folder = Path(build) if build is not None else pipeline.prepare_names(data_folder(data), cache_folder())
    observatory = Observatory(folder)

    def make() -> Matcher:
        return matcher_from(observatory.connection((*_MATCHER_TABLES, "registry_legal_forms")), model)

    if model is not None:
        return make(), folder
    tables = [provenance.hash_file(observatory.file(table)) for table in _MATCHER_TABLES]
    key = provenance.hash_text(pipeline.code_of("organisations", "registry"), sys.version, np.__version__, *tables)
    return kept(cache_folder() / "matchers" / f"{key[:16]}.pickle", make), folder


def cache_folder() -> Path:
    """Where prepared names are kept."""
    return Path(os.environ.get("MACAW_CACHE") or Path.home() / ".cache" / "macaw")


class Resolver:
    """Says which organisations raw names mean; names and organisations are read once."""

    def __init__(self, build: str | Path | None = None, data: str | Path | None = None) -> None:
        self._matcher, folder = matcher(build, data)
        observatory = Observatory(folder)
        self._organisations = {r["organisation"]: r for r in observatory.table("organisations").to_pylist()}
        self._parents = {
            r["organisation"]: r["owner"]
            for r in observatory.table("owners").to_pylist()
            if r["ownership"] == "as_is" and r["owner"] != r["organisation"]
        }

    def __call__(self, names: Iterable[str]) -> list[dict[str, Any]]:
        """The answers of `resolve`."""
        texts = list(names)
        matches = self._matcher.match_many(texts)
        return [
            {"text": text, "organisations": [self._row(m) for m in found if m.organisation is not None]}
            for text, found in zip(texts, matches, strict=True)
        ]

    def _row(self, match: Match) -> dict[str, Any]:
        facts = self._organisations[match.organisation]
        parent = self._parents.get(match.organisation)
        return {
            "id": match.organisation,
            "name": facts["name"],
            "name_zh": facts["name_zh"],
            "kind": facts["kind"],
            "country": match.country,
            "ror": match.ror,
            "parent_id": parent,
            "parent_name": self._organisations[parent]["name"] if parent else None,
            "probability": match.probability,
            "evidence": match.evidence,
        }


def resolve(
    names: Iterable[str], *, build: str | Path | None = None, data: str | Path | None = None
) -> list[dict[str, Any]]:
    """For each raw name, in order, the organisations it names, with probability and evidence.

    Each answer is `{"text": …, "organisations": [{"id", "name", "name_zh", "kind", "country", "ror",
    "parent_id", "parent_name", "probability", "evidence"}]}`; `country` is where the work is done, as far as
    the string tells, and the parent is today's ultimate owner, null where an organisation is its own.
    """
    if isinstance(names, str):
        raise UsageError(f"names is one text, {names[:40]!r}", "give a list of raw names: macaw.resolve([text])")
    return Resolver(build, data)(names)


def matches(names: Iterable[str], *, build: str | Path | None = None, data: str | Path | None = None) -> pa.Table:
    """Rows of the table `matches` of some raw names, each once, as a build makes them (docs/bigquery.md)."""
    found, _ = matcher(build, data)
    distinct = pa.record_batch({"raw_name": pa.array(sorted(set(names)), pa.string())})
    return organisation_tables.Matches(found)(distinct)


# -- articles ----------------------------------------------------------------------------------------------


def check(source: str, *, build: str | Path | None = None, on: date | None = None) -> Report:
    """Read an article (a file, an http(s) address, or -): what can be checked, and the evidence.

    `on` is the article's date where it states none or a wrong one. Reads the values and verdicts of a build, or of
    the shipped release. Raises `MacawError` for what cannot be read or holds no text. Only an address needs a network.
    """
    from macaw.claims.reading.article import open_article

    article = open_article(source, on)
    return checker(build)(article)


def checker(build: str | Path | None = None) -> Callable[[Article], Report]:
    """What `check` does with an article that was read; a build, or the release, is opened once for many articles."""
    from macaw.claims import answers, ledger
    from macaw.claims.reading.check import check_article
    from macaw.claims.record import load_records

    observatory = open(build)
    values, records = observatory.table("values"), load_records()
    kinds = {r["entity"]: (r["kind"], r["country"]) for r in observatory.table("entities").to_pylist()}
    settled = all(observatory.file(table).is_file() for table in ledger.TABLES)
    verdicts = {d["id"]: d for d in answers.documents(observatory)} if settled else {}
    return lambda article: check_article(article, values, kinds, records, verdicts)


# -- texts -----------------------------------------------------------------------------------------------


def classify(lines: BinaryIO | Iterable[str], corpus: str | None = None) -> Iterator[Line]:
    """Whether each line, a text or a JSON object with title, abstract and categories, is about AI, and which fields.

    One answer a line, in order; a line that cannot be read has an answer without a verdict and a `problem`. With a
    corpus (relevance/validation.csv) yes begins at the threshold measured there; an unknown one is a `UsageError`.

    >>> [line.answer.ai for line in classify(["Deep learning for image recognition", ""])]
    [True, None]
    """
    if not hasattr(lines, "readline"):
        lines = io.BytesIO("\n".join(line.replace("\n", " ") for line in lines).encode() + b"\n")
    return stream.classify(cast(BinaryIO, lines), classifier(corpus))


def corrected_count(said: Mapping[str, tuple[int, int]], corpus: str) -> Corrected:
    """How many texts are about AI, from those said to be and all by kind of text, by a corpus' measured errors.

    Raises `UsageError` for an unknown corpus, or for a kind of text that was not measured on it.
    """
    known = of_corpus(corpus)
    lacking = sorted(kind for kind in said if kind not in known)
    if lacking:
        raise UsageError(
            f"corpus {corpus!r} has no labelled texts of kind {', '.join(lacking)}", "leave the corpus out"
        )
    return corrected((n, total, known[kind]) for kind, (n, total) in said.items())
