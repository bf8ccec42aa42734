"""Which switches the field disputes for an indicator, and under which entity and specification a value then stands."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from importlib.resources import files
from itertools import product
from typing import TypeVar

from macaw import registry
from macaw.indicators import Indicator, Specification, default_specification

SWITCHES = tuple(f.name for f in fields(Specification))
_T = TypeVar("_T")


def combinations(of: Indicator, choices: Mapping[str, Sequence[str]]) -> tuple[Specification, ...]:
    """Every combination of the choices, other switches as an indicator has them by default."""
    base = default_specification(of)
    made = [replace(base, **dict(zip(choices, chosen, strict=True))) for chosen in product(*choices.values())]
    return tuple(dict.fromkeys(made))


def counted_as(entity: str, spec: Specification) -> str:
    """The entity under which a country stands in a wider territory."""
    return entity if spec.territory == "mainland" else wider().get((spec.territory, entity), entity)


@cache
def wider() -> Mapping[tuple[str, str], str]:
    """The group that stands for a country under each wider territory."""
    rows = registry.tables()["registry_territories"].to_pylist()
    return {(r["territory"], r["counted_as"]): r["group_id"] for r in rows}


def computed_under(of: Indicator, spec: Specification) -> Specification:
    """The specification as values have it: territory is an entity of its own except across borders."""
    return spec if of.by_territory or spec.territory == "mainland" else replace(spec, territory="mainland")


@cache
def places() -> frozenset[str]:
    """Countries, groups of countries and the world: entities that work is located in."""
    tables = registry.tables()
    groups = tables["registry_groups"].to_pylist()
    return frozenset(
        {"WLD", *tables["registry_countries"]["country"].to_pylist()}
        | {r["group_id"] for r in groups if r["kind"] == "country"}
    )


def without_idle_switches(
    found: Sequence[_T],
    switches: Iterable[str],
    choices: Callable[[_T], Mapping[str, str]],
    outcome: Callable[[_T], Hashable],
    apart: Callable[[_T], Hashable] = lambda each: None,
) -> list[_T]:
    """Those of `found` without choices that change no outcome, which would count one value twice.

    Outcomes are compared among those that agree in all other switches and in `apart`.
    """
    left = list(found)
    for switch in switches:
        chosen = list(dict.fromkeys(choices(each)[switch] for each in left))
        alike: dict[Hashable, set[Hashable]] = {}
        for each in left:
            others = tuple(v for k, v in choices(each).items() if k != switch)
            alike.setdefault((apart(each), others), set()).add(outcome(each))
        if len(chosen) > 1 and all(len(outcomes) == 1 for outcomes in alike.values()):
            left = [each for each in left if choices(each)[switch] == chosen[0]]
    return left


@cache
def panel_years() -> Mapping[str, tuple[int, int]]:
    """First and last year for which each panel of venues was chosen."""
    lists = tomllib.loads(files("macaw.registry").joinpath("venue_lists.toml").read_text("utf-8"))
    return {name: (entry["start"], entry["end"]) for name, entry in lists.items() if "start" in entry}
