"""Compare Macaw's places of work with the countries that the paper lists themselves assign.

    python benchmarks/countries.py --build macaw-build [--show 20]

For works that carry normalised countries: does each side say that the work has an author in the United
States, and in China with Hong Kong, Macao and Taiwan (which the lists call China)? Prints the share of works on which
both agree, and the works on which they do not.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from macaw import api

_QUERY = """
with listed as (
  select w.work, w.venue, w.period, w.title,
    list_transform(string_split(w.normalised_countries, ';'), lambda x: trim(x)) as countries
  from works as w
  where w.is_published and w.normalised_countries is not null
    and len(list_filter(string_split(w.normalised_countries, ';'), lambda x: trim(x) <> '')) > 0
),
placed as (
  select work, list(distinct country) as codes from activity where not is_ancestor group by work
)
select l.work, l.venue, l.period, l.title, l.countries, p.codes,
  list_contains(l.countries, 'United States') as usa_listed,
  coalesce(list_contains(p.codes, 'USA'), false) as usa_ours,
  len(list_filter(l.countries, lambda x: x in ('China', 'Hong Kong', 'Macau', 'Taiwan'))) > 0 as chn_listed,
  coalesce(len(list_intersect(p.codes, ['CHN', 'HKG', 'MAC', 'TWN'])) > 0, false) as chn_ours
from listed as l left join placed as p using (work)
order by l.work
"""


def main() -> None:
    """Print agreement, and a sample of the disagreements spread evenly over the works."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    con = api.open(options.build).connection(("works", "activity", "authorships", "matches"))
    con.execute(f"create temp table compared as {_QUERY}")
    (total,) = con.execute("select count(*) from compared").fetchone()
    print(f"{total:,} published works with countries of their own")
    for name in ("usa", "chn"):
        row = con.execute(
            f"""select avg(case when {name}_listed = {name}_ours then 1.0 else 0 end),
              sum(case when {name}_listed and not {name}_ours then 1 else 0 end),
              sum(case when {name}_ours and not {name}_listed then 1 else 0 end) from compared"""
        ).fetchone()
        print(f"{name}: agree on {row[0]:.4f}; only the list says so {row[1]}, only we say so {row[2]}")
    (both,) = con.execute(
        "select avg(case when usa_listed = usa_ours and chn_listed = chn_ours then 1.0 else 0 end) from compared"
    ).fetchone()
    print(f"both: agree on {both:.4f}")
    for name in ("usa", "chn"):
        rows = con.execute(
            f"""select work, {name}_listed, countries, codes from compared
            where {name}_listed <> {name}_ours order by hash(work) limit {options.show}"""
        ).fetchall()
        for work, listed, countries, codes in rows:
            print(f"\n{name} {'only the list' if listed else 'only ours'} {work} {countries} {codes}")
            for raw, organisation, country, evidence in con.execute(
                """select distinct a.raw_name, m.organisation, m.country, m.evidence from authorships as a
                left join matches as m using (raw_name) where a.work = ? order by 1, 2""",
                [work],
            ).fetchall():
                print(f"    {raw[:150]!r} → {organisation} {country} [{evidence}]")


if __name__ == "__main__":
    main()
