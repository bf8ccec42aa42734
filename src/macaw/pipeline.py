"""The build: from source files to values, in steps that rerun only when something they depend on changed.

Finished tables wait in `.next/` beside the last good build and take its place together at the end, so a
build that fails or is killed leaves the last good one untouched and the next one resumes where it stopped.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from macaw import provenance, registry, schema, uncertainty
from macaw.claims import ledger
from macaw.claims.record import load_records
from macaw.drift.table import INPUTS as DRIFT_INPUTS
from macaw.drift.table import drift_table, named
from macaw.engine import (
    DuckDB,
    Engine,
    Query,
    connect,
    copy_csv,
    explained,
    load,
    opener,
    parse,
    write_parquet,
)
from macaw.engine.duckdb import quoted
from macaw.engine.engine import Parts, RowsOf
from macaw.errors import MacawError
from macaw.indicators import BASES, compute, frontier_models, indicators, of_patents, published, researchers
from macaw.indicators.pillars import profiles_table
from macaw.indicators.values import Block
from macaw.organisations import tables as organisation_tables
from macaw.relevance import category_topics, record_topics, text_topics, topics_table
from macaw.relevance.patents import topics as patent_topics
from macaw.relevance.positions import Position, position_definitions, position_skills
from macaw.relevance.rules import Topic
from macaw.sources import origins
from macaw.sources.amplyfi import read as amplyfi
from macaw.sources.arxiv import read as arxiv
from macaw.sources.cldr import read as cldr
from macaw.sources.commoncrawl import read as commoncrawl
from macaw.sources.cset_1790 import read as cset_1790
from macaw.sources.deals import read as deals
from macaw.sources.epo import read as epo
from macaw.sources.epoch import read as epoch
from macaw.sources.eto_chips import read as eto_chips
from macaw.sources.files import fingerprint
from macaw.sources.google_patents import read as google_patents
from macaw.sources.gpt3_languages import read as gpt3_languages
from macaw.sources.h1b import read as h1b
from macaw.sources.jobs_zh import read as jobs_zh
from macaw.sources.lca import read as lca
from macaw.sources.lens import read as lens
from macaw.sources.lmarena import read as lmarena
from macaw.sources.ncses import read as ncses
from macaw.sources.openalex import read as openalex
from macaw.sources.paperlists import read as paperlists
from macaw.sources.patentsview import read as patentsview
from macaw.sources.positions import read as positions
from macaw.sources.procurement import read as procurement
from macaw.sources.records import Reading, Rejected, rejected_table, summary
from macaw.sources.repositories import read as repositories
from macaw.sources.ror import read as ror
from macaw.sources.uspto import read as uspto
from macaw.tables.languages import INPUTS as LANGUAGE_INPUTS
from macaw.tables.languages import languages_table
from macaw.tables.patent_members import INPUTS as MEMBER_INPUTS
from macaw.tables.patent_members import patent_members
from macaw.tables.statistics import statistics
from macaw.uncertainty.ranks import ranks_table
from macaw.version import __version__

if TYPE_CHECKING:
    import duckdb

PACKAGE = Path(provenance.__file__).parent
DEMO = PACKAGE / "demo"
READERS = {
    "amplyfi": amplyfi,
    "arxiv": arxiv,
    "cldr": cldr,
    "commoncrawl": commoncrawl,
    "cset_1790": cset_1790,
    "deals": deals,
    "epo": epo,
    "epoch": epoch,
    "eto_chips": eto_chips,
    "google_patents": google_patents,
    "gpt3_languages": gpt3_languages,
    "h1b": h1b,
    "jobs_zh": jobs_zh,
    "lca": lca,
    "lens": lens,
    "lmarena": lmarena,
    "ncses": ncses,
    "openalex": openalex,
    "paperlists": paperlists,
    "patentsview": patentsview,
    "positions": positions,
    "procurement": procurement,
    "repositories": repositories,
    "ror": ror,
    "uspto": uspto,
}
# Steps that refuse records beside the readers.
_ALSO_REFUSE = ("statistics",)
_SHARED_CODE = ("schema", "engine")


# A table, or its parts one after another.
Made: TypeAlias = pa.Table | Parts


@dataclass(frozen=True)
class Step:
    """One step: the tables it makes, the tables it reads, and what else decides whether it must run.

    `files` are the source files it reads, each with its SHA-256.
    """

    name: str
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]
    code: str
    run: Callable[[Build], Mapping[str, Made] | None]
    # Of a source: fingerprints of its files by path. Other steps have none.
    files: Mapping[str, str] | None = None


@dataclass
class Report:
    """What a build did: steps run and kept, rows, refused records, seconds; sources without files, or left out.

    `damaged` are files of the last build that are not as it wrote them, or gone; they were made anew.
    """

    out: Path
    ran: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    refused: list[tuple[str, str, int]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    # Classes, venues and sources that died or jumped, in words.
    drift: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    @property
    def parquet_only(self) -> list[str]:
        """The tables that are too large for a CSV and a copy in the database."""
        return [table for table, rows in self.rows.items() if rows > COPIED_UP_TO]


# -- steps -----------------------------------------------------------------------------------------------


def code_of(*places: str) -> str:
    """A hash of the code of folders or modules of the package, with the code every step shares."""
    parts = []
    for place in (*places, *_SHARED_CODE):
        path = PACKAGE / place
        parts.append(provenance.hash_tree(path) if path.is_dir() else provenance.hash_file(path))
    return provenance.hash_text(*parts)


def _sql(stage: str, name: str, table: str | None = None) -> Step:
    query = load(f"macaw.{stage}", name)
    table = table or name

    def run(build: Build) -> None:
        build.write_query(table, query)

    return Step(table, (table,), query.inputs, provenance.hash_text(query.text), run)


def _sql_of_patents(table: str) -> Step:
    """A query of papers over the tables of patents that stand for theirs."""
    query, reads = of_patents(table)

    def run(build: Build) -> None:
        build.write_query(table, query, reads)

    return Step(table, (table,), tuple(dict.fromkeys(reads.values())), provenance.hash_text(query.text), run)


def _python(name: str, inputs: tuple[str, ...], code: str, make: Callable[[duckdb.DuckDBPyConnection], Made]) -> Step:
    def run(build: Build) -> Mapping[str, Made]:
        return {name: make(build.connection(inputs))}

    return Step(name, (name,), inputs, code, run)


def _mapped(
    name: str,
    query: Query,
    key: str,
    inputs: tuple[str, ...],
    code: str,
    function: Callable[[duckdb.DuckDBPyConnection], RowsOf],
) -> Step:
    """A function over the rows of a query, in batches; what it needs to know is read once."""

    def run(build: Build) -> Mapping[str, Made]:
        made = function(build.connection(inputs))
        return {name: build.engine(query.inputs).mapped(query, key, made, schema.arrow_schema(name), _AT_ONCE)}

    inputs = tuple(dict.fromkeys((*query.inputs, *inputs)))
    return Step(name, (name,), inputs, provenance.hash_text(code, query.text), run)


def _source(name: str, root: Path, files: list[Path]) -> Step:
    reader = READERS[name]

    def run(build: Build) -> Mapping[str, pa.Table]:
        if hasattr(reader, "write"):
            refused: list[Rejected] = reader.write(files, root, build.next / "parquet", build.next)
            return {f"rejected_{name}": rejected_table(refused)}
        reading: Reading = reader.read(files, root)
        made = {table: reading.table(table) for table in reader.TABLES}
        return {**made, f"rejected_{name}": rejected_table(reading.refused)}

    prints = {f.relative_to(root).as_posix(): fingerprint(f) for f in files}
    inputs: tuple[str, ...] = getattr(reader, "REGISTRY", ())
    return Step(f"read_{name}", (*reader.TABLES, f"rejected_{name}"), inputs, code_of("sources"), run, prints)


# Words of source files that no list or registry knows.
_UNKNOWN = tuple(
    load("macaw.tables", name) for name in ("unknown_statuses", "unknown_countries", "unknown_parts", "unplaced_deals")
)


def _rejected(build: Build) -> Mapping[str, pa.Table]:
    arrow = schema.arrow_schema("rejected")
    parts = [build.read(f"rejected_{name}") for name in (*READERS, *_ALSO_REFUSE)]
    for query in _UNKNOWN:
        found = build.connection(query.inputs).sql(query.text).to_arrow_table()
        parts.append(found.cast(arrow))
    return {"rejected": pa.concat_tables(parts)}


_STATISTICS_INPUTS = ("source_statistics", "source_statistic_tables", "registry_statistics", "registry_places")


def _statistics(build: Build) -> Mapping[str, pa.Table]:
    con = build.connection(_STATISTICS_INPUTS)
    places = con.execute("select name, country from registry_places where place_kind = 'country'").fetchall()
    cells, tables = (build.read(name).to_pylist() for name in _STATISTICS_INPUTS[:2])
    found = statistics(cells, tables, registry.tables()["registry_statistics"].to_pylist(), dict(places))
    return {"statistics": found.table(), "rejected_statistics": rejected_table(found.refused)}


_POSITIONS = "select job, title, job_role, description, degree, degree_field from positions order by job"


def _position_definitions(con: duckdb.DuckDBPyConnection) -> pa.Table:
    return position_definitions(_positions(con))


def _position_skills(con: duckdb.DuckDBPyConnection) -> pa.Table:
    return position_skills(_positions(con))


def _positions(con: duckdb.DuckDBPyConnection) -> list[tuple[str, Position]]:
    return [(job, Position(*said)) for job, *said in con.execute(_POSITIONS).fetchall()]


# Names matched, or works classified, before they are written: memory must not grow with their number.
_AT_ONCE = 20_000
_NAMES = parse("matches", "select raw_name from raw_names")
_TEXTS = load("macaw.relevance", "texts")


@dataclass(frozen=True)
class _Topics:
    """Rows of `record_topics` from works with their texts."""

    topics: tuple[Topic, ...]
    fields: dict[str, frozenset[str]]
    ai: frozenset[str]

    def __call__(self, works: pa.RecordBatch) -> pa.Table:
        """The rows of a batch of works."""
        ids, venues, titles, abstracts, categories = (column.to_pylist() for column in works.columns)
        rows = record_topics(zip(ids, venues, titles, strict=True), self.topics, self.fields, self.ai)
        rows += text_topics(zip(ids, titles, abstracts, strict=True))
        return topics_table(rows + category_topics(zip(ids, categories, strict=True)))


def _topics(con: duckdb.DuckDBPyConnection) -> _Topics:
    topics = con.execute("select topic, fields, keywords from registry_topics").fetchall()
    fields = dict(con.execute("select venue, fields from registry_venues").fetchall())
    ai = con.execute("select venue from registry_venue_lists where venues = 'ai'").fetchall()
    return _Topics(
        tuple(Topic(t, frozenset(f), tuple(k)) for t, f, k in topics),
        {venue: frozenset(text.split("|")) for venue, text in fields.items()},
        frozenset(v for (v,) in ai),
    )


_VALUE_BASES = {base.table(name) for base in BASES.values() for name in base.inputs}
VALUE_INPUTS = tuple(sorted(_VALUE_BASES | set(uncertainty.INPUTS)))


# Entities of each scope of published/specifications.toml.
SCOPES = {
    "all": "select entity from entities",
    "places": "select entity from entities where kind in ('country', 'group', 'world')",
    "companies_and_places": "select entity from entities where kind in ('company', 'country', 'group', 'world')",
    "families": "select distinct entity from entities join owners on organisation = entity",
    "offices": "select entity from entities where kind in ('office', 'world')",
    "companies_by_country": "select entity from entities where kind = 'company'",
}


def _values(build: Build) -> Mapping[str, pa.Table]:
    release = provenance.hash_text(*(build.hash_of(t) for t in VALUE_INPUTS))[:12]
    papers = uncertainty.Papers(build.connection(uncertainty.INPUTS))
    parts = [_values_of(block, build, papers, release) for block in published()]
    keys = ", ".join(schema.table("values").key)
    con = connect()
    con.register("parts", pa.concat_tables(parts))
    ranked = [of for of in indicators().values() if of.base == "cells"]
    return {
        "values": con.sql(f"select distinct * from parts order by {keys}").to_arrow_table(),
        "ranks": ranks_table(papers, ranked, release),
    }


def _values_of(block: Block, build: Build, papers: uncertainty.Papers, release: str) -> pa.Table:
    """The values of one block of specifications, with their intervals."""
    base = BASES[block.base]
    by_country = block.scope == "companies_by_country"
    made: list[pa.Table] = []
    requests: list[uncertainty.Request] = []
    with closing(build.engine(base.inputs, base.stands_for)) as engine:
        scope = engine.rows(parse("scope", SCOPES[block.scope]))
        engine.register("scope", scope)
        for each in indicators().values():
            wanted = block.of(each)
            if wanted:
                if base.cells:
                    rows = "true" if each.across_entities else CELLS_OF_SCOPE[by_country]
                    rows = f"definition in ({', '.join(repr(d) for d in each.definitions)}) and ({rows})"
                    rows += f" and venue in ({', '.join(map(repr, _venues(base.lists, {s.venues for s in wanted})))})"
                    engine.scan(base.cells, build.path(base.table(base.cells)), where=rows)
                made.append(compute(engine, each, wanted, release=release, by_country=by_country))
                requests += [(each, spec) for spec in wanted]
    entities = set(scope["entity"].to_pylist())
    return uncertainty.with_intervals(pa.concat_tables(made), papers, requests, entities, by_country=by_country)


def _venues(lists: str, wanted: Collection[str]) -> list[str]:
    """The venues of some lists: an index of millions of works in none of them need not be looked through."""
    return sorted({row["venue"] for row in registry.tables()[lists].to_pylist() if row["venues"] in wanted}) or [""]


def _profiles(build: Build) -> Mapping[str, pa.Table]:
    release = provenance.hash_text(*(build.hash_of(t) for t in VALUE_INPUTS))[:12]
    return {"profiles": profiles_table(build.connection, release)}


def _verdicts(build: Build) -> Mapping[str, pa.Table]:
    release = provenance.hash_text(*(build.hash_of(t) for t in ledger.INPUTS))[:12]
    return ledger.ledger_tables(load_records(), build.connection, release)


def _verdicts_step() -> Step:
    # The rules and the history of verdicts are part of the code: the package's own files.
    shipped = PACKAGE / "released" / "verdict_history.parquet"
    history = provenance.hash_file(shipped) if shipped.is_file() else ""
    code = provenance.hash_text(code_of("claims", "sure", "indicators", "uncertainty"), history)
    return Step("verdicts", ledger.TABLES, (*ledger.INPUTS, *ledger.REGISTRY), code, _verdicts)


CELLS_OF_SCOPE = {
    False: "place_country = '' and entity in (select entity from scope union all select 'WLD')",
    True: "entity = 'WLD' or place_country <> '' and entity in (select entity from scope)",
}


def steps(data: Path, sources: Collection[str] = tuple(READERS)) -> list[Step]:
    """All steps in the order of the data's way, for the files of `sources` below `data`; other sources are empty."""
    organisations = code_of("organisations")
    located = {name: _located(name, data) for name in READERS}
    return [
        *(_source(name, root, files if name in sources else []) for name, (root, files) in located.items()),
        _sql("tables", "works"),
        _sql("tables", "arxiv_works"),
        _sql("tables", "figures"),
        _sql("tables", "deals"),
        Step(
            "statistics",
            ("statistics", "rejected_statistics"),
            _STATISTICS_INPUTS,
            code_of("tables"),
            _statistics,
        ),
        _sql("tables", "authorships"),
        _sql("tables", "models"),
        _sql("tables", "record_parts"),
        _sql("tables", "clusters"),
        _sql("tables", "patents"),
        _sql("tables", "patent_parts"),
        _python("patent_members", MEMBER_INPUTS, code_of("tables"), patent_members),
        _sql("tables", "patent_families"),
        _sql("tables", "patent_applicants"),
        _sql("tables", "patent_inventors"),
        _sql("tables", "patent_offices"),
        _sql("tables", "patent_collections"),
        _sql("tables", "science_links"),
        _sql("tables", "positions"),
        _sql("tables", "h1b_employers"),
        _sql("tables", "chip_nodes"),
        _sql("tables", "chip_shares"),
        _sql("tables", "raw_names"),
        _sql("tables", "venue_years"),
        _python("languages", LANGUAGE_INPUTS, code_of("tables"), languages_table),
        _sql("tables", "language_shares"),
        _sql("tables", "speakers"),
        Step(
            "rejected",
            ("rejected",),
            tuple(
                sorted({t for q in _UNKNOWN for t in q.inputs} | {f"rejected_{n}" for n in (*READERS, *_ALSO_REFUSE)})
            ),
            code_of("tables"),
            _rejected,
        ),
        _sql("organisations", "organisations"),
        _sql("organisations", "organisation_names"),
        _sql("organisations", "exact_names"),
        _sql("organisations", "investment_links"),
        _python("owners", ("registry_ownership",), organisations, organisation_tables.owners_table),
        _python(
            "ancestors",
            ("registry_facts", "source_relations"),
            organisations,
            organisation_tables.ancestors_table,
        ),
        _python("group_members", ("registry_groups",), organisations, organisation_tables.group_members_table),
        _python("places", ("registry_places",), organisations, organisation_tables.places_table),
        _mapped(
            "matches",
            _NAMES,
            "raw_name",
            organisation_tables.MATCHER_INPUTS,
            organisations,
            organisation_tables.matches_of,
        ),
        _sql("organisations", "affiliation_links"),
        _sql("organisations", "selection_rors"),
        _sql("organisations", "selection_years"),
        _sql("organisations", "selection_works"),
        _mapped(
            "record_topics",
            _TEXTS,
            "work",
            ("registry_topics", "registry_venues", "registry_venue_lists"),
            code_of("relevance"),
            _topics,
        ),
        _python("patent_topics", patent_topics.INPUTS, code_of("relevance/patents"), patent_topics.patent_topics),
        _python("position_definitions", ("positions",), code_of("relevance"), _position_definitions),
        _python("position_skills", ("positions",), code_of("relevance"), _position_skills),
        _sql("indicators", "activity"),
        _sql("indicators", "credits"),
        _sql("indicators", "credit_names"),
        _sql("indicators", "record_measures"),
        _sql("indicators", "cells"),
        _sql("indicators", "coverage"),
        _sql("indicators", "reference_credits"),
        _sql("indicators", "reference_cells"),
        _sql("indicators", "reference_coverage"),
        _sql("indicators", "citation_flows"),
        _sql("indicators", "patent_activity"),
        _sql_of_patents("patent_party_credits"),
        _sql("indicators", "patent_credits"),
        _sql("indicators", "patent_measures"),
        _sql_of_patents("patent_cells"),
        _sql("indicators", "patent_completeness"),
        _sql("indicators", "patent_office_coverage"),
        _sql("indicators", "patent_coverage"),
        _sql("indicators", "patent_citation_coverage"),
        _sql("indicators", "science_credits"),
        _sql_of_patents("science_cells"),
        _sql("indicators", "science_coverage"),
        _sql("indicators", "record_parties"),
        _python(
            "frontier_models",
            (
                "source_index_scores",
                "source_arena_scores",
                "models",
                "record_parts",
                "matches",
                "organisations",
            ),
            code_of("indicators"),
            frontier_models.frontier_models_table,
        ),
        _python("frontiers", ("frontier_models",), code_of("indicators"), frontier_models.frontiers_table),
        _sql("indicators", "model_suppliers"),
        _sql("indicators", "model_dependence"),
        _sql("indicators", "evidence_models"),
        _sql("indicators", "coverage_models"),
        _sql("indicators", "evidence_money"),
        _sql("indicators", "coverage_money"),
        _sql("indicators", "evidence_languages"),
        _sql("indicators", "coverage_languages"),
        _sql("indicators", "evidence_patents"),
        _sql("indicators", "coverage_patents"),
        _python(
            "researchers",
            researchers.RESEARCHER_INPUTS,
            provenance.hash_file(PACKAGE / "indicators" / "researchers.py"),
            researchers.researchers_table,
        ),
        _python(
            "moves",
            researchers.MOVE_INPUTS,
            provenance.hash_file(PACKAGE / "indicators" / "researchers.py"),
            researchers.moves_table,
        ),
        _sql("indicators", "heads"),
        _sql("indicators", "evidence_people"),
        _sql("indicators", "evidence_heads"),
        _sql("indicators", "evidence_moves"),
        _sql("indicators", "coverage_people"),
        _sql("indicators", "evidence_chips"),
        _sql("indicators", "coverage_chips"),
        _sql("indicators", "evidence_frameworks"),
        _sql("indicators", "coverage_frameworks"),
        _sql("indicators", "evidence_coverage"),
        _sql("indicators", "evidence"),
        _sql("indicators", "entities"),
        _python("drift", DRIFT_INPUTS, code_of("drift", "released"), drift_table),
        Step("values", ("values", "ranks"), VALUE_INPUTS, code_of("indicators", "uncertainty"), _values),
        Step("profiles", ("profiles",), ("values", *VALUE_INPUTS), code_of("indicators"), _profiles),
        _verdicts_step(),
    ]


