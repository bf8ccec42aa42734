"""Money: venture capital, business and public research and development."""

from __future__ import annotations

from macaw.api import Observatory

from .shared import Column, columns, notes, refused, sources, table

# Heading, then entity, indicator, definition and first year of each column.
_TABLES: tuple[tuple[str, tuple[Column, ...], int], ...] = (
    (
        "AI venture capital, $ m, nominal and in prices of 2017; all venture capital of a later extract"
        " · 人工智能风险投资与风险投资总额（百万美元）",
        (
            *columns((("ai_venture_capital", "pitchbook_2021"), ("ai_venture_capital_real", "pitchbook_2021"))),
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
        columns(("gross_rd", edition) for edition in ("msti_2019", "msti_2021", "msti_2023")),
        2008,
    ),
    (
        "Who pays, who performs, and what for: shares of R&D · 研发经费的来源、执行与类型占比",
        columns(
            (
                ("government_rd_share", "msti_2019"),
                ("government_rd_share", "msti_2021"),
                ("government_rd_share", "msti_2023"),
                ("government_performed_rd_share", "msti_2023"),
                ("basic_research_share", "msti_2021"),
                ("applied_research_share", "msti_2021"),
                ("experimental_development_share", "msti_2021"),
            )
        ),
        2017,
    ),
    (
        "Government budgets for R&D, $ bn at purchasing power parity, and the share of defense"
        " · 政府研发预算（十亿美元，购买力平价）与国防占比",
        columns(
            (("government_rd_budget", "msti_2021"), ("government_rd_budget_share", "defense")),
            ("USA", "EU27", "JPN", "CHN"),
        ),
        2000,
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


def section(observatory: Observatory) -> str:
    """The United States and China by year, what was refused, odd rows, what is missing."""
    parts = ["## Money · 资金\n", sources("ncses", "amplyfi", "procurement"), _sizes(observatory)]
    for heading, shown, first in _TABLES:
        parts += [f"### {heading}\n", *table(observatory, shown, f"{first}:", counting="full")]
    parts += refused(observatory, "ncses", "deals", "amplyfi", "procurement")
    return "\n".join([*parts, notes("money")])


def _sizes(observatory: Observatory) -> str:
    tables, mentions, contracts, deals = (
        f"{observatory.table(name).num_rows:,}"
        for name in ("source_statistic_tables", "source_mentions", "source_contracts", "source_deals")
    )
    return (
        f"{tables} statistical tables of NCSES, re-cut by a third party, and figures kept by hand; as evidence only,"
        f" and only in a user's own build, {mentions} investments machine-read from Chinese news and {contracts}"
        f" military contracts. Deals of your own: {deals}. Tables that lost their axis labels were recovered only where"
        " a proof holds on the data (`sources/ncses/axes.toml`).\n\n"
        f"NCSES 统计表 {tables} 份（由第三方重制）及人工维护的数字；仅作依据且仅存于用户自己的构建："
        f"机器从中文新闻读取的投资 {mentions} 条、军队采购合同 {contracts} 份。用户自备交易 {deals} 笔。"
        "丢失行列标签的表仅在证明与数据相符时恢复（`sources/ncses/axes.toml`）。\n"
    )
