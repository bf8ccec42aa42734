"""Time a full build and a no-change rebuild against DuckDB merely reading the same JSON and writing the same files.

    python benchmarks/build.py --data DIR [--keep OUT]

Prints seconds per stage, works per second, peak memory, and the ratio to the floor. All in one run on one machine.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

_BUILD = "import sys; from macaw.cli import main; main(['build', '--data', sys.argv[1], '--out', sys.argv[2]])"


def main() -> None:
    """Run build, rebuild and floor, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = options.keep or Path(folder) / "build"
        full, memory = _timed(options.data, out)
        again, _ = _timed(options.data, out)
        seconds = _stages(out)
        floor = _floor(options.data, out, Path(folder))
        works = duckdb.sql(f"select count(*) from '{out}/parquet/works.parquet'").fetchall()[0][0]
    print(f"{'full build':32}{full:8.1f} s   {works / full:,.0f} works a second, peak memory {memory:.1f} GB")
    print(f"{'rebuild, nothing changed':32}{again:8.1f} s")
    for name, taken in sorted(seconds.items(), key=lambda item: -item[1])[:8]:
        print(f"  {name:30}{taken:8.1f} s")
    print(f"{'floor: DuckDB reads and writes':32}{floor:8.1f} s")
    matching = seconds["matches"]
    print(f"{'ratio without name matching':32}{(full - matching) / floor:8.1f}")
    print(f"{'ratio with name matching':32}{full / floor:8.1f}")


def _timed(data: Path, out: Path) -> tuple[float, float]:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", _BUILD, str(data), str(out)], check=True, capture_output=True)
    return time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2


def _stages(out: Path) -> dict[str, float]:
    from macaw import provenance

    record = provenance.read_json(out / "build.json")
    return {**{n: s["seconds"] for n, s in record["steps"].items()}, "write CSV and DuckDB": record["seconds_writing"]}


def _floor(data: Path, out: Path, scratch: Path) -> float:
    """Seconds DuckDB takes to read the source JSON and to write the build's tables as Parquet and CSV."""
    con = duckdb.connect()
    con.execute("set threads = 2")
    started = time.perf_counter()
    con.execute(
        f"select sum(hash(columns(*))) from read_json('{data}/paperlists/*/*.json*', union_by_name = true, "
        "maximum_object_size = 100000000, columns = {'title': 'varchar', 'aff': 'varchar', 'author': 'varchar', "
        "'status': 'varchar', 'track': 'varchar', 'site': 'varchar', 'pdf': 'varchar', 'gs_citation': 'varchar', "
        "'aff_country_unique': 'varchar'})"
    ).fetchall()
    con.execute(f"select count(*), sum(hash(t)) from read_json('{data}/ror/ror-assembled.jsonl.gz') as t").fetchall()
    for table in sorted((out / "parquet").glob("*.parquet")):
        if not table.name.startswith("rejected_"):
            rows = f"copy (select * from '{table}') to '{scratch}/floor"
            con.execute(f"{rows}.parquet' (format parquet, compression zstd)")
            con.execute(f"{rows}.csv' (format csv, header)")
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
