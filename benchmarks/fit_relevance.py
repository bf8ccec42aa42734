"""Fit the relevance model from openly licensed texts and write it into the package.

    python benchmarks/fit_relevance.py --data DIR

DIR holds text/ (see relevance_data.py for the files and their licences). One logistic regression a head on hashed words
and word pairs; a term's weight is first stretched by how differently it stands in texts with and without the topic (as
in naive Bayes; Wang & Manning 2012), which lets rare telling terms count. The same data give the same bytes. Curves and
thresholds come from texts that the model fitted for them had not seen. Needs scikit-learn (development dependencies).
"""

from __future__ import annotations

import argparse
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

import relevance_data as data
from macaw.relevance import model as relevance_model
from macaw.relevance.model import IDF_STEP, KINDS, Curve, Model
from relevance_data import Array, Text

VERSION = "2026.11"
# Terms in fewer texts are left out.
LEAST_TEXTS = 8
STRENGTH = {"abstract": 2.0, "title": 1.5}
STRETCH = (0.4, 3.0)
# A text of CSET's sample, which is drawn at random from arXiv, counts as several of the others, which are not.
CSET_WEIGHT = 3.0
# The head for abstracts learns from titles alone too, each counting half: less rests on how long a text is.
TITLE_WEIGHT = 0.5
LARGEST_WEIGHT = 99.995


@dataclass(frozen=True)
class Vocabulary:
    """The known buckets in ascending order and their idf as it is shipped, in steps."""

    bucket: Array
    idf: Array

    @classmethod
    def of(cls, counted: sparse.csr_matrix, least: int = LEAST_TEXTS) -> Vocabulary:
        """Of the terms in enough texts."""
        texts = np.bincount(counted.indices, minlength=counted.shape[1])
        bucket = np.flatnonzero(texts >= least)
        idf = np.log(counted.shape[0] / texts[bucket]) + 1
        return cls(bucket, np.clip(np.round(idf / IDF_STEP), 1, 255).astype(np.uint8))

    def matrix(self, counted: sparse.csr_matrix) -> sparse.csr_matrix:
        """(1 + log count) · idf, each text scaled to length one."""
        made = counted[:, self.bucket].astype(np.float32)
        made.data = 1 + np.log(made.data)
        made = made @ sparse.diags((self.idf * np.float32(IDF_STEP)).astype(np.float32))
        length = np.sqrt(np.asarray(made.multiply(made).sum(axis=1)).ravel())
        length[length == 0] = 1
        return (sparse.diags((1 / length).astype(np.float32)) @ made).tocsr().astype(np.float32)


@dataclass(frozen=True)
class Head:
    """Weights of terms and a constant."""

    weight: Array
    constant: float

    def scores(self, matrix: sparse.csr_matrix) -> Array:
        """Scores of texts."""
        return np.asarray(matrix @ self.weight + self.constant)


# Sums of several threads differ in the last digits, and what is fitted with them.
one_thread = threadpool_limits.wrap(limits=1)


@one_thread
def fit(matrix: sparse.csr_matrix, has: Array, weight: Array, strength: float) -> Head:
    """One head."""
    ratio = []
    for rows in (has, ~has):
        total = np.asarray(matrix[rows].T @ weight[rows]).ravel() + 0.5
        ratio.append(total / total.sum())
    stretch = np.clip(np.abs(np.log(ratio[0] / ratio[1])), *STRETCH).astype(np.float32)
    regression = LogisticRegression(C=strength, solver="liblinear", tol=1e-2, random_state=0)
    regression.fit((matrix @ sparse.diags(stretch)).astype(np.float32), has, sample_weight=weight)
    return Head(regression.coef_.ravel() * stretch, float(regression.intercept_[0]))


def fit_kind(kind: str, whole: sparse.csr_matrix, titles: sparse.csr_matrix, has: Array, weight: Array) -> Head:
    """The head for titles learns from titles; that for abstracts from whole texts and from titles."""
    if kind == "title":
        return fit(titles, has, weight, STRENGTH[kind])
    both = sparse.vstack([whole, titles]).tocsr()
    return fit(both, np.tile(has, 2), np.concatenate([weight, weight * TITLE_WEIGHT]), STRENGTH[kind])


# Probabilities, by a logistic curve, between which the share that has the topic makes a knot.
_BINS = (0.0, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 1.0)
_FEW = 20


@one_thread
def curve(score: Array, has: Array) -> Curve:
    """From scores to frequencies: a logistic curve, mended by the shares in its bins; yes begins at half the F1.

    At half the F1 that it gives, a threshold on right probabilities gives the best F1 (Lipton, Elkan & Naryanaswamy
    2014).
    """
    line = LogisticRegression(C=1e4, tol=1e-8, max_iter=1000).fit(score[:, None], has)
    slope = float(line.coef_[0, 0])
    bins = np.digitize(line.predict_proba(score[:, None])[:, 1], _BINS[1:-1])
    kept = [b for b in range(len(_BINS) - 1) if (bins == b).sum() >= _FEW]
    middle = [float(score[bins == b].mean()) for b in kept]
    share = [(has[bins == b].sum() + 0.5) / ((bins == b).sum() + 1) for b in kept]
    rising = IsotonicRegression().fit_transform(middle, share, sample_weight=[(bins == b).sum() for b in kept])
    # A hair's breadth apart, so that no two scores have one probability.
    odds = np.log(rising / (1 - rising)) + 1e-4 * np.arange(len(kept))
    made = Curve(tuple(np.round(middle, 4).tolist()), tuple(np.round(odds, 4).tolist()), round(slope, 4), 0.5)
    return replace(made, threshold=best_threshold(made.probability(score), has))


