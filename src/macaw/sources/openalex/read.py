"""Reads the works of a snapshot, and of collections, in batches of files, newest first, straight into Parquet.

DuckDB parses the JSON; a batch stands in a scratch database that spills to disk, so memory does not grow with the data.
The later partition's version of a work replaces the earlier, and merged works are left out.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from macaw import schema
from macaw.engine import connect, load
from macaw.engine.duckdb import quoted
from macaw.errors import SourceError
from macaw.provenance import cannot_write
from macaw.sources.openalex import fields
from macaw.sources.openalex.collections import Collection, split
from macaw.sources.openalex.snapshot import (
    SOURCE,
    Part,
    Snapshot,
    merged_works,
    records_listed,
    unlike_manifest,
)
from macaw.sources.records import Rejected

TABLES = (
    "source_openalex_works",
    "source_openalex_affiliations",
    "source_openalex_links",
    "source_openalex_abstracts",
    "source_openalex_topics",
    "source_openalex_references",
    "source_openalex_requests",
    "source_openalex_selected",
)
# Written once for all files; the others are written batch by batch.
_OF_COLLECTIONS = ("source_openalex_requests", "source_openalex_selected")
_FIRST_YEAR = 1400
# Compressed bytes read at once; a published file is rarely larger, so a batch is a few of them.
_BATCH = 100_000_000
# A longer line is an error: a work of ten thousand authors takes a third of it, and each thread holds twice as much.
_LONGEST = 32 * 1024**2
# Refused records of one file and reason that are listed one by one; of the others only the number is.
_SHOWN = 100
# Rows handed to the Parquet writer at once.
_ROWS = 100_000
# A reason that half of a file's records share is a change of the format, not a bad record.
_CHANGED = 0.5
_FEWEST = 20


def write(paths: Sequence[Path], root: Path, folder: Path, scratch: Path) -> list[Rejected]:
    """Write the tables of `TABLES` as Parquet files into `folder`, and return what was refused or noted.

    `scratch` is a folder for a database that is deleted afterwards. Raises `SourceError` for a damaged file, and where
    the format changed, naming the field.
    """
    of_snapshot, collections, refused = split(paths, root)
    database = scratch / "openalex.duckdb"
    database.unlink(missing_ok=True)
    con = connect(database)
    writers = {t: pq.ParquetWriter(folder / f"{t}.parquet", schema.arrow_schema(t), compression="zstd") for t in TABLES}
    try:
        con.execute("create table selected (work varchar, selection varchar)")
        for part in (_Group(SOURCE, Snapshot.of(of_snapshot)), *_groups(collections)):
            refused += _read_group(con, part, root, writers)
        _write_collections(con, collections, writers)
    except OSError as error:
        raise cannot_write(folder, error) from error
    finally:
        for writer in writers.values():
            writer.close()
        con.close()
        database.unlink(missing_ok=True)
    return refused


@dataclass(frozen=True)
class _Group:
    """Files in which a work counts once: a snapshot's, or those of the collections that share a list of works."""

    # As registry/venues.csv knows the list; also what the ids of its works begin with.
    folder: str
    files: Snapshot
    # Of collections for organisations: which one each file is of.
    collection: dict[str, str] = field(default_factory=dict)


def _groups(collections: Sequence[Collection]) -> Iterator[_Group]:
    for folder in sorted({c.folder for c in collections}):
        of = [c for c in collections if c.folder == folder]
        # Not the manifests: each names its files from the partition on, which two collections may share.
        paths = [path for c in of for path in c.files]
        names = {p.as_posix(): c.name for c in of if c.kind == "organisations" for p in c.files}
        yield _Group(folder, Snapshot.of(paths), names)


def _read_group(
    con: duckdb.DuckDBPyConnection, group: _Group, root: Path, writers: dict[str, pq.ParquetWriter]
) -> Iterator[Rejected]:
    snapshot = group.files
    yield from unlike_manifest(snapshot, root)
    _institutions(con, snapshot)
    con.execute("create or replace table seen (number bigint)")
    con.execute(
        "create or replace table merged as select unnest($numbers::bigint[]) as number",
        {"numbers": [*merged_works(snapshot)]},
    )
    con.execute(f"create or replace macro work_id(number) as '{group.folder}/W' || number")
    con.execute(f"create or replace macro venue_folder() as '{group.folder}'")
    con.register(
        "of_collection",
        pa.table({"filename": [*group.collection], "collection": [*group.collection.values()]}, schema=_OF_COLLECTION),
    )
    found: Counter[str] = Counter()
    for batch in _batches(snapshot.works):
        yield from _read_batch(con, batch, snapshot.last_year, root, writers, found)
    yield from _fewer(found, snapshot, root)


_OF_COLLECTION = pa.schema([("filename", pa.string()), ("collection", pa.string())])


