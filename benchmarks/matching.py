"""Measure the matcher on gold affiliation strings: micro precision, recall and F1 over (string, ROR id) pairs.

    python benchmarks/matching.py --gold affiliations_dev.jsonl.gz --build macaw-build [--errors 20]

The gold file has a JSON object a line: dataset, split, affiliation, ror_ids (empty: no organisation). The matcher has
learned on the train parts, so their figures here flatter it: benchmarks/fit_matcher.py gives those out of fold.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from macaw import api
from macaw.organisations import Match
from macaw.organisations.names import has_han

Gold = Mapping[str, Any]


def gold_of(path: Path) -> list[dict[str, Any]]:
    """Labelled strings: dataset, split, affiliation, ror_ids."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def table(gold: Sequence[Gold], answers: Sequence[Sequence[Match]], group: Callable[[Gold], str]) -> str:
    """Precision, recall, F1 and the share of strings answered exactly, a line for each group of strings."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row, matches in zip(gold, answers, strict=True):
        found, right = {m.ror for m in matches if m.ror}, set(row["ror_ids"])
        counts[group(row)].update(
            right=len(right & found), found=len(found), wanted=len(right), exact=right == found, strings=1
        )
    lines = [f"{'':46}{'strings':>8}{'P':>7}{'R':>7}{'F1':>7}{'exact':>7}"]
    for name, c in sorted(counts.items()):
        p, r = c["right"] / max(c["found"], 1), c["right"] / max(c["wanted"], 1)
        f1 = 2 * p * r / max(p + r, 1e-9)
        lines.append(f"{name:46}{c['strings']:8}{p:7.3f}{r:7.3f}{f1:7.3f}{c['exact'] / c['strings']:7.3f}")
    return "\n".join(lines)


def pairs_by(
    gold: Sequence[Gold], answers: Sequence[Sequence[Match]], value: Callable[[str], str], least: int = 100
) -> str:
    """The same over pairs, by a property of the organisation: wanted ones for recall, found ones for precision."""
    wanted, found, right = Counter[str](), Counter[str](), Counter[str]()
    for row, matches in zip(gold, answers, strict=True):
        rors = {m.ror for m in matches if m.ror}
        wanted.update(value(r) for r in row["ror_ids"])
        found.update(value(r) for r in rors)
        right.update(value(r) for r in rors & set(row["ror_ids"]))
    lines = [f"{'':46}{'wanted':>8}{'P':>7}{'R':>7}"]
    for name, n in wanted.most_common():
        if n >= least:
            lines.append(f"{name:46}{n:8}{right[name] / max(found[name], 1):7.3f}{right[name] / n:7.3f}")
    return "\n".join(lines)


def reliability(pairs: Iterable[tuple[float, bool]], bins: int = 10) -> str:
    """Stated probability beside the share that is right, and the expected calibration error (mean gap, weighted)."""
    groups: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for said, right in pairs:
        groups[min(int(said * bins), bins - 1)].append((said, right))
    total, gap = sum(map(len, groups.values())), 0.0
    lines = [f"{'stated':>10}{'matches':>9}{'mean':>8}{'right':>8}"]
    for number, group in sorted(groups.items()):
        said, right = sum(s for s, _ in group) / len(group), sum(r for _, r in group) / len(group)
        gap += abs(said - right) * len(group) / total
        lines.append(f"{number / bins:6.1f}–{(number + 1) / bins:.1f}{len(group):9}{said:8.3f}{right:8.3f}")
    return "\n".join([*lines, f"expected calibration error {gap:.3f}"])


def _language(text: str) -> str:
    if has_han(text):
        return "Chinese characters"
    return "ASCII" if text.isascii() else "other letters"


def _show_errors(gold: Sequence[Gold], answers: Sequence[Sequence[Match]], dataset: str, most: int) -> None:
    wrong = [
        (g, m) for g, m in zip(gold, answers, strict=True) if dataset in g["dataset"] and _rors(m) != set(g["ror_ids"])
    ]
    for row, matches in wrong[:most]:
        found = {m.ror: f"{m.evidence} ({m.probability})" for m in matches if m.ror}
        print(f"{row['affiliation']}\n   wanted {sorted(row['ror_ids'])}\n   found  {found}")


def _rors(matches: Sequence[Match]) -> set[str]:
    return {m.ror for m in matches if m.ror}


def main() -> None:
    """Print scores by dataset, language, country and kind, precision by rule, and how far probabilities hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--dataset", default="")
    options = parser.parse_args()
    gold = gold_of(options.gold)
    matcher, _ = api.matcher(options.build)
    started = time.perf_counter()
    answers = list(matcher.match_many([g["affiliation"] for g in gold]))
    seconds, strings = time.perf_counter() - started, len(gold)
    _show_errors(gold, answers, options.dataset, options.errors)
    print(table(gold, answers, lambda g: f"{g['dataset']} {g['split']}"))
    held_out = [i for i, g in enumerate(gold) if g["split"] != "train"]
    gold, answers = [gold[i] for i in held_out], [answers[i] for i in held_out]
    print(
        "\nstrings the matcher has not learned on, by language\n",
        table(gold, answers, lambda g: _language(g["affiliation"])),
    )
    organisations = api.open(options.build).table("source_organisations").to_pylist()
    for title, column in (("country of the organisation", "alpha2"), ("kind of organisation", "kind")):
        of = {r["ror"]: r[column] or "not stated" for r in organisations}
        print(f"\nby {title}\n", pairs_by(gold, answers, lambda r, of=of: of.get(r, "not in ROR's dump")))  # type: ignore[misc]
    pairs = [(m, m.ror in g["ror_ids"]) for g, ms in zip(gold, answers, strict=True) for m in ms if m.ror]
    rules: dict[str, Counter[bool]] = defaultdict(Counter)
    for match, right in pairs:
        rules[match.evidence.split(":")[0]][right] += 1
    print("\nprecision by rule")
    for rule, c in sorted(rules.items(), key=lambda item: -sum(item[1].values())):
        print(f"{rule:46}{sum(c.values()):8}{c[True] / sum(c.values()):7.3f}")
    print(
        "\nprobabilities of what the trees choose\n", reliability((m.probability, r) for m, r in pairs if _by_trees(m))
    )
    print(f"\n{len(organisations):,} organisations, {seconds:.1f} s, {strings / seconds:,.0f} strings a second")


def _by_trees(match: Match) -> bool:
    return not match.evidence.startswith(("registry", "name in full"))


if __name__ == "__main__":
    main()
