"""Measure the relevance of papers: what docs/relevance.md says, by the command in it.

    python benchmarks/relevance.py --data DIR --results results.json [--only cset,years,…] [--write]

Every figure is of texts that the model in question had not learned from: CSET's sample by five folds, 2025–26 by a
model of 2019, each domain by a model that saw none of it, fields by a model of 2017, venues and medicine by labels
never learned from. Results are kept in a file, so that parts can be measured one by one; --write puts the tables into
docs/relevance.md and the counts into relevance/validation.csv. Needs scikit-learn (development dependencies).
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score

import relevance_data as data
from fit_relevance import Corpus, Vocabulary, curve, fit_kind, weights_of
from macaw.relevance import chinese
from macaw.relevance.classify import Paper, classifier
from macaw.relevance.features import plain, terms
from macaw.relevance.keywords import definitions
from macaw.relevance.model import KINDS, blocks, shipped
from relevance_data import Array

DOCS = Path(__file__).parent.parent / "docs" / "relevance.md"
Result = dict[str, Any]


# -- measures --------------------------------------------------------------------------------------------


def counted(said: Array, has: Array) -> Result:
    """Right, missed, wrongly said and rightly passed over."""
    return {
        "tp": int((said & has).sum()),
        "fn": int((~said & has).sum()),
        "fp": int((said & ~has).sum()),
        "tn": int((~said & ~has).sum()),
    }


def ratios(c: Result) -> Result:
    """Precision, recall, F1 and false-positive rate of counts; None where nothing could be counted."""

    def share(part: int, whole: int) -> float | None:
        return part / whole if whole else None

    return {
        "P": share(c["tp"], c["tp"] + c["fp"]),
        "R": share(c["tp"], c["tp"] + c["fn"]),
        "F1": share(2 * c["tp"], 2 * c["tp"] + c["fp"] + c["fn"]),
        "FPR": share(c["fp"], c["fp"] + c["tn"]),
    }


def interval(said: Array, has: Array, draws: int = 2000) -> tuple[float, float]:
    """95 % interval of F1 by drawing texts again."""
    of = np.random.default_rng(0)
    found = []
    for _ in range(draws):
        pick = of.integers(0, len(has), len(has))
        c = counted(said[pick], has[pick])
        found.append(2 * c["tp"] / max(2 * c["tp"] + c["fp"] + c["fn"], 1))
    return float(np.quantile(found, 0.025)), float(np.quantile(found, 0.975))


# -- parts -----------------------------------------------------------------------------------------------


class Bench:
    """The texts, counted once, and models fitted on parts of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.corpus = Corpus.of(folder / "text")
        self.words = Vocabulary.of(self.corpus.whole)
        self.of = {"abstract": self.corpus.whole, "title": self.corpus.titles}
        self.texts = self.corpus.texts
        self.fold = np.array([data.fold_of(t) for t in self.texts])
        self.origin = np.array([t.origin for t in self.texts])
        self.year = np.array([t.year for t in self.texts])
        self.is_ai = np.array([t.ai for t in self.texts])

    def scores(self, head: str, learn: Array, judge: Array, kinds: Sequence[str] = KINDS) -> dict[str, Array]:
        """Scores by kind of the texts to judge, from a model of the texts to learn from (row numbers)."""
        matrices = [self.words.matrix(self.of[k][learn]) for k in KINDS]
        has = data.labels([self.texts[i] for i in learn], head)
        weight = weights_of([self.texts[i] for i in learn])
        return {k: fit_kind(k, *matrices, has, weight).scores(self.words.matrix(self.of[k][judge])) for k in kinds}

    def cset(self) -> Result:
        """CSET's sample by folds; the threshold of a fold comes from the other folds."""
        rows = self.corpus.rows("ai")
        sample = np.flatnonzero(self.origin == "cset")
        score = {k: np.zeros(len(self.texts)) for k in KINDS}
        for fold in range(data.FOLDS):
            judge = sample[self.fold[sample] == fold]
            made = self.scores("ai", rows[~np.isin(rows, judge)], judge)
            for k in KINDS:
                score[k][judge] = made[k]
        has, fold, year = self.is_ai[sample], self.fold[sample], self.year[sample]
        result: Result = {}
        for k in KINDS:
            s = score[k][sample]
            p, said = np.zeros(len(s)), np.zeros(len(s), bool)
            for f in range(data.FOLDS):
                of = curve(s[fold != f], has[fold != f])
                p[fold == f] = of.probability(s[fold == f])
                said[fold == f] = p[fold == f] >= of.threshold
            result[k] = {
                **counted(said, has),
                "AP": float(average_precision_score(has, s)),
                "low_high": interval(said, has),
                "reliability": reliability(p, has),
                "threshold": curve(s, has).threshold,
                "score_threshold": threshold_of(s, has),
            }
            if k == "abstract":
                for name, first, last in (("2010–13", 2010, 2013), ("2014–16", 2014, 2016), ("2017–19", 2017, 2019)):
                    of_years = (year >= first) & (year <= last)
                    result[name] = counted(said[of_years], has[of_years])
        return result

    def rules(self) -> Result:
        """The definitions by words on CSET's sample."""
        sample = [t for t in self.texts if t.origin == "cset"]
        has = np.array([t.ai for t in sample])
        plains = [plain(t.text) for t in sample]
        result = {}
        for name in ("strict", "broad"):
            said = np.zeros(len(sample), bool)
            for first, last in blocks(plains):
                for i, told in definitions()[name].english.found(terms(plains[first:last])).items():
                    said[first + i] = "ai" in told
            result[name] = counted(said, has)
        return result

    def years(self) -> Result:
        """2025–26 by a model of 2010–2019, and by halves with the other half learned from."""
        rows = self.corpus.rows("ai")
        new = np.flatnonzero(self.year >= 2025)
        old = rows[self.year[rows] < 2025]
        threshold = self.old_threshold()
        result: Result = {}
        has = self.is_ai[new]
        score = self.scores("ai", old, new)
        for k in KINDS:
            said = score[k] >= threshold[k]
            result[f"model of 2019, {k}"] = {
                **counted(said, has),
                "AP": float(average_precision_score(has, score[k])),
                "low_high": interval(said, has),
            }
        both = {k: np.zeros(len(new)) for k in KINDS}
        for half in (0, 1):
            judge = self.fold[new] % 2 == half
            made = self.scores("ai", np.concatenate([old, new[~judge]]), new[judge])
            for k in KINDS:
                both[k][judge] = made[k]
        for k in KINDS:
            said = both[k] >= threshold[k]
            result[f"half of 2025–26 learned, {k}"] = {
                **counted(said, has),
                "AP": float(average_precision_score(has, both[k])),
                "low_high": interval(said, has),
            }
        return result

    def old_threshold(self) -> dict[str, float]:
        """Score from which on a text is AI: that of the shipped model, on the scale of scores."""
        made = {}
        for k in KINDS:
            of = shipped().curve("ai", k)
            grid = np.linspace(-6, 6, 24001)
            made[k] = float(grid[np.argmax(of.probability(grid) >= of.threshold)])
        return made

    def domains(self) -> Result:
        """Each domain by a model that saw none of it; beside it, by one that saw the other half of it."""
        rows = self.corpus.rows("ai")
        papers = rows[(self.origin[rows] == "arxiv_2010_2019.jsonl.xz")]
        threshold = self.old_threshold()["abstract"]
        seen = np.full(len(self.texts), np.nan)
        for half in (0, 1):
            judge = papers[self.fold[papers] % 2 == half]
            seen[judge] = self.scores("ai", rows[~np.isin(rows, judge)], judge, ["abstract"])["abstract"]
        result: Result = {}
        for domain in data.DOMAINS:
            inside = np.array([data.is_in(t, domain) for t in self.texts])
            mine = papers[inside[papers]]
            score = self.scores("ai", rows[~inside[rows]], mine, ["abstract"])["abstract"]
            has = self.is_ai[mine]
            result[domain] = {
                "left out": counted(score >= threshold, has),
                "seen": counted(seen[mine] >= threshold, has),
                "AP": float(average_precision_score(has, score)) if not has.all() else None,
            }
        return result

    def fields(self) -> Result:
        """2018 by models of 2010–2017, as the reference measured it; safety: 2020 on by a model of 2019."""
        result: Result = {}
        for head in data.HEADS[1:]:
            rows = self.corpus.rows(head)
            last, first_judged, last_judged = (2019, 2020, 2024) if head == "safety" else (2017, 2018, 2018)
            learn, judge = (
                rows[self.year[rows] <= last],
                rows[(self.year[rows] >= first_judged) & (self.year[rows] <= last_judged)],
            )
            tune = self.fold[learn] == 0
            both = np.concatenate([learn[tune], judge])
            score = self.scores(head, learn[~tune], both)
            has = data.labels([self.texts[i] for i in both], head)
            for k in KINDS:
                of = curve(score[k][: tune.sum()], has[: tune.sum()])
                p, y = of.probability(score[k][tune.sum() :]), has[tune.sum() :]
                result[f"{head}, {k}"] = {
                    **counted(p >= of.threshold, y),
                    "AP": float(average_precision_score(y, p)) if 0 < y.sum() < len(y) else None,
                    "reliability": reliability(p, y),
                    "n": len(y),
                }
        return result

    def elsewhere(self) -> Result:
        """Texts of other sciences, none about AI: how many the shipped model, which saw none of them, says are."""
        result: Result = {}
        groups: dict[str, list[Paper]] = {}
        for r in data.rows(self.folder / "text" / "nonai_reviews_medicine_psych_se.jsonl.gz"):
            groups.setdefault(REVIEWS.get(r["src"], "drug reviews (15)"), []).append(
                Paper(r["title"], r["abstract"] or "")
            )
        for r in data.rows(self.folder / "text" / "nonai_mag_titles_7fields.jsonl.gz"):
            if r["field"] != "category":
                groups.setdefault(f"titles: {r['field']}", []).append(Paper(r["title"]))
        for name, papers in groups.items():
            said = np.array([bool(a.ai) for a in classifier().answers(papers)])
            result[name] = counted(said, np.zeros(len(said), bool))
        return result

    def venues(self) -> Result:
        """Papers at AI venues (Paper Copilot's lists, never learned from): those said to be AI, and of which field."""
        result: Result = {}
        for name, (field, files) in VENUES.items():
            papers = []
            for pattern in files:
                for file in sorted((self.folder / "paperlists").rglob(pattern)):
                    papers += json.loads(gzip.decompress(file.read_bytes()))
            for kind in KINDS:
                chosen = [
                    Paper(p["title"], p["abstract"] if kind == "abstract" else "")
                    for p in papers
                    if p.get("title") and (kind == "title" or len(p.get("abstract") or "") > 200)
                ]
                if len(chosen) >= 200:
                    answers = classifier().answers(chosen)
                    fields = [{f for f, _ in a.fields} for a in answers]
                    result[f"{name}, {kind}"] = {
                        "n": len(chosen),
                        "ai": sum(bool(a.ai) for a in answers),
                        **{f: sum(f in told for told in fields) for f in ("vision", "language", "robotics", "llm")},
                        "field": field,
                    }
        return result

    def mandarin(self) -> Result:
        """Chinese abstracts that a reader labelled, borderline ones apart, and abstracts of 64 other disciplines."""
        labelled = list(data.rows(self.folder / "text" / "zh_abstracts_labelled_dev.jsonl.gz"))
        result: Result = {}
        for name, chosen in (("set a", "a"), ("set b", "b"), ("both", "ab")):
            texts = [r for r in labelled if r["set"] in chosen and r["label"] != "borderline"]
            has = np.array([r["label"] == "ai" for r in texts])
            said = np.array(
                [bool(a.ai) for a in classifier().answers([Paper(r["title"], r["abstract"]) for r in texts])]
            )
            result[name] = {**counted(said, has), "low_high": interval(said, has)}
        lexicon = chinese.shipped()
        levels: dict[str, list[bool]] = {}
        for r in labelled:
            if r["label"] != "borderline":
                verdict = lexicon.verdict(f"{r['title']}。{r['abstract']}")
                levels.setdefault(verdict.level, []).append(r["label"] == "ai")
        result["levels"] = {level: [sum(v), len(v)] for level, v in levels.items()}
        skipped = {"信息与通信工程", "计算机科学与技术", "控制科学与工程"}
        others = [
            Paper(r.get("title") or "", r["abstract"])
            for r in data.rows(self.folder / "text" / "zh_csl_abstracts_67disciplines.jsonl.gz")
            if r["discipline"] not in skipped
        ]
        said = np.array([bool(a.ai) for a in classifier().answers(others)])
        result["other disciplines"] = {"said": int(said.sum()), "n": len(said)}
        return result

    def llm(self) -> Result:
        """Papers that name language models, by year and kind: nobody could before there were any."""
        result: Result = {}
        for name, chosen in (
            ("arXiv 2010–2019", self.year < 2020),
            ("2025–26, cs.CL", (self.year >= 2025) & np.array(["cs.CL" in t.categories for t in self.texts])),
            ("2025–26, not cs.CL", (self.year >= 2025) & np.array(["cs.CL" not in t.categories for t in self.texts])),
        ):
            rows = np.flatnonzero(chosen & (self.origin != "taisap"))
            answers = classifier().answers([Paper(self.texts[i].text) for i in rows])
            result[name] = {"n": len(rows), "said": sum("llm" in dict(a.fields) for a in answers)}
        return result

    def speed(self) -> Result:
        """Abstracts a second of processor time on one core: the classifier alone, and the whole command's work."""
        import io

        from macaw.relevance.stream import classify

        papers = [
            Paper(t.title, t.text.removeprefix(t.title + ". "))
            for t in self.texts
            if t.origin == "arxiv_2010_2019.jsonl.xz"
        ][:20000]
        lines = "\n".join(json.dumps({"title": p.title, "abstract": p.abstract}) for p in papers).encode()
        zh = [
            Paper(r.get("title") or "", r["abstract"])
            for r in data.rows(self.folder / "text" / "zh_csl_abstracts_67disciplines.jsonl.gz")
        ]
        made = {}
        for name, work, n in (
            ("English, classifier", lambda: classifier().answers(papers), len(papers)),
            (
                "English, from JSON lines to JSON lines",
                lambda: [json.dumps(x.answer.document()) for x in classify(io.BytesIO(lines), classifier())],
                len(papers),
            ),
            ("Chinese, classifier", lambda: classifier().answers(zh), len(zh)),
        ):
            times = []
            for _ in range(3):
                started = time.process_time()
                work()
                times.append(time.process_time() - started)
            made[name] = n / min(times)
        return made


