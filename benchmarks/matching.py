"""Measure the matcher on gold affiliation strings: micro precision, recall and F1 over (string, ROR id) pairs.

    python benchmarks/matching.py --gold affiliations_dev.jsonl.gz --build macaw-build [--errors 20]

The gold file has a JSON object a line: dataset, split, affiliation, ror_ids (empty: no organisation).
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter, defaultdict
from pathlib import Path

from macaw import api


def main() -> None:
    """Print one line per dataset and split, then precision by rule."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--dataset", default="")
    options = parser.parse_args()
    with gzip.open(options.gold, "rt", encoding="utf-8") as stream:
        gold = [json.loads(line) for line in stream]
    matcher, _ = api.matcher(options.build)
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    rules: dict[str, Counter[bool]] = defaultdict(Counter)
    shown = 0
    started = time.perf_counter()
    for row in gold:
        found = {m.ror: m for m in matcher.match(row["affiliation"]) if m.ror}
        right, count = set(row["ror_ids"]), counts[row["dataset"], row["split"]]
        count["right"] += len(right & set(found))
        count["found"] += len(found)
        count["wanted"] += len(right)
        count["exact"] += right == set(found)
        count["strings"] += 1
        for ror, match in found.items():
            rules[match.evidence.split(":")[0]][ror in right] += 1
        if shown < options.errors and right != set(found) and options.dataset in row["dataset"]:
            shown += 1
            print(
                row["affiliation"],
                "\n   wanted",
                sorted(right),
                "\n   found",
                {r: m.evidence for r, m in found.items()},
            )
    seconds = time.perf_counter() - started
    print(f"{'dataset':44}{'strings':>8}{'P':>7}{'R':>7}{'F1':>7}{'exact':>7}")
    for (dataset, split), c in sorted(counts.items()):
        p, r = c["right"] / max(c["found"], 1), c["right"] / max(c["wanted"], 1)
        f1 = 2 * p * r / max(p + r, 1e-9)
        print(f"{dataset + ' ' + split:44}{c['strings']:8}{p:7.3f}{r:7.3f}{f1:7.3f}{c['exact'] / c['strings']:7.3f}")
    print(f"\n{len(gold) / seconds:,.0f} strings a second\n\nprecision by rule")
    for rule, c in sorted(rules.items(), key=lambda item: -sum(item[1].values())):
        print(f"{rule:36}{sum(c.values()):8}{c[True] / sum(c.values()):7.3f}")


if __name__ == "__main__":
    main()
