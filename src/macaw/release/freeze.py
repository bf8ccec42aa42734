"""Freezes a build's values into the release that is shipped inside the package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from macaw import provenance, schema
from macaw.api import Observatory
from macaw.claims.answers import history_rows
from macaw.engine.duckdb import quoted
from macaw.errors import MacawError
from macaw.indicators import COVERAGES, indicators
from macaw.release.side import built_from
from macaw.release.traces import traces
from macaw.sources import origin
from macaw.version import __version__

MOST_ACTIVE = 500
# Of organisations the release holds what pages and tables show first; any build holds the rest.
_ORGANISATION_ROWS = """
  v.venues = 'none' or v.topic = 'ai' and v.place_country = '' and v.indicator in (
    'papers', 'papers_share', 'top_venue_papers', 'citations', 'highly_cited_papers', 'papers_growth',
    'industry_academia_share', 'international_share')
  and (v.venues in ('ai', 'csrankings_ai') or v.indicator = 'papers_growth')
  or v.venues in ('patents', 'OpenAlex') and v.topic = 'ai' and v.ownership = 'as_is'
"""
_PLACE_ROWS = """
  v.venues = 'none' or v.place_country = '' and v.ownership = 'as_is'
  and (v.place = 'workplace' or v.venues = 'ai' and v.indicator in ('papers', 'papers_share'))
  and (
    v.indicator in ('papers', 'papers_share', 'highly_cited_papers', 'citations', 'papers_growth',
      'papers_growth_parat')
    or v.venues in ('ai', 'csrankings_ai', 'parat13', 'CVPR')
  )
  or v.venues in ('patents', 'OpenAlex') and v.topic = 'ai' and v.ownership = 'as_is'
"""
_PLACES = "('country', 'group', 'world', 'office')"
_COVERAGES = (*COVERAGES.values(), "evidence_coverage")
_CITED = ("source_title", "url", "accessed", "grade")


def freeze(build: Path, out: Path, name: str) -> dict[str, int]:
    """Write values, coverage, entities and verdicts as Parquet, and release.json; rows by table.

    Values of all countries, groups and the world, and of the organisations with the most papers. Raises
    `MacawError` if a source of the build may not be released.
    """
    built = _record(build)
    sources = [origin(source) for source in built["sources"]]
    refused = [o.name for o in sources if not o.values_may_be_released]
    if refused:
        raise MacawError(f"values of {', '.join(refused)} may not be released", "build with --releasable")
    observatory = Observatory(build)
    con = observatory.connection(("values", "ranks", "profiles", *_COVERAGES, "entities", "verdicts", "claim_evidence"))
    history = history_rows(observatory.table("verdicts"), name)
    con.register("history", pa.Table.from_pylist(history, schema=schema.arrow_schema("verdict_history")))
    con.execute(
        f"""create temp table kept as
        select entity from entities where kind in {_PLACES}
        union
        select entity from "values" where venues = 'none' and indicator not in ({_of_people()})
        union
        select entity from (
          select v.entity, sum(v.value) as papers from "values" as v join entities as e using (entity)
          where v.indicator = 'papers' and v.venues = 'ai' and v.topic = 'ai' and v.counting = 'full'
            and v.place_country = '' and v.ownership = 'as_is' and v.territory = 'mainland'
            and e.kind not in {_PLACES}
          group by v.entity order by papers desc, v.entity limit {MOST_ACTIVE})"""
    )
    out.mkdir(parents=True, exist_ok=True)
    queries = {
        "values": f"""select v.* replace ('{name}' as release)
          from "values" as v join kept using (entity) join entities as e using (entity)
          where case when e.kind in {_PLACES} then {_PLACE_ROWS} else {_ORGANISATION_ROWS} end
          order by indicator, venues, topic, counting, place, ownership, territory, entity, period""",
        "ranks": f"""select r.* replace ('{name}' as release) from ranks as r join kept using (entity)
          order by indicator, kind, period, rank, entity""",
        "profiles": f"""select p.* replace ('{name}' as release) from profiles as p join kept using (entity)
           order by entity, indicator""",
        **{name: f"select * from {name} order by all" for name in _COVERAGES},
        "entities": "select e.* from entities as e join kept using (entity) order by entity",
        # Verdicts rest on releasable sources as the whole build does, and keep those of earlier releases.
        "verdicts": f"select * replace ('{name}' as release) from verdicts",
        "claim_evidence": "select * from claim_evidence",
        "verdict_history": "select * from history",
    }
    rows = {}
    for table, query in queries.items():
        target = out / f"{table}.parquet"
        with provenance.atomic(target) as temporary:
            con.execute(
                f"copy ({query}) to {quoted(temporary)} (format parquet, compression zstd, compression_level 19)"
            )
        rows[table] = pq.read_metadata(target).num_rows
    # For the diff to the next release: the records themselves stay at home.
    with provenance.atomic(out / "traces.parquet") as temporary:
        pq.write_table(traces(observatory), temporary, compression="zstd")
    record = {
        "release": name,
        "macaw": __version__,
        "sources": {o.name: {"citation": o.citation, "licence": o.licence} for o in sources},
        "data": built["data"],
        "figures": _figures(observatory),
        "tables": {t: {"rows": n, "sha256": provenance.hash_file(out / f"{t}.parquet")} for t, n in rows.items()},
        "traces": provenance.hash_file(out / "traces.parquet"),
        "built_from": built_from(provenance.read_json(build / "build.json")),
    }
    provenance.write_json(out / "release.json", record)
    return rows


def _figures(observatory: Observatory) -> list[dict[str, object]]:
    """Where the figures kept by hand stand on which a value may rest, and what of it was read."""
    cited: dict[tuple[str, ...], list[str]] = {}
    for row in observatory.table("figures").to_pylist():
        if row["settles_claims"]:
            cited.setdefault(tuple(row[c] for c in _CITED), []).append(row["figure"])
    return [{**dict(zip(_CITED, place, strict=True)), "figures": found} for place, found in sorted(cited.items())]


def _of_people() -> str:
    """Indicators that thousands of organisations have: they alone bring none into the release."""
    return ", ".join(f"'{each.id}'" for each in indicators().values() if each.category == "people")


def _record(build: Path) -> dict[str, Any]:
    """The record of a build, which tells the sources it read files of."""
    record: dict[str, Any] = provenance.read_json(build / "build.json")
    if "sources" not in record:
        raise MacawError(f"{build}: does not say which sources it was built from", "build again with this version")
    return record
