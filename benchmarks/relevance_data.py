"""The labelled texts that the relevance model learns from and is measured on, and how they are kept apart.

Only texts under CC0, Apache-2.0 or MIT are learned from (`SOURCES`, which the model's card repeats); the others serve
to measure. Titles are compared by their letters, since some ids of the arXiv file were damaged.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import lzma
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from macaw.relevance.features import plain, terms
from macaw.relevance.keywords import definitions
from macaw.relevance.model import BITS, blocks, buckets

Array = npt.NDArray[Any]
FOLDS = 5
# What is learned from: file below text/, what it is, licence.
SOURCES = [
    {"file": "arxiv_2010_2019.jsonl.xz", "title": "arXiv metadata, 2010–2019, sample of 85,969", "licence": "CC0-1.0"},
    {
        "file": "arxiv_2025_2026_dev.jsonl.gz",
        "title": "arXiv metadata, 2025–2026, sample of 5,999",
        "licence": "CC0-1.0",
    },
    {
        "file": "cset_arxiv_binary_dev.jsonl.gz",
        "title": "CSET, AI-relevant arXiv papers, development sample (ai-relevant-papers)",
        "licence": "Apache-2.0",
    },
    {
        "file": "ai_safety_taisap.jsonl.gz",
        "title": "TAI safety bibliography (alignment-research-dataset)",
        "licence": "MIT",
    },
]
HEADS = ("ai", "vision", "language", "speech", "robotics", "security", "safety")
# Groups of categories that are left out in turn; of the last two only the AI papers are.
DOMAINS: dict[str, tuple[str, ...]] = {
    "physics": ("physics.", "astro-ph", "cond-mat", "gr-qc", "hep-", "math-ph", "nlin", "nucl-", "quant-ph"),
    "q-bio": ("q-bio.",),
    "q-fin, econ": ("q-fin.", "econ."),
    "cs.NI, cs.DC": ("cs.NI", "cs.DC"),
    "cs.CR": ("cs.CR",),
    "cs.RO": ("cs.RO",),
    "cs.CL": ("cs.CL",),
}
ONLY_POSITIVES = ("cs.RO", "cs.CL")


@dataclass(frozen=True)
class Text:
    """One labelled text: title, whole text, year, categories (empty if unknown), whether AI, and its origin."""

    title: str
    text: str
    year: int
    categories: frozenset[str]
    first: str
    ai: bool
    origin: str
    id: str = ""

    @property
    def key(self) -> str:
        """The title's letters, without formulas."""
        return key_of(self.title)


def key_of(title: str) -> str:
    """Letters of a title, small."""
    return "".join(plain(title).decode("ascii").split())


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Records of a packed JSON-lines file."""
    opener = lzma.open if path.suffix == ".xz" else gzip.open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _is_ai(categories: Iterable[str]) -> bool:
    return "ai" in definitions()["arxiv"].found_categories(categories)


def arxiv(folder: Path, file: str) -> list[Text]:
    """arXiv papers, labelled by their categories."""
    made = []
    for r in rows(folder / file):
        given = r.get("categories") or r["cats"]
        year = r.get("year") or 2000 + int(re.match(r"\d\d", r["id"])[0])  # type: ignore[index]
        text = f"{r['title']}. {r['abstract']}"
        made.append(Text(r["title"], text, year, frozenset(given), given[0], _is_ai(given), file, r["id"]))
    return made


def cset(folder: Path) -> list[Text]:
    """CSET's development sample, in CSET's own normal form; the title ends at the first point."""
    return [
        Text(
            r["text"].split(". ")[0],
            r["text"],
            r["meta"]["year"],
            frozenset(),
            "",
            r["label"] == "True",
            "cset",
            r["meta"]["id"],
        )
        for r in rows(folder / "cset_arxiv_binary_dev.jsonl.gz")
    ]


def safety(folder: Path) -> list[Text]:
    """AI safety papers: those that the bibliography's makers tagged as technical or strategic work on safety."""
    return [
        Text(r["title"], f"{r['title']}. {r['abstract']}", int(r["year"]), frozenset(), "", True, "taisap")
        for r in rows(folder / "ai_safety_taisap.jsonl.gz")
        if {"TechSafety", "MetaSafety"} & set(r["tags"]) and r["abstract"] and r["year"].isdigit()
    ]


def without(texts: list[Text], others: list[Text]) -> list[Text]:
    """The texts whose title and id are not among others'."""
    keys, ids = {t.key for t in others}, {t.id for t in others} - {""}
    return [t for t in texts if t.key not in keys and t.id not in ids]


def fold_of(text: Text) -> int:
    """The fold of a text: versions of one title are in one fold."""
    return int(hashlib.sha256(text.key[:60].encode()).hexdigest(), 16) % FOLDS


def is_in(text: Text, domain: str) -> bool:
    """Whether a paper is of a domain: by its first category, or as to cs.RO and cs.CL, an AI paper in it at all."""
    if domain in ONLY_POSITIVES:
        return domain in text.categories
    return text.first.startswith(DOMAINS[domain])


def labels(texts: list[Text], head: str) -> Array:
    """Whether each text has the topic of a head."""
    if head == "ai":
        return np.array([t.ai for t in texts])
    if head == "safety":
        return np.array([t.origin == "taisap" for t in texts])
    wanted = definitions()["arxiv"].categories[head]
    return np.array([bool(wanted & t.categories) for t in texts])


def counts(texts: Iterable[str]) -> sparse.csr_matrix:
    """How often each text holds each term (text × bucket)."""
    plains = [plain(t) for t in texts]
    indices, values, ends = [], [], [np.zeros(1, np.int64)]
    total = 0
    for first, last in blocks(plains):
        of = terms(plains[first:last])
        key, count = np.unique((of.text << BITS) | buckets(of), return_counts=True)
        indices.append((key & ((1 << BITS) - 1)).astype(np.int32))
        values.append(count.astype(np.float32))
        ends.append(total + np.cumsum(np.bincount(key >> BITS, minlength=of.texts)))
        total += len(key)
    return sparse.csr_matrix(
        (np.concatenate(values), np.concatenate(indices), np.concatenate(ends)), shape=(len(plains), 1 << BITS)
    )
