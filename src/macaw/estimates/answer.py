"""Answers with a model: points of every part, what makes the width, and how it stands against what others published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from macaw.errors import UsageError
from macaw.estimates.distributions import Array
from macaw.estimates.draws import draw
from macaw.estimates.model import Check, Model, Money, changed, read_model
from macaw.estimates.sensitivity import Share, Swing, judged_share, shares, tornado

DRAWS = 40_000
LEAST_DRAWS = 100
SEED = 20261130
# In these kinds of money every amount is told.
MONEY = ("own", "nominal", "real", "ppp")
# Above this share of the variance judged factors make an estimate a scenario, which settles no claim.
SCENARIO = 0.5


@dataclass(frozen=True)
class Amount:
    """5 %, 50 % and 95 % points of one component, scope or total, in billions of one kind of money."""

    id: str
    kind: str
    money: str
    p5: float
    median: float
    p95: float


@dataclass(frozen=True)
class Held:
    """A total beside what others published: the share of draws within their bounds, and where the median lies."""

    check: Check
    within: float
    median: float


@dataclass(frozen=True)
class Answer:
    """All that a model says, for a country and a year."""

    model: Model
    draws: int
    seed: int
    amounts: tuple[Amount, ...]
    judged: Mapping[str, float]
    shares: Mapping[str, Sequence[Share]]
    tornado: Mapping[str, Sequence[Swing]]
    checks: tuple[Held, ...]

    def is_scenario(self, total: str) -> bool:
        """Whether judged factors have a part in more than half of a total's variance."""
        return self.judged[total] > SCENARIO

    @property
    def settles(self) -> bool:
        """Whether any total may settle a claim."""
        return any(not self.is_scenario(t.id) for t in self.model.totals)

    def amount(self, name: str, money: str = "own") -> Amount:
        """The points of a component, scope or total in one kind of money."""
        return next(a for a in self.amounts if (a.id, a.money) == (name, money))


def estimate(
    name: str,
    country: str,
    year: int,
    *,
    changes: Mapping[str, str] | None = None,
    file: Path | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Answer:
    """The estimate `name` of a country and year; `changes` sets factors to `value` or `low:high`.

    Amounts are billions: `own` in the country's currency, `nominal` in US dollars of the year at the market rate,
    `real` the same at constant prices, `ppp` in international dollars of the year. Raises `UsageError` for an unknown
    model or factor, `MacawError` for a wrong file.

    >>> answer = estimate("public-ai-rd", "CHN", 2018, draws=2_000)
    >>> answer.settles
    False
    """
    if draws < LEAST_DRAWS:
        raise UsageError(f"draws is {draws}", f"make {LEAST_DRAWS} or more: a 5 % point of fewer says nothing")
    model = read_model(name, country, year, file)
    for factor, text in (changes or {}).items():
        model = changed(model, factor, text)
    _, found = draw(model, draws, seed)
    totals = [t.id for t in model.totals]
    return Answer(
        model=model,
        draws=draws,
        seed=seed,
        amounts=tuple(_amounts(model, found)),
        judged={t: judged_share(model, t, seed) for t in totals},
        shares={t: shares(model, t, seed) for t in totals},
        tornado={t: tornado(model, t) for t in totals},
        checks=tuple(_held(c, found[c.of], model.money) for c in model.checks),
    )


def _amounts(model: Model, found: Mapping[str, Array]) -> list[Amount]:
    kinds = {c.id: "component" for c in model.components if not c.step}
    kinds |= dict.fromkeys(model.scopes, "scope") | {t.id: "total" for t in model.totals}
    made = []
    for name, kind in kinds.items():
        points = np.quantile(found[name], (0.05, 0.5, 0.95))
        made += [Amount(name, kind, m, *(float(p) for p in points * _factor(m, model.money))) for m in MONEY]
    return made


def _factor(money: str, of: Money) -> float:
    return {
        "own": 1.0,
        "nominal": 1 / of.per_dollar,
        "real": 1 / of.per_dollar / of.deflator,
        "ppp": 1 / of.per_international_dollar,
    }[money]


def _held(check: Check, drawn: Array, money: Money) -> Held:
    told = drawn if check.currency == money.currency else drawn / money.per_dollar
    inside = np.ones(len(told), bool)
    if check.low is not None:
        inside &= told >= check.low
    if check.high is not None:
        inside &= told <= check.high
    return Held(check, float(inside.mean()), float(np.median(told)))


def document(answer: Answer) -> dict[str, Any]:
    """The answer as plain data, for JSON and for pages."""
    model = answer.model
    return {
        "estimate": model.name,
        "country": model.country,
        "year": model.year,
        "title": model.title,
        "title_zh": model.title_zh,
        "note": model.note,
        "note_zh": model.note_zh,
        "currency": model.money.currency,
        "money_sources": list(model.money.sources),
        "draws": answer.draws,
        "seed": answer.seed,
        "label": {t.id: "scenario" if answer.is_scenario(t.id) else "estimate" for t in model.totals},
        "settles_a_claim": answer.settles,
        "judged_share_of_variance": {k: round(v, 3) for k, v in answer.judged.items()},
        "amounts": [
            {**vars(a), **{k: float(f"{getattr(a, k):.4g}") for k in ("p5", "median", "p95")}} for a in answer.amounts
        ],
        "factors": [_factor_row(answer, f.id) for f in model.factors],
        "together": [vars(t) for t in model.together],
        "variance": {
            t: [vars(s) | {"alone": round(s.alone, 3), "in_all": round(s.in_all, 3)} for s in found]
            for t, found in answer.shares.items()
        },
        "tornado": {t: [vars(s) for s in found] for t, found in answer.tornado.items()},
        "checks": [{**vars(h.check), "within": round(h.within, 3), "median": h.median} for h in answer.checks],
    }  # fmt: skip


def _factor_row(answer: Answer, name: str) -> dict[str, Any]:
    factor = answer.model.factor(name)
    p5, median, p95 = factor.distribution.points()
    told = {k: v for k, v in vars(factor).items() if k != "distribution"}
    return told | {"distribution": factor.distribution.kind, "p5": p5, "median": median, "p95": p95}
