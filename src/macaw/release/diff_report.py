"""A comparison of two releases for a reader: tables in either language, or one JSON document."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from macaw.release.causes import Because, causes
from macaw.release.diff import GROUP, Diff

_EVIDENCE = 3
_SWITCHES = ("topic", "counting", "place", "ownership", "definition", "venues", "territory", "place_country")
Rows = list[dict[str, Any]]


@cache
def words(lang: str) -> dict[str, str]:
    """The words of the tables in a language."""
    said: dict[str, dict[str, str]] = tomllib.loads(
        files("macaw.release").joinpath("diff_report.toml").read_text("utf-8")
    )
    return said[lang]


def evidence(found: Diff) -> dict[str, list[tuple[Because, int]]]:
    """What speaks for each cause, with the number of values it may explain, the most first."""
    sizes = {
        tuple(row[c] for c in GROUP): row["count_all"]
        for row in found.values.group_by(list(GROUP)).aggregate([([], "count_all")]).to_pylist()
    }
    counts: Counter[Because] = Counter()
    for group, why in found.because.items():
        for each in why.because:
            counts[each] += sizes.get(group, 0)
    said: dict[str, list[tuple[Because, int]]] = {}
    for because, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        said.setdefault(because.cause, []).append((because, n))
    return said


def document(found: Diff) -> dict[str, Any]:
    """Everything: totals by cause with evidence, warnings, the evidence of each group of values, the values."""
    said = evidence(found)
    return {
        "old": found.old,
        "new": found.new,
        "compared": found.compared,
        "differ": found.values.num_rows,
        "kinds": found.kinds,
        "not_compared": found.not_held,
        "causes": [
            total | {"evidence": [_texts(because) | {"values": n} for because, n in said.get(total["cause"], ())]}
            for total in found.totals
        ],
        "warnings": found.warnings,
        "without_interval": found.without_interval,
        "because": [
            dict(zip(GROUP, group, strict=True))
            | {"because": [vars(b) for b in sorted(why.because)], "not_excluded": sorted(why.not_excluded)}
            for group, why in found.because.items()
        ],
        "values": found.values.to_pylist(),
    }


def _texts(because: Because) -> dict[str, str]:
    return {"text": because.text, "text_zh": because.text_zh}


def tables(found: Diff, lang: str, limit: int) -> Iterator[tuple[str, Rows]]:
    """Headings, each with the rows that stand under it."""
    w = words(lang)
    yield w["differ"].format(differ=found.values.num_rows, compared=found.compared, old=found.old, new=found.new), []
    if found.values.num_rows:
        yield w["kinds"].format(**found.kinds), []
    if found.not_held:
        yield w["not_compared"].format(n=found.not_held), []
    if not found.values.num_rows:
        return
    yield w["causes"], [_total(t, lang) for t in found.totals]
    yield w["evidence"], _evidence(found, lang)
    unsure = sorted({c for why in found.because.values() for c in why.not_excluded}, key=list(causes()).index)
    if unsure:
        yield w["unsure"].format(causes=_names(unsure, lang, ", " if lang == "en" else "、")), []
    yield w["values"], [_value(row, lang) for row in found.values.slice(0, limit).to_pylist()]
    if found.no_longer_told:
        rows = [_value(row, lang) for row in found.no_longer_told[:limit]]
        yield w["no_longer_told"].format(n=len(found.no_longer_told), old=found.old), rows
    if found.warnings:
        rows = [_warning(row, lang) for row in found.warnings[:limit]]
        yield w["warnings"].format(n=len(found.warnings), old=found.old), rows
    else:
        yield w["no_warning"].format(old=found.old), []
    if found.without_interval:
        yield w["without"].format(n=found.without_interval), []


def _total(total: Mapping[str, Any], lang: str) -> dict[str, Any]:
    w, suffix = words(lang), "" if lang == "en" else "_zh"
    return {
        w["cause"]: total[f"name{suffix}"],
        w["alone"]: total["alone"],
        w["with_others"]: total["with_others"],
        w["meaning"]: total[f"meaning{suffix}"],
    }


def _evidence(found: Diff, lang: str) -> Rows:
    w, said = words(lang), evidence(found)
    return [
        {w["cause"]: _names([c], lang), w["count"]: n, w["said"]: b.text if lang == "en" else b.text_zh}
        for c in causes()
        for b, n in said.get(c, [])[:_EVIDENCE]
    ]


def _value(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    w = words(lang)
    return {
        w["entity"]: row["entity"],
        w["indicator"]: row["indicator"],
        w["period"]: str(row["period"]),
        w["under"]: ", ".join(row[s] for s in _SWITCHES if row[s]),
        w["old_value"]: _shown(row["old_value"], row["old_status"]),
        w["new_value"]: _shown(row["new_value"], row["new_status"]),
        w["change"]: row["change"],
        w["why"]: _names(row["causes"].split("+"), lang),
    }


def _warning(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    shown, w = _value(row, lang), words(lang)
    interval = f"{row['old_low']:.6g}–{row['old_high']:.6g}"
    return {k: v for k, v in shown.items() if k != w["why"]} | {w["interval"]: interval, w["why"]: shown[w["why"]]}


def _shown(value: float | None, status: str | None) -> str:
    if value is None:
        return status or "–"
    return f"{value:,.6g}" + ("" if status == "A" else f" {status}")


def _names(named: list[str], lang: str, between: str | None = None) -> str:
    suffix = "" if lang == "en" else "_zh"
    return (between or words(lang)["or"]).join(causes()[c][f"name{suffix}"] for c in named)
