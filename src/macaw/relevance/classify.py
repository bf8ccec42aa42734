"""Says of titles and abstracts, English or Chinese, whether they are about AI and which fields, and why.

arXiv categories decide where they are given; else a Chinese text is judged by the lexicon and an English one by the
model. A title without an abstract has curves and thresholds of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from macaw.relevance import chinese, model
from macaw.relevance.correction import of_corpus
from macaw.relevance.features import Doubles, Terms, plain, terms
from macaw.relevance.keywords import Definition, definitions

Flags = npt.NDArray[np.bool_]

# A text of fewer words is read as a title without an abstract.
TITLE_WORDS = 30
# Of fewer letters nothing can be said.
_THREE_LETTERS = re.compile("(?:[A-Za-z][^A-Za-z]*+){3}")
_ARXIV = re.compile(
    r"(?:cs|stat|eess|econ|math|physics|q-bio|q-fin|nlin|cond-mat|astro-ph)\.[A-Za-z-]{2,}"
    r"|(?:astro-ph|cond-mat|gr-qc|hep-(?:ex|lat|ph|th)|math-ph|nucl-(?:ex|th)|quant-ph)(?:\.[A-Z]{2})?"
)
# Fields that are told only of papers about AI.
_ONLY_OF_AI = ("safety",)


@dataclass(frozen=True)
class Paper:
    """What is known of a paper: any part may be empty."""

    title: str = ""
    abstract: str = ""
    categories: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Title and abstract."""
        return f"{self.title}. {self.abstract}" if self.title and self.abstract else self.title or self.abstract


@dataclass(frozen=True)
class Answer:
    """Whether a paper is about AI, with what probability, which fields, and why; None where it cannot be told."""

    ai: bool | None
    probability: float | None
    fields: tuple[tuple[str, float], ...]
    reason: str
    # On what the answer rests: abstract or title; chinese, categories, or nothing.
    kind: str = "nothing"

    def document(self) -> dict[str, Any]:
        """The answer as a record."""
        return {
            "ai": self.ai,
            "probability": self.probability,
            "fields": [{"id": topic, "probability": p} for topic, p in self.fields],
            "reason": self.reason,
        }


def _rounded(probability: float) -> float:
    return round(float(probability), 6)


def _sorted(fields: Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(((topic, _rounded(p)) for topic, p in fields), key=lambda f: (-f[1], f[0])))