def _files(data: Path, patterns: tuple[str, ...]) -> list[Path]:
    return sorted({f for pattern in patterns for f in data.glob(pattern) if f.is_file()})


def _located(name: str, data: Path) -> tuple[Path, list[Path]]:
    """The folder that holds a source's files and the files: the data folder, or the package they come with."""
    origin = origins()[name]
    root = Path(str(resources.files(origin.package))) if origin.package else data
    return root, _files(root, origin.patterns)


# Sources whose files a user provides; the others come with an installed package.
_PROVIDED = tuple(name for name in READERS if not origins()[name].package)


# -- the build -------------------------------------------------------------------------------------------


class Build:
    """One run over a data folder and an output folder, of all sources or of those whose values may be released."""

    def __init__(
        self,
        data: Path,
        out: Path,
        progress: Callable[[str], None] = lambda step: None,
        *,
        releasable: bool = False,
        engine: str = "duckdb",
    ) -> None:
        self.engine_name = engine
        self._open = opener(engine)
        self.data = data
        self.out = out
        self.next = out / ".next"
        self.progress = progress
        held = [n for n in READERS if _located(n, data)[1]]
        self.sources = [n for n in held if origins()[n].values_may_be_released or not releasable]
        self.report = Report(
            out,
            missing=[n for n in READERS if n not in held],
            left_out=[n for n in held if n not in self.sources],
        )
        self._hashes: dict[str, str] = {}
        self._fresh: set[str] = set()

    # Where tables stand

    def path(self, table: str) -> Path:
        """The Parquet file of a table: the new one where this build made it, else the last build's."""
        folder = self.next if table in self._fresh else self.out
        return folder / "parquet" / f"{table}.parquet"

    def hash_of(self, table: str) -> str:
        """SHA-256 of a table's contents."""
        return _registry_hash(table) if table in registry.TABLES else self._hashes[table]

    def read(self, table: str) -> pa.Table:
        """A table made earlier in the build, as Arrow."""
        return pq.read_table(self.path(table))

    def connection(self, tables: Iterable[str], reads: Mapping[str, str] | None = None) -> duckdb.DuckDBPyConnection:
        """A connection that knows these tables, some of them by the names of others that stand for them."""
        engine = DuckDB(connect())
        # What does not fit into memory waits beside the new tables, not in whatever folder the user is in.
        engine.con.execute(f"set temp_directory = {quoted(self.next / 'spill')}")
        self._know(engine, tables, reads or {})
        return engine.con

    def engine(self, tables: Iterable[str], reads: Mapping[str, str] | None = None) -> Engine:
        """The same on the engine that the build runs on."""
        engine = self._open(self.next / "spill")
        self._know(engine, tables, reads or {})
        return engine

    def _know(self, engine: Engine, tables: Iterable[str], reads: Mapping[str, str]) -> None:
        for name in tables:
            table = reads.get(name, name)
            if table in registry.TABLES:
                engine.register(name, registry.tables()[table])
            else:
                engine.scan(name, self.path(table))

    # Running

    def run(self, only: frozenset[str] | None = None) -> Report:
        """Run what must run (of the steps named, if any are), then publish it all together."""
        plan = [step for step in steps(self.data, self.sources) if only is None or step.name in only]
        with _locked(self.out):
            recover(self.out)
            last = _last(self.out)
            records = {}
            for step in plan:
                records[step.name] = {**self._step(step, last.get("steps", {})), **_evidence(step)}
            whole = self._whole_exports(last.get("files", {}))
            lost = [name for name in _exports(self._copied()) if name not in whole]
            if self._fresh or lost or last.get("steps") != records:
                with explained("writing the tables"):
                    self._publish(plan, records, whole)
            self._count(records)
        return self.report

    def _key(self, step: Step) -> str:
        code = step.code
        if step.files is not None:
            code = provenance.hash_text(code, *(part for file in step.files.items() for part in file))
        return provenance.hash_text(code, *(part for t in step.inputs for part in (t, self.hash_of(t))))

    def _step(self, step: Step, last: Mapping[str, Any]) -> dict[str, Any]:
        key = self._key(step)
        record = self._finished(step, key, last)
        if record:
            self.report.kept.append(step.name)
        else:
            self.progress(step.name)
            with explained(f"step {step.name}"):
                record = self._run_step(step, key)
            self.report.ran.append(step.name)
        for table, entry in record["tables"].items():
            self._hashes[table] = entry["sha256"]
            if not table.startswith("rejected_"):
                self.report.rows[table] = entry["rows"]
        return record

    def _finished(self, step: Step, key: str, last: Mapping[str, Any]) -> dict[str, Any] | None:
        """The record of this step if an earlier build, finished or cut off, made the same and it is still whole."""
        published: dict[str, Any] | None = last.get(step.name)
        if published and published["key"] == key and self._is_whole(published, self.out):
            return published
        waiting = self._waiting(step)
        # A step that was cut off while it ran anew has left other tables than its record tells of.
        if waiting and waiting["key"] == key and self._is_whole(waiting, self.next):
            self._fresh.update(step.outputs)
            return waiting
        return None

    def _waiting(self, step: Step) -> dict[str, Any] | None:
        """What an earlier build, cut off, noted of a step; a note that cannot be read is none."""
        note = self.next / f"{step.name}.json"
        with suppress(MacawError):
            return cast(dict[str, Any], provenance.read_json(note)) if note.is_file() else None
        return None

    def _is_whole(self, record: Mapping[str, Any], folder: Path) -> bool:
        """Whether the tables of a step are in a folder as it wrote them; damaged ones of the last build are named."""
        damaged = [
            f"parquet/{table}.parquet"
            for table, entry in record["tables"].items()
            if not provenance.is_file_of(folder / "parquet" / f"{table}.parquet", entry["sha256"])
        ]
        if folder == self.out:
            self.report.damaged += damaged
        return not damaged

    def _whole_exports(self, files: Mapping[str, Any]) -> dict[str, Any]:
        """The last build's files made from tables, without those that are gone or cut short, which are named."""
        whole = {name: entry for name, entry in files.items() if _has_size(self.out / name, entry["bytes"])}
        self.report.damaged += sorted(files.keys() - whole.keys())
        return whole

    def _run_step(self, step: Step, key: str) -> dict[str, Any]:
        started = time.perf_counter()
        (self.next / "parquet").mkdir(parents=True, exist_ok=True)
        self._fresh.difference_update(step.outputs)
        made = step.run(self)
        for table, data in (made or {}).items():
            with provenance.atomic(self.next / "parquet" / f"{table}.parquet") as temporary:
                if isinstance(data, pa.Table):
                    if not table.startswith("rejected_"):
                        schema.check(table, data)
                    write_parquet(data, temporary)
                else:
                    _write_parts(table, data, temporary)
        self._fresh.update(step.outputs)
        self._check_keys(step.outputs)
        self._check_numbers(step.outputs)
        entries = {}
        for table in step.outputs:
            file = self.next / "parquet" / f"{table}.parquet"
            entries[table] = {"rows": pq.read_metadata(file).num_rows, "sha256": provenance.hash_file(file)}
        seconds = round(time.perf_counter() - started, 3)
        record = {"key": key, "engine": self.engine_name, "seconds": seconds, "tables": entries}
        provenance.write_json(self.next / f"{step.name}.json", record)
        return record

    def _check_keys(self, tables: tuple[str, ...]) -> None:
        """Raise `MacawError` if two rows of a table have the same key: what follows would count them twice."""
        for table in tables:
            key = () if table.startswith("rejected_") else schema.table(table).key
            if not key:
                continue
            columns = ", ".join(f'"{c}"' for c in key)
            repeated = f'select {columns} from "{table}" group by {columns} having count(*) > 1'
            found = self.connection([table]).execute(repeated).fetchone()
            if found:
                raise MacawError(
                    f"table {table}: several rows have the key {dict(zip(key, found, strict=True))}",
                    "a source holds a record twice or a query multiplies rows: mend it, or the key in the schema",
                )

    def _check_numbers(self, tables: tuple[str, ...]) -> None:
        """Raise `MacawError` for a number that is none or infinite: where a number is missing stands null."""
        for table in tables:
            arrow = pq.read_schema(self.path(table))
            numbers = [f.name for f in arrow if pa.types.is_floating(f.type)]
            if not numbers:
                continue
            odd = " or ".join(f'not isfinite("{name}")' for name in numbers)
            found = self.connection([table]).sql(f'select * from "{table}" where {odd} limit 1').to_arrow_table()
            if found.num_rows:
                raise MacawError(
                    f"table {table}: a number is not finite in {found.to_pylist()[0]}",
                    "refuse it where it is read, or make it null where it is calculated",
                )

    def write_query(self, table: str, query: Query, reads: Mapping[str, str] | None = None) -> None:
        """Run a query into the Parquet file of a table, cast to the table's schema."""
        with provenance.atomic(self.next / "parquet" / f"{table}.parquet") as temporary:
            self.engine(query.inputs, reads).write(query, schema.arrow_schema(table), temporary)

    # Publishing

    def _copied(self) -> list[str]:
        """The tables that are written as CSV and into the database too."""
        large = set(self.report.parquet_only)
        return [t for t in schema.tables() if t in self.report.rows and t not in large]

    def _publish(self, plan: Iterable[Step], records: Mapping[str, Any], whole: Mapping[str, Any]) -> None:
        """Write what is made from tables, unless it is in `whole`, and move all that is new into place."""
        self.progress("write")
        started = time.perf_counter()
        (self.next / "csv").mkdir(parents=True, exist_ok=True)
        copied = self._copied()
        fresh = [*self._write_csv(copied, whole), self._write_database(copied)]
        entries = {**whole, **{name: _described(self.next / name) for name in fresh}}
        document = {
            "macaw": __version__,
            "python": sys.version.split()[0],
            "libraries": _versions(),
            "sources": self.sources,
            "data": _provided(plan),
            "files": {name: entries[name] for name in _exports(copied)},
            "registry": {t: _registry_hash(t) for t in registry.TABLES},
            "definitions": {of.id: of.fingerprint for of in indicators().values()},
            **_hashes_of_computing(),
            "steps": {name: records[name] for name in records},
            "seconds_writing": round(time.perf_counter() - started, 3),
        }
        provenance.write_json(self.next / "build.json", document)
        moves = [*(f"parquet/{t}.parquet" for t in sorted(self._fresh)), *fresh]
        provenance.write_json(self.next / "publish.json", [*moves, "build.json"])
        recover(self.out)

    def _write_csv(self, tables: list[str], whole: Collection[str]) -> list[str]:
        """Write the CSV of each table that is new, or whose CSV is not whole; their names."""
        con = connect()
        written = [table for table in tables if table in self._fresh or _csv_name(table) not in whole]
        for table in written:
            with provenance.atomic(self.next / _csv_name(table)) as temporary:
                copy_csv(con, self.path(table), temporary)
        return [_csv_name(table) for table in written]

    def _write_database(self, tables: list[str]) -> str:
        with provenance.atomic(self.next / _DATABASE) as temporary:
            con = connect(temporary)
            for table in tables:
                con.execute(f'create table "{table}" as select * from read_parquet({quoted(self.path(table))})')
            con.close()
        return _DATABASE

    def _count(self, records: Mapping[str, Any]) -> None:
        for name, record in records.items():
            self.report.seconds[name] = record["seconds"]
        if "drift" in records:
            alarms = pq.read_table(self.out / "parquet" / "drift.parquet").filter(pc.field("alarm").is_valid())
            self.report.drift = [named(**row) for row in alarms.drop_columns("probability").to_pylist()]
        if "rejected" not in records:
            return
        rows = pq.read_table(self.out / "parquet" / "rejected.parquet").to_pylist()
        refused = [
            Rejected(r["source"], r["file"], r["position"], r["reason"], r["offending_value"], r["action"])
            for r in rows
        ]
        self.report.refused = summary(refused)


