"""Puts what benchmarks/relevance.py measured into docs/relevance.md, and the counts that correct others into a CSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from macaw.relevance import correction
from macaw.relevance.model import shipped

Result = dict[str, Any]
# Before a curated lexicon was changed on the labels of these texts (docs/relevance.md).
TRIAL = {
    "physics": (".59", "2.4 %"),
    "q-bio": (".66", "10.4 %"),
    "q-fin, econ": (".69", "5.3 %"),
    "cs.NI, cs.DC": (".76", "9.1 %"),
    "cs.CR": (".78", "14.1 %"),
    "cs.RO": (".57", ""),
    "cs.CL": (".69", ""),
}


def ratio(part: float, whole: float) -> str:
    """A share as the docs write it.

    >>> ratio(3, 4), ratio(1, 0)
    ('.750', '–')
    """
    return "–" if not whole else f"{part / whole:.3f}".removeprefix("0")


def percent(part: float, whole: float) -> str:
    """A share in percent."""
    return "–" if not whole else f"{100 * part / whole:.1f} %"


def plain(value: float | None) -> str:
    """A number below one without its zero."""
    return "–" if value is None else f"{value:.3f}".removeprefix("0")


def prf(c: Result) -> list[str]:
    """Precision, recall, F1."""
    return [
        ratio(c["tp"], c["tp"] + c["fp"]),
        ratio(c["tp"], c["tp"] + c["fn"]),
        ratio(2 * c["tp"], 2 * c["tp"] + c["fp"] + c["fn"]),
    ]


def markdown(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(c) for c in line) + " |" for line in lines)


def _span(of: Sequence[float]) -> str:
    return f"{plain(of[0])}–{plain(of[1])}"


def _judged(label: str, c: Result) -> list[object]:
    """A row of `cset`: texts, how many are AI, how well they were told; interval and AP where measured."""
    interval = _span(c["low_high"]) if "low_high" in c else ""
    precision = plain(c["AP"]) if "AP" in c else ""
    yes, no = c["tp"] + c["fn"], c["fp"] + c["tn"]
    return [label, yes + no, yes, *prf(c), interval, precision, percent(c["fp"], no)]


def cset(results: Result) -> str:
    """CSET's sample."""
    r = results["cset"]
    rows = [
        *(_judged(label, r[name]) for name, label in (("abstract", "title and abstract"), ("title", "title only"))),
        *(_judged(f"title and abstract, {years}", r[years]) for years in ("2010–13", "2014–16", "2017–19")),
        *(_judged(f"keywords `{name}`", results["rules"][name]) for name in ("strict", "broad")),
    ]
    return markdown(["", "texts", "AI", "P", "R", "F1", "95 %", "AP", "FPR"], rows)


def reliability(results: Result) -> str:
    """Stated probability and share."""
    r = results["cset"]
    rows = []
    for kind, label in (("abstract", "title and abstract"), ("title", "title only")):
        for n, stated, share in r[kind]["reliability"]:
            rows.append([label, n, plain(stated), plain(share)])
    return markdown(["", "texts", "mean stated", "share AI"], rows)


def years(results: Result) -> str:
    """2025–26."""
    rows = [
        [
            name,
            c["tp"] + c["fn"] + c["fp"] + c["tn"],
            *prf(c),
            _span(c["low_high"]),
            plain(c["AP"]),
            percent(c["fp"], c["fp"] + c["tn"]),
        ]
        for name, c in results["years"].items()
    ]
    return markdown(["learned from, judged on", "texts", "P", "R", "F1", "95 %", "AP", "FPR"], rows)


def domains(results: Result) -> str:
    """Each domain left out."""
    rows = []
    for name, r in results["domains"].items():
        out, seen = r["left out"], r["seen"]
        rows.append(
            [
                name,
                out["tp"] + out["fn"],
                ratio(out["tp"], out["tp"] + out["fn"]),
                percent(out["fp"], out["fp"] + out["tn"]),
                *TRIAL[name],
                ratio(seen["tp"], seen["tp"] + seen["fn"]),
                percent(seen["fp"], seen["fp"] + seen["tn"]),
                plain(r["AP"]),
            ]
        )
    return markdown(
        [
            "domain",
            "AI papers",
            "recall",
            "FPR",
            "trial: recall",
            "trial: FPR",
            "half seen: recall",
            "half seen: FPR",
            "AP, unseen",
        ],
        rows,
    )


