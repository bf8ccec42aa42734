"""How many papers of a corpus are about AI, from how many were said to be and the errors measured on labelled texts.

A classifier that is right .93 of the time at a share of 15 % is right .41 of the time at 1 %: counts of what it says
must be corrected by its recall r and its false-positive rate f, share = (said − f) / (r − f) (Rogan & Gladen 1978).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from macaw.errors import MacawError, UsageError
from macaw.relevance.features import Doubles

_DRAWS = 20_000
# Jeffreys' prior of a share.
_PRIOR = 0.5


@dataclass(frozen=True)
class Validation:
    """Labelled texts of one corpus and kind of text, at one threshold: right, missed, wrongly said, rightly passed."""

    corpus: str
    kind: str
    threshold: float
    tp: int
    fn: int
    fp: int
    tn: int
    note: str = ""


@dataclass(frozen=True)
class Corrected:
    """A corrected count with its 95 % interval."""

    value: float
    low: float
    high: float


def _shares(of: np.random.Generator, said: int, total: int, v: Validation) -> Doubles:
    recall = of.beta(v.tp + _PRIOR, v.fn + _PRIOR, _DRAWS)
    false = of.beta(v.fp + _PRIOR, v.tn + _PRIOR, _DRAWS)
    found = of.beta(said + _PRIOR, total - said + _PRIOR, _DRAWS)
    # Where recall is hardly above the false-positive rate, anything may be true.
    apart = np.maximum(recall - false, 1e-9)
    return np.asarray(np.clip((found - false) / apart, 0.0, 1.0))


def corrected(parts: Iterable[tuple[int, int, Validation]]) -> Corrected:
    """The number about AI, from (said to be, texts, validation) of each kind of text.

    The interval holds what is not known for the size of the labelled samples and for the draw of the corpus; not that
    the corpus may differ from the labelled one. Raises `UsageError` where recall is not above the false-positive rate.

    >>> made = corrected([(120, 1000, Validation("c", "abstract", 0.5, 90, 10, 50, 950))])
    >>> round(made.value, 1), made.low < made.value < made.high
    (82.4, True)
    """
    of = np.random.default_rng(0)
    value, draws = 0.0, np.zeros(_DRAWS)
    for said, total, v in parts:
        if total == 0:
            continue
        recall, false = v.tp / max(v.tp + v.fn, 1), v.fp / max(v.fp + v.tn, 1)
        if recall <= false:
            raise UsageError(
                f"corpus {v.corpus!r}: recall {recall:.3f} is not above the false-positive rate {false:.3f}",
                "choose another corpus",
            )
        value += total * min(max((said / total - false) / (recall - false), 0.0), 1.0)
        draws += total * _shares(of, said, total, v)
    low, high = np.quantile(draws, [0.025, 0.975])
    return Corrected(value, float(low), float(high))


@cache
def validations() -> dict[tuple[str, str], Validation]:
    """What was measured, by corpus and kind of text (validation.csv, written by benchmarks/relevance.py)."""
    text = files("macaw.relevance").joinpath("validation.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    try:
        made = [
            Validation(
                r["corpus"],
                r["kind"],
                float(r["threshold"]),
                int(r["tp"]),
                int(r["fn"]),
                int(r["fp"]),
                int(r["tn"]),
                r["note"],
            )
            for r in rows
        ]
    except (KeyError, ValueError) as error:
        raise MacawError(f"relevance/validation.csv: {error}", "python benchmarks/relevance.py --write") from None
    return {(v.corpus, v.kind): v for v in made}


def of_corpus(corpus: str) -> dict[str, Validation]:
    """The validations of a corpus by kind of text; `UsageError` for an unknown one."""
    found = {kind: v for (name, kind), v in validations().items() if name == corpus}
    if not found:
        known = ", ".join(dict.fromkeys(name for name, _ in validations()))
        raise UsageError(f"there is no labelled corpus {corpus!r}", f"known: {known}")
    return found