def settle(out: Path) -> None:
    """Before a build is read: let a publication that is under way end, and finish one that was cut off.

    Raises `MacawError` where another build keeps publishing, or the folder may not be written.
    """
    if (out / ".next" / "publish.json").is_file():
        with _locked(out, wait=_PUBLICATION_SECONDS):
            recover(out)


def recover(out: Path) -> None:
    """Finish the publication of a build that was cut off while its files were being moved into place.

    Only who holds the lock of the folder may call it.
    """
    waiting = out / ".next"
    if (waiting / "publish.json").is_file():
        for name in provenance.read_json(waiting / "publish.json"):
            source, target = waiting / name, out / name
            if source.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                source.replace(target)
        _drop_old_copies(out)
        (waiting / "publish.json").unlink()
        shutil.rmtree(waiting)


def _drop_old_copies(out: Path) -> None:
    """Remove the CSV of a table that is no longer written as CSV: it would tell what an earlier build found."""
    files = _last(out).get("files", {})
    for file in (out / "csv").glob("*.csv"):
        if f"csv/{file.name}" not in files:
            file.unlink()


def _write_parts(table: str, parts: Parts, path: Path) -> None:
    """Write a table that is made part by part, holding one part at a time; what makes them ends with this."""
    arrow = schema.arrow_schema(table)
    with closing(parts), pq.ParquetWriter(path, arrow, compression="zstd", compression_level=3) as writer:
        for part in parts:
            schema.check(table, part)
            writer.write_table(part)


