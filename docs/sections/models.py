"""Models and computing: models, clusters, openness, dependence and the frontier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from macaw.api import Observatory
from macaw.indicators import indicator

from .shared import columns, notes, refused, sources, stated, table

_TABLES = (
    ("Models · 模型", ("notable_models", "large_scale_models", "largest_training_run"), "2012:"),
    ("Computing · 算力", ("gpu_clusters",), "2017:"),
    ("Openness · 开放程度", ("open_weight_share", "open_weight_unknown_share"), "2019:"),
    ("Base models · 基础模型", ("foreign_base_model_share", "foreign_base_model_unknown_share"), "2019:"),
    (
        "Training hardware · 训练硬件",
        ("foreign_training_hardware_share", "foreign_training_hardware_unknown_share"),
        "2019:",
    ),
)
_FRONTIER = ("gap", "rise", "lag_by_level", "lag_by_rate")
_COUNTED = "Counted in fractions: a model of two countries is half of each. · 按份额计：两国共有的模型各计一半。\n"


def section(observatory: Observatory) -> str:
    """The United States and China by year, the frontiers by date, what was not matched, and what was examined."""
    parts = ["## Models and computing · 模型与算力\n", sources("epoch", "lmarena")]
    parts += [_COUNTED]
    for heading, names, period in _TABLES:
        shown = columns((name, definition) for name in names for definition in indicator(name).definitions)
        parts += [f"### {heading}\n", *table(observatory, shown, period)]
    parts += ["### The frontier: China behind the United States · 前沿：中国落后于美国\n", *_frontiers(observatory)]
    parts += [*_arena(observatory), *refused(observatory, "epoch", "lmarena")]
    return "\n".join([*parts, notes("models")])


def _frontiers(observatory: Observatory) -> list[str]:
    """Every date looked at: gap, rise and lags by Epoch AI's index and by LMArena."""
    cells = {
        (r["measured"], r["definition"], r["measure"]): stated(r)
        for r in observatory.table("frontiers").to_pylist()
        if r["entity"] == "CHN"
    }
    measures = [(d, m) for d in ("epoch_index", "arena") for m in _FRONTIER]
    return [
        "Gap in points, rise in points a day, lags in days. In brackets is no confidence interval: each model is left"
        " out in turn, scores are drawn within their errors and dates within the days they may mean, and the ends are"
        " the least 5 % and the greatest 95 % point of all that. By level the value itself is mostly an end, since a"
        " model more can only move it one way. Of a lag by rate of more than a year only the lower end is given"
        " (`365–…`).\n",
        "差距以分计，升速为每日分数，落后以天计。括号内并非置信区间：依次剔除每个模型，得分在误差内、日期在其可能范围内抽样，"
        "两端取其中最小的 5 % 分位与最大的 95 % 分位。"
        "按水平计时，数值本身多为一端。按速度的落后超过一年时只给出下端（`365–…`）。\n",
        "| date | " + " | ".join(f"{d}: {m}" for d, m in measures) + " |",
        "|---" * (len(measures) + 1) + "|",
        *(
            f"| {day} | " + " | ".join(cells.get((day, *c), "") for c in measures) + " |"
            for day in sorted({day for day, _, _ in cells})
        ),
        "",
    ]


def _arena(observatory: Observatory) -> list[str]:
    """Models of the arena whose country or day of release is not known: how many in each copy, and which."""
    rows = [r for r in observatory.table("frontier_models").to_pylist() if r["definition"] == "arena"]
    copies: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in rows:
        copies[row["measured"]][row["record"]] = row
    of = {
        name: {r["record"].partition("/")[2]: r["title"] for r in rows if holds(r)} for name, holds in _LACKING.items()
    }
    return [
        "### Models of the arena without a country or a day · 无国家或无日期的竞技场模型\n",
        "A model without a country is on no frontier; one without a day counts in the gap, not in the pace."
        " · 无国家者不计入任何前沿；无日期者计入分差而不计入速度。\n",
        "| copy · 副本 | models · 模型 | no country · 无国家 | no day · 无日期 |",
        "|---|---|---|---|",
        *(
            f"| {measured} | {len(found)} | "
            + " | ".join(str(sum(map(holds, found.values()))) for holds in _LACKING.values())
            + " |"
            for measured, found in sorted(copies.items())
        ),
        "",
        *(f"{name}: {', '.join(sorted(found.values(), key=str.casefold))}.\n" for name, found in of.items()),
    ]


_LACKING: dict[str, Callable[[dict[str, Any]], bool]] = {
    "No country · 无国家": lambda row: row["country"] is None,
    "No day · 无日期": lambda row: row["said_by"] == "nothing",
}
