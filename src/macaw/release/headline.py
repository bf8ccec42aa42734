"""The first result a reader sees: who publishes at a venue, the United States or China, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from macaw.api import Observatory

USA, CHINA = "USA", "CHN"
GROUPS = {
    "CHN": ("mainland China", "中国大陆"),
    "CHN+HKG+MAC": ("with Hong Kong and Macao", "含港澳"),
    "CHN+HKG+MAC+TWN": ("and with Taiwan", "再含台湾"),
}
COUNTINGS = {"full": "整数计数", "fractional": "分数计数"}


@dataclass(frozen=True)
class Turn:
    """When one series first was above another, and since when it has stayed above; None if never."""

    first: int | None
    lasting: int | None


def turn(rising: dict[int, float], falling: dict[int, float]) -> Turn:
    """First and lasting year in which `rising` is above `falling`, over the years both have.

    >>> turn({2018: 0.2, 2019: 0.32, 2020: 0.30, 2021: 0.4}, {2018: 0.3, 2019: 0.31, 2020: 0.31, 2021: 0.3})
    Turn(first=2019, lasting=2021)
    """
    years = sorted(rising.keys() & falling.keys())
    above = [year for year in years if rising[year] > falling[year]]
    below = [year for year in years if rising[year] <= falling[year]]
    lasting = [year for year in above if not below or year > below[-1]]
    return Turn(above[0] if above else None, lasting[0] if lasting else None)


def shares(observatory: Observatory, venue: str, counting: str) -> dict[str, dict[int, float]]:
    """Share of papers by entity and year at one venue; years without a value are left out."""
    rows = observatory.values(
        "papers_share", entity=[USA, *GROUPS], venues=venue, counting=counting, period="2000:2100"
    ).to_pylist()
    found: dict[str, dict[int, float]] = {entity: {} for entity in (USA, *GROUPS)}
    for row in rows:
        if row["value"] is not None:
            found[row["entity"]][row["period"]] = row["value"]
    return found


def headline(observatory: Observatory, venue: str = "CVPR") -> Iterator[str]:
    """Lines of the headline table, English and Chinese."""
    yield f"Share of {venue} papers by country of work, % · {venue} 论文占比（按工作所在地，%）"
    by_counting = {counting: shares(observatory, venue, counting) for counting in COUNTINGS}
    columns = [(counting, entity) for counting in COUNTINGS for entity in (USA, *GROUPS)]
    yield "        " + "".join(f"{c + ' · ' + COUNTINGS[c]:<40}" for c in COUNTINGS).rstrip()
    names = {USA: "USA", "CHN": "CHN", "CHN+HKG+MAC": "+HKG,MAC", "CHN+HKG+MAC+TWN": "+TWN"}
    yield "year " + "".join(f"{names[entity]:>10}" for _, entity in columns)
    years = sorted({year for c, e in columns for year in by_counting[c][e]})
    for year in years:
        cells = (by_counting[c][e].get(year) for c, e in columns)
        yield f"{year} " + "".join(f"{'–' if v is None else f'{100 * v:.1f}':>10}" for v in cells)
    yield ""
    for counting, name_zh in COUNTINGS.items():
        for group, (name, group_zh) in GROUPS.items():
            yield _sentence(by_counting[counting], group, f"{counting}, {name}", f"{name_zh}，{group_zh}")
    yield ""
    yield from _cautions(observatory, venue)


def _cautions(observatory: Observatory, venue: str) -> Iterator[str]:
    """How many of the papers have a known place, and where the series breaks."""
    rows = observatory.values("papers", entity=USA, venues=venue, counting="full", period="2000:2100").to_pylist()
    known = sorted(100 * r["completeness"] for r in rows if r["value"] is not None and r["completeness"])
    breaks = ", ".join(str(r["period"]) for r in rows if r["status"] == "B")
    if known:
        span = f"{known[0]:.0f}–{known[-1]:.0f} %"
        yield f"The place is known of {span} of a year's papers · 每年有 {span} 的论文可定位"
    if breaks:
        yield f"Series breaks: {breaks} · 序列中断：{breaks}"


def _sentence(found: dict[str, dict[int, float]], group: str, name: str, name_zh: str) -> str:
    when = turn(found[group], found[USA])
    if when.first is None:
        return f"{name}: China has not passed the United States · {name_zh}：中国尚未超过美国"
    if when.first == when.lasting:
        return f"{name}: China passes the United States in {when.first} · {name_zh}：中国于 {when.first} 年超过美国"
    since = f"for good in {when.lasting}" if when.lasting else "and falls back again"
    since_zh = f"{when.lasting} 年起持续领先" if when.lasting else "其后又落后"
    return (
        f"{name}: China is first ahead in {when.first}, {since} · {name_zh}：中国于 {when.first} 年首次领先，{since_zh}"
    )
