"""Worlds whose truth is known are counted with errors of known kinds; intervals must hold the truth nine times in ten.

The worlds are made forwards (papers are written, names are missed or mistaken, affiliations are lost), which is not how
intervals are drawn. A bigger run: `python benchmarks/intervals.py --recover 100`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from macaw.indicators import Specification, indicator
from macaw.uncertainty import Papers, interval
from macaw.uncertainty.intervals import drawn
from macaw.uncertainty.ranks import places
from macaw.uncertainty.rates import Rate, Rates

YEARS = range(2015, 2021)
RECALL = 0.9
STATED = (0.75, 0.9, 0.97)
MEASURED = ("papers", "papers_share", "papers_growth", "papers_growth_parat")


@dataclass
class World:
    """Many small worlds side by side, each with a venue and organisations of its own; truth by entity and year."""

    located: float
    names: int
    of: np.random.Generator
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    # Entity and year: papers, and shares of papers, that are truly its own; venue and year: papers.
    truth: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    papers: dict[tuple[str, int], int] = field(default_factory=dict)

    def add(self, table: str, **row: Any) -> None:
        self.tables.setdefault(table, []).append(row)

    def make(self, number: int, entities: int) -> None:
        venue = f"V{number}"
        self.add("registry_venue_lists", venues=venue, venue=venue)
        for year in YEARS:
            self.add("venue_years", venue=venue, period=year, is_collected=True, citations_collected=True)
            coverage = {"is_panel": True, "collected_venues": 1, "held_venues": 1}
            self.add("coverage", venues=venue, topic="ai", definition="venue", period=year, **coverage)
            # Papers of nobody here.
            for k in range(self.of.poisson(40)):
                self.paper(venue, year, f"{venue} other {year} {k}")
        for k in range(entities):
            entity = f"e{number}.{k}"
            self.add("entities", entity=entity, kind="education")
            for n in range(self.names):
                stated = float(self.of.choice(STATED))
                found = self.of.random() < RECALL
                self.name(venue, entity, f"{entity} name {n}", stated, is_right=True, is_found=bool(found))
                for m in range(self.of.poisson((1 - stated) / stated) if found else 0):
                    self.name(venue, entity, f"{entity} wrong {n} {m}", stated, is_right=False, is_found=True)

    def name(self, venue: str, entity: str, name: str, stated: float, *, is_right: bool, is_found: bool) -> None:
        size = int(self.of.integers(1, 3))
        for k in range(size):
            year = int(self.of.choice(YEARS))
            share = float(self.of.uniform(0.2, 1.0))
            work = f"{name} {k}"
            self.add("authorships", work=work, raw_name=name)
            is_located = self.paper(venue, year, work)
            if is_right:
                true = self.truth.setdefault((entity, year), [0.0, 0.0])
                true[0], true[1] = true[0] + 1, true[1] + share
            if is_found and is_located:
                said = {"work": work, "raw_name": name, "share": share, "probability": stated}
                rule = {"entity": entity, "place_country": "", "place": "any", "ownership": "any"}
                self.add("credit_names", **said, **rule)

    def paper(self, venue: str, year: int, work: str) -> bool:
        is_located = bool(self.of.random() < self.located)
        self.papers[venue, year] = self.papers.get((venue, year), 0) + 1
        self.add("works", work=work, venue=venue, period=year, is_published=True)
        self.add("record_topics", work=work, topic="ai", definition="venue")
        if is_located:
            self.add("record_measures", work=work, measure="papers", territory="any", value=1.0)
            self.add("activity", work=work, country="AAA", is_ancestor=False)
        return is_located

    def connection(self) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect()
        for name, rows in self.tables.items():
            con.register(name, pa.Table.from_pylist(rows))
        con.execute("create table group_members (group_id varchar, member varchar, kind varchar)")
        return con


def coverage_of(located: float, names: int, worlds: int, entities: int, seed: int) -> dict[str, float]:
    """How often the interval holds the truth: of counts, shares, growth and ranks."""
    world = World(located, names, np.random.default_rng(seed))
    for number in range(worlds):
        world.make(number, entities)
    papers = Papers(world.connection())
    held: dict[str, list[bool]] = {name: [] for name in (*MEASURED, "ranks")}
    for number in range(worlds):
        venue = f"V{number}"
        spec = Specification(counting="fractional", venues=venue)
        scope = {f"e{number}.{k}" for k in range(entities)}
        totals: dict[str, Any] = {e: np.zeros(papers.draws + 1, np.float32) for e in scope}
        requests = [(indicator(i), spec) for i in MEASURED]
        for each in drawn(papers, requests, scope):
            for key, year, draws in zip(each.series.key, each.series.period, each.series.total, strict=True):
                entity = papers.keys[key][0]
                truth = true_value(world, each.indicator.id, entity, venue, int(year))
                ends = interval(draws)
                if ends and truth is not None:
                    held[each.indicator.id].append(ends[0] - 1e-6 <= truth <= ends[1] + 1e-6)
                if each.indicator.id == "papers":
                    totals[entity] += draws
        listed = sorted(totals)
        told = places(np.stack([totals[e] for e in listed]))
        true = [sum(world.truth.get((e, y), [0, 0])[1] for y in YEARS) for e in listed]
        for i in range(len(listed)):
            place = 1 + sum(t > true[i] for t in true)
            held["ranks"].append(told.low[i] <= place <= told.high[i])
    return {name: float(np.mean(found)) for name, found in held.items()}


def true_value(world: World, name: str, entity: str, venue: str, year: int) -> float | None:
    by_year = [world.truth.get((entity, y), [0.0, 0.0])[1] for y in YEARS]
    if name == "papers_growth":
        early, late = sum(by_year[:3]), sum(by_year[3:])
        return (late / early) ** (1 / 3) - 1 if early else None
    if name == "papers_growth_parat":
        four = by_year[year - YEARS[0] - 3 : year - YEARS[0] + 1]
        changes = [b / a - 1 for a, b in itertools.pairwise(four) if a]
        return float(np.mean(changes)) if changes else None
    own = by_year[year - YEARS[0]]
    return own if name == "papers" else own / world.papers[venue, year]


@contextmanager
def of_known_rates() -> Iterator[None]:
    """With the rates by which the worlds are made, known from a large sample."""
    education = Rate(right=90_000, found=105_000, wanted=100_000)
    made = Rates({"education": education, "other": education, "country": education}, 0.2, 2.0, 0.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("macaw.uncertainty.papers.rates", lambda: made)
        patch.setattr("macaw.uncertainty.rates.rates", lambda: made)
        yield


@pytest.fixture(autouse=True)
def known_rates() -> Iterator[None]:
    with of_known_rates():
        yield


def test_shares_growth_and_ranks_are_held_nine_times_in_ten() -> None:
    found = coverage_of(located=0.85, names=60, worlds=150, entities=6, seed=3)
    assert 0.88 <= found["papers_share"] <= 0.92, found
    assert 0.87 <= found["papers_growth"] <= 0.94, found
    assert 0.87 <= found["papers_growth_parat"] <= 0.94, found
    assert found["ranks"] >= 0.88, found


def test_small_counts_and_their_growth_are_held_nine_times_in_ten() -> None:
    found = coverage_of(located=0.85, names=4, worlds=150, entities=6, seed=2)
    assert all(share >= 0.88 for share in found.values()), found