def fields(results: Result) -> str:
    """Fields."""
    rows = [[name, c["n"], c["tp"] + c["fn"], *prf(c), plain(c["AP"])] for name, c in results["fields"].items()]
    return markdown(["field, kind", "texts", "have it", "P", "R", "F1", "AP"], rows)


def elsewhere(results: Result) -> str:
    """Other sciences."""
    rows = [[name, c["fp"] + c["tn"], percent(c["fp"], c["fp"] + c["tn"])] for name, c in results["elsewhere"].items()]
    return markdown(["texts", "n", "said to be AI"], rows)


def venues(results: Result) -> str:
    """AI venues."""
    rows = [
        [name, r["n"], *(percent(r[c], r["n"]) for c in ("ai", "vision", "language", "robotics", "llm"))]
        for name, r in results["venues"].items()
    ]
    return markdown(["venues, kind", "papers", "AI", "vision", "language", "robotics", "llm"], rows)


def mandarin(results: Result) -> str:
    """Chinese."""
    r = results["chinese"]
    rows: list[list[object]] = []
    for name in ("set a", "set b", "both"):
        c = r[name]
        rows.append([name, c["tp"] + c["fn"] + c["fp"] + c["tn"], c["tp"] + c["fn"], *prf(c), _span(c["low_high"])])
    return markdown(["labelled abstracts", "n", "AI", "P", "R", "F1", "95 %"], rows)


def levels(results: Result) -> str:
    """Chinese levels of evidence."""
    names = {
        "several": "several strong terms",
        "one": "one strong term",
        "weak": "several weak terms",
        "single": "one weak term",
        "none": "none",
    }
    rows = [[names[n], *results["chinese"]["levels"].get(n, [0, 0])] for n in names]
    return markdown(["found", "AI", "of"], rows)


def llm(results: Result) -> str:
    """Language models named."""
    return markdown(
        ["papers", "n", "name language models"],
        [[k, r["n"], percent(r["said"], r["n"])] for k, r in results["llm"].items()],
    )


def speed(results: Result) -> str:
    """Speed."""
    return markdown(["", "a second of one core"], [[k, f"{v:,.0f}"] for k, v in results["speed"].items()])


TABLES: dict[str, Callable[[Result], str]] = {
    "cset": cset,
    "reliability": reliability,
    "years": years,
    "domains": domains,
    "fields": fields,
    "elsewhere": elsewhere,
    "venues": venues,
    "chinese": mandarin,
    "levels": levels,
    "llm": llm,
    "speed": speed,
}


def validation_rows(results: Result) -> list[list[object]]:
    """Rows of validation.csv: counts on texts that were not learned from, at the threshold in use."""
    rows: list[list[object]] = []

    def add(corpus: str, kind: str, c: Result, note: str) -> None:
        of = shipped().curve("ai", kind)
        rows.append([corpus, kind, of.threshold, c["tp"], c["fn"], c["fp"], c["tn"], note])

    for kind in ("abstract", "title"):
        add("arxiv_2010_2019", kind, results["cset"][kind], "CSET's sample drawn at random from arXiv by five folds")
        add(
            "arxiv_2025_2026",
            kind,
            results["years"][f"half of 2025–26 learned, {kind}"],
            "arXiv as daily bots chose it by halves",
        )
    for name, r in results["domains"].items():
        if r["left out"]["tn"] + r["left out"]["fp"]:
            corpus = "unseen_" + re.sub(r"\W+", "_", name.lower()).strip("_")
            add(corpus, "abstract", r["left out"], f"arXiv {name} by a model that saw none of it")
    return rows


def write(results: Result, page: Path) -> None:
    """Replace each table of the page, and write the counts."""
    text = page.read_text("utf-8")
    for name, make in TABLES.items():
        if name in results or name in ("reliability", "levels"):
            begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
            if begin not in text or end not in text:
                raise SystemExit(f"{page}: lacks {begin} … {end}")
            head, rest = text.split(begin, 1)
            text = f"{head}{begin}\n{make(results)}\n{end}{rest.split(end, 1)[1]}"
    page.write_text(text, "utf-8")
    with Path(correction.__file__).with_name("validation.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["corpus", "kind", "threshold", "tp", "fn", "fp", "tn", "note"])
        writer.writerows(validation_rows(results))
