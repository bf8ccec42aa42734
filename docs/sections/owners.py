"""Owners: papers of five companies by today's owners, by the owners of the year, and without owned companies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from macaw.api import Observatory

COMPANIES = ("alphabet", "microsoft", "meta", "softbank", "alibaba")
YEARS = range(2010, 2025)
_RULES = ("none", "as_was", "as_is")


def page(observatory: Observatory) -> str:
    """A table for each company, and below it which owned companies make the difference, with the years."""
    parts = [
        "# As it was, as it is · 当年的归属与今天的归属\n",
        "Papers on all lists, counted in full, of five companies: `none` counts the company alone, "
        "`as_was` with what it owned in the year, `as_is` with what it owns today, in all years. Below "
        "each table stand the companies whose papers make `as_is` differ from `as_was`: bought later, "
        "sold since, or both. Counts rest on the lists collected in a year, so that years are not "
        "comparable with one another; the rules within a year are.\n",
        "五家公司在全部名单上的论文（整数计数）：`none` 只计公司本身，`as_was` 计入当年所拥有的公"
        "司，`as_is` 在所有年份计入今天所拥有的公司。每张表下列出使两者不同的公司：后来收购、已经出售，或"
        "两者兼有。各年所收名单不同，年份之间不可比；同一年内的三种口径可比。\n",
    ]
    return "\n".join([*parts, *(_company(observatory, c) for c in COMPANIES)])


def _papers(observatory: Observatory, entity: str, ownership: str) -> dict[int, float]:
    rows = observatory.values(
        "papers", entity=entity, venues="all", ownership=ownership, period=f"{YEARS[0]}:{YEARS[-1]}"
    ).to_pylist()
    return {r["period"]: r["value"] for r in rows if r["value"] is not None}


def _company(observatory: Observatory, company: str) -> str:
    counted = {rule: _papers(observatory, company, rule) for rule in _RULES}
    name, name_zh = _names(observatory)[company]
    lines = [f"## {name} · {name_zh}\n", "| year | none | as_was | as_is | as_is − as_was |", "|---|---|---|---|---|"]
    for year in YEARS:
        none, was, now = (counted[rule].get(year, 0.0) for rule in _RULES)
        lines.append(f"| {year} | {none:.0f} | {was:.0f} | {now:.0f} | {now - was:+.0f} |")
    explained = list(_explained(observatory, company))
    return "\n".join([*lines, "", *(explained or ["No company makes a difference. · 没有公司造成差异。"]), ""])


def _names(observatory: Observatory) -> dict[str, tuple[str, str]]:
    rows = observatory.table("organisations").to_pylist()
    return {r["organisation"]: (r["name"], r["name_zh"] or r["name"]) for r in rows}


def _explained(observatory: Observatory, company: str) -> Iterator[str]:
    """A line for each company that counts for the owner in some years under one rule and not under the other."""
    names = _names(observatory)
    spans: dict[str, list[tuple[int | None, int | None]]] = defaultdict(list)
    today = set()
    for row in observatory.table("owners").to_pylist():
        if row["owner"] == company and row["organisation"] != company:
            if row["ownership"] == "as_is":
                today.add(row["organisation"])
            elif row["ownership"] == "as_was":
                spans[row["organisation"]].append((row["from_year"], row["to_year"]))
    for owned in sorted(today | set(spans)):
        papers = _papers(observatory, owned, "none")
        was = {y for y in YEARS for a, b in spans[owned] if (a or 0) <= y <= (b or YEARS[-1])}
        other = {y: n for y, n in papers.items() if n and (y in was) != (owned in today)}
        if other:
            years = ", ".join(f"{y}: {n:.0f}" for y, n in sorted(other.items()))
            why = "belongs to it only since then · 后来才归属" if owned in today else "belonged to it then · 当时归属"
            yield f"- {names[owned][0]} ({names[owned][1]}; {_span(spans[owned])}), {why}: {years}"


def _span(spans: list[tuple[int | None, int | None]]) -> str:
    return ", ".join(f"{a or '…'}–{b or '…'}" for a, b in spans)