def best_threshold(probability: Array, has: Array) -> float:
    """The fixed point: half the F1 that the threshold itself gives."""
    threshold = 0.4
    for _ in range(50):
        said = probability >= threshold
        threshold = float((said & has).sum()) / float(said.sum() + has.sum())
    return round(threshold, 4)


def weights_of(texts: list[Text]) -> Array:
    """How much each text counts."""
    return np.array([CSET_WEIGHT if t.origin == "cset" else 1.0 for t in texts])


@dataclass(frozen=True)
class Corpus:
    """All texts to learn from with their counted terms: whole texts and titles alone."""

    texts: list[Text]
    whole: sparse.csr_matrix
    titles: sparse.csr_matrix

    @classmethod
    def of(cls, folder: Path) -> Corpus:
        """The texts of a data folder; arXiv papers that are in CSET's sample come from there alone."""
        sample, safe = data.cset(folder), data.safety(folder)
        papers = [
            t for f in ("arxiv_2010_2019.jsonl.xz", "arxiv_2025_2026_dev.jsonl.gz") for t in data.arxiv(folder, f)
        ]
        texts = data.without(papers, sample) + sample + data.without(safe, papers + sample)
        return cls(texts, data.counts(t.text for t in texts), data.counts(t.title for t in texts))

    def rows(self, head: str) -> Array:
        """Numbers of the texts that a head learns from."""
        kept = {
            "ai": lambda t: t.origin != "taisap",
            # Labelled are AI papers only; before 2015 hardly anybody wrote on it.
            "safety": lambda t: t.origin == "taisap" or (t.ai and t.year >= 2015 and t.origin != "cset"),
        }.get(head, lambda t: bool(t.categories))
        return np.flatnonzero([kept(t) for t in self.texts])


def out_of_fold(corpus: Corpus, words: Vocabulary, head: str) -> tuple[Array, dict[str, Array], Array]:
    """Rows, their scores by kind from models that had not seen them, and their labels.

    Of AI the rows are CSET's sample, of the other topics all labelled texts.
    """
    rows = corpus.rows(head)
    texts = [corpus.texts[i] for i in rows]
    has, weight = data.labels(texts, head), weights_of(texts)
    fold = np.array([data.fold_of(t) for t in texts])
    if head == "ai":
        fold[[t.origin != "cset" for t in texts]] = -1
    else:
        fold %= 2
    score = {kind: np.zeros(len(texts)) for kind in KINDS}
    matrices = {"abstract": words.matrix(corpus.whole[rows]), "title": words.matrix(corpus.titles[rows])}
    for held in sorted(set(fold.tolist()) - {-1}):
        out = fold == held
        for kind, matrix in matrices.items():
            learned = [m[~out] for m in matrices.values()]
            score[kind][out] = fit_kind(kind, *learned, has[~out], weight[~out]).scores(matrix[out])
    judged = fold >= 0
    return rows[judged], {kind: s[judged] for kind, s in score.items()}, has[judged]


def quantised(heads: list[Head]) -> tuple[Array, Array]:
    """Weights as bytes and the scale of each head; the few larger than the largest are cut."""
    weight = np.column_stack([h.weight for h in heads])
    scale = np.percentile(np.abs(weight), LARGEST_WEIGHT, axis=0) / 127
    return np.clip(np.round(weight / scale), -127, 127).astype(np.int8), scale.astype(np.float32)


def sha256(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def measured(score: Array, has: Array, of: Curve) -> dict[str, float]:
    """Precision, recall and F1 at a curve's threshold."""
    said = of.probability(score) >= of.threshold
    right = int((said & has).sum())
    precision, recall = right / max(int(said.sum()), 1), right / max(int(has.sum()), 1)
    f1 = 2 * right / int(said.sum() + has.sum())
    return {"precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}


def main() -> None:
    """Fit, say how well the heads do out of fold, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(relevance_model.__file__).with_name("model.npz"))
    options = parser.parse_args()
    folder = options.data / "text"
    corpus = Corpus.of(folder)
    words = Vocabulary.of(corpus.whole)
    print(f"{len(corpus.texts):,} texts, {len(words.bucket):,} terms")
    made: dict[tuple[str, str], tuple[Head, Curve]] = {}
    card: dict[str, Any] = {
        "sources": [{**s, "sha256": sha256(folder / s["file"])} for s in data.SOURCES],
        "command": "python benchmarks/fit_relevance.py --data DIR",
        "out_of_fold": {},
    }
    for head in data.HEADS:
        _, score, has = out_of_fold(corpus, words, head)
        rows = corpus.rows(head)
        texts = [corpus.texts[i] for i in rows]
        matrices = words.matrix(corpus.whole[rows]), words.matrix(corpus.titles[rows])
        for kind in KINDS:
            of = curve(score[kind], has)
            fitted = fit_kind(kind, *matrices, data.labels(texts, head), weights_of(texts))
            made[head, kind] = fitted, of
            card["out_of_fold"][f"{head} {kind}"] = measured(score[kind], has, of)
            print(head, kind, len(has), int(has.sum()), card["out_of_fold"][f"{head} {kind}"], flush=True)
    weight, scale = quantised([head for head, _ in made.values()])
    model = Model(
        VERSION,
        data.HEADS,
        words.bucket.astype(np.uint32),
        words.idf,
        weight,
        scale,
        np.array([head.constant for head, _ in made.values()], np.float32),
        tuple(of for _, of in made.values()),
        card,
    )
    model.save(options.out)
    print(f"→ {options.out} ({options.out.stat().st_size / 1e6:.2f} MB)")


if __name__ == "__main__":
    main()
