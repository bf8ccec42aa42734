"""Scores the reading of sentences against labels: which are checkable, and what quantities they state.

    python benchmarks/reading.py [FILE.jsonl ...] [--wrong]

A quantity is right when it overlaps the labelled one and low, high and unit agree (ends within 1 %; whether it is
approximate is scored apart). Without files it reads tests/data/benchmarks/reading/.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from macaw.claims.reading.quantities import Quantity
from macaw.claims.reading.sentences import read_sentence

LABELS = Path(__file__).parents[1] / "tests" / "data" / "benchmarks" / "reading"
CLOSE = 0.01
# Units the labels tell apart; ours are finer.
_LABEL_UNITS = frozenset(
    "percent percentage_point factor company person paper patent model token parameter flop rank year month day".split()
)
_COUNTED = frozenset("count chip country deal time generation".split())


def label_unit(unit: str, kind: str) -> str:
    """Our unit in the words of the labels."""
    if unit in _LABEL_UNITS or kind == "money":
        return unit
    if unit == "age":
        return "year"
    return "count" if unit in _COUNTED else "other"


def same(quantity: Quantity, label: dict[str, Any]) -> bool:
    """Whether value and unit agree."""
    return (
        close(quantity.low, label["low"])
        and close(quantity.high, label["high"])
        and label_unit(quantity.unit, quantity.kind) == label["unit"]
    )


def close(ours: float | None, theirs: float | None) -> bool:
    """Whether two ends agree."""
    if ours is None or theirs is None:
        return ours is None and theirs is None
    return abs(ours - theirs) <= CLOSE * max(abs(theirs), 1e-9)


def spans(label_texts: list[str], text: str) -> list[tuple[int, int]]:
    """Where labelled texts stand, in order."""
    found, at = [], 0
    for label in label_texts:
        start = text.find(label, at)
        start = text.find(label) if start < 0 else start
        found.append((start, start + len(label)))
        at = max(at, start + 1)
    return found


def f1(right: int, ours: int, theirs: int) -> str:
    """Precision, recall and F1 as a row; behind them how many are right, ours, labelled."""
    p, r = right / max(ours, 1), right / max(theirs, 1)
    return f"precision {p:.3f}  recall {r:.3f}  F1 {2 * p * r / max(p + r, 1e-9):.3f}  ({right}/{ours}/{theirs})"


def score(rows: list[dict[str, Any]], *, wrong: bool) -> Counter[str]:
    """Counts of agreement over labelled sentences."""
    count: Counter[str] = Counter()
    for row in rows:
        text = row["text"]
        quantities = read_sentence(text).quantities
        labelled = row["quantities"]
        free = list(zip(spans([q["text"] for q in labelled], text), labelled, strict=True))
        count["ours"] += len(quantities)
        count["theirs"] += len(labelled)
        lost = []
        for quantity in quantities:
            hit = next(
                (f for f in free if f[0][0] < quantity.end and quantity.start < f[0][1] and same(quantity, f[1])), None
            )
            if hit:
                free.remove(hit)
                count["right"] += 1
                count["approximate_right"] += quantity.approximate == hit[1]["approximate"]
            else:
                lost.append(f"{quantity.text}[{quantity.low},{quantity.high}] {quantity.unit} {quantity.bound}")
        if wrong and (lost or free):
            print(
                f"Q {row['id']} {text}\n    ours {lost}\n    label "
                f"{[(f[1]['text'], f[1]['low'], f[1]['high'], f[1]['unit']) for f in free]}"
            )
        _score_checkable(row, count, wrong=wrong)
    return count


def _score_checkable(row: dict[str, Any], count: Counter[str], *, wrong: bool) -> None:
    sentence = read_sentence(row["text"])
    ours, theirs = sentence.checkable, row["checkable"]
    count["c_ours"] += ours
    count["c_theirs"] += theirs
    count["c_right"] += ours and theirs
    if wrong and ours != theirs:
        print(f"C {row['id']} {'+' if ours else '-'} {row['text']}\n    {sentence.reasons}")
    speaker = sentence.speaker
    count["s_ours"] += speaker is not None
    count["s_theirs"] += row["speaker"] is not None
    count["s_right"] += speaker is not None and speaker == row["speaker"]
    if wrong and speaker != row["speaker"]:
        print(f"S {row['id']} ours {speaker!r} label {row['speaker']!r}: {row['text']}")


def main() -> None:
    """Print the tables."""
    wrong = "--wrong" in sys.argv
    files = [Path(a) for a in sys.argv[1:] if not a.startswith("--")] or sorted(LABELS.glob("*.jsonl"))
    for file in files:
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line]
        groups = {"all": rows} | {
            name: [r for r in rows if r["lang"].startswith(lang)]
            for name, lang in (
                ("English", "en"),
                ("Chinese", "zh"),
                ("simplified", "zh-Hans"),
                ("traditional", "zh-Hant"),
            )
        }
        for name, group in groups.items():
            c = score(group, wrong=wrong and name == "all")
            print(f"{file.name} · {name} · {len(group)} sentences")
            print(f"  checkable   {f1(c['c_right'], c['c_ours'], c['c_theirs'])}")
            print(
                f"  quantities  {f1(c['right'], c['ours'], c['theirs'])}; approximate agrees on "
                f"{c['approximate_right'] / max(c['right'], 1):.3f}"
            )
            print(f"  speakers    {f1(c['s_right'], c['s_ours'], c['s_theirs'])}")


if __name__ == "__main__":
    main()
