"""What the site costs: time to make it, bytes of a first view, time to filter.

python benchmarks/website.py --build DIR --out DIR
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

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


# Milliseconds of the script that answers a filter, and until the next frame is drawn.
FILTER = """async () => {
  const box = document.querySelector("#search"), found = [];
  for (const word of ["a", "ai", "tech", "", "hua", "z", "", "robot", "in", "", "china", "o", ""]) {
    const began = performance.now();
    box.value = word;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    const script = performance.now() - began;
    await new Promise(requestAnimationFrame);
    await new Promise(done => setTimeout(done));
    found.push([script, performance.now() - began]);
    await new Promise(done => setTimeout(done, 300));
  }
  return found;
}"""


def padded(site: Path, out: Path, rows: int) -> None:
    """A copy of the table of companies with so many rows, the site's own ones repeated."""
    shutil.copytree(site / "assets", out / "assets")
    (out / "en").mkdir()
    shutil.copy(site / "en" / "companies.html", out / "en")
    (out / "data" / "table").mkdir(parents=True)
    texts = {n: (site / f"data/table/{n}.js").read_text("utf-8") for n in ("company", "company-latest")}
    held: dict[str, Any] = {n: json.loads(t[t.index(",") + 1 : t.rindex(")")]) for n, t in texts.items()}
    own = len(held["company"]["rows"])
    order = [n % own for n in range(rows)]
    groups = range(own, own + len(held["company"]["groups"]))
    held["company"]["rows"] = [held["company"]["rows"][n] for n in order]
    for column in held["company-latest"].values():
        few = set(column.pop("few", ()))
        for key in column:
            made = [column[key][n] for n in (*order, *groups)]
            column[key] = "".join(made) if key == "s" else made
        column["few"] = [k for k, n in enumerate(order) if n in few]
    for name, value in held.items():
        (out / f"data/table/{name}.js").write_text(f'macaw.put("table/{name}",{json.dumps(value)});', "utf-8")


def filtering(site: Path, rows: int = 2_000) -> None:
    """Print how long a filter of so many companies takes in Chromium."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        padded(site, Path(folder), rows)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.goto((Path(folder) / "en/companies.html").as_uri())
        page.wait_for_function("document.querySelectorAll('#table tbody tr').length > 20")
        found = page.evaluate(FILTER)
        shown = page.inner_text("#count")
        browser.close()
    script, frame = (statistics.median(part) for part in zip(*found, strict=True))
    print(f"filter of {rows:,} rows ({shown}): {script:.0f} ms of script, {frame:.0f} ms until drawn (medians)")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    began, spent = time.perf_counter(), time.process_time()
    report = make(macaw.open(given.build), given.out)
    took, spent = time.perf_counter() - began, time.process_time() - spent
    made = f"{report.pages:,} pages, {report.files:,} files, {report.size / 1e6:.0f} MB"
    print(f"{made}: {took:.0f} s, {spent:.0f} s of processor")
    for path in PAGES:
        page = f"en/{path}"
        if (given.out / page).is_file():
            print(f"{page}: {first_view(given.out, page) / 1e3:.0f} KB compressed")
    filtering(given.out)


if __name__ == "__main__":
    main()
