"""No Chinese page speaks English outside code, names and what says that it is in another language."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from macaw.indicators import indicators
from macaw.schema import tables

# Words that Chinese readers meet as they are: abbreviations, names of formats, products, sources and of Macaw.
ALLOWED = frozenset(
    """
    AI API arXiv CC CLDR Claude Common Crawl Croissant CSET CSRankings CSV CSW DOI DuckDB Epoch Excel FLOP Frictionless
    Unicode CC0 CC BY MPL Apache NITRD CLD2 PitchBook SELECT duckdb gzip
    AAAI ACL ACML ACMMM AISTATS COLM COLT CVPR CoRL ECCV EMNLP ICCV ICLR ICML ICRA IJCAI IROS KDD NAACL NeurIPS RSS
    SIGGRAPH UAI WACV WWW cuDNN TensorFlow Meta Hant BAT
    GDP GPT GPU ID JSON LMArena Macaw MB Bytes kB NCSES NSF NVIDIA ORCID OpenAI OpenAPI PARAT PNG Paper Copilot Parquet
    PatentsView Python R ROR SDMX SHA SHA256SUMS SPDX SQL SVG Spark URL XLSX schema org sha256sum macaw serve profile
    Zenodo OpenAlex
    """.split()
)
# Words of the codebook that are typed as they stand: definitions, tables, switches, and names in examples.
TYPED = frozenset(
    {word for i in indicators().values() for d in i.definitions for word in d.split("_")}
    | {word for table in tables() for word in table.split("_")}
    | set("any territory venues parat13 zh NA GBARD Google DeepMind AI2 CNRS Ethnologue Multinational".split())
    | {"language", "data"}
    | {"PP", "top"}
    | set("Analytics BOSS CN EU27 HKG MNCS NLP OECD Patents PyTorch USCIS WLD".split())
    | set("Bakare Balassa Lewison Narin Schreiber Soete Waltman".split())
)
WORD = re.compile(r"[A-Za-z]{2,}[A-Za-z0-9]*")
SKIPPED = {"script", "style", "code", "pre", "head", "svg", "textarea", "kbd", "samp"}
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Spoken(HTMLParser):
    """The text of a page that is meant to be Chinese."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, bool]] = []
        self.said: list[str] = []
        self.heading: list[str] = []

    @property
    def is_skipped(self) -> bool:
        return any(skip for _, skip in self.stack)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        foreign = (given.get("lang") or "zh").split("-")[0] != "zh"
        skip = tag in SKIPPED or foreign or given.get("translate") == "no"
        if tag not in VOID:
            self.stack.append((tag, skip))
        if not self.is_skipped and not skip:
            self.said += [v for k, v in attrs if k in ("title", "aria-label", "placeholder", "alt") and v]

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if any(tag == "h1" for tag, _ in self.stack):
            self.heading.append(data)
        if not self.is_skipped:
            self.said.append(data)


def foreign_words(html: str) -> set[str]:
    page = Spoken()
    page.feed(html)
    # Names of files, ids and hashes, the code of a definition in brackets, and what the page itself is called.
    text = re.sub(
        r"https?://\S+|[\w-]+(?:[./_][\w-]+)+|\b(?=\w*\d)[0-9a-f]{8,}\b|（[a-z_]+）", " ", " ".join(page.said)
    )
    return {w for w in WORD.findall(text) if w not in ALLOWED and w not in "".join(page.heading)}


def test_what_is_not_chinese_is_found_and_names_and_code_are_not() -> None:
    html = (
        "<html lang='zh-Hans'><body><p title='Total papers'>论文 <code>papers</code> falls from"
        " <b translate='no'>Baidu</b><i lang='en'>said</i> AI</p><img alt='Chart'></body></html>"
    )
    assert foreign_words(html) == {"Total", "papers", "falls", "from", "Chart"}


# Two pages are texts in both languages side by side, or in English and said to be.
BILINGUAL = {"glossary.html", "method.html"}


@pytest.mark.parametrize("folder", ["", "indicator", "claim", "claim/card", "company", "country", "group"])
def test_a_chinese_page_speaks_chinese(site: Path, folder: str) -> None:
    pages = [p for p in sorted((site / "zh" / folder).glob("*.html")) if p.name not in BILINGUAL]
    assert pages
    typed = TYPED if folder == "indicator" or not folder else frozenset()
    found = {p.name: words for p in pages if (words := foreign_words(p.read_text("utf-8")) - typed)}
    assert found == {}
