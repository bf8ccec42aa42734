"""The profile of a company or a country: its pillars side by side, each with its place among peers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from macaw import registry
from macaw.api import Observatory
from macaw.errors import UsageError
from macaw.indicators import Indicator
from macaw.indicators.pillars import ADD_UP, COUNTING, Pillar, pillars
from macaw.indicators.standing import Standing, standings
from macaw.indicators.vitality import Vitality, vitality
from macaw.registry.vocabulary import vocabulary

# Peers that are no group of the registry. Sectors with fewer peers than this are too few to be placed among.
KINDS_OF_PEERS = ("sector", "country", "country+sector", "all")
FEWEST_PEERS = 10
HEADCOUNT = "headcount"


@dataclass(frozen=True)
class Peers:
    """Those that an entity is placed among, itself included: what they are called, and their ids."""

    id: str
    name: str
    name_zh: str
    members: frozenset[str]


@dataclass(frozen=True)
class Line:
    """One indicator of a profile: its row of the table `profiles`, its place, and whether it leads its pillar.

    per_1000_staff, of one year in the mean, is given only where `figures` holds a headcount of the last year: one from
    outside the data counted.
    """

    pillar: Pillar
    of: Indicator
    row: Mapping[str, Any]
    standing: Standing | None
    leads: bool
    per_1000_staff: float | None


@dataclass(frozen=True)
class Profile:
    """An entity's lines by pillar (a pillar of which nothing was collected has none), its peers and its vitality."""

    entity: Mapping[str, Any]
    peers: Peers
    lines: Mapping[str, tuple[Line, ...]]
    vitality: Vitality | None
    weights: Mapping[str, Fraction]


def profile(observatory: Observatory, name: str, *, peers: str | None = None, weights: str | None = None) -> Profile:
    """The profile of a company or country by id or name.

    `peers`: sector, country, country+sector, all, or a group of the registry; by default a company's sector where it
    has ten peers, else all. `weights`: of pillars, as in "research=2,money=0"; 1 where none is named.
    Raises `UsageError` for what is neither company nor country, and for peers, pillars or weights that do not exist.
    """
    return Profiles(observatory).of(observatory.entity(name), peers=peers, weights=weights)