_DATABASE = "macaw.duckdb"
# A table of more rows is Parquet only: its copies would take ten times its place, and few programs open such a CSV.
COPIED_UP_TO = 10_000_000
# Moving the files of a build into place takes far less.
_PUBLICATION_SECONDS = 60.0


def _exports(tables: Iterable[str]) -> list[str]:
    """The files made from tables."""
    return [*map(_csv_name, tables), _DATABASE]


def _described(file: Path) -> dict[str, Any]:
    return {"bytes": file.stat().st_size, "sha256": provenance.hash_file(file)}


def _has_size(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _csv_name(table: str) -> str:
    return "rejected.csv" if table == "rejected" else f"csv/{table}.csv"


def _last(out: Path) -> dict[str, Any]:
    file = out / "build.json"
    return provenance.read_json(file) if file.is_file() else {}


def _evidence(step: Step) -> dict[str, Any]:
    """What tells later why a step's tables changed: its code apart from its inputs, and a source's files."""
    code = step.code
    if step.files is not None:
        name = step.name.removeprefix("read_")
        common = sorted((PACKAGE / "sources").glob("*.py"))
        code = provenance.hash_text(code_of(f"sources/{name}"), *map(provenance.hash_file, common))
    found: dict[str, Any] = {"code": code, "inputs": list(step.inputs)}
    return found if step.files is None else found | {"files": dict(step.files)}


def _provided(plan: Iterable[Step]) -> dict[str, str]:
    """The files that a user provided, each with its hash."""
    ours = {f"read_{name}" for name in _PROVIDED}
    return {file: hash_ for step in plan if step.name in ours for file, hash_ in (step.files or {}).items()}


def _hashes_of_computing() -> dict[str, str]:
    """Hashes of what all indicators share: the specifications published, and the code between cells and values."""
    folder = PACKAGE / "indicators"
    shared = {load("macaw.indicators", name).text for base in BASES.values() for name in (base.counted, base.finish)}
    return {
        "specifications": provenance.hash_file(folder / "published" / "specifications.toml"),
        "computing": provenance.hash_text(*sorted(shared), provenance.hash_file(folder / "values.py")),
    }


def _registry_hash(table: str) -> str:
    return provenance.hash_text(str(registry.tables()[table].to_pydict()))


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    names = ("duckdb", "pyarrow", "sqlglot", "numpy", "opencc", "ftfy", "langcodes", "language-data")
    return {name: version(name) for name in names}


@contextmanager
def _locked(out: Path, wait: float = 0) -> Iterator[None]:
    """Only one build at a time writes to a folder."""
    from filelock import FileLock, Timeout

    try:
        out.mkdir(parents=True, exist_ok=True)
        with FileLock(out / ".lock", timeout=wait):
            yield
    except Timeout:
        raise MacawError(f"{out}: another build is writing here", "wait for it, or choose another --out") from None
    except OSError as error:
        raise provenance.cannot_write(out, error) from error


def releasable_sources() -> list[str]:
    """The sources whose values may be released."""
    return [name for name in READERS if origins()[name].values_may_be_released]


def has_sources(data: Path) -> bool:
    """Whether a folder holds a file of any source."""
    return any(_files(data, origins()[name].patterns) for name in _PROVIDED)


def build(
    data: Path,
    out: Path,
    progress: Callable[[str], None] = lambda step: None,
    *,
    releasable: bool = False,
    engine: str = "duckdb",
) -> Report:
    """Build every table from the source files below `data` into `out`; what has not changed is kept.

    With `releasable` sources whose values may not be released are left out, as if their files were not there. The
    `engine` runs the queries, the matcher and the classifier; statistics over what they give run here.
    Raises `MacawError` naming the file and the remedy; the last good build then stays as it was.
    """
    if not data.is_dir():
        raise MacawError(f"{data}: there is no such folder", "give the folder that holds paperlists/ and ror/")
    if not has_sources(data):
        patterns = ", ".join(p for name in _PROVIDED for p in origins()[name].patterns)
        raise MacawError(f"{data}: holds no source file ({patterns})", "run: macaw fetch --data DIR")
    return Build(data, out, progress, releasable=releasable, engine=engine).run()


_NAME_STEPS = frozenset({"read_ror", "organisations", "organisation_names", "owners", "ancestors", "places"})


def prepare_names(data: Path, cache: Path) -> Path:
    """The folder of the tables a matcher needs, made below `cache` unless an earlier call made them."""
    if not data.is_dir():
        raise MacawError(f"{data}: there is no such folder", "give the folder that holds ror/")
    hashes = [fingerprint(f) for f in _files(data, origins()["ror"].patterns)]
    out = cache / "names" / provenance.hash_text(code_of("organisations", "registry", "sources"), *hashes)[:16]
    if not (out / "build.json").is_file():
        Build(data, out).run(_NAME_STEPS)
    return out
