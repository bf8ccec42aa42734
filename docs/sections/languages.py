"""Languages: Chinese and English in training data and among people."""

from __future__ import annotations

from collections import Counter

from macaw.api import Observatory

from .shared import notes, refused, sources

_COUNTED = ("words", "characters", "documents")
_SPEAKERS = ("cldr", "cldr_chinese_together", "cldr_scripts_added", "native")
_TEXTS = tuple(f"gpt3_{c}{s}" for c in _COUNTED for s in ("", "_chinese_together"))


def section(observatory: Observatory) -> str:
    """Chinese and English in training data and among people, what they rest on, and what surprised."""
    parts = ["## Languages · 语言\n", sources("gpt3_languages", "commoncrawl", "cldr"), _figures(observatory)]
    parts += [_headline(observatory), _crawls(observatory), _speakers(observatory)]
    parts += refused(observatory, "gpt3_languages", "commoncrawl", "cldr")
    return "\n".join([*parts, notes("languages")])


def _value(observatory: Observatory, indicator: str, definition: str, language: str) -> dict[str, object]:
    """The row of a language under one definition, the newest year if there are several."""
    rows = observatory.values(indicator, entity=f"lang:{language}", definition=definition).to_pylist()
    return rows[-1] if rows else {"value": None, "status": "L", "low": None, "high": None}


def _percent(row: dict[str, object], digits: int = 3) -> str:
    if row["value"] is not None:
        return f"{100 * float(str(row['value'])):.{digits}f} %"
    return str(row["status"])


def _ratio(row: dict[str, object]) -> str:
    return str(row["status"]) if row["value"] is None else f"{float(str(row['value'])):.4f}"


def _headline(observatory: Observatory) -> str:
    lines = [
        "### GPT-3's training data · GPT-3 训练数据\n",
        "Share of the data GPT-3 was trained on, and that share over the share of people who speak the language by CLDR"
        " (1: as much text as speakers). `zh` is Chinese as listed, `zh + zh-Hant` the two scripts added.\n",
        "GPT-3 训练数据中的占比，及其与使用人口占比（CLDR）之比（1 表示文本与人口相当）。\n",
        "| counted | zh | zh-Hant | zh + zh-Hant | en | ratio zh | ratio zh + zh-Hant | ratio zh-Hant | ratio en |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for counted in _COUNTED:
        text, together = f"gpt3_{counted}", f"gpt3_{counted}_chinese_together"
        cells = [
            counted,
            *(_percent(_value(observatory, "language_share", text, code)) for code in ("zh", "zh-Hant")),
            _percent(_value(observatory, "language_share", together, "zh")),
            _percent(_value(observatory, "language_share", text, "en")),
            _ratio(_value(observatory, "representation_ratio", f"{text}_by_cldr", "zh")),
            _ratio(_value(observatory, "representation_ratio", f"{together}_by_cldr", "zh")),
            _ratio(_value(observatory, "representation_ratio", f"{text}_by_cldr", "zh-Hant")),
            _ratio(_value(observatory, "representation_ratio", f"{text}_by_cldr", "en")),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _crawls(observatory: Observatory) -> str:
    lines = [
        "### Web pages · 网页\n",
        "Share of the pages of Common Crawl; its Chinese is one language, both scripts. Only an excerpt of five"
        " languages is at hand, so shares rest on the percentages stated.\n",
        "| crawl | zh | en | ratio zh | ratio en |",
        "|---|---|---|---|---|",
    ]
    listed = observatory.table("language_shares").to_pylist()
    share = {(r["corpus"], r["language"]): r["share"] for r in listed if r["source"] == "commoncrawl"}
    people = {code: _value(observatory, "speakers_share", "cldr", code)["value"] for code in ("zh", "en")}
    for crawl in sorted({corpus for corpus, language in share if language == "zh"}):
        shares = [share[crawl, code] for code in people]
        ratios = [found / float(str(people[code])) for found, code in zip(shares, people, strict=True)]
        cells = [crawl, *(f"{100 * found:.3f} %" for found in shares), *(f"{found:.4f}" for found in ratios)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _speakers(observatory: Observatory) -> str:
    lines = [
        "### Speakers · 使用人口\n",
        "Share of the world's people who speak the language.\n",
        "| definition | zh | yue | zh-Hant | en | status |",
        "|---|---|---|---|---|---|",
    ]
    for definition in _SPEAKERS:
        rows = [_value(observatory, "speakers_share", definition, code) for code in ("zh", "yue", "zh-Hant", "en")]
        cells = [definition, *(_percent(r, 1) for r in rows), str(rows[0]["status"])]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _figures(observatory: Observatory) -> str:
    """Where native speakers come from, and how many values there are of each status."""
    counted = Counter(
        (str(r["indicator"]), str(r["status"]))
        for r in observatory.table("values").to_pylist()
        if str(r["indicator"]) in ("language_share", "speakers_share", "representation_ratio")
        and (r["counting"], r["ownership"]) == ("full", "as_is")
    )
    statuses = ", ".join(f"`{i}` {s} {n:,}" for (i, s), n in sorted(counted.items()))
    return (
        "Native speakers are from `registry/figures.csv`, graded `reported` and `unread`, hence status U. Values by"
        f" status: {statuses}. L: a language the source does not list. K: a variety of Chinese that it counts as"
        " Chinese.\n"
    )
