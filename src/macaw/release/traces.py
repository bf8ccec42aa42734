"""Fingerprints of what values rest on, by slice: a venue (or patent office) and year, or a series and year.

Two releases are compared by them without their records. A slice has one fingerprint for each stage of the data's way:
`records` (which there are), `contents` (what they say), `matching` (what their names mean), `relevance` (their topics,
by definition), `credits` (who is credited), `measures` (what is summed of them, by measure). A fingerprint is a sum of
hashes, so the order of rows does not matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from macaw.api import Observatory
from macaw.indicators import BASES, COVERAGES, RECORDS_OF

COLUMNS = ("base", "slice", "period", "stage", "definition", "sources", "made_by", "records", "fingerprint")
DOMAINS = ("models", "money", "languages", "patents", "people", "heads", "moves", "chips", "frameworks")
# What a record of each base says, by columns that every version of Macaw has had.
_CONTENTS = {
    "cells": "title, listed_status, track, is_published, authors, slots, citations",
    "patents": "title, granted_period, is_granted, first_published",
}
_NAMES = {"cells": "slot, part, raw_name", "patents": "part, raw_name"}

_OF_RECORDS = """
  create or replace temp table record_prints as
  with named as (
    select work, sum(md5_number_lower(concat_ws('|', {names}))) as print from {authorships} group by work
  ),
  distinct_names as (select distinct work, raw_name from {authorships}),
  meaning as (
    select raw_name, sum(md5_number_lower(concat_ws('|', organisation, ror, country, is_ancestor))) as print
    from matches group by raw_name
  ),
  meant as (
    select n.work, sum(md5_number_lower(concat_ws('|', n.raw_name, coalesce(m.print, 0)))) as print
    from distinct_names as n left join meaning as m using (raw_name) group by n.work
  )
  select
    w.venue as slice, w.period, w.source, w.work as record, md5_number_lower(w.work) as id,
    md5_number_lower(concat_ws('|', w.work, {contents}, coalesce(named.print, 0))) as contents,
    md5_number_lower(concat_ws('|', w.work, coalesce(meant.print, 0))) as matching
  from {works} as w left join named using (work) left join meant using (work)
"""
_OF_SLICES = """
  with sums as (
    select slice, period, string_agg(distinct source, ',' order by source) as sources, count(*) as records,
      sum(id) as id, sum(contents) as contents, sum(matching) as matching
    from record_prints group by slice, period
  )
  select '{base}' as base, slice, period, stage, '' as definition, sources, '' as made_by, records,
    case stage when 'records' then id when 'contents' then contents else matching end as print
  from sums, (values ('records'), ('contents'), ('matching')) as stages (stage)
  union all
  select '{base}', w.venue, w.period, 'relevance', t.definition,
    string_agg(distinct w.source, ',' order by w.source), '', count(*),
    sum(md5_number_lower(concat_ws('|', t.work, t.topic)))
  from {topics} as t join {works} as w using (work) group by w.venue, w.period, t.definition
  union all
  select '{base}', w.venue, w.period, 'credits', '', string_agg(distinct w.source, ',' order by w.source), '', count(*),
    sum(md5_number_lower(concat_ws('|', c.work, c.entity, c.place_country, c.place, c.ownership, round(c.share, 9))))
  from {credits} as c join {works} as w using (work) group by w.venue, w.period
  union all
  -- The measure stands where other stages have the definition.
  select '{base}', w.venue, w.period, 'measures', m.measure, string_agg(distinct w.source, ',' order by w.source), '',
    count(*), sum(md5_number_lower(concat_ws('|', m.work, m.territory, round(m.value, 9))))
  from {measures} as m join {works} as w using (work) group by w.venue, w.period, m.measure
"""
_OF_EVIDENCE_RECORDS = """
  create or replace temp table record_prints as
  select series as slice, period, definition, record, any_value(source) as source,
    md5_number_lower(record) as id,
    md5_number_lower(concat_ws('|', record, max(amount), max(low), max(high), max(status))) as contents
  from evidence group by series, period, definition, record
"""
_OF_EVIDENCE = """
  with sums as (
    select slice, period, definition, string_agg(distinct source, ',' order by source) as sources,
      count(*) as records, sum(id) as id, sum(contents) as contents
    from record_prints group by slice, period, definition
  )
  select 'evidence' as base, slice, period, stage, definition, sources, coalesce(d.made_by, '') as made_by, records,
    case stage when 'records' then id else contents end as print
  from sums left join domains as d on d.series = slice, (values ('records'), ('contents')) as stages (stage)
  union all
  select 'evidence', series, period, 'credits', definition, string_agg(distinct source, ',' order by source),
    coalesce(any_value(d.made_by), ''), count(*),
    sum(md5_number_lower(concat_ws('|', record, entity, ownership, round(share, 9))))
  from evidence left join domains as d using (series) group by series, period, definition
