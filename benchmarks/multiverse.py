"""Does China publish more top-venue AI papers than the United States? Under every combination, year by year.

Prints the tables of docs/how-sure.md: all lists together, each fixed panel of venues, each field; and how long every
indicator told of countries takes.

    python benchmarks/multiverse.py BUILD
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence

import macaw
from macaw.sure.multiverse import Multiverse, row, turned

STATEMENT = "papers CHN > USA"
PANELS = ("panel_2013_2018", "panel_2013_2023", "panel_2017_2023", "panel_2020_2024")
FIELDS = ("vision", "language", "learning", "robotics")
YEARS = range(2013, 2026)


def share(found: Mapping[int, Multiverse], year: int) -> str:
    """The share of settled combinations; of the values alone, in brackets, where none is settled."""
    if year not in found:
        return "–"
    m = found[year]
    if m.share is not None:
        return f"{m.share:.0%}"
    return f"({m.share_at_face:.0%})"


def main(build: str) -> None:
    """Print all tables."""
    observatory = macaw.open(build)

    def ask(**over: Sequence[str]) -> dict[int, Multiverse]:
        return {m.period: m for m in observatory.multiverse(STATEMENT, period="2013:2025", over=over)}

    every = ask()
    print("| year | settled combinations | holds under | switch that moves it most | switch that turns it most |")
    print("|---|---|---|---|---|")
    for year, m in every.items():
        told = row(m)
        print(f"| {year} | {told['of']} | {share(every, year)} | {told['most_variance']} | {told['turns_most']} |")
    columns = {"all lists": every} | {name: ask(venues=(name,)) for name in (*PANELS, *FIELDS)}
    print(f"\n| year | {' | '.join(columns)} |\n|{'---|' * (len(columns) + 1)}")
    for year in YEARS:
        print(f"| {year} | {' | '.join(share(found, year) for found in columns.values())} |")
    print(f"| turns | {' | '.join(str(turned(found.values()) or 'never') for found in columns.values())} |")
    start = time.perf_counter()
    found = observatory.multiverse("* CHN > USA")
    took = time.perf_counter() - start
    print(
        f"\n{len({m.statement.indicator for m in found})} indicators, {len(found)} years, "
        f"{sum(len(m.combinations) for m in found):,} combinations in {took:.0f} s"
    )


if __name__ == "__main__":
    main(sys.argv[1])