REVIEWS = {
    "Kitchenham_2010": "software engineering",
    "Bannach-Brown_2019": "animal studies",
    "Nagtegaal_2019": "nudging",
    **{f"schoot-lgmm-ptsd-included-{i}": "post-traumatic stress" for i in (1, 2, 3)},
}
VENUES = {
    "CVPR, ICCV, WACV, ECCV": ("vision", ["cvpr*.gz", "iccv*.gz", "wacv*.gz", "eccv*.gz"]),
    "ACL, EMNLP, NAACL, COLING": ("language", ["acl2*.gz", "emnlp*.gz", "naacl*.gz", "coling*.gz"]),
    "ICRA, IROS, CoRL, RSS": ("robotics", ["icra*.gz", "iros*.gz", "corl*.gz", "rss*.gz"]),
    "NeurIPS, ICML, ICLR": ("", ["nips*.gz", "icml*.gz", "iclr*.gz"]),
    "AAAI, IJCAI": ("", ["aaai*.gz", "ijcai*.gz"]),
    "COLM": ("llm", ["colm*.gz"]),
}
PARTS: dict[str, Callable[[Bench], Result]] = {
    "cset": Bench.cset,
    "rules": Bench.rules,
    "years": Bench.years,
    "domains": Bench.domains,
    "fields": Bench.fields,
    "elsewhere": Bench.elsewhere,
    "venues": Bench.venues,
    "chinese": Bench.mandarin,
    "llm": Bench.llm,
    "speed": Bench.speed,
}


def reliability(p: Array, has: Array) -> list[list[float]]:
    """Of each tenth of stated probability: texts, mean stated, share that has it."""
    bins = np.minimum((p * 10).astype(int), 9)
    return [
        [int((bins == b).sum()), float(p[bins == b].mean()), float(has[bins == b].mean())]
        for b in range(10)
        if (bins == b).any()
    ]


def threshold_of(score: Array, has: Array) -> float:
    """The score at which a curve says yes."""
    of = curve(score, has)
    return float(score[of.probability(score) >= of.threshold].min())


def main() -> None:
    """Measure the parts asked for, and write the tables if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    results = json.loads(options.results.read_text()) if options.results.is_file() else {}
    if options.only:
        bench = Bench(options.data)
        for name in options.only.split(","):
            results[name] = PARTS[name](bench)
            options.results.write_text(json.dumps(results, ensure_ascii=False, indent=1))
            print(name, json.dumps(results[name], ensure_ascii=False)[:1500], flush=True)
    if options.write:
        from relevance_tables import write

        write(results, DOCS)


if __name__ == "__main__":
    main()
