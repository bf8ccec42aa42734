"""Models and computing: models, clusters, openness, dependence and the frontier."""

from __future__ import annotations

from macaw.api import Observatory
from macaw.indicators import indicator

from .shared import notes, refused, sources, stated, table

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
_SHOWN = 15


def section(observatory: Observatory) -> str:
    """The United States and China by year, the frontiers by date, what was not matched, and what was examined."""
    parts = ["## Models and computing · 模型与算力\n", sources("epoch", "lmarena")]
    for heading, names, period in _TABLES:
        columns = [(e, n, d) for n in names for d in indicator(n).definitions for e in ("USA", "CHN")]
        parts += [f"### {heading}\n", *table(observatory, columns, period)]
    parts += ["### The frontier: China behind the United States · 前沿：中国落后于美国\n", *_frontiers(observatory)]
    parts += [_undated(observatory), *refused(observatory, "epoch", "lmarena")]
    return "\n".join([*parts, notes("models")])


def _frontiers(observatory: Observatory) -> list[str]:
    """Every date looked at: gap, rise and lags by Epoch AI's index and by LMArena."""
    cells = {
        (r["measured"], r["definition"], r["measure"]): stated(r)
        for r in observatory.table("frontiers").to_pylist()
        if r["entity"] == "CHN"
    }
    columns = [(d, m) for d in ("epoch_index", "arena") for m in _FRONTIER]
    return [
        "Gap in points, rise in points a day, lags in days; in brackets what leaving models out and drawing scores and"
        " dates makes of it. No lag by rate where it is more than a year; an open end is a year or more.\n",
        "差距以分计，升速为每日分数，落后以天计；括号内为剔除部分模型并对得分与日期抽样所得的范围。按速度的落后超过一年则不列，"
        "开放的一端表示一年或以上。\n",
        "| date | " + " | ".join(f"{d}: {m}" for d, m in columns) + " |",
        "|---" * (len(columns) + 1) + "|",
        *(
            f"| {day} | " + " | ".join(cells.get((day, *c), "") for c in columns) + " |"
            for day in sorted({day for day, _, _ in cells})
        ),
        "",
    ]


def _undated(observatory: Observatory) -> str:
    """Models of the arena that have no day of release, those with the best scores by name."""
    best: dict[str, float] = {}
    arena = [r for r in observatory.table("frontier_models").to_pylist() if r["definition"] == "arena"]
    for row in arena:
        if row["said_by"] == "nothing":
            best[row["title"]] = max(row["score"], best.get(row["title"], 0))
    first = sorted(best.items(), key=lambda b: (-b[1], b[0]))[:_SHOWN]
    return (
        f"Of {len({r['title'] for r in arena})} models of the arena {len(best)} have no day of release, neither by name"
        " in Epoch AI's lists nor in their own name; the best of them: "
        + ", ".join(f"{title} ({score:.0f})" for title, score in first)
        + " (the others: table `frontier_models`, `said_by` nothing).\n"
    )
