"""Linear models over hashed terms: what `benchmarks/fit_relevance.py` learned, evaluated with NumPy alone.

A head is one logistic model of AI, or of a field, for one kind of text: title with abstract, or a title alone. A
text's terms weigh (1 + log count) · idf, scaled to length one; a head's score is their sum over its weights plus a
constant. Weights are bytes with one scale for each head. Scores become probabilities by a curve for each head, fitted
on texts that the model had not learned from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from macaw.errors import MacawError
from macaw.relevance.features import BLOCK, Doubles, Floats, Ints, Terms, terms

# A term is known by the first bits of its hash.
BITS = 22
IDF_STEP = 0.06
_UNKNOWN = -1
# Terms told of a text, and how strong one must be beside the strongest.
TOLD = 3
_LOUD = 0.3
# Bits below a term's number, and below a text's, where both and a place among a block's terms stand in one number.
_TERM = 24
_TEXT = _TERM + BITS
# On what a text consists of.
KINDS = ("abstract", "title")


def buckets(of: Terms) -> Ints:
    """The bucket of each term."""
    return np.asarray((of.hash >> np.uint64(64 - BITS)).astype(np.int64))


def blocks(plains: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """First and last-plus-one of runs of texts of about `BLOCK` bytes together."""
    first = size = 0
    for last, text in enumerate(plains):
        if size and size + len(text) > BLOCK:
            yield first, last
            first, size = last, 0
        size += len(text) + 1
    if size:
        yield first, len(plains)


@dataclass(frozen=True)
class Curve:
    """From score to probability: knots in log odds joined by lines, which go on with `slope` beyond; where yes begins.

    >>> curve = Curve((0.0, 1.0), (0.0, 2.0), 1.0, 0.5)
    >>> curve.probability(np.array([0.0, 0.5, 3.0])).round(3).tolist()
    [0.5, 0.731, 0.982]
    """

    score: tuple[float, ...]
    log_odds: tuple[float, ...]
    slope: float
    threshold: float

    def probability(self, score: npt.NDArray[Any]) -> Doubles:
        """Probabilities of scores; a higher score never has a lower one."""
        inside = np.clip(score.astype(float), self.score[0], self.score[-1])
        odds = np.interp(inside, self.score, self.log_odds) + self.slope * (score - inside)
        return np.asarray(1.0 / (1.0 + np.exp(-odds)))


@dataclass(frozen=True)
class _Found:
    """Scores of texts (text × topic), and of each text and known term its row of weights, frequency and place."""

    score: Floats
    text: Ints
    row: Ints
    frequency: Floats
    place: Ints


@dataclass(frozen=True)
class Model:
    """Buckets of the known terms in ascending order, and of each head, topic by topic and within it kind by kind,
    the weights (term × head), their scale, a constant and a curve."""

    version: str
    topics: tuple[str, ...]
    bucket: npt.NDArray[np.uint32]
    idf: npt.NDArray[np.uint8]
    weight: npt.NDArray[np.int8]
    scale: npt.NDArray[np.float32]
    constant: npt.NDArray[np.float32]
    curves: tuple[Curve, ...]
    card: Mapping[str, Any] = field(default_factory=dict)
    _place: npt.NDArray[np.int32] = field(init=False, repr=False)
    _square: Floats = field(init=False, repr=False)
    # Weights by row, (kind, term), and topic.
    _weighted: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        place = np.full(1 << BITS, _UNKNOWN, np.int32)
        place[self.bucket] = np.arange(len(self.bucket), dtype=np.int32)
        idf = self.idf * np.float32(IDF_STEP)
        weighted = self.weight.astype(np.float32) * self.scale * idf[:, None]
        by_kind = [weighted[:, k :: len(KINDS)] for k in range(len(KINDS))]
        for name, value in (("_place", place), ("_square", idf * idf), ("_weighted", np.concatenate(by_kind))):
            object.__setattr__(self, name, value)

    def curve(self, topic: str, kind: str) -> Curve:
        """The curve of a head."""
        return self.curves[self.topics.index(topic) * len(KINDS) + KINDS.index(kind)]

    def scores(self, plains: Sequence[bytes], kind: str) -> Floats:
        """Scores of texts made plain, all of one kind (text × topic)."""
        made = np.empty((len(plains), len(self.topics)), np.float32)
        for first, last in blocks(plains):
            kinds = np.full(last - first, KINDS.index(kind))
            made[first:last] = self._found(terms(plains[first:last]), kinds).score
        return made

    def read(self, of: Terms, kinds: Ints, topic: str = "ai") -> tuple[Floats, list[list[str]]]:
        """Scores of the texts of a block (text × topic) and of each text the terms that speak most for one topic.

        `kinds` are the numbers of the texts' kinds in `KINDS`.
        """
        found = self._found(of, kinds)
        telling: list[list[str]] = [[] for _ in range(of.texts)]
        speaks = self._weighted[found.row, self.topics.index(topic)] * found.frequency
        if not len(speaks):
            return found.score, telling
        start = np.flatnonzero(np.diff(found.text, prepend=-1))
        most = np.repeat(np.maximum.reduceat(speaks, start), np.diff(start, append=len(speaks)))
        loud = np.flatnonzero((speaks > 0) & (speaks >= _LOUD * most))
        loud = loud[np.lexsort((-speaks[loud], found.text[loud]))]
        for number, place in zip(found.text[loud].tolist(), found.place[loud].tolist(), strict=True):
            told = telling[number]
            if len(told) < TOLD:
                word = of.word(place)
                # A pair repeats its words.
                if not any(word in other or other in word for other in told):
                    told.append(word)
        return found.score, telling

    def _found(self, of: Terms, kinds: Ints) -> _Found:
        made = np.zeros((of.texts, len(self.topics)), np.float32)
        place = self._place[buckets(of)]
        known = np.flatnonzero(place != _UNKNOWN)
        # Text, term and place in one number: one sort brings a text's terms together.
        key = np.sort((of.text[known] << _TEXT) | (place[known].astype(np.int64) << _TERM) | known)
        pair = key >> _TERM
        first = np.flatnonzero(np.diff(pair, prepend=-1))
        count = np.diff(first, append=len(key))
        pair = pair[first]
        text, term = pair >> (_TEXT - _TERM), pair & ((1 << (_TEXT - _TERM)) - 1)
        frequency = (1.0 + np.log(count)).astype(np.float32)
        row = term + kinds[text] * len(self.bucket)
        if len(text):
            start = np.flatnonzero(np.diff(text, prepend=-1))
            sums = np.add.reduceat(self._weighted[row] * frequency[:, None], start, axis=0)
            length = np.sqrt(np.add.reduceat(self._square[term] * frequency * frequency, start))
            made[text[start]] = sums / length[:, None]
        made += self.constant.reshape(len(self.topics), len(KINDS)).T[kinds]
        return _Found(made, text, row, frequency, key[first] & ((1 << _TERM) - 1))

    def save(self, path: Path) -> None:
        """Write the model as arrays; the same model gives the same bytes."""
        about = {
            "version": self.version,
            "topics": self.topics,
            "curves": [[c.score, c.log_odds, c.slope, c.threshold] for c in self.curves],
            "card": self.card,
        }
        np.savez_compressed(
            path,
            # Differences compress; the buckets themselves do not.
            step=np.diff(self.bucket.astype(np.int64), prepend=0).astype(np.uint32),
            idf=self.idf,
            weight=np.ascontiguousarray(self.weight.T),
            scale=self.scale,
            constant=self.constant,
            about=np.frombuffer(json.dumps(about, ensure_ascii=False, sort_keys=True).encode(), np.uint8),
        )


@cache
def shipped() -> Model:
    """The model that comes with the package."""
    with files("macaw.relevance").joinpath("model.npz").open("rb") as stream, np.load(stream) as arrays:
        about = json.loads(arrays["about"].tobytes())
        model = Model(
            about["version"],
            tuple(about["topics"]),
            np.cumsum(arrays["step"].astype(np.int64)).astype(np.uint32),
            arrays["idf"],
            np.ascontiguousarray(arrays["weight"].T),
            arrays["scale"],
            arrays["constant"],
            tuple(Curve(tuple(x), tuple(y), slope, yes) for x, y, slope, yes in about["curves"]),
            about["card"],
        )
    if model.weight.shape != (len(model.bucket), len(model.topics) * len(KINDS)):
        raise MacawError(
            "relevance/model.npz does not fit the code", "fit it again: python benchmarks/fit_relevance.py --data DIR"
        )
    return model
