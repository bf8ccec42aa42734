"""The measured rates of error (rates.toml), and what one draw of them makes of a name."""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from macaw.errors import MacawError

Floats = NDArray[np.float64]
# A draw's number is part of its seed, so that draws are the same in every build and for every question.
SEED = 20261130
# Jeffreys' prior of a share.
_PRIOR = 0.5
# Of a kind that is not listed.
_OF_ORGANISATIONS, OF_COUNTRIES = "other", "country"


@dataclass(frozen=True)
class Rate:
    """Of labelled matches `right` of `found`, and of `wanted` ones."""

    right: int
    found: int
    wanted: int
    # Whether papers were counted, or names.
    of_papers: bool = False

    @property
    def precision(self) -> float:
        """Share of the matches that are right.

        >>> Rate(159, 160, 160).precision
        0.9906832298136646
        """
        return (self.right + _PRIOR) / (self.found + 2 * _PRIOR)

    @property
    def recall(self) -> float:
        """Share of the wanted ones that are found."""
        return (self.right + _PRIOR) / (self.wanted + 2 * _PRIOR)


@dataclass(frozen=True)
class KindRate:
    """Of papers said to be of a kind `right` of `found`; of the others `missed` that are of it."""

    right: int
    found: int
    missed: int
    others: int


@dataclass(frozen=True)
class Rates:
    """All rates: by kind of organisation and by country."""

    by_kind: dict[str, Rate]
    wrong_country: float
    missed_works: float
    unlocated_spread: float
    # Of papers, by the measure that says whether they are of the kind.
    kinds_of_paper: Mapping[str, KindRate] = field(default_factory=dict)

    def key(self, entity: str, kind: str, is_place: bool) -> str:
        """The rate that holds of an entity."""
        if is_place:
            return entity if entity in self.by_kind else OF_COUNTRIES
        return kind if kind in self.by_kind else _OF_ORGANISATIONS


@cache
def rates() -> Rates:
    """The rates of rates.toml; raises `MacawError` where its numbers contradict each other.

    >>> rates().key("google", "company", False), rates().key("DEU", "country", True)
    ('company', 'country')
    """
    document = tomllib.loads(files("macaw.uncertainty").joinpath("rates.toml").read_text("utf-8"))
    kinds = {name: KindRate(**entry) for name, entry in document.pop("kind_of_paper").items()}
    by_kind = {name: Rate(**entry) for name, entry in document.items() if isinstance(entry, dict)}
    for name, rate in by_kind.items():
        if not 0 < rate.right <= min(rate.found, rate.wanted):
            raise MacawError(f"uncertainty/rates.toml: {name}: right is above found or wanted", "mend the counts")
    return Rates(by_kind, document["wrong_country"], document["missed_works"], document["unlocated_spread"], kinds)


def seeded(*names: str) -> np.random.Generator:
    """A generator that is the same whenever the same things are drawn."""
    return np.random.default_rng([SEED, *(zlib.crc32(n.encode()) for n in names)])


def drawn_rates(key: str, draws: int, several: float) -> tuple[Floats, Floats]:
    """Of each draw: how much likelier a match is wrong than stated, and how many names are missed for one found.

    Both differ from draw to draw as far as the labelled samples leave open (beta, Jeffreys' prior).
    """
    rate = rates().by_kind[key]
    of = seeded("rate", key)
    precision = of.beta(rate.right + _PRIOR, rate.found - rate.right + _PRIOR, draws)
    recall = of.beta(rate.right + _PRIOR, rate.wanted - rate.right + _PRIOR, draws)
    missed = precision * (1 - recall) / recall
    return (1 - precision) / (1 - rate.precision), missed * (several if rate.of_papers else 1.0)


def drawn_kind(measure: str, draws: int) -> tuple[Floats, Floats]:
    """Of each draw: the chance that a paper said to be of a kind is not, and that another one is."""
    rate = rates().kinds_of_paper[measure]
    of = seeded("kind", measure)
    wrong = of.beta(rate.found - rate.right + _PRIOR, rate.right + _PRIOR, draws)
    return wrong, of.beta(rate.missed + _PRIOR, rate.others - rate.missed + _PRIOR, draws)