"""
_OF_COVERAGE = """
  select '{base}' as base, venues as slice, period, 'coverage' as stage, definition, '' as sources,
    '{table}' as made_by, count(*) as records, sum(md5_number_lower(concat_ws('|', topic, {told}))) as print
  from {table} group by venues, period, definition
"""
_EVIDENCE_COVERAGE = """
  select 'evidence' as base, series as slice, period, 'coverage' as stage, definition,
    string_agg(distinct source, ',' order by source) as sources, 'evidence_coverage' as made_by, count(*) as records,
    sum(md5_number_lower(concat_ws('|', entity, status, completeness, adds_up))) as print
  from evidence_coverage group by series, period, definition
"""
_TOLD = "affiliation_status, completeness"
# Of papers alone values rest on the status of citations in the same table.
_TOLD_OF_PAPERS = "affiliation_status, citation_status, completeness"


def traces(of: Observatory) -> pa.Table:
    """The fingerprints of a build, one row per base, slice, period, stage and definition.

    `sources` are the sources of the slice's records, `made_by` the table that holds them, `records` how many there are.
    Raises `MacawError` where the build lacks a table.
    """
    parts = [_of_base(of, base) for base in ("cells", "patents")] + [_of_evidence(of)]
    columns = ", ".join(f'"{c}"' for c in COLUMNS[:-1])
    con = of.connection(())
    con.register("parts", pa.concat_tables(parts))
    cut = "printf('%016x', (print::hugeint % 18446744073709551616)::ubigint)"
    return con.sql(f"select {columns}, {cut} as fingerprint from parts order by all").to_arrow_table()


def record_prints(of: Observatory, base: str) -> Any:
    """A connection that knows `record_prints`, one row per record of a base: slice, and hashes of id and contents."""
    if base == "evidence":
        con = of.connection(("evidence", "evidence_coverage"))
        con.execute(_OF_EVIDENCE_RECORDS)
        return con
    stand_for = BASES[base].stands_for
    named = _tables(stand_for)
    con = of.connection((*named.values(), "matches", *_coverages(base).values()))
    con.execute(_OF_RECORDS.format(names=_NAMES[base], contents=_CONTENTS[base], **named))
    return con


def _tables(stand_for: Mapping[str, str]) -> dict[str, str]:
    named = {
        "works": "works",
        "authorships": "authorships",
        "topics": "record_topics",
        "credits": "credits",
        "measures": "record_measures",
    }
    return {name: stand_for.get(table, table) for name, table in named.items()}


def _coverages(base: str) -> dict[str, str]:
    """The tables of coverage of bases whose records are those of one, by base."""
    return {name: table for name, table in COVERAGES.items() if RECORDS_OF[name] == base}


def _of_base(of: Observatory, base: str) -> pa.Table:
    con = record_prints(of, base)
    queries = [_OF_SLICES.format(base=base, **_tables(BASES[base].stands_for))]
    for name, table in _coverages(base).items():
        told = _TOLD_OF_PAPERS if table == "coverage" else _TOLD
        queries.append(_OF_COVERAGE.format(base=name, table=table, told=told))
    return _together(con, queries)


def _of_evidence(of: Observatory) -> pa.Table:
    con = record_prints(of, "evidence")
    made: dict[str, str] = {}
    for domain in DOMAINS:
        if of.file(f"evidence_{domain}").is_file():
            held = of.connection((f"evidence_{domain}",)).execute(f"select distinct series from evidence_{domain}")
            made |= {series: f"evidence_{domain}" for (series,) in held.fetchall()}
    domains = pa.table(
        {"series": pa.array(list(made), pa.string()), "made_by": pa.array(list(made.values()), pa.string())}
    )
    con.register("domains", domains)
    return _together(con, [_OF_EVIDENCE, _EVIDENCE_COVERAGE])


def _together(con: Any, queries: list[str]) -> pa.Table:
    """The rows of several queries; sums of hashes as text, since Arrow has no integer that wide."""
    union = " union all by name ".join(f"({q})" for q in queries)
    return con.sql(f"select * replace (print::hugeint::varchar as print) from ({union})").to_arrow_table()
