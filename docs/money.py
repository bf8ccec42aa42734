"""The section on money of beside-papers.md: the headline by year, and parts/money.md, which is written by hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from macaw.api import Observatory

# Heading, then entity, indicator, definition and first year of each column.
_TABLES: tuple[tuple[str, tuple[tuple[str, str, str], ...], int], ...] = (
    (
        "AI venture capital, $ m, nominal and in prices of 2017; all venture capital of a later extract"
        " · 人工智能风险投资与风险投资总额（百万美元）",
        (
            ("USA", "ai_venture_capital", "pitchbook_2021"),
            ("CHN", "ai_venture_capital", "pitchbook_2021"),
            ("USA", "ai_venture_capital_real", "pitchbook_2021"),
            ("CHN", "ai_venture_capital_real", "pitchbook_2021"),
            ("USA", "all_venture_capital", "pitchbook_2023"),
            ("CHN+HKG", "all_venture_capital", "pitchbook_2023"),
        ),
        2012,
    ),
    (
        "Business R&D in AI performed in the United States, $ m · 在美企业人工智能研发（百万美元）",
        (
            ("USA", "business_ai_rd", "berd_total"),
            ("USA", "business_ai_rd", "berd_paid_by_company"),
            ("USA", "business_ai_rd", "berd_paid_by_others"),
            ("CHN", "business_ai_rd", "berd_total"),
        ),
        2018,
    ),
    (
        "R&D of all sciences, $ bn at purchasing power parity · 研发经费总额（十亿美元，购买力平价）",
        tuple(
            (entity, "gross_rd", edition)
            for edition in ("msti_2019", "msti_2021", "msti_2023")
            for entity in ("USA", "CHN")
        ),
        2008,
    ),
    (
        "Who pays, and for what: shares of R&D · 研发经费的来源与类型占比",
        tuple(
            (entity, *series)
            for series in (
                ("government_rd_share", "msti_2019"),
                ("government_rd_share", "msti_2021"),
                ("government_rd_share", "msti_2023"),
                ("basic_research_share", "msti_2021"),
            )
            for entity in ("USA", "CHN")
        ),
        2017,
    ),
    (
        "Public money, as published · 公布的公共资金",
        (
            ("CHN", "central_science_budget", "carried_out"),
            ("CHN", "central_science_budget", "planned"),
            ("USA", "federal_ai_rd", "nondefense_request"),
            ("USA", "federal_ai_rd", "request"),
            ("CHN", "guidance_funds", "planned"),
            ("CHN", "guidance_funds", "raised"),
        ),
        2019,
    ),
)


def money_section(observatory: Observatory) -> str:
    """Money: headline of the United States and China by year, odd rows, what was refused, what is missing."""
    parts = ["## Money · 资金\n", "Sources: " + _sources(observatory) + "\n"]
    for heading, columns, first in _TABLES:
        parts += [f"### {heading}\n", *_table(observatory, columns, first)]
    by_hand = (Path(__file__).parent / "parts" / "money.md").read_text("utf-8")
    return "\n".join([*parts, by_hand.replace("{refused}", "\n".join(_refused(observatory)))])


def _sources(observatory: Observatory) -> str:
    tables, mentions, contracts, deals = (
        f"{observatory.table(name).num_rows:,}"
        for name in ("source_statistic_tables", "source_mentions", "source_contracts", "source_deals")
    )
    return (
        f"{tables} statistical tables of NCSES (public domain, re-cut by a third party), figures kept by hand; as"
        f" evidence only, and only in a user's own build, {mentions} investments machine-read from Chinese news and"
        f" {contracts} military contracts (CSET). Deals of your own: {deals}."
    )


def _table(observatory: Observatory, columns: tuple[tuple[str, str, str], ...], first: int) -> list[str]:
    cells: dict[tuple[int, int], str] = {}
    for number, (entity, name, definition) in enumerate(columns):
        for row in observatory.values(name, entity=entity, definition=definition, counting="full").to_pylist():
            if row["period"] >= first:
                cells[row["period"], number] = _stated(row)
    shown = sorted({year for (year, _), text in cells.items() if text != "L"})
    heads = [f"{entity}: `{name}` {definition}" for entity, name, definition in columns]
    return [
        "| year | " + " | ".join(heads) + " |",
        "|---" * (len(columns) + 1) + "|",
        *(f"| {year} | " + " | ".join(cells.get((year, c), "") for c in range(len(columns))) + " |" for year in shown),
        "",
    ]


def _stated(row: dict[str, Any]) -> str:
    if row["value"] is None:
        return str(row["status"])
    text = f"{row['value']:,.0f}" if row["value"] >= 1000 else f"{row['value']:.4g}"
    return text + ("" if row["status"] == "A" else f" {row['status']}")


def _refused(observatory: Observatory) -> list[str]:
    """How many records of the sources on money were refused or noted, by reason."""
    counted = Counter(
        (r["source"], r["action"], r["reason"])
        for r in observatory.table("rejected").to_pylist()
        if r["source"] in ("ncses", "deals", "amplyfi", "procurement")
    )
    return [
        "### Refused and noted · 未采用与提示\n",
        "Each is listed with file, place and value in `rejected.csv`. Tables that lost their axis labels were recovered"
        " only where a proof holds on the data (`sources/ncses/axes.toml`).\n",
        "| source | action | records | reason |",
        "|---|---|---|---|",
        *(
            f"| {s} | {a} | {n} | {reason} |"
            for (s, a, reason), n in sorted(counted.items(), key=lambda x: (x[0][0], -x[1]))
        ),
        "",
    ]