def _write_collections(
    con: duckdb.DuckDBPyConnection, collections: Sequence[Collection], writers: dict[str, pq.ParquetWriter]
) -> None:
    """Which ROR ids and years were asked for, and in which collections each work is."""
    requests = sorted(
        (c.name, ror, year, ror not in c.unknown)
        for c in collections
        if c.kind == "organisations"
        for ror in set(c.rors)
        for year in range(c.first_year, c.last_year + 1)
    )
    writers["source_openalex_requests"].write_table(schema.to_table("source_openalex_requests", requests))
    selected = con.sql("select distinct work, selection from selected order by work, selection").to_arrow_table()
    writers["source_openalex_selected"].write_table(selected.cast(schema.arrow_schema("source_openalex_selected")))


def _batches(parts: Sequence[Part]) -> Iterator[list[Part]]:
    batch: list[Part] = []
    size = 0
    for part in parts:
        batch.append(part)
        size += part.path.stat().st_size
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _scan(parts: Sequence[Part]) -> str:
    files = ", ".join(quoted(p.path) for p in parts)
    return f"read_ndjson_objects([{files}], ignore_errors = true, filename = true, maximum_object_size = {_LONGEST})"


def _run(con: duckdb.DuckDBPyConnection, sql: str, parts: Sequence[Part]) -> None:
    """Run a query that reads files; `SourceError` names the damaged one."""
    try:
        con.execute(sql)
    except (duckdb.IOException, duckdb.InvalidInputException, duckdb.SerializationException) as error:
        damaged = next((p.path for p in parts if str(p.path) in str(error) or not _is_whole(p.path)), None)
        if damaged is None:
            raise
        raise _damaged(damaged) from None


def _is_whole(path: Path) -> bool:
    try:
        with gzip.open(path) as stream:
            while stream.read(1 << 20):
                pass
    except PermissionError:
        raise
    except (OSError, EOFError, zlib.error):
        return False
    return True


