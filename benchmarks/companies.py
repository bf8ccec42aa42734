"""Measure the matcher on companies: labelled strings of papers (English) and of four Chinese sources.

    python benchmarks/companies.py --build macaw-build --data DIR [--errors 20]

The labels stand in companies.csv beside this file as SHA-256 of the string and label; the strings are read from the
build and from the data folder, and those not found there are counted. A label is a company of the registry, `x:` and a
name for a company that the registry lacks, `?` where the string does not tell. Precision and recall are micro-averages
over pairs of a string and a registered company, both rolled up to today's owner; a registered company found where only
another one or none is named is wrong.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from macaw import api

GOLD = Path(__file__).with_name("companies.csv")


def digest(text: str) -> str:
    """SHA-256 of a string.

    >>> digest("MIT")[:8]
    'e31d0f9f'
    """
    return sha256(text.encode()).hexdigest()


def gold() -> dict[str, tuple[str, str, list[str]]]:
    """Language, sample and labels by digest."""
    with GOLD.open(encoding="utf-8", newline="") as stream:
        return {
            r["sha256"]: (r["language"], r["sample"], r["labels"].split("|") if r["labels"] else [])
            for r in csv.DictReader(stream)
        }


def strings(build: Path, data: Path) -> Iterator[str]:
    """All strings that may be labelled: raw names of the build, and names in four Chinese sources."""
    yield from api.open(build).table("raw_names")["raw_name"].to_pylist()
    alliance = data / "companies" / "AIIA_collections.csv"
    if alliance.is_file():
        with alliance.open(encoding="utf-8-sig", newline="") as stream:
            yield from (row[0].strip() for row in csv.reader(stream) if row)
    yield from _cells(data / "workforce" / "lagou_2017.csv.gz", ("companyFullName", "companyShortName"))
    yield from _cells(data / "procurement" / "harnessed_lightning.csv.gz", ("supplier (中标单位)",))
    deals = data / "money" / "amplyfi_investments_zh.jsonl.gz"
    if deals.is_file():
        with gzip.open(deals, "rt", encoding="utf-8") as stream:
            for line in stream:
                deal = json.loads(line)
                yield from (str(deal.get(k) or "").strip() for k in ("original_subjects", "original_entity"))


def _cells(path: Path, columns: Iterable[str]) -> Iterator[str]:
    if path.is_file():
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                yield from ((row[c] or "").strip() for c in columns)


def measured(
    build: Path, data: Path
) -> tuple[dict[tuple[str, str], Counter[str]], list[tuple[str, set[str], set[str]]]]:
    """Counts by language and sample, and the strings on which label and answer differ."""
    labels = gold()
    found = {d: s for s in strings(build, data) if (d := digest(s)) in labels}
    matcher, _ = api.matcher(build)
    owner = {
        r["organisation"]: r["owner"] for r in api.open(build).table("owners").to_pylist() if r["ownership"] == "as_is"
    }
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    wrong = []
    for key, (language, sample, label) in labels.items():
        count = counts[language, sample]
        if key not in found or "?" in label:
            count["absent" if key not in found else "undecided"] += 1
            continue
        wanted = {owner.get(x, x) for x in label if not x.startswith("x:")}
        answer = {m.organisation for m in matcher.match(found[key]) if m.organisation and ":" not in m.organisation}
        answer = {owner.get(o, o) for o in answer}
        count["strings"] += 1
        count["wanted"] += len(wanted)
        count["found"] += len(answer)
        count["right"] += len(wanted & answer)
        count["unregistered"] += sum(x.startswith("x:") for x in label)
        if wanted != answer:
            wrong.append((found[key], wanted, answer))
    return counts, wrong


def main() -> None:
    """Print one line per language and sample, and some of the errors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--errors", type=int, default=0)
    options = parser.parse_args()
    counts, wrong = measured(options.build, options.data)
    for language in sorted({language for language, _ in counts}):
        counts[language, "all"] = sum((c for (of, _), c in counts.items() if of == language), Counter())
    print(f"{'language, sample':24}{'strings':>8}{'companies':>10}{'P':>7}{'R':>7}{'not in registry':>17}{'absent':>8}")
    for (language, sample), c in sorted(counts.items()):
        p, r = c["right"] / max(c["found"], 1), c["right"] / max(c["wanted"], 1)
        name = f"{language}, {sample}"
        print(f"{name:24}{c['strings']:8}{c['wanted']:10}{p:7.3f}{r:7.3f}{c['unregistered']:17}{c['absent']:8}")
    for text, wanted, answer in wrong[: options.errors]:
        print(f"{text[:150]!r}\n    label {sorted(wanted)}, answer {sorted(answer)}")


if __name__ == "__main__":
    main()
