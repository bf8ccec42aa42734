"""How far the definitions by text agree with arXiv's categories, on the works of a build that are tied to arXiv.

    python benchmarks/arxiv_categories.py --build OUT [--since YEAR]

For each definition and year: works, how many arXiv's categories call AI, precision, recall and F1 of the definition
against them. What categories say is no truth (docs/relevance.md), and works with an arXiv DOI are no sample of a list.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from macaw.engine import connect, scan
from macaw.relevance.topics import BY_CATEGORIES, DEFINITIONS

TABLES = ("works", "arxiv_works", "record_topics")
_QUERY = """
with tied as (
  select w.work, w.period from arxiv_works as a join works as w on w.work = a.work where w.is_published
),
said as (
  select definition, work from record_topics where topic = 'ai'
)
select
  d.definition,
  t.period,
  count(*) filter (m.work is not null and c.work is not null) as both,
  count(*) filter (m.work is null and c.work is not null) as missed,
  count(*) filter (m.work is not null and c.work is null) as beyond,
  count(*) filter (m.work is null and c.work is null) as neither
from tied as t
cross join (select unnest($definitions) as definition) as d
left join said as c on c.work = t.work and c.definition = $categories
left join said as m on m.work = t.work and m.definition = d.definition
where t.period >= $since
group by d.definition, t.period
order by d.definition, t.period
"""


@dataclass(frozen=True)
class Agreement:
    """Works by what a definition and arXiv's categories say of them."""

    definition: str
    period: int
    both: int
    missed: int
    beyond: int
    neither: int

    @property
    def precision(self) -> float | None:
        """Of works the definition calls AI, the share that categories do; None where there is none."""
        return self.both / (self.both + self.beyond) if self.both + self.beyond else None

    @property
    def recall(self) -> float | None:
        """Of works that categories call AI, the share that the definition does; None where there is none."""
        return self.both / (self.both + self.missed) if self.both + self.missed else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; None where nobody calls any work AI."""
        said = 2 * self.both + self.beyond + self.missed
        return 2 * self.both / said if said else None


def agreements(build: Path, since: int = 0) -> Iterator[Agreement]:
    """The agreement of each definition by text and year."""
    con = connect()
    for table in TABLES:
        scan(con, table, build / "parquet" / f"{table}.parquet")
    wanted = [d for d in DEFINITIONS if d != BY_CATEGORIES]
    for row in con.execute(_QUERY, {"definitions": wanted, "categories": BY_CATEGORIES, "since": since}).fetchall():
        yield Agreement(*row)


def main() -> None:
    """Print the agreements as a table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--build", type=Path, required=True)
    asked.add_argument("--since", type=int, default=0)
    given = asked.parse_args()
    found = list(agreements(given.build, given.since))
    if not found:
        raise SystemExit("no work of this build is tied to arXiv (docs/openalex.md)")
    print("| definition | year | works | AI by categories | P | R | F1 |\n|---|---|---|---|---|---|---|")
    for a in found:
        works = a.both + a.missed + a.beyond + a.neither
        shown = " | ".join("–" if x is None else f"{x:.3f}" for x in (a.precision, a.recall, a.f1))
        print(f"| {a.definition} | {a.period} | {works:,} | {a.both + a.missed:,} | {shown} |")


if __name__ == "__main__":
    main()
