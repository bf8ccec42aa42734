"""Compare Macaw's places of work with the countries that the paper lists themselves assign.

    python benchmarks/countries.py --build macaw-build [--show 20]

For works that carry normalised countries: does each side say that the work has an author in the United
States, and in China with Hong Kong, Macao and Taiwan (which the lists call China)? Prints the share of works on which
both agree, and the works on which they do not.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from macaw import api

_COMPARED = """
create temp table compared as
with listed as (
  select work,
    list_transform(string_split(normalised_countries, ';'), lambda x: trim(x)) as countries
  from works
  where is_published and normalised_countries is not null
),
placed as (
  select work, list(distinct country) as codes from activity where not is_ancestor group by work
)
select l.work, l.countries, p.codes,
  list_contains(l.countries, 'United States') as usa_listed,
  coalesce(list_contains(p.codes, 'USA'), false) as usa_ours,
  len(list_intersect(l.countries, ['China', 'Hong Kong', 'Macau', 'Taiwan'])) > 0 as chn_listed,
  coalesce(len(list_intersect(p.codes, ['CHN', 'HKG', 'MAC', 'TWN'])) > 0, false) as chn_ours
from listed as l left join placed as p using (work)
where len(list_filter(l.countries, lambda x: x <> '')) > 0
"""
_NAMES = {"usa": "United States", "chn": "China with Hong Kong, Macao and Taiwan"}


def compare(build: Path) -> Any:
    """A connection with the table `compared`: one row per work that carries countries of its own."""
    con = api.open(build).connection(("works", "activity", "authorships", "matches"))
    con.execute(_COMPARED)
    return con


def agreement(con: Any, condition: str) -> float:
    """Share of the compared works that meet a condition."""
    return float(con.execute(f"select avg(case when {condition} then 1.0 else 0 end) from compared").fetchall()[0][0])


def main() -> None:
    """Print agreement, and a stable sample of the disagreements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    con = compare(options.build)
    print(f"{con.execute('select count(*) from compared').fetchall()[0][0]:,} published works with countries")
    for side, name in _NAMES.items():
        [(listed, ours)] = con.execute(
            f"""select count(*) filter ({side}_listed and not {side}_ours),
              count(*) filter ({side}_ours and not {side}_listed) from compared"""
        ).fetchall()
        same = agreement(con, f"{side}_listed = {side}_ours")
        print(f"{name}: agree on {same:.4f}; only the list says so {listed}, only Macaw {ours}")
    print(f"both: agree on {agreement(con, 'usa_listed = usa_ours and chn_listed = chn_ours'):.4f}")
    for side in _NAMES:
        _show(con, side, options.show)


def _show(con: Any, side: str, limit: int) -> None:
    for work, listed, countries, codes in con.execute(
        f"""select work, {side}_listed, countries, codes from compared
        where {side}_listed <> {side}_ours order by hash(work) limit {limit}"""
    ).fetchall():
        print(f"\n{side} {'only the list' if listed else 'only Macaw'} {work} {countries} {codes}")
        for raw, organisation, country, evidence in con.execute(
            """select distinct a.raw_name, m.organisation, m.country, m.evidence from authorships as a
            left join matches as m using (raw_name) where a.work = ? order by 1, 2""",
            [work],
        ).fetchall():
            print(f"    {raw[:150]!r} → {organisation} {country} [{evidence}]")


if __name__ == "__main__":
    main()
