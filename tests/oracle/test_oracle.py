"""The SQL, on DuckDB, gives what the plain implementation gives, on any world."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macaw.indicators import indicators
from macaw.indicators.values import OWNERSHIPS, PLACES, TERRITORIES
from support.extent import LONG
from support.steps import Steps

from .plain import Oracle, Value
from .worlds import COUNTRIES, GROUPS, ORGANISATIONS, specifications, worlds

ON_PAPERS = [i for i in indicators().values() if i.base in ("cells", "references")]
MEASURES = sorted({str(i.parameters["measure"]) for i in ON_PAPERS if i.base == "cells"})


def near(number):
    """A number that another one within 1e-9 of it equals."""
    return None if number is None else pytest.approx(float(number), rel=0, abs=1e-9)


@given(worlds())
def test_activity_agrees(world):
    found = {
        (r["work"], r["organisation"], r["country"], r["is_ancestor"]): r["share"]
        for r in Steps(world.tables()).rows("activity")
    }
    expected = {
        (work, c.organisation, c.country, c.is_ancestor): near(c.share)
        for work, activity in Oracle(world).activity.items()
        for c in activity
    }
    assert found == expected


@given(worlds())
def test_credits_agree(world):
    oracle, rows = Oracle(world), Steps(world.tables()).rows("credits")
    for place in PLACES:
        for ownership in OWNERSHIPS:
            found = {
                (r["work"], r["entity"], r["place_country"]): r["share"]
                for r in rows
                if r["place"] in ("any", place) and r["ownership"] in ("any", ownership)
            }
            expected = {
                (w.work, *who): near(share)
                for w in oracle.published
                for who, share in oracle.credits(w, place, ownership).items()
            }
            assert found == expected


@given(worlds())
def test_measures_agree(world):
    oracle, rows = Oracle(world), Steps(world.tables()).rows("record_measures")
    for territory in TERRITORIES:
        found = {(r["work"], r["measure"]): r["value"] for r in rows if r["territory"] in ("any", territory)}
        every = {(w.work, m): oracle.measure(w, m, territory) for w in oracle.published for m in MEASURES}
        assert found == {key: near(value) for key, value in every.items() if value is not None}


@given(worlds())
def test_venue_years_agree(world):
    columns = ("papers", "listing", "is_collected", "citations_collected", "starts_break")
    found = {(r["venue"], r["period"]): [r[c] for c in columns] for r in Steps(world.tables()).rows("venue_years")}
    years = Oracle(world).venue_years
    assert found == {key: [getattr(year, c) for c in columns] for key, year in years.items()}


def _told(of, specs):
    """Specifications of the topics that an indicator is told of."""
    return specs if "topic" in of.rests_on.switches else list(dict.fromkeys(replace(s, topic="ai") for s in specs))


# Every example runs every indicator: a third as many as elsewhere, but in long runs.
@settings(max_examples=settings.default.max_examples // (1 if LONG else 3))
@given(worlds(), st.data())
def test_values_agree(world, data):
    oracle, steps = Oracle(world), Steps(world.tables())
    specs = data.draw(st.lists(specifications, min_size=1, max_size=3, unique=True))
    asked = data.draw(st.lists(st.sampled_from((*ORGANISATIONS, *COUNTRIES, *GROUPS, "WLD")), max_size=2, unique=True))
    by_country = data.draw(st.booleans())
    for of in ON_PAPERS:
        asked_for = _told(of, specs)
        rows = steps.values(of, asked_for, asked, by_country=by_country).to_pylist()
        for spec in asked_for:
            found = {
                ((r["entity"], r["place_country"]), r["period"]): Value(
                    r["value"], r["n"], r["status"], r["completeness"]
                )
                for r in rows
                if all(r[name] == choice for name, choice in vars(spec).items())
            }
            expected = oracle.values(of, spec, asked, by_country=by_country)
            assert found == {
                key: Value(near(v.value), v.n, v.status, near(v.completeness)) for key, v in expected.items()
            }, of.id
        assert len(rows) == sum(len(oracle.values(of, s, asked, by_country=by_country)) for s in asked_for)
