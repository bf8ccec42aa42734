"""The draws: which names are right, which are missed, which papers stand for those that could not be located.

Every draw depends on the name, or the venue-year, and the number of the draw alone. So the errors of a name move
together over all its papers, entities and years, and a question about one country has the draws of the whole build.
Column 0 of every array is the count as it stands, without any error.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from macaw.uncertainty.rates import SEED, Floats, drawn_kind, drawn_rates, seeded

Bytes = NDArray[np.uint8]
Draws = NDArray[np.float32]
Ints = NDArray[np.integer[Any]]
Words = NDArray[np.uint64]

_STEP, _MIX_A, _MIX_B = (np.uint64(c) for c in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


def hashes(names: Sequence[str]) -> Words:
    """64 bits of each name, the same on every machine."""
    made = [int.from_bytes(hashlib.blake2b(n.encode(), digest_size=8).digest(), "little") for n in names]
    return np.array(made, dtype=np.uint64)


def uniforms(names: Words, draws: int, purpose: int) -> NDArray[np.float32]:
    """A number from 0 to 1 for each name and draw (SplitMix64, Steele et al. 2014)."""
    counter = np.arange(1, draws + 1, dtype=np.uint64) + np.uint64(SEED + purpose * 1_000_003)
    with np.errstate(over="ignore"):
        x = names[:, None] + counter * _STEP
        x = (x ^ (x >> np.uint64(30))) * _MIX_A
        x = (x ^ (x >> np.uint64(27))) * _MIX_B
        x ^= x >> np.uint64(31)
    return np.asarray(((x >> np.uint64(40)).astype(np.float32) + np.float32(0.5)) * np.float32(2.0**-24))


def right_and_missed(
    names: Words,
    wrong: Floats,
    keys: Sequence[str],
    key: Ints,
    draws: int,
    several: float = 1.0,
    block: int = 8192,
) -> tuple[Bytes, Bytes]:
    """For each name and draw whether its match is right, and how many names like it were missed.

    `wrong` is the stated probability that a match is wrong, `key` the rate that holds of it (an index of `keys`). Right
    is Bernoulli, missed is Poisson. `several` missed names have as many papers as one that was found has on average: so
    many are drawn where the rate was measured over papers.
    """
    right = np.ones((len(names), draws + 1), np.uint8)
    missed = np.zeros((len(names), draws + 1), np.uint8)
    factors, gains = (
        np.stack(x).astype(np.float32) for x in zip(*(drawn_rates(k, draws, several) for k in keys), strict=True)
    )
    none = np.exp(-gains)
    one, two = none * (1 + gains), none * (1 + gains + gains**2 / 2)
    for start in range(0, len(names), block):
        at = slice(start, start + block)
        k = key[at]
        right[at, 1:] = uniforms(names[at], draws, 0) >= wrong[at, None].astype(np.float32) * factors[k]
        u = uniforms(names[at], draws, 1)
        missed[at, 1:] = (u > none[k]).astype(np.uint8) + (u > one[k]) + (u > two[k])
    return right, missed


def of_kind(works: Words, is_said: NDArray[np.bool_], measure: str, draws: int, block: int = 8192) -> Bytes:
    """For each paper and draw whether it is of a kind (international), of which `is_said` is what was found."""
    made = np.empty((len(works), draws + 1), np.uint8)
    made[:, 0] = is_said
    wrong, missed = (x.astype(np.float32) for x in drawn_kind(measure, draws))
    for start in range(0, len(works), block):
        at = slice(start, start + block)
        u = uniforms(works[at], draws, 2)
        made[at, 1:] = np.where(is_said[at, None], u >= wrong, u < missed)
    return made


def unseen(names: Words, chance: Floats, draws: int, purpose: int, most: int = 50) -> Draws:
    """For each name and draw how many papers there are beside those found, as if none was, each found with a chance.

    With Jeffreys' prior (half a paper) that is negative binomial. For what was found the draws of names and of papers
    that were not located say it; without this half, nothing is ever there where nothing was found.
    """
    made = np.zeros((len(names), draws + 1), np.float32)
    u = uniforms(names, draws, purpose)
    term = chance**0.5
    total = term.copy()
    for count in range(most):
        more = u > total[:, None]
        if not more.any():
            break
        made[:, 1:] += more
        term = term * (count + 0.5) / (count + 1) * (1 - chance)
        total += term
    return made


def stand_ins(name: str, countries: Sequence[str], missing: int, draws: int, spread: float) -> Bytes:
    """For each located paper of a venue-year and draw how many papers it stands for: itself, and any not located.

    A hot deck (Rubin's approximate Bayesian bootstrap): in each draw every missing paper is taken to be like one of the
    located, chosen with Bayesian-bootstrap weights, of a country more or less often by a factor of log-deviation
    `spread`. So what two countries have in common stays together, and shares add up.
    """
    made = np.ones((len(countries), draws + 1), np.uint8)
    if not missing or not countries:
        return made
    of = seeded("unlocated", name)
    weights = of.standard_exponential((draws, len(countries)))
    known, index = np.unique(np.array(countries), return_inverse=True)
    tilts = np.stack([seeded("tilt", c).standard_normal(draws) for c in known.tolist()], axis=1)
    weights *= np.exp(spread * tilts)[:, index]
    chosen = of.multinomial(missing, weights / weights.sum(axis=1, keepdims=True))
    made[:, 1:] += np.minimum(chosen.T, 254).astype(np.uint8)
    return made