class Profiles:
    """All profiles of one build or release: the table is read once, places among the same peers are found once."""

    def __init__(self, observatory: Observatory) -> None:
        self.observatory = observatory
        self._peers: dict[tuple[str | None, ...], Peers] = {}
        self._standings: dict[tuple[frozenset[str], str], dict[str, dict[str, Standing]]] = {}

    def of(self, entity: str, *, peers: str | None = None, weights: str | None = None) -> Profile:
        """The profile of the entity of that id (see `profile`)."""
        found = self._entities.get(entity)
        if found is None or found["kind"] not in COUNTING:
            said = f"is a {found['kind']}" if found else "has no record in this build"
            raise UsageError(f"{entity} {said}", "profiles are of companies and countries: macaw entities TEXT")
        chosen = parse_weights(weights)
        among = self.peers(found, peers)
        places = self._places(among.members, found["kind"])
        lines = {p.id: tuple(self._lines(p, found, places)) for p in pillars().values()}
        leading = {line.pillar.id: places[line.of.id] for held in lines.values() for line in held if line.leads}
        return Profile(found, among, lines, vitality(entity, leading, chosen), chosen)

    def _lines(self, pillar: Pillar, entity: Mapping[str, Any], places: Mapping[str, Any]) -> Iterable[Line]:
        shown = pillar.shown[entity["kind"]]
        lead = next((of for of in shown if places.get(of.id)), None)
        for of in shown:
            row = self._rows.get((entity["entity"], of.id))
            if row is not None:
                place = places.get(of.id, {}).get(entity["entity"])
                yield Line(pillar, of, row, place, of is lead, self._per_1000_staff(of, row))

    def _places(self, members: frozenset[str], kind: str) -> dict[str, dict[str, Standing]]:
        """Standings among peers by indicator; empty for one of which no peer has a value."""
        key = (members, kind)
        if key not in self._standings:
            values: dict[str, dict[str, float | None]] = defaultdict(dict)
            for (entity, of), row in self._rows.items():
                if entity in members:
                    values[of][entity] = row["value"]
            self._standings[key] = {of: standings(held) for of, held in values.items()}
        return self._standings[key]

    # Peers

    def peers(self, entity: Mapping[str, Any], asked: str | None = None) -> Peers:
        """The peers of an entity: members of the group asked for that have any record, and itself.

        A member without a single record takes no part: that says more of what is collected than of the member.
        """
        if asked is None:
            if entity["kind"] == "company" and self._trait(entity, "sector"):
                found = self._alike(entity, "sector")
                if len(found.members) > FEWEST_PEERS:
                    return found
            return self._alike(entity, "all")
        return self._alike(entity, asked) if asked in KINDS_OF_PEERS else self._group(entity, asked)

    def _alike(self, entity: Mapping[str, Any], asked: str) -> Peers:
        """Those of the same kind that share country, sector, both or nothing."""
        shared = [] if asked == "all" else asked.split("+")
        own = [self._trait(entity, trait) for trait in shared]
        if None in own or (shared and entity["kind"] == "country"):
            raise UsageError(f"{entity['entity']} has no {asked} to share", "choose a group, or all")
        key = (entity["kind"], asked, *own)
        if key not in self._peers:
            self._peers[key] = self._sharing(entity["kind"], dict(zip(shared, own, strict=True)))
        return self._peers[key]

    def _sharing(self, kind: str, traits: Mapping[str, str | None]) -> Peers:
        members = {
            e["entity"]
            for e in self._entities.values()
            if e["kind"] == kind and all(self._trait(e, trait) == own for trait, own in traits.items())
        }
        words = [self._words(trait, str(own)) for trait, own in traits.items()]
        label = "+".join(f"{trait}={own}" for trait, own in traits.items()) or "all"
        name, name_zh = " + ".join(w[0] for w in words) or "all", "、".join(w[1] for w in words) or "全部"
        return Peers(label, name, name_zh, frozenset(members))

    def _group(self, entity: Mapping[str, Any], asked: str) -> Peers:
        rows = [r for r in registry.tables()["registry_groups"].to_pylist() if r["kind"] == entity["kind"]]
        names = {r[c].casefold(): r["group_id"] for r in rows for c in ("group_id", "name", "name_zh")}
        group = names.get(asked.casefold())
        if group is None:
            known = ", ".join([*KINDS_OF_PEERS, *dict.fromkeys(r["group_id"] for r in rows)])
            raise UsageError(f"there are no peers {asked!r} of a {entity['kind']}", f"choose from {known}")
        held = [r for r in rows if r["group_id"] == group]
        members = {r["member"] for r in held if r["member"] in self._entities} | {entity["entity"]}
        return Peers(group, held[0]["name"], held[0]["name_zh"], frozenset(members))

    def _trait(self, entity: Mapping[str, Any], trait: str) -> str | None:
        return entity["country"] if trait == "country" else self._sectors.get(entity["entity"])

    @staticmethod
    def _words(trait: str, value: str) -> tuple[str, str]:
        """A country or sector in both languages."""
        if trait == "country":
            rows = registry.tables()["registry_countries"].to_pylist()
            return next(((r["name"], r["name_zh"]) for r in rows if r["country"] == value), (value, value))
        word = vocabulary()["sector"][value]
        return word.name, word.name_zh

    # What is read once

    @cached_property
    def _entities(self) -> dict[str, dict[str, Any]]:
        return {r["entity"]: r for r in self.observatory.table("entities").to_pylist()}

    @cached_property
    def _rows(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {(r["entity"], r["indicator"]): r for r in self.observatory.table("profiles").to_pylist()}

    @cached_property
    def _sectors(self) -> dict[str, str]:
        facts = registry.tables()["registry_facts"].to_pylist()
        return {r["organisation"]: r["value"] for r in facts if r["property"] == "sector"}

    @cached_property
    def _headcounts(self) -> dict[tuple[str, int], float]:
        rows = registry.tables()["registry_figures"].to_pylist()
        return {
            (r["entity"], r["period"]): r["value"]
            for r in rows
            if r["series"] == HEADCOUNT and r["value"] and r["grade"] != "unread" and not r["disputed"]
        }

    def _per_1000_staff(self, of: Indicator, row: Mapping[str, Any]) -> float | None:
        staff = self._headcounts.get((row["entity"], row["period"]))
        counted = of.query_name in ADD_UP and of.category != "people"
        if not staff or not counted or row["value"] is None:
            return None
        return float(1000 * row["value"] / (row["period"] - row["first_period"] + 1) / staff)


def parse_weights(text: str | None) -> dict[str, Fraction]:
    """Weights by pillar.

    >>> parse_weights("research=2,money=0")["research"], parse_weights(None)["money"]
    (Fraction(2, 1), Fraction(1, 1))
    """
    weights = dict.fromkeys(pillars(), Fraction(1))
    for part in filter(None, (text or "").split(",")):
        name, _, number = (p.strip() for p in part.partition("="))
        if name not in weights:
            raise UsageError(f"there is no pillar {name!r}", f"choose from {', '.join(weights)}")
        try:
            weights[name] = Fraction(number)
        except (ValueError, ZeroDivisionError):
            raise UsageError(f"weight of {name} is {number!r}", "a number, as in research=2") from None
        if weights[name] < 0:
            raise UsageError(f"weight of {name} is {number!r}", "no weight is below 0")
    if not any(weights.values()):
        raise UsageError("all weights are 0", "give one pillar a weight")
    return weights
