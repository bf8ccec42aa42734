"""How many H-1B approvals are linked to an organisation, and which large employers are not.

python benchmarks/petitions.py --build DIR [--unlinked 30]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb

SHARES = """
with linked as (
  select raw_name, max(case when m.organisation not like 'ror:%' then 1 else 0 end) as registry
  from matches as m where m.organisation is not null and not m.is_ancestor group by raw_name
)
select period, count(*) as names, sum(initial_approvals + continuing_approvals) as approvals,
  sum(case when l.raw_name is not null then initial_approvals + continuing_approvals else 0 end) as linked,
  sum(case when l.registry = 1 then initial_approvals + continuing_approvals else 0 end) as in_registry
from h1b_employers as h left join linked as l using (raw_name)
group by rollup (period) order by period nulls last
"""
UNLINKED = """
select raw_name, sum(initial_approvals + continuing_approvals) as approvals
from h1b_employers
where raw_name is not null
  and raw_name not in (select raw_name from matches where organisation is not null and not is_ancestor)
group by raw_name order by 2 desc, 1 limit ?
"""
LINKED = """
select h.raw_name, m.organisation, m.evidence, sum(initial_approvals + continuing_approvals) as approvals
from h1b_employers as h join matches as m using (raw_name)
where m.organisation is not null and not m.is_ancestor
group by all order by 4 desc, 1 limit ?
"""


def main() -> None:
    """Print shares by fiscal year, the largest names without a link, and the largest with one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--unlinked", type=int, default=30)
    asked = parser.parse_args()
    con = duckdb.connect()
    for table in ("h1b_employers", "matches"):
        con.execute(f"create view {table} as select * from read_parquet('{asked.build}/parquet/{table}.parquet')")
    print("year   employers  approvals    linked  share  to the registry's companies")
    for period, names, approvals, linked, registry in con.execute(SHARES).fetchall():
        share, kept = linked / approvals, registry / approvals
        print(f"{period or 'all':>5} {names:10,} {approvals:10,} {linked:9,}  {share:.3f}  {kept:.3f}")
    print("\nlargest without a link:")
    for name, approvals in con.execute(UNLINKED, [asked.unlinked]).fetchall():
        print(f"{approvals:8,}  {name}")
    print("\nlargest with one:")
    for name, organisation, evidence, approvals in con.execute(LINKED, [asked.unlinked]).fetchall():
        print(f"{approvals:8,}  {name} -> {organisation} ({evidence})")


if __name__ == "__main__":
    main()
