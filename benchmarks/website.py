"""What the site costs: time to make it, bytes of a first view, time to filter.

python benchmarks/website.py --build DIR --out DIR
"""

from __future__ import annotations

import argparse
import gzip
import re
import time
from pathlib import Path

import macaw
from macaw.site import make

PAGES = ("index.html", "companies.html", "countries.html", "compare.html", "company/alphabet.html", "country/CHN.html")


def first_view(site: Path, path: str) -> int:
    """Compressed bytes of a page and of all that it loads at once."""
    page = site / path
    text = page.read_text("utf-8")
    loaded = re.findall(r'<(?:script src|link rel="stylesheet" href|img src)="([^"]+)"', text)
    parts = {page, *((page.parent / p).resolve() for p in loaded)}
    return sum(len(gzip.compress(p.read_bytes())) for p in parts)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    began = time.perf_counter()
    report = make(macaw.open(given.build), given.out)
    took = time.perf_counter() - began
    print(f"{report.pages:,} pages, {report.files:,} files, {report.size / 1e6:.0f} MB: {took:.0f} s")
    for path in PAGES:
        page = f"en/{path}"
        if (given.out / page).is_file():
            print(f"{page}: {first_view(given.out, page) / 1e3:.0f} KB compressed")


if __name__ == "__main__":
    main()
