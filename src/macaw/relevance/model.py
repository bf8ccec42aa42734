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
# Terms told of a text.
TOLD = 3
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
    """Scores of a block's texts, and of each text and known term: frequency, and where it stands among the terms."""

    score: Floats
    text: Ints
    term: Ints
    frequency: Floats
    place: Ints


@dataclass(frozen=True)
class Model:
    """Heads as (topic, kind), buckets of the known terms in ascending order, weights (term × head), and curves."""

    version: str
    heads: tuple[tuple[str, str], ...]
    bucket: npt.NDArray[np.uint32]
    idf: npt.NDArray[np.uint8]
    weight: npt.NDArray[np.int8]
    scale: npt.NDArray[np.float32]
    constant: npt.NDArray[np.float32]
    curves: tuple[Curve, ...]
    card: Mapping[str, Any] = field(default_factory=dict)
    _place: npt.NDArray[np.int32] = field(init=False, repr=False)
    _idf: Floats = field(init=False, repr=False)
    _square: Floats = field(init=False, repr=False)
    _weighted: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        place = np.full(1 << BITS, _UNKNOWN, np.int32)
        place[self.bucket] = np.arange(len(self.bucket), dtype=np.int32)
        idf = (self.idf * np.float32(IDF_STEP)).astype(np.float32)
        for name, value in (
            ("_place", place),
            ("_idf", idf),
            ("_square", idf * idf),
            ("_weighted", self.weight.astype(np.float32) * self.scale * idf[:, None]),
        ):
            object.__setattr__(self, name, value)

    def scores(self, plains: Sequence[bytes]) -> Floats:
        """Scores of texts made plain (text × head); a text without a known term has the constants."""
        made = np.empty((len(plains), len(self.heads)), np.float32)
        for first, last in blocks(plains):
            made[first:last] = self.scores_of(terms(plains[first:last]))
        return made

    def scores_of(self, of: Terms) -> Floats:
        """Scores of the texts of a block of terms (text × head)."""
        return self._found(of).score

    def read(self, of: Terms, heads: Ints) -> tuple[Floats, list[list[str]]]:
        """Scores of the texts of a block, and of each text the terms that speak most for one head (its number)."""
        found = self._found(of)
        speaks = self._weighted[found.term, heads[found.text]] * found.frequency
        order = np.lexsort((-speaks, found.text))
        order = order[speaks[order] > 0]
        text = found.text[order]
        # Place of each in the ranking of its text; a few more than are shown, as pairs repeat their words.
        ranked = np.arange(len(text)) - np.searchsorted(text, text)
        order = order[ranked < 2 * TOLD]
        telling: list[list[str]] = [[] for _ in range(of.texts)]
        for number, place in zip(found.text[order].tolist(), found.place[order].tolist(), strict=True):
            told = telling[number]
            if len(told) < TOLD:
                word = of.word(place)
                if not any(word in other or other in word for other in told):
                    told.append(word)
        return found.score, telling

    def _found(self, of: Terms) -> _Found:
        made = np.zeros((of.texts, len(self.heads)), np.float32)
        place = self._place[buckets(of)]
        known = np.flatnonzero(place != _UNKNOWN)
        key = of.text[known] * len(self.bucket) + place[known]
        order = np.argsort(key, kind="stable")
        key = key[order]
        first = np.flatnonzero(np.diff(key, prepend=-1))
        count = np.diff(first, append=len(key))
        text, term = np.divmod(key[first], len(self.bucket))
        frequency = (1.0 + np.log(count)).astype(np.float32)
        if len(text):
            start = np.flatnonzero(np.diff(text, prepend=-1))
            sums = np.add.reduceat(self._weighted[term] * frequency[:, None], start, axis=0)
            length = np.sqrt(np.add.reduceat(self._square[term] * frequency * frequency, start))
            made[text[start]] = sums / length[:, None]
        return _Found(made + self.constant, text, term, frequency, known[order[first]])

    def save(self, path: Path) -> None:
        """Write the model as arrays; the same model gives the same bytes."""
        about = {
            "version": self.version,
            "heads": self.heads,
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
            tuple((topic, kind) for topic, kind in about["heads"]),
            np.cumsum(arrays["step"].astype(np.int64)).astype(np.uint32),
            arrays["idf"],
            np.ascontiguousarray(arrays["weight"].T),
            arrays["scale"],
            arrays["constant"],
            tuple(Curve(tuple(x), tuple(y), slope, yes) for x, y, slope, yes in about["curves"]),
            about["card"],
        )
    if model.weight.shape != (len(model.bucket), len(model.heads)):
        raise MacawError(
            "relevance/model.npz does not fit the code", "fit it again: python benchmarks/fit_relevance.py --data DIR"
        )
    return model
