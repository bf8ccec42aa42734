"""Build a generated snapshot of OpenAlex and tell what each stage takes: seconds, processor time, memory, disk.

    python benchmarks/openalex_data.py --out DIR/openalex --works 1000000 --ror DATA
    ln -s DATA/ror DIR/ror
    python benchmarks/scale.py --data DIR --out OUT [--until cells] [--json FILE]

Beside each stage stands its floor: the processor time DuckDB takes to read the stage's inputs and to write its outputs
as Parquet. Processor time is that of all threads and child processes, so that it says the same on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import duckdb

from macaw import pipeline, registry
from macaw.sources import origins

_PAUSE = 0.05
_JSON = """format = 'newline_delimited', ignore_errors = true, columns = {
  id: 'VARCHAR', title: 'VARCHAR', publication_year: 'BIGINT', type: 'VARCHAR', cited_by_count: 'BIGINT',
  authorships: 'STRUCT(raw_affiliation_strings VARCHAR[],
    affiliations STRUCT(raw_affiliation_string VARCHAR, institution_ids VARCHAR[])[],
    institutions STRUCT(id VARCHAR, ror VARCHAR, country_code VARCHAR)[])[]',
  topics: 'STRUCT(id VARCHAR, score DOUBLE)[]', referenced_works: 'VARCHAR[]',
  abstract_inverted_index: 'MAP(VARCHAR, BIGINT[])'}"""


@dataclass
class Stage:
    """What a stage took and wrote; processor seconds of its floor."""

    name: str
    seconds: float
    processor: float
    gigabytes: float
    rows: int
    bytes: int
    floor: float


def _processor() -> float:
    """Processor seconds of this process and of the children it has waited for."""
    of = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in of)


def _resident(process: str) -> int:
    """Bytes of a process in memory, as Linux tells; 0 if it has ended."""
    with suppress(OSError):
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize()
    return 0


def _children() -> list[str]:
    """The processes that threads of this one have started."""
    found = []
    for file in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            found += file.read_text().split()
    return found


class Memory:
    """The memory of this process and its children, looked at many times a second."""

    def __init__(self) -> None:
        self.most = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._ended.wait(_PAUSE):
            self.most = max(self.most, _resident("self") + sum(map(_resident, _children())))

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch while the block runs."""
        self._thread.start()
        yield
        self._ended.set()
        self._thread.join()

    def taken(self) -> float:
        """Gigabytes at most since the last call."""
        most, self.most = self.most, 0
        return most / 1024**3


def run(data: Path, out: Path, until: str | None) -> tuple[list[Stage], int]:
    """Build, and give the stages in order, and the number of works read."""
    plan = pipeline.steps(data)
    only = upstream(plan, until) if until else None
    marks: list[tuple[str, float, float, float]] = []
    memory = Memory()

    def mark(name: str) -> None:
        marks.append((name, time.perf_counter(), _processor(), memory.taken()))
        # Told as it goes: a run of hours may be cut off.
        for (ended, began, before, _), (_, now, after, most) in pairwise(marks[-2:]):
            if after - before >= 1:
                told = f"{ended}: {now - began:.1f} s, {after - before:.1f} s of processor, {most:.2f} GB"
                print(told, file=sys.stderr, flush=True)

    with memory.watched():
        pipeline.Build(data, out, mark).run(only)
        mark("")
    by_name = {s.name: s for s in plan}
    stages = []
    for (name, began, before, _), (_, ended, after, most) in pairwise(marks):
        outputs = by_name[name].outputs if name in by_name else ()
        files = [out / "parquet" / f"{t}.parquet" for t in outputs]
        rows = sum(_rows(f) for f in files)
        size = sum(f.stat().st_size for f in files)
        stages.append(Stage(name, ended - began, after - before, most, rows, size, 0.0))
    for stage in stages:
        if stage.processor > 0.5 and stage.name in by_name:
            stage.floor = _floor(by_name[stage.name], data, out)
    return stages, _rows(out / "parquet" / "source_openalex_works.parquet")


def upstream(plan: Sequence[pipeline.Step], table: str) -> frozenset[str]:
    """The names of the steps that a table rests on, and of its own."""
    made_by = {t: step for step in plan for t in step.outputs}
    names: set[str] = set()
    waiting = [table]
    while waiting:
        step = made_by.get(waiting.pop())
        if step and step.name not in names:
            names.add(step.name)
            waiting += step.inputs
    return frozenset(names)


def _rows(file: Path) -> int:
    return int(duckdb.sql(f"select count(*) from '{file}'").fetchall()[0][0])


def _floor(step: pipeline.Step, data: Path, out: Path) -> float:
    """Processor seconds DuckDB takes to read a step's inputs and write its outputs."""
    con = duckdb.connect()
    con.execute("set memory_limit = '3GB'")
    scratch = out / "floor.parquet"
    began = _processor()
    if step.name == "read_openalex":
        files = [str(f) for p in origins()["openalex"].patterns if "works/updated" in p for f in data.glob(p)]
        con.execute(f"select sum(hash(columns(*))) from read_json({files}, {_JSON})").fetchall()
    for table in step.inputs:
        if table not in registry.TABLES:
            con.execute(f"select sum(hash(t)) from '{out}/parquet/{table}.parquet' as t").fetchall()
    for table in step.outputs:
        con.execute(f"copy (from '{out}/parquet/{table}.parquet') to '{scratch}' (format parquet, compression zstd)")
    scratch.unlink(missing_ok=True)
    return _processor() - began


def show(stages: Sequence[Stage], works: int) -> None:
    """Print the stages that took a second or more, the longest first."""
    print(f"{'stage':22}{'s':>8}{'cpu s':>8}{'works/cpu s':>13}{'GB':>6}{'rows':>13}{'MB':>8}{'floor':>8}{'ratio':>7}")
    for s in sorted(stages, key=lambda s: -s.processor):
        if s.processor >= 1:
            rate = works / s.processor
            ratio = f"{s.processor / s.floor:7.1f}" if s.floor else "      –"
            print(f"{s.name:22}{s.seconds:8.1f}{s.processor:8.1f}{rate:13,.0f}{s.gigabytes:6.2f}", end="")
            print(f"{s.rows:13,}{s.bytes / 1e6:8.0f}{s.floor:8.1f}{ratio}")
    taken = sum(s.processor for s in stages)
    print(f"{works:,} works: {sum(s.seconds for s in stages):,.0f} s, {taken:,.0f} s of processor time, ", end="")
    print(f"{works / taken:,.0f} works a second of it; peak memory {max(s.gigabytes for s in stages):.2f} GB")


def main() -> None:
    """Build and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--until", help="the last table to make; without it the whole build is made and written")
    parser.add_argument("--json", type=Path, help="where to put the figures")
    options = parser.parse_args()
    stages, works = run(options.data, options.out, options.until)
    show(stages, works)
    size = sum(f.stat().st_size for f in options.out.rglob("*") if f.is_file())
    source = sum(f.stat().st_size for f in options.data.glob("openalex/**/*") if f.is_file())
    print(f"disk: {source / 1e9:.2f} GB of sources, {size / 1e9:.2f} GB of tables")
    if options.json:
        options.json.write_text(
            json.dumps({"works": works, "disk": size, "stages": [asdict(s) for s in stages]}, indent=1)
        )


if __name__ == "__main__":
    main()
