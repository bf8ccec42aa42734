"""How far a headline moves when one of its inputs is left out: a venue of a list, or a source of evidence."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from macaw.errors import UsageError
from macaw.sure.observation import Observation, worst
from macaw.sure.statement import Statement

Series = Mapping[str, Mapping[int, Observation]]


@cache
def texts() -> dict[str, Any]:
    """The main headlines, and the words of the tables by language."""
    return tomllib.loads(files("macaw.sure").joinpath("sensitivity.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Without:
    """A headline without one input (with all, where none is named).

    `outcome` is the ratio of both sides, of a rank the place; None where a side has no value or the right one is 0.
    Of 0 on the right `holds` tells nevertheless; it is None where a side has no value.
    """

    left_out: str
    left: float | None
    right: float | None
    outcome: float | None
    status: str
    holds: bool | None


@dataclass(frozen=True)
class Sensitivity:
    """A headline of one year with all its inputs, and without each of them in turn, the furthest move first."""

    statement: Statement
    period: int
    inputs: str
    with_all: Without
    without: tuple[Without, ...]

    def moved(self, one: Without) -> float | None:
        """How far the outcome moves without an input, as a share of what it is with all; None if no number does."""
        if (one.left, one.right, one.outcome) == (self.with_all.left, self.with_all.right, self.with_all.outcome):
            return 0.0
        if one.outcome is None or not self.with_all.outcome:
            return None
        return one.outcome / self.with_all.outcome - 1

    @property
    def turning(self) -> tuple[str, ...]:
        """Inputs without which the headline says the opposite."""
        return tuple(w.left_out for w in self.without if w.holds is not None and w.holds != self.with_all.holds)

    @property
    def alone(self) -> tuple[str, ...]:
        """Inputs without which there is no value left."""
        return tuple(w.left_out for w in self.without if w.holds is None)


def sensitivity(
    statement: Statement,
    inputs: str,
    found: Mapping[str, Series],
    periods: tuple[int, int],
    among: Collection[str] = (),
) -> list[Sensitivity]:
    """The headline of every year with data; `found` has the series without each input, under "" those with all."""
    every = {p for series in found[""].values() for p in series}
    made = []
    for period in sorted(p for p in every if periods[0] <= p <= periods[1]):
        with_all = _without(statement, "", found[""], period, among)
        if with_all.holds is None:
            continue
        # An input that has nothing to do with the year moves nothing.
        others = [_without(statement, name, series, period, among) for name, series in found.items() if name]
        one = Sensitivity(statement, period, inputs, with_all, ())
        order = sorted(others, key=lambda w: (-_distance(one.moved(w)), w.left_out))
        made.append(Sensitivity(statement, period, inputs, with_all, tuple(order)))
    return made


def _distance(moved: float | None) -> float:
    return float("inf") if moved is None else abs(moved)


def _without(statement: Statement, name: str, series: Series, period: int, among: Collection[str]) -> Without:
    left = series.get(statement.entity, {}).get(period)
    right = series.get(statement.other, {}).get(period) if statement.other else Observation(1.0, None, None, "A")
    if left is None or right is None or left.value is None or right.value is None:
        return Without(name, left.value if left else None, right.value if right else None, None, "O", None)
    status = worst((left.status, right.status))
    if statement.is_rank:
        others = (series.get(e, {}).get(period) for e in among if e != statement.entity)
        place = 1.0 + sum(o is not None and (o.value or 0.0) > left.value for o in others)
        return Without(name, left.value, None, place, status, statement.holds(place - statement.number))
    holds = statement.holds(left.value - statement.number * right.value)
    ratio = left.value / right.value if right.value else None
    return Without(name, left.value, right.value if statement.other else None, ratio, status, holds)


# -- for a reader --------------------------------------------------------------------------------------------


def rows(found: Sensitivity) -> Iterator[dict[str, Any]]:
    """One row for the headline with all inputs, then one without each."""
    for one in (found.with_all, *found.without):
        moved = found.moved(one)
        yield {
            "indicator": found.statement.indicator,
            "period": found.period,
            "inputs": found.inputs,
            "left_out": one.left_out,
            "left": one.left,
            "right": one.right,
            "outcome": one.outcome,
            "moved": None if moved is None else round(moved, 6),
            "holds": one.holds,
            "status": one.status,
        }


def summary(text: str, found: Sensitivity, lang: str) -> dict[str, Any]:
    """One year of a headline in one row, in the words of a language."""
    w = texts()[lang]
    known = [(o, moved) for o in found.without if (moved := found.moved(o)) is not None and moved]
    furthest = f"{known[0][0].left_out} {known[0][1]:+.1%}" if known else w["none"]
    outcomes = [o.outcome for o in (found.with_all, *found.without) if o.outcome is not None]
    return {
        w["headline"]: text,
        w["period"]: str(found.period),
        w["holds"]: w["yes"] if found.with_all.holds else w["no"],
        w["outcome"]: _outcome(found.with_all),
        w["inputs"]: f"{len(found.without)} {w[found.inputs]}",
        w["furthest"]: furthest,
        w["range"]: f"{min(outcomes):.4g}–{max(outcomes):.4g}" if outcomes else w["none"],
        w["turned"]: ", ".join(found.turning) or w["none"],
        w["alone"]: ", ".join(found.alone) or w["none"],
    }


def _outcome(of: Without) -> str:
    """The ratio or place; where the right side is 0 both sides, for there is no ratio."""
    return f"{of.left:.4g} : 0" if of.outcome is None else f"{of.outcome:.4g}"


def detail(found: Sensitivity, lang: str) -> list[dict[str, Any]]:
    """Every input of one year, in the words of a language; inputs that move nothing are left to csv and json."""
    w = texts()[lang]
    shown = [o for o in found.without if found.moved(o) != 0]
    return [
        {
            w["left_out"]: o.left_out or w["nothing"],
            w["left"]: o.left,
            w["right"]: o.right,
            w["outcome"]: o.outcome,
            w["moved"]: "" if (moved := found.moved(o)) is None else f"{moved:+.2%}",
            w["holds"]: w["untold"] if o.holds is None else w["yes"] if o.holds else w["no"],
            w["status"]: o.status,
        }
        for o in (found.with_all, *shown)
    ]


def headlines(given: Sequence[str]) -> tuple[str, ...]:
    """The statements given, or the main headlines."""
    if "*" in "".join(s[:1] for s in given):
        raise UsageError("the indicator * cannot be asked here", "name one, as in 'papers CHN > USA'")
    return tuple(given) or tuple(texts()["headlines"])
