"""Reads Lagou's search results (CSV) and pages of BOSS (Markdown).

The CSV as published has been encoded twice: its GBK bytes were taken for Latin letters. That is mended. A page of BOSS
tells title and employer in its first line; what it says of the company stands below a heading and is left out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from macaw.sources.files import csv_table, decode, read_bytes
from macaw.sources.positions.mapping import laid_out, layouts
from macaw.sources.positions.read import List, add
from macaw.sources.records import Reading, Rejected, mask_addresses

SOURCE = "jobs_zh"
TABLES = ("source_job_ads",)
BOSS_SEARCH = "zhipin.com: NLP and LLM engineers, Shenzhen, early 2025"
BOSS_YEAR = 2025

_HAN = re.compile(r"[\u4e00-\u9fff]")
_HEAD = re.compile(r"Title:\s*(?P<title>.+?)\s*_(?P<employer>[^_]+?)(?:招聘)?-BOSS直聘\s*$")
_BRACKETS = re.compile(r"^「(?P<inner>.+)」$")
# What follows the employer's name in the heading of a page that gives prospects of a job instead of one.
_OUTLOOK = re.compile(r"(?P<employer>.+?)\d{4}年.*就业前景$")
_COMPANY = re.compile(r"^\s*(?:#+\s*)?(?:公司介绍|企业介绍|工商信息)", re.MULTILINE)
_LINK = re.compile(r"^URL Source:\s*(?P<link>\S+?)(?:\?\S*)?\s*$", re.MULTILINE)
_HEADERS = re.compile(r"^(Title:|URL Source:|Markdown Content:).*$", re.MULTILINE)


def read(paths: list[Path], root: Path) -> Reading:
    """The advertisements of all files, shown relative to `root`."""
    reading = Reading()
    for path in paths:
        shown = path.relative_to(root).as_posix()
        if path.suffix == ".md":
            _page(path, shown, reading)
        else:
            mapping = laid_out(layouts(SOURCE), path, csv_table(path, SOURCE)[0], SOURCE)
            add(List(replace(mapping, mend=mended), shown, SOURCE, "source_job_ads", reading))
    return reading


def mended(text: str) -> str:
    """A text that was encoded twice as it was meant; any other as it is.

    >>> mended("Êý¾Ý·ÖÎöÊ¦"), mended("数据分析师"), mended("Café")
    ('数据分析师', '数据分析师', 'Café')
    """
    if text.isascii() or _HAN.search(text):
        return text
    try:
        meant = text.encode("latin-1").decode("gb18030")
    except UnicodeError:
        return text
    return meant if _HAN.search(meant) else text


def _page(path: Path, shown: str, reading: Reading) -> None:
    text = decode(read_bytes(path, SOURCE), path, SOURCE)
    head = _HEAD.match(text.partition("\n")[0].strip())
    if not head:
        reason = "page does not tell title and employer in its first line"
        reading.refused.append(Rejected(SOURCE, shown, None, reason, text.partition("\n")[0]))
        return
    title, employer = re.sub(r"招聘」$", "」", head["title"]), head["employer"]
    inner, outlook = _BRACKETS.match(title), _OUTLOOK.match(employer)
    if outlook:
        title, employer = title.removesuffix("有前途吗"), outlook["employer"]
    if "某" in employer:
        reading.refused.append(
            Rejected(SOURCE, shown, None, "advertisement does not name its employer", employer, "noted")
        )
    link = _LINK.search(text)
    body = _HEADERS.sub("", _COMPANY.split(text)[0]).strip()
    reading.add(
        "source_job_ads",
        f"{SOURCE}:boss:{path.stem}",
        SOURCE,
        shown,
        0,
        "BOSS, 57 advertisements, 2025",
        BOSS_SEARCH,
        "advertisement",
        None if "某" in employer else employer,
        inner["inner"] if inner else title,
        None,
        mask_addresses(body) or None,
        None,
        None,
        None,
        "CHN",
        BOSS_YEAR,
        None,
        True,
        None,
        link["link"] if link else None,
    )
