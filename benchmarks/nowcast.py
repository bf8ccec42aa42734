"""Nowcasts tried: errors and coverage of ours, of carrying the last value forward, of chain ladder.

On PARAT's releases: learns from what changed between July and December 2024 and predicts October 2025. With --simulate
on releases of years whose end is known.

    python benchmarks/nowcast.py DATA/published/parat_vintages.csv.gz
    python benchmarks/nowcast.py --simulate 500
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from macaw.errors import MacawError
from macaw.sure.nowcast import (
    BREAK,
    CLOSED,
    LEAST_COMPLETE,
    Cell,
    Delay,
    Pair,
    breaks,
    learn,
    nowcast,
    pairs,
    predict,
    years,
)

LEARNED, PREDICTED = ("2024-07-03", "2024-12-16"), "2025-10-14"
# Citations and ratios are not counts of records that arrive late.
LEFT_OUT = ("citation", "per_article", "highly_cited", "ai_pubs_top_conf", "safety", "llm")
LEAST = 5
Z = 1.6448536269514722


@dataclass(frozen=True)
class Tried:
    """One cell of the release predicted, and what a method said of it."""

    source: str
    method: str
    kind: str
    truth: float
    said: float
    low: float
    high: float


def when(day: str) -> float:
    """A date in years."""
    return years(date.fromisoformat(day))


def read(file: Path) -> dict[str, list[Cell]]:
    """Cells by data set, a series for each group and metric."""
    found: dict[str, list[Cell]] = defaultdict(list)
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for r in csv.DictReader(lines):
            if r["release_date"] in (*LEARNED, PREDICTED) and not any(w in r["metric"] for w in LEFT_OUT):
                series = f"{r['group']} {r['metric']}"
                cell = Cell(series, when(r["release_date"]), int(r["year"]), float(r["mean_per_company"]))
                found[r["dataset"]].append(cell)
    return found


def ours(delay: Delay, p: Pair) -> tuple[float, float, float]:
    """Median and 90 % interval of the delay model."""
    made = predict(delay, p.period, p.first, p.before, at=p.second, seed=1, draws=4_000)
    low, middle, high = np.quantile(made, (0.05, 0.5, 0.95))
    return float(middle), float(low), float(high)


def carried(earlier: Sequence[Pair], p: Pair) -> tuple[float, float, float]:
    """The last value, with the spread that earlier changes of any age had."""
    spread = float(np.std([np.log(e.after / e.before) for e in earlier if min(e.after, e.before) > 0]))
    return p.before, p.before * float(np.exp(-Z * spread)), p.before * float(np.exp(Z * spread))


def ladder(earlier: Sequence[Pair], p: Pair) -> tuple[float, float, float] | None:
    """The growth that years of this age had, with Mack's variance, both stretched to the longer gap."""
    same = [e for e in earlier if round(e.age) == round(p.age) and e.before > 0]
    if len(same) < 3:
        return None
    stretch = (p.second - p.first) / (same[0].second - same[0].first)
    base = sum(e.before for e in same)
    factor = sum(e.after for e in same) / base
    sigma = sum(e.before * (e.after / e.before - factor) ** 2 for e in same) / (len(same) - 1) * stretch
    said = p.before * factor**stretch
    width = Z * float(np.sqrt(sigma * p.before + p.before**2 * sigma / base))
    return said, max(said - width, 0), said + width


def learned(source: str, cells: Sequence[Cell]) -> Delay | None:
    """The delay of a source, or None where what changed is no delay; says what was found."""
    try:
        delay = learn(cells)
    except MacawError as error:
        print(f"{source}: refused: {error.what}", file=sys.stderr)
        return None
    print(
        f"{source}: half-life {delay.scale * np.log(2) ** (1 / delay.shape):.2f} years, dispersion "
        f"{delay.dispersion:.2f}, shared {delay.shared:.0%}, revision {delay.revision:.1%}, {delay.pairs} years "
        f"learned from, {len(delay.breaks)} breaks left out",
        file=sys.stderr,
    )
    return delay