class Classifier:
    """Classifies papers by a model, the Chinese lexicon and the definitions by words and categories.

    >>> [a.ai for a in classifier().answers([Paper(categories=("cs.CV",)), Paper("基于卷积神经网络的人脸识别")])]
    [True, True]
    """

    def __init__(
        self,
        of: model.Model,
        lexicon: chinese.Lexicon,
        known: dict[str, Definition],
        thresholds: Mapping[str, float] | None = None,
    ) -> None:
        """With thresholds, the probability by kind of text from which on a paper is AI: those of the corpus at hand."""
        self.model = of
        self.thresholds = dict(thresholds or {})
        self.lexicon = lexicon
        self.arxiv, self.llm = known["arxiv"], known["strict"]

    def answers(self, papers: Sequence[Paper]) -> list[Answer]:
        """The answers, in the order of the papers."""
        made: list[Answer | None] = [None] * len(papers)
        english: list[int] = []
        for i, paper in enumerate(papers):
            categories = [c for c in paper.categories if _ARXIV.fullmatch(c)]
            text = paper.text
            if chinese.is_chinese(text):
                made[i] = self._chinese(paper)
            elif _THREE_LETTERS.search(text):
                english.append(i)
            elif not categories:
                reason = "no text" if not text.strip() else "neither English nor Chinese: it cannot be told"
                made[i] = Answer(None, None, (), reason)
            else:
                made[i] = Answer(None, None, (), "")
        for i, answer in zip(english, self._english([papers[i] for i in english]), strict=True):
            made[i] = answer
        return [
            self._by_categories(paper, answer) if paper.categories and answer else answer
            for paper, answer in zip(papers, made, strict=True)
            if answer is not None
        ]

    def _by_categories(self, paper: Paper, text: Answer) -> Answer:
        """What the categories say; of fields that no category tells, what the text says."""
        given = [c for c in paper.categories if _ARXIV.fullmatch(c)]
        if not given:
            return text
        told = self.arxiv.found_categories(given)
        fields = [(topic, 1.0) for topic in told if topic != "ai"]
        fields += [
            (t, p) for t, p in text.fields if t not in self.arxiv.categories and ("ai" in told or t not in _ONLY_OF_AI)
        ]
        why = told.get("ai") or f"none of {' '.join(sorted(self.arxiv.categories['ai']))}"
        reason = f"arxiv {self.arxiv.version}: {why}"
        return Answer("ai" in told, 1.0 if "ai" in told else 0.0, _sorted(fields), reason, "categories")

    def _chinese(self, paper: Paper) -> Answer:
        verdict = self.lexicon.verdict(paper.text)
        reason = f"chinese {self.lexicon.version}: {', '.join(verdict.terms[:3]) or 'no term'}"
        return Answer(verdict.ai, _rounded(verdict.probability), _sorted(verdict.fields.items()), reason, "chinese")

    def _english(self, papers: Sequence[Paper]) -> list[Answer]:
        plains = [plain(p.text) for p in papers]
        made: list[Answer] = []
        for first, last in model.blocks(plains):
            made += self._block(terms(plains[first:last]))
        return made

    def _block(self, of: Terms) -> list[Answer]:
        words = np.bincount(of.text[: of.words], minlength=of.texts)
        kinds = np.where(words < TITLE_WORDS, model.KINDS.index("title"), model.KINDS.index("abstract"))
        score, telling = self.model.read(of, kinds)
        probability, said = {}, {}
        for t, topic in enumerate(self.model.topics):
            p, threshold = np.empty(of.texts), np.empty(of.texts)
            for k, kind in enumerate(model.KINDS):
                mine, curve = kinds == k, self.model.curve(topic, kind)
                p[mine] = curve.probability(score[mine, t])
                threshold[mine] = self.thresholds.get(kind, curve.threshold) if topic == "ai" else curve.threshold
            probability[topic], said[topic] = p, p >= threshold
        fields = self._fields(of, probability, said)
        version = f"model {self.model.version}: "
        return [
            Answer(
                yes,
                p,
                _sorted(fields.get(i, ())),
                version + (", ".join(telling[i]) or "no telling term"),
                model.KINDS[k],
            )
            for i, (yes, p, k) in enumerate(
                zip(said["ai"].tolist(), probability["ai"].round(6).tolist(), kinds.tolist(), strict=True)
            )
        ]

    def _fields(
        self, of: Terms, probability: dict[str, Doubles], said: dict[str, Flags]
    ) -> dict[int, list[tuple[str, float]]]:
        """The fields of each text that has any: by the model, and language models by their names."""
        fields: dict[int, list[tuple[str, float]]] = {}
        for topic in self.model.topics:
            if topic != "ai":
                told = said[topic] & said["ai"] if topic in _ONLY_OF_AI else said[topic]
                for i in np.flatnonzero(told).tolist():
                    fields.setdefault(i, []).append((topic, probability[topic][i]))
        for i, topics in self.llm.english.found(of).items():
            if "llm" in topics:
                fields.setdefault(i, []).append(("llm", LLM_PRECISION))
        return fields


# Not measured on labels: a paper that names language models is nearly always on them (docs/relevance.md).
LLM_PRECISION = 0.9


@cache
def classifier(corpus: str | None = None) -> Classifier:
    """The classifier that comes with the package, with the thresholds of a labelled corpus if one is named."""
    thresholds = {kind: v.threshold for kind, v in of_corpus(corpus).items()} if corpus else None
    return Classifier(model.shipped(), chinese.shipped(), definitions(), thresholds)