def _institutions(con: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> None:
    """The newest version of each institution: id, ROR id and country."""
    con.execute("create or replace table institutions (institution varchar, ror varchar, country_code varchar)")
    if snapshot.institutions:
        shape = json.dumps({"id": "VARCHAR", "ror": "VARCHAR", "country_code": "VARCHAR"})
        _run(
            con,
            f"""insert into institutions
            select r.id, first(r.ror order by filename desc), first(r.country_code order by filename desc)
            from (select json_transform(json, '{shape}') as r, filename from {_scan(snapshot.institutions)})
            where r.id is not null
            group by r.id""",
            snapshot.institutions,
        )


def _read_batch(
    con: duckdb.DuckDBPyConnection,
    batch: Sequence[Part],
    last_year: int,
    root: Path,
    writers: dict[str, pq.ParquetWriter],
    found: Counter[str],
) -> Iterator[Rejected]:
    _run(
        con,
        f"""create or replace temp table batch as
        select
          filename,
          json is null as is_broken,
          json_type(json) as top,
          json_keys(json) as keys,
          json_type(json, {fields.paths()}) as types,
          json_transform(json, '{fields.shape()}') as w
        from {_scan(batch)}""",
        batch,
    )
    _judge(con, last_year)
    shown = {p.path.as_posix(): p.path.relative_to(root).as_posix() for p in batch}
    for name, n in con.execute("select filename, count(*) from batch group by filename").fetchall():
        found["/".join(name.split("/")[-3:])] += n
    yield from _refused(con, shown)
    yield from _changes(con, batch, shown)
    yield from _left_out(con, shown)
    con.execute(
        """create or replace temp table fresh as
        select n.number, b.filename, b.w
        from newest as n join batch as b on b.rowid = n.row
        where n.number not in (select number from seen) and n.number not in (select number from merged)"""
    )
    con.execute("insert into seen select number from fresh")
    con.execute(f"create or replace temp view parts as {load('macaw.sources.openalex', 'parts').text}")
    names = pa.table({"filename": list(shown), "file": list(shown.values())})
    con.register("shown", names)
    con.execute(
        """insert into selected
        select distinct work_id(j.number), c.collection
        from judged as j join of_collection as c on c.filename = j.filename
        where j.problem is null"""
    )
    for table in (t for t in TABLES if t not in _OF_COLLECTIONS):
        query = load("macaw.sources.openalex", table.removeprefix("source_openalex_"))
        for rows in con.sql(query.text).to_arrow_reader(_ROWS):
            writers[table].write_batch(rows.cast(schema.arrow_schema(table)))
    con.execute("drop view parts")
    for temporary in ("batch", "judged", "newest", "fresh"):
        con.execute(f"drop table {temporary}")


def _judge(con: duckdb.DuckDBPyConnection, last_year: int) -> None:
    """Say of each record of the batch what is wrong with it, and of the others which are the newest versions."""
    con.execute(
        f"""create or replace temp table judged as
        select
          rowid as row, filename, regexp_extract(filename, 'updated_date=([0-9-]+)', 1) as partition,
          try_cast(regexp_extract(w.id, '^https://openalex\\.org/W([0-9]+)$', 1) as bigint) as number,
          case
            when is_broken then 'not valid JSON'
            when top <> 'OBJECT' then 'not an object'
            {fields.misfits()}
            when w.id is null then 'field ''id'' is missing'
            when number is null then 'field ''id'' names no work of OpenAlex'
            when w.publication_year is null then 'field ''publication_year'' is missing'
            when w.publication_year not between {_FIRST_YEAR} and {last_year}
              then 'field ''publication_year'' is out of range'
            when len(list_filter(w.topics, lambda t: not isfinite(t.score))) > 0
              then 'field ''topics'' has a score that is not finite'
          end as problem
        from batch"""
    )
    con.execute(
        """create or replace temp table newest as
        select row, number, count(*) over (partition by number) as versions, filename
        from judged
        where problem is null
        qualify row_number() over (partition by number order by partition desc, filename desc, row desc) = 1"""
    )


def _refused(con: duckdb.DuckDBPyConnection, shown: dict[str, str]) -> Iterator[Rejected]:
    """Refused records, the first ones of a file and reason each by itself; `SourceError` where nearly all have one."""
    for name, problem, n, whole, ids in con.execute(
        f"""select
          filename, problem, count(*), max(whole), list(id order by row)[:{_SHOWN}]
        from (
          select j.filename, j.problem, j.row, b.w.id as id, count(*) over (partition by j.filename) as whole
          from judged as j join batch as b on b.rowid = j.row
        )
        where problem is not null
        group by filename, problem
        order by filename, problem"""
    ).fetchall():
        if whole >= _FEWEST and n > _CHANGED * whole:
            raise SourceError(
                f"{name}: {n:,} of {whole:,} records: {problem}",
                "the format of OpenAlex has changed; see sources/openalex/fields.toml",
            )
        lines = _lines_not_json(Path(name)) if problem == "not valid JSON" else iter(())
        for value in ids:
            yield Rejected(SOURCE, shown[name], next(lines, None), problem, value)
        if n > len(ids):
            yield Rejected(SOURCE, shown[name], None, f"{problem}: more of them, not listed", n - len(ids))


def _lines_not_json(path: Path) -> Iterator[int]:
    """Numbers, from 1, of the first lines of a file that are not JSON.

    Raises `SourceError` for damage that DuckDB took for such lines.
    """
    try:
        with gzip.open(path) as stream:
            yield from islice((number for number, line in enumerate(stream, 1) if not _is_json(line)), _SHOWN)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise _damaged(path) from None


def _is_json(line: bytes) -> bool:
    """Whether a line is a document, or blank."""
    try:
        if line.strip():
            json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _damaged(path: Path) -> SourceError:
    return SourceError(f"{path}: not a whole gzip file", "copy it anew")


def _changes(con: duckdb.DuckDBPyConnection, batch: Sequence[Part], shown: dict[str, str]) -> Iterator[Rejected]:
    """What is new in the format or gone from it, once a file and field."""
    for name, keys in con.execute(
        """select filename, list_distinct(flatten(list(keys)))
        from (select distinct filename, keys from batch where top = 'OBJECT')
        group by filename order by filename"""
    ).fetchall():
        unknown, gone = fields.unknown(keys), fields.gone(keys)
        if unknown:
            yield Rejected(SOURCE, shown[name], None, "unknown field", ", ".join(unknown), "noted")
        if gone:
            yield Rejected(SOURCE, shown[name], None, "a field is in no record of the file", ", ".join(gone), "noted")
    for part in batch:
        for reason, path in fields.unlike(_structure(con, part)):
            yield Rejected(SOURCE, shown[part.path.as_posix()], None, reason, path, "noted")


def _structure(con: duckdb.DuckDBPyConnection, part: Part) -> Any:
    """The types of the parts of the first records of a file, as DuckDB sees them."""
    row = con.execute(
        f"""select json_group_structure(json) from (
          select json_object('authorships', json->'authorships', 'topics', json->'topics') as json
          from {_scan([part])} where json_type(json) = 'OBJECT' limit {fields.SAMPLE}
        )"""
    ).fetchone()
    return json.loads(row[0]) if row and row[0] else None


def _left_out(con: duckdb.DuckDBPyConnection, shown: dict[str, str]) -> Iterator[Rejected]:
    """How many versions and works of each file are left out, and why: nothing is dropped in silence."""
    for name, older, merged in con.execute(
        """select
          j.filename,
          count(*) filter (n.row is null or n.number in (select number from seen)) as older,
          count(*) filter (j.number in (select number from merged)) as merged
        from judged as j left join newest as n on n.row = j.row
        where j.problem is null
        group by j.filename order by j.filename"""
    ).fetchall():
        if older:
            yield Rejected(SOURCE, shown[name], None, "older versions of works, replaced by later ones", older, "noted")
        if merged:
            yield Rejected(SOURCE, shown[name], None, "works merged into others, left out", merged, "noted")


def _fewer(found: Counter[str], snapshot: Snapshot, root: Path) -> Iterator[Rejected]:
    """Files with another number of records than their manifest says."""
    said = records_listed(snapshot)
    for part in snapshot.works:
        key = "/".join(part.path.parts[-3:])
        if key in said and said[key] != found[key]:
            value = f"{found[key]} records, listed {said[key]}"
            file = part.path.relative_to(root).as_posix()
            yield Rejected(SOURCE, file, None, "another number of records than the manifest says", value, "noted")