def kind(delay: Delay | None, p: Pair, broken: bool) -> str:
    """Which part of the table a cell belongs to."""
    if broken:
        return f"closed years moved over {BREAK:.0%}"
    if delay is None:
        return "refused: no delay learned"
    if delay.complete(p.period, p.first) < LEAST_COMPLETE:
        return f"refused: under {LEAST_COMPLETE:.0%} complete"
    return "given"


def tried(file: Path) -> Iterator[Tried]:
    """Every young cell of the last release under every method."""
    for source, cells in read(file).items():
        delay = learned(source, [c for c in cells if c.released < when(PREDICTED)])
        every = pairs(cells)
        moved = breaks(every)
        earlier = [p for p in every if p.second < when(PREDICTED)]
        for p in every:
            if p.second != when(PREDICTED) or p.age >= CLOSED - 1 or p.before < LEAST:
                continue
            of = kind(delay, p, (p.series, p.first, p.second) in moved)
            methods = {"last value": carried(earlier, p), "chain ladder": ladder(earlier, p)}
            if delay is not None:
                methods["delay model"] = ours(delay, p)
            for method, said in methods.items():
                if said is not None:
                    yield Tried(source, method, of, p.after, *said)


def table(found: Sequence[Tried]) -> Iterator[str]:
    """The table of the documentation."""
    heads = ("source", "cells", "method", "number", "median error", "mean error", "90 % interval holds", "half-width")
    yield f"| {' | '.join(heads)} |"
    yield "|---|---|---|---|---|---|---|---|"
    for source, of in dict.fromkeys((t.source, t.kind) for t in sorted(found, key=lambda t: (t.source, t.kind))):
        for method in ("delay model", "chain ladder", "last value"):
            here = [t for t in found if (t.source, t.kind, t.method) == (source, of, method)]
            if not here:
                continue
            errors = [abs(t.said - t.truth) / max(t.truth, 1) for t in here]
            inside = np.mean([t.low <= t.truth <= t.high for t in here])
            width = np.median([(t.high - t.low) / 2 / max(t.said, 1) for t in here])
            yield (
                f"| {source} | {of} | {method} | {len(here)} | {np.median(errors):.0%} | {np.mean(errors):.0%} "
                f"| {inside:.0%} | ±{width:.0%} |"
            )


SCALE, SHAPE = 1.2, 1.3


def simulated(rng: np.random.Generator, size: float, batch: int = 1) -> tuple[list[Cell], dict[int, int]]:
    """Five releases of ten years whose records come late and by the batch, and what each year comes to."""
    cells, final = [], {}
    for year in range(2014, 2024):
        n = rng.poisson(size * 1.1 ** (year - 2014) / batch)
        reported = year + rng.random(n) + SCALE * rng.weibull(SHAPE, n)
        final[year] = n * batch
        released = [r for r in range(2020, 2025) if year < r]
        cells += [Cell("a", float(r), year, float(batch * (reported <= r).sum())) for r in released]
    return cells, final


def covered(size: float, batch: int, times: int, seed: int) -> float:
    """Share of the two youngest years whose final count lies within its 90 % interval."""
    rng, held = np.random.default_rng(seed), []
    for n in range(times):
        cells, final = simulated(rng, size, batch)
        delay = learn(cells)
        for c in cells:
            if c.released == 2024 and c.period >= 2022:
                found = nowcast(delay, "a", c.period, 2024, c.count, least=0.02, seed=n, draws=1_000).expected
                held.append(found.low <= final[c.period] <= found.high)
    return float(np.mean(held))


def simulation(times: int) -> Iterator[str]:
    """The table of what was simulated."""
    yield "| records a year | by the batch of | 90 % interval holds |\n|---|---|---|"
    for size, batch in ((30, 1), (200, 1), (200, 4), (2000, 1)):
        yield f"| {size} | {batch} | {covered(size, batch, times, 11):.1%} |"


if __name__ == "__main__":
    if sys.argv[1] == "--simulate":
        print("\n".join(simulation(int(sys.argv[2]))))
    else:
        print("\n".join(table(list(tried(Path(sys.argv[1]))))))
