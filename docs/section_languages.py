"""The section on languages of beside-papers.md."""

from __future__ import annotations

from collections import Counter

from macaw.api import Observatory

_COUNTED = ("words", "characters", "documents")
_CRAWLS = ("commoncrawl_2018_34", "commoncrawl_2018_39", "commoncrawl_2026_04")
_SPEAKERS = ("cldr", "cldr_chinese_together", "cldr_scripts_added", "native", "native_chinese_together")
_TEXTS = tuple(f"gpt3_{c}{s}" for c in _COUNTED for s in ("", "_chinese_together"))

_SURPRISING = """
### Five surprising rows, looked at by hand

- **A Chinese "word" has nine characters.** `gpt3_characters:zh` over `gpt3_words:zh` is 9.4 (Japanese 8.5, English 5.8,
  Vietnamese, whose syllables stand apart, 4.6). A Chinese word has about two, so OpenAI counted runs between spaces and
  marks. By words Chinese is understated perhaps fivefold; by documents its share is 1.2 times that by words, by
  characters 1.6 times.
- **More Finnish words than Japanese or Chinese.** `gpt3_words:fi` is 221,644,679, `ja` 217,047,918, `zh` 193,517,396;
  Finnish has 5.8 million speakers in CLDR. By characters the three lie within one percent of each other (ja, fi, zh);
  by documents ja has twice as many as fi. The order by words is the counting of words again; that they come close at
  all is what was kept of the web.
- **Chinese moves up four or five places when its two scripts are added**: from 16th to 11th by words, 13th to 9th by
  characters, 14th to 10th by documents. A seventh of the Chinese characters and a quarter of the documents are in the
  traditional script, which about 39 of 1,326 million speakers use in CLDR; so zh-Hant is by far the better represented.
- **Cantonese: 155 million or 82 million.** CLDR lists Cantonese for 5.2 % of mainland China twice, once for each script
  (`yue`, `yue_Hans`), and the library adds them. They are the same 73.6 million people. Serbian (14.9 or 7.8 million),
  Bosnian, Mandingo, Tachelhit, Riffian and Inuktitut have the same trap. Both sums stand, as `cldr_scripts_added` and
  `cldr`.
- **GPT-3 kept a thirtieth of Chinese and doubled English.** In the crawls of its time Chinese has 4.2 to 4.6 % of the
  pages and English 44 to 45 %; in GPT-3's documents both scripts of Chinese have 0.16 % and English 94 %. Its paper
  says that web pages were kept by their likeness to reference texts, which are English, and that books and Wikipedia
  were added: the web's own mix of languages explains little of it.

Between the two crawls of 2018 Chinese rises from 4.23 to 4.56 %. The percentages are of all pages: in the publisher's
whole file the language of 5.9 % of the pages of 2018-34 could not be told, of 2.1 % in 2018-39. Of the pages whose
language was told, Chinese has 4.49 and 4.66 %, so half of the rise is detection.

### 五个意外的数字（逐行核对）

- **中文的一个“词”有 9.4 个字符**（日文 8.5，英文 5.8）：所数的是空格与标点之间的文字，按词统计可能把中文低估约五倍。
- **芬兰语的词比日语和中文都多**，而使用者仅 580 万：次序是分词所致，三者如此接近则是网页取舍所致。
- **把繁体与简体相加，中文的名次上升四到五位**：中文字符的七分之一、文档的四分之一为繁体，其代表性远高于简体。
- **粤语 1.55 亿还是 0.82 亿**：CLDR 为中国大陆的粤语按两种文字各列一次，库把同一批人加了两遍；塞尔维亚语等亦然。
- **GPT-3 只保留了中文的约三十分之一，英语则翻倍**：同期网页中中文占 4.2–4.6 %，训练文档中两种文字合计仅 0.16 %。

2018 年两次抓取之间中文由 4.23 % 升至 4.56 %，其中约一半来自识别：未能识别语言的网页由 5.9 % 降至 2.1 %。
"""


def languages(observatory: Observatory) -> str:
    """Chinese and English in training data and among people, what they rest on, and what surprised."""
    parts = ["## Languages · 语言\n", _headline(observatory), _crawls(observatory), _speakers(observatory)]
    parts += [_sources(observatory), _SURPRISING]
    return "\n".join(parts)


def _value(observatory: Observatory, indicator: str, definition: str, language: str) -> dict[str, object]:
    """The row of a language under one definition, the newest year if there are several."""
    rows = observatory.values(indicator, entity=f"lang:{language}", definition=definition).to_pylist()
    return rows[-1] if rows else {"value": None, "status": "L", "low": None, "high": None}


def _percent(row: dict[str, object], digits: int = 3) -> str:
    if row["value"] is not None:
        return f"{100 * float(str(row['value'])):.{digits}f} %"
    if row["low"] is not None:
        return f"{100 * float(str(row['low'])):.1f} – {100 * float(str(row['high'])):.1f} % ({row['status']})"
    return str(row["status"])


def _ratio(row: dict[str, object]) -> str:
    return str(row["status"]) if row["value"] is None else f"{float(str(row['value'])):.4f}"


def _headline(observatory: Observatory) -> str:
    lines = [
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
        "Share of the pages of Common Crawl; its Chinese is one language, both scripts. Only an excerpt of five"
        " languages is at hand, so shares rest on the percentages stated.\n",
        "| crawl | zh | en | ratio zh | ratio en |",
        "|---|---|---|---|---|",
    ]
    for crawl in _CRAWLS:
        cells = [
            crawl,
            *(_percent(_value(observatory, "language_share", crawl, code)) for code in ("zh", "en")),
            *(_ratio(_value(observatory, "representation_ratio", f"{crawl}_by_cldr", code)) for code in ("zh", "en")),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _speakers(observatory: Observatory) -> str:
    lines = [
        "Share of the world's people who speak the language.\n",
        "| definition | zh | yue | zh-Hant | en | status |",
        "|---|---|---|---|---|---|",
    ]
    for definition in _SPEAKERS:
        rows = [_value(observatory, "speakers_share", definition, code) for code in ("zh", "yue", "zh-Hant", "en")]
        cells = [definition, *(_percent(r, 1) for r in rows), str(rows[0]["status"])]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _sources(observatory: Observatory) -> str:
    counted = Counter(
        (str(r["indicator"]), str(r["status"]))
        for r in observatory.table("values").to_pylist()
        if str(r["indicator"]) in ("language_share", "speakers_share", "representation_ratio")
        and r["counting"] == "full"
    )
    statuses = ", ".join(f"`{i}` {s} {n:,}" for (i, s), n in sorted(counted.items()))
    noted = Counter(r["reason"] for r in observatory.table("rejected").to_pylist()
                    if r["source"] in ("gpt3_languages", "commoncrawl", "cldr"))  # fmt: skip
    lines = [
        "Sources: OpenAI, gpt-3/dataset_statistics (no licence stated); Common Crawl, cc-crawl-statistics"
        " plots/languages.csv; Unicode CLDR (Unicode-3.0) in the package language-data; native speakers from"
        " `registry/figures.csv`, graded `reported` and `unread`, hence status U.\n",
        f"Values by status: {statuses}. L: a language the source does not list. K: a variety of Chinese that it counts"
        " as Chinese.\n",
        "Noted while reading:\n",
        *(f"- {n} × {reason}" for reason, n in noted.most_common()),
    ]
    return "\n".join(lines) + "\n"
