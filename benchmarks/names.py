"""Time the matcher: distinct raw names a second, against a cross join of regular expressions, and on generated names.

    python benchmarks/names.py --build macaw-build [--joined 2000] [--generated 10000000 --processes 2]

The cross join is how PARAT found companies: each raw name against each company alias as a regular expression, here run
by DuckDB over the same names and the same registry, in the same run. Generated names are organisations' names with
departments, abbreviations, misspellings, places and second organisations around them; they differ from one another.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import duckdb

from macaw import api
from macaw.organisations import Matcher

_SEED = 20261124
_AT_ONCE = 20_000
_BEFORE = (
    "",
    "",
    "",
    "Department of Computer Science, ",
    "School of Engineering, ",
    "Dept. of EE, ",
    "{n}",
    "Group {n}, ",
)
_AFTER = (
    "",
    "",
    ", China",
    ", USA",
    ", Beijing",
    ", Cambridge, MA {n}",
    " {n}",
    "; {other}",
    ", {other}, Germany",
    "†",
)
_SHORT = (("University", "Univ."), ("Institute", "Inst."), ("Technology", "Tech."), ("National", "Natl."))
_loaded: list[Matcher] = []


def generated(names: list[str], count: int, seed: int) -> Iterator[str]:
    """Names in the manner of raw affiliations, each unlike the others (they carry running numbers where they must)."""
    draw = random.Random(seed)
    for n in range(count):
        name = draw.choice(names)
        if draw.random() < 0.2:
            for long, short in _SHORT:
                name = name.replace(long, short)
        if draw.random() < 0.1 and len(name) > 8:
            at = draw.randrange(1, len(name) - 1)
            name = name[:at] + name[at + 1 :]
        before, after = draw.choice(_BEFORE), draw.choice(_AFTER)
        text = before.format(n=seed * count + n) + name + after.format(n=seed * count + n, other=draw.choice(names))
        yield text if "{n}" in before + after else f"{text} (Room {seed * count + n})"


def _load(build: Path) -> None:
    _loaded.append(api.matcher(build)[0])


def _match_generated(task: tuple[list[str], int, int]) -> tuple[int, int]:
    """Names matched, and organisations found, of one worker's share."""
    names, count, seed = task
    texts, found, done = generated(names, count, seed), 0, 0
    while part := list(islice(texts, _AT_ONCE)):
        found += sum(len(matches) for matches in _loaded[0].match_many(part))
        done += len(part)
    return done, found


def time_generated(build: Path, names: list[str], count: int, processes: int) -> None:
    """Print time, speed and memory of matching generated names in some processes."""
    with multiprocessing.get_context("spawn").Pool(processes, _load, (build,)) as pool:
        pool.map(_match_generated, [(names, 10, p) for p in range(processes)])
        started = time.perf_counter()
        results = pool.map(_match_generated, [(names, count // processes, p) for p in range(processes)], chunksize=1)
        seconds = time.perf_counter() - started
    done, found = (sum(column) for column in zip(*results, strict=True))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    print(
        f"generated: {done:,} distinct names, {found:,} organisations, {processes} processes: {seconds:,.0f} s,"
        f" {done / seconds:,.0f} a second, {peak:.2f} GB in the largest process"
    )


def time_join(con: duckdb.DuckDBPyConnection, matcher: Matcher, names: list[str]) -> None:
    """Print how long a cross join of regular expressions takes for some names, and the matcher for the same."""
    con.execute("create temp table wanted as select unnest($1) as name", [names])
    started = time.perf_counter()
    con.execute(
        """select count(*) from wanted, aliases
        where regexp_matches(wanted.name, '(?i)' || aliases.pattern)"""
    )
    joined = time.perf_counter() - started
    started = time.perf_counter()
    list(matcher.match_many(names))
    matched = time.perf_counter() - started
    (aliases,) = con.execute("select count(*) from aliases").fetchone() or (0,)
    print(
        f"cross join: {len(names):,} names with {aliases:,} aliases of companies: {joined:,.1f} s; the matcher"
        f", with all organisations: {matched:.2f} s; ratio {joined / matched:,.0f}"
    )


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--joined", type=int, default=2000)
    parser.add_argument("--generated", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    api.matcher(options.build)
    started = time.perf_counter()
    matcher, _ = api.matcher(options.build)
    loaded = time.perf_counter() - started
    con = api.open(options.build).connection(("raw_names", "organisation_names"))
    names = [name for (name,) in con.execute("select raw_name from raw_names order by raw_name").fetchall()]
    started = time.perf_counter()
    list(matcher.match_many(names))
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"{len(names):,} distinct names, {len(matcher.lexicon.organisations):,} organisations: {seconds:.1f} s,"
        f" {len(names) / seconds:,.0f} a second; loaded from the cache in {loaded:.1f} s; {peak:.2f} GB"
    )
    con.execute(
        """create temp table aliases as
        select distinct regexp_escape(name) as pattern from organisation_names where organisation not like 'ror:%'"""
    )
    if options.joined:
        time_join(con, matcher, random.Random(_SEED).sample(names, min(options.joined, len(names))))
    if options.generated:
        official = con.execute(
            "select distinct name from organisation_names where match_rule = 'official' order by name"
        ).fetchall()
        time_generated(options.build, [name for (name,) in official], options.generated, options.processes)


if __name__ == "__main__":
    main()
