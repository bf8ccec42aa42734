"""Build the same data on DuckDB and on Spark: are all tables equal, and how long does each stage take on either?

    python benchmarks/engines.py --data src/macaw/demo --out OUT [--until cells] [--json FILE]

Whole numbers, texts and flags must be equal, and whole values under full counting; other numbers within 1e-9 of each
other, or of their size where that is over 1. The column `release` names the tables' bytes and is left out. Ends with 1
if anything differs. `--until` names the last table to make. Seconds are those of the processor, of all threads and of
Spark's processes, so that they say the same on a busy machine (Linux only).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from macaw import pipeline, schema
from macaw.engine import ENGINES
from scale import upstream

TOLERANCE = 1e-9
_LEFT_OUT = ("release",)


@dataclass(frozen=True)
class Difference:
    """Rows of a table that differ in a column (or that only one of two builds has), and one of them."""

    table: str
    column: str
    rows: int
    example: str


def differences(one: Path, other: Path) -> Iterator[Difference]:
    """Where the tables of two builds differ; a table that one of them lacks differs as a whole."""
    names = {out: {f.stem for f in out.glob("parquet/*.parquet")} for out in (one, other)}
    for table in sorted(names[one] ^ names[other]):
        yield Difference(table, "", 0, "only one build has it")
    for table in sorted(names[one] & names[other]):
        yield from differences_of(table, *(out / "parquet" / f"{table}.parquet" for out in (one, other)))


def differences_of(table: str, one: Path, other: Path) -> Iterator[Difference]:
    """Where two Parquet files of a table differ."""
    con = duckdb.connect()
    for name, file in (("a", one), ("b", other)):
        con.execute(f"create view {name} as select * from read_parquet('{file}')")
    types = {column: kind for column, kind, *_ in con.execute("describe a").fetchall()}
    if types != {column: kind for column, kind, *_ in con.execute("describe b").fetchall()}:
        yield Difference(table, "", 0, "the columns differ")
        return
    key = schema.table(table).key if table in schema.tables() else ()
    if not key:
        yield from _of_bag(con, table, [c for c in types if c not in _LEFT_OUT])
        return
    same = " and ".join(f'a."{c}" is not distinct from b."{c}"' for c in key)
    con.execute(f"create temp table pairs as select a as x, b as y from a full join b on {same}")
    for side, column in (("x", "only in the first"), ("y", "only in the second")):
        lone = "y" if side == "x" else "x"
        yield from _found(con, table, column, f"{lone} is null", side)
    for column, kind in types.items():
        if column not in (*key, *_LEFT_OUT):
            yield from _found(
                con, table, column, f"x is not null and y is not null and {_unlike(column, kind)}", "x, y"
            )


def _unlike(column: str, kind: str) -> str:
    x, y = f'x."{column}"', f'y."{column}"'
    if kind != "DOUBLE":
        return f"{x} is distinct from {y}"
    near = f"abs({x} - {y}) > {TOLERANCE} * greatest(1, abs({x}))"
    return f"(({x} is null) <> ({y} is null) or {near})"


def _of_bag(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> Iterator[Difference]:
    """Of a table without a key: rows that the other has not, or not as often."""
    listed = ", ".join(f'"{c}"' for c in columns)
    for one, other in (("a", "b"), ("b", "a")):
        sql = f"select {listed} from {one} except all select {listed} from {other}"
        rows = con.execute(sql).fetchall()
        if rows:
            yield Difference(table, "", len(rows), str(rows[0]))


def _found(con: duckdb.DuckDBPyConnection, table: str, column: str, where: str, shown: str) -> Iterator[Difference]:
    rows = con.execute(f"select count(*) from pairs where {where}").fetchall()[0][0]
    if rows:
        example = con.execute(f"select {shown} from pairs where {where} limit 1").fetchone()
        yield Difference(table, column, rows, str(example))


def counts_that_differ(one: Path, other: Path) -> Iterator[Difference]:
    """Whole values under full counting that are not the same to the last digit."""
    con = duckdb.connect()
    keys = ", ".join(f'"{c}"' for c in schema.table("values").key)
    files = [out / "parquet" / "values.parquet" for out in (one, other)]
    con.execute(
        f"""create table pairs as select a as x, b as y
        from read_parquet('{files[0]}') as a join read_parquet('{files[1]}') as b using ({keys})"""
    )
    where = "x.counting = 'full' and x.value = floor(x.value) and x.value <> y.value"
    yield from _found(con, "values", "value of a count", where, "x, y")


def build(data: Path, out: Path, engine: str, until: str | None = None) -> dict[str, float]:
    """Build on an engine, up to a table if one is given; processor seconds of each step that ran."""
    marks: list[tuple[str, float]] = []
    only = upstream(pipeline.steps(data), until) if until else None
    started = pipeline.Build(data, out, lambda step: marks.append((step, processor())), engine=engine)
    started.run(only)
    marks.append(("", processor()))
    return {step: after - before for (step, before), (_, after) in pairwise(marks)}


def processor() -> float:
    """Processor seconds of this process and of all it has started, so far."""
    parents, ticks = {}, {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            said = file.read_text().rpartition(")")[2].split()
            parents[int(file.parent.name)], ticks[int(file.parent.name)] = int(said[1]), sum(map(int, said[11:15]))
    mine = {os.getpid()}
    while more := {p for p, parent in parents.items() if parent in mine} - mine:
        mine |= more
    return sum(ticks.get(p, 0) for p in mine) / os.sysconf("SC_CLK_TCK")


def _rows(out: Path, table: str) -> int:
    file = out / "parquet" / f"{table}.parquet"
    return pq.read_metadata(file).num_rows if file.is_file() else 0


def main() -> None:
    """Build on both engines, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--until", help="the last table to make; without it the whole build is made")
    parser.add_argument("--json", type=Path, help="where to put the figures")
    options = parser.parse_args()
    outs = {engine: options.out / engine for engine in ENGINES}
    seconds = {engine: build(options.data, out, engine, options.until) for engine, out in outs.items()}
    found = list(differences(*outs.values()))
    if (outs["duckdb"] / "parquet" / "values.parquet").is_file():
        found += counts_that_differ(*outs.values())
    print(f"{'stage':26}{'rows':>12}" + "".join(f"{engine + ' s':>11}" for engine in ENGINES))
    for stage in sorted(seconds["spark"], key=lambda s: -seconds["spark"][s]):
        if seconds["spark"][stage] >= 1:
            taken = "".join(f"{seconds[engine].get(stage, 0):11.1f}" for engine in ENGINES)
            print(f"{stage:26}{_rows(outs['spark'], stage):12,}{taken}")
    print(f"{'all':38}" + "".join(f"{sum(of.values()):11.1f}" for of in seconds.values()))
    for each in found:
        print(f"DIFFERS {each.table} {each.column}: {each.rows:,} rows, as {each.example[:400]}")
    tables = len(list(outs["spark"].glob("parquet/*.parquet")))
    print(f"{tables} tables compared, {len({d.table for d in found})} differ")
    if options.json:
        document = {"processor_seconds": seconds, "differences": [asdict(d) for d in found]}
        options.json.write_text(json.dumps(document, indent=1, ensure_ascii=False))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
