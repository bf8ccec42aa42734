"""Boosted decision trees as arrays: what `benchmarks/fit_matcher.py` learned, evaluated with NumPy alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from macaw.errors import MacawError
from macaw.organisations.lexicon import Floats

DEPTH = 6


@dataclass(frozen=True)
class Forest:
    """Complete binary trees of depth 6: node k of a tree has the children 2k + 1 (at most the threshold) and 2k + 2."""

    feature: npt.NDArray[np.int64]
    threshold: Floats
    leaf: Floats
    base: float

    def likelihood(self, matrix: Floats) -> Floats:
        """The probability of each row: logistic function of the sum of its leaves.

        >>> leaf = np.repeat([[-9.0, 9.0]], 32, axis=1)
        >>> tree = Forest(np.zeros((1, 63), int), np.full((1, 63), 0.5), leaf, 0.0)
        >>> tree.likelihood(np.array([[0.0], [1.0]])).round(3).tolist()
        [0.0, 1.0]
        """
        score = np.full(len(matrix), self.base)
        rows = np.arange(len(matrix))
        columns = np.ascontiguousarray(matrix.T)
        for feature, threshold, leaf in zip(self.feature, self.threshold, self.leaf, strict=True):
            node = np.zeros(len(matrix), np.int64)
            for _ in range(DEPTH):
                node = 2 * node + 1 + (columns[feature[node], rows] > threshold[node])
            score += leaf[node - (2**DEPTH - 1)]
        return np.asarray(1.0 / (1.0 + np.exp(-score)))


@dataclass(frozen=True)
class Model:
    """Two stages of trees, the weight of words, and the calibration of probabilities (sorted knots)."""

    first: Forest
    second: Forest
    weights: Mapping[str, float]
    features: tuple[str, ...]
    said: Floats
    true: Floats

    def calibrated(self, likelihood: float) -> float:
        """A likelihood as the measured frequency of being right."""
        return float(np.interp(likelihood, self.said, self.true))

    def save(self, path: str) -> None:
        """Write the model as arrays."""
        arrays: dict[str, Any] = {"said": self.said, "true": self.true}
        for name, forest in (("first", self.first), ("second", self.second)):
            arrays |= {
                f"{name}_feature": forest.feature.astype(np.uint8),
                f"{name}_threshold": forest.threshold,
                f"{name}_leaf": forest.leaf.astype(np.float32),
                f"{name}_base": np.array(forest.base),
            }
        words = sorted(self.weights)
        arrays["words"] = np.frombuffer("\n".join(words).encode(), np.uint8)
        arrays["weights"] = np.array([self.weights[w] for w in words], np.float32)
        arrays["features"] = np.frombuffer("\n".join(self.features).encode(), np.uint8)
        np.savez_compressed(path, **arrays)


def _text(array: npt.NDArray[np.uint8]) -> list[str]:
    return array.tobytes().decode().split("\n")


def _forest(arrays: Mapping[str, npt.NDArray[Any]], name: str) -> Forest:
    feature, threshold, leaf = (arrays[f"{name}_{part}"] for part in ("feature", "threshold", "leaf"))
    return Forest(feature.astype(np.int64), threshold, leaf.astype(np.float64), float(arrays[f"{name}_base"]))


def shipped() -> Model:
    """The model that comes with the package; `MacawError` if it does not fit the code."""
    from macaw.organisations.features import NAMES

    with files("macaw.organisations").joinpath("model.npz").open("rb") as stream, np.load(stream) as arrays:
        first, second = (_forest(arrays, name) for name in ("first", "second"))
        weights = dict(zip(_text(arrays["words"]), arrays["weights"].tolist(), strict=True))
        made = Model(first, second, weights, tuple(_text(arrays["features"])), arrays["said"], arrays["true"])
    if made.features != tuple(NAMES):
        raise MacawError(
            "organisations/model.npz was fitted on other features than the code computes",
            "fit it again: python benchmarks/fit_matcher.py",
        )
    return made
