"""How much of what companies do the registry knows: the share of company names in four sources that it resolves.

    python benchmarks/coverage.py --build macaw-build --data DIR [--unlinked 100]

Company affiliations are the raw names of papers that the matcher gives to a company of the registry or of ROR, or to
nothing although they carry a company's legal form; each counts as often as it is mentioned. H-1B employers count by
their approvals, members of China's AI Industry Alliance and unicorns of the AI industry one by one. A name is linked
if an organisation of the registry is found in it. --unlinked lists the largest names that are not.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from macaw import api
from macaw.registry import tables

YEARS = (2014, 2019, 2020, 2021, 2022)
# The list of the alliance has a line above its header.
_ALLIANCE_HEADER = 1


def employers(data: Path) -> Counter[str]:
    """H-1B approvals, first and continued, by employer."""
    found: Counter[str] = Counter()
    for year in YEARS:
        with gzip.open(data / "workforce" / f"uscis_h1b_{year}.csv.gz", "rt", encoding="utf-8-sig") as stream:
            for row in csv.DictReader(stream):
                approvals = [int(row[c].replace(",", "") or 0) for c in ("Initial Approvals", "Continuing Approvals")]
                if row["Employer"]:
                    found[row["Employer"]] += sum(approvals)
    return found


def members(data: Path) -> Counter[str]:
    """Members of the alliance, by Chinese name."""
    with (data / "companies" / "AIIA_collections.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))[_ALLIANCE_HEADER + 1 :]
    return Counter({row[0].strip(): 1 for row in rows if row and row[0].strip().endswith("公司")})


def unicorns(data: Path) -> Counter[str]:
    """Unicorns whose industry is artificial intelligence."""
    path = data / "companies" / "World_Wide-Unicorn-Company-List.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return Counter(
            {r["Company"].strip(): 1 for r in csv.DictReader(stream) if "artificial" in (r["Industry"] or "").lower()}
        )


def affiliations(build: Path) -> Iterator[tuple[str, int, bool]]:
    """Raw name, mentions and whether linked, of each company affiliation of the papers of a build."""
    observatory = api.open(build)
    kinds = {r["organisation"]: r["kind"] for r in observatory.table("organisations").to_pylist()}
    found: dict[str, set[str]] = {}
    for row in observatory.table("matches").to_pylist():
        found.setdefault(row["raw_name"], set()).add(row["organisation"])
    forms = _legal_form()
    for row in observatory.table("raw_names").to_pylist():
        of = {o for o in found.get(row["raw_name"], ()) if o}
        linked = any(not o.startswith("ror:") for o in of)
        if linked or any(kinds.get(o) == "company" for o in of) or (not of and forms.search(row["raw_name"])):
            yield row["raw_name"], row["mentions"], linked


def _legal_form() -> re.Pattern[str]:
    forms = sorted(tables()["registry_legal_forms"]["form"].to_pylist(), key=len, reverse=True)
    latin = [re.escape(f) for f in forms if f.isascii() and len(f) > 2]
    other = [re.escape(f) for f in forms if not f.isascii()]
    return re.compile(rf"\b(?:{'|'.join(latin)})\b|{'|'.join(other)}", re.IGNORECASE)


def report(title: str, rows: list[tuple[str, int, bool]], unlinked: int) -> None:
    """Prints the share that is linked and the largest names that are not."""
    total, linked = sum(n for _, n, _ in rows), sum(n for _, n, is_linked in rows if is_linked)
    print(f"| {title} | {len(rows):,} | {total:,} | {linked:,} | {linked / total:.1%} |")
    for name, n, _ in sorted((r for r in rows if not r[2]), key=lambda r: (-r[1], r[0]))[:unlinked]:
        print(f"    {n:7,} {name}")


def main() -> None:
    """Prints a table of the four sources."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--unlinked", type=int, default=0)
    options = parser.parse_args()
    print("| source | names | weight | linked | share |\n|---|---|---|---|---|")
    report("company affiliations of papers", list(affiliations(options.build)), options.unlinked)
    matcher, _ = api.matcher(options.build)
    for title, counted in (
        ("H-1B approvals", employers(options.data)),
        ("members of the alliance", members(options.data)),
        ("AI unicorns", unicorns(options.data)),
    ):
        names = list(counted)
        linked = [any(m.organisation and m.organisation[:4] != "ror:" for m in ms) for ms in matcher.match_many(names)]
        report(title, [(n, counted[n], k) for n, k in zip(names, linked, strict=True)], options.unlinked)


if __name__ == "__main__":
    main()
