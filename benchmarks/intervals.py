"""What intervals cost, how wide they are and why, and how often they hold the truth of worlds made for the purpose.

    python benchmarks/intervals.py --build macaw-build
    python benchmarks/intervals.py --recover 100

With --build: processor seconds and memory of the intervals and ranks of all published values, over those of the values
themselves; and the median width by kind of entity, with the share of it that each part alone would give. With --recover
N: coverage over N simulated worlds of each make (tests/recover/test_intervals.py).
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path
from statistics import median

import pyarrow as pa

from macaw import api, uncertainty
from macaw.engine import DuckDB, scan
from macaw.indicators import compute, indicators, published
from macaw.pipeline import CELLS_OF_SCOPE, SCOPES, VALUE_INPUTS
from macaw.uncertainty.ranks import ranks_table


def cost(build: Path) -> None:
    """Print what the values of a build cost without, and with intervals."""
    observatory = api.open(build)
    plain = drawn = rows = known = 0.0
    papers = uncertainty.Papers(observatory.connection(uncertainty.INPUTS))
    for block in published():
        if block.base != "cells":
            continue
        con = observatory.connection(VALUE_INPUTS)
        con.execute(f"create temp table scope as {SCOPES[block.scope]}")
        by_country = block.scope == "companies_by_country"
        wanted = [(of, spec) for of in indicators().values() for spec in block.of(of)]
        started, made = time.process_time(), []
        for of in indicators().values():
            if block.of(of):
                cells = "true" if of.across_entities else CELLS_OF_SCOPE[by_country]
                cells = f"definition in ({', '.join(repr(d) for d in of.definitions)}) and ({cells})"
                scan(con, "cells", observatory.file("cells"), where=cells)
                made.append(compute(DuckDB(con), of, block.of(of), release="", by_country=by_country))
        plain += time.process_time() - started
        scope = {entity for (entity,) in con.execute("select entity from scope").fetchall()}
        started = time.process_time()
        done = uncertainty.with_intervals(pa.concat_tables(made), papers, wanted, scope, by_country=by_country)
        drawn += time.process_time() - started
        rows, known = rows + done.num_rows, known + done.num_rows - done["low"].null_count
    started = time.process_time()
    ranked = ranks_table(papers, [of for of in indicators().values() if of.base == "cells"], "")
    ranks = time.process_time() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{rows:,.0f} values, {known:,.0f} of them with an interval, {ranked.num_rows:,} ranks")
    print(f"processor seconds: values {plain:.1f}, intervals {drawn:.1f}, ranks {ranks:.1f}")
    print(f"intervals and ranks over values: {(drawn + ranks) / plain:.2f}; memory at most {memory:.2f} GB")


def widths(build: Path) -> None:
    """Print the median width over the value, and what each part alone gives, by kind of entity and indicator."""
    observatory = api.open(build)
    for kind, count in (("country", 40), ("company", 40), ("education", 40)):
        ranks = observatory.table("ranks").to_pylist()
        listed = [
            r["entity"]
            for r in ranks
            if r["kind"] == kind and r["indicator"] == "papers" and r["period"] == 2023 and r["rank"] <= count
        ]
        for name in ("papers", "papers_share"):
            found = observatory.uncertainty(name, entity=listed, period=2023)
            told = [r for r in found if r["low"] is not None and r["value"]]
            print(f"{kind:10} {name:14} {len(told):3}  width {median(_width(r, '') for r in told):6.1%}", end="")
            for part in uncertainty.PARTS:
                print(f"  {part} {median(_width(r, part + '_') for r in told):6.1%}", end="")
            print()


def _width(row: dict[str, float], part: str) -> float:
    return (row[f"{part}high"] - row[f"{part}low"]) / row["value"]


def recover(worlds: int) -> None:
    """Print coverage of the truth by worlds of each make."""
    from recover import test_intervals as simulated

    makes = {
        "60 names, 15 % not located": (0.85, 60, 11),
        "60 names, all located": (1.0, 60, 13),
        "15 names": (0.85, 15, 14),
        "4 names": (0.85, 4, 12),
    }
    with simulated.of_known_rates():
        for name, (located, names, seed) in makes.items():
            found = simulated.coverage_of(located, names, worlds, 6, seed)
            print(f"{name:28}", "  ".join(f"{k} {v.share:.3f} ± {v.error:.3f}" for k, v in found.items()))


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path)
    parser.add_argument("--recover", type=int)
    options = parser.parse_args()
    if options.build:
        cost(options.build)
        widths(options.build)
    if options.recover:
        recover(options.recover)


if __name__ == "__main__":
    main()
