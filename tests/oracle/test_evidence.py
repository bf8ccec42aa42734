"""Indicators on evidence, on DuckDB, give what a plain implementation gives, on any evidence."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaw.indicators import default_specification, indicators
from macaw.indicators.values import COUNTINGS, replace
from support.steps import Steps

YEARS = range(2019, 2023)
ENTITIES = ("USA", "CHN", "DEU", "o1")
# One of each kind: they differ in nothing but their series.
KINDS = {
    (i.query_name, i.absent, i.few, i.parameters.get("span")): i for i in indicators().values() if i.base == "evidence"
}

record = st.fixed_dictionaries(
    {
        "record": st.sampled_from(["r0", "r1", "r2", "r3", "r4"]),
        "entity": st.sampled_from(ENTITIES[:3]),
        "period": st.sampled_from(YEARS),
        "amount": st.sampled_from([None, 0.0, 1.0]),
        "share": st.sampled_from([0.25, 0.5, 1.0]),
        "status": st.sampled_from("AEU"),
    }
)
evidence = st.lists(record, max_size=10, unique_by=lambda r: (r["record"], r["entity"], r["period"]))
coverage = st.dictionaries(
    st.tuples(st.sampled_from(["any", *ENTITIES]), st.sampled_from(YEARS)), st.sampled_from("AP")
)


def plain(of, rows, covered, entity, counting):
    """Value, n and status by year."""
    mine = [r for r in rows if r["entity"] == entity]
    looked_at = {year for _, year in covered}
    back = int(of.parameters.get("span", 1)) - 1
    # A record of a year that no source covers is still a record; a maximum is taken in covered years only.
    years = (looked_at or {2020}) | (set() if of.query_name == "evidence_max" else {r["period"] for r in mine})
    found = {}
    for year in years:
        said = covered.get((entity, year)) or covered.get(("any", year)) or "L"
        within = [r for r in mine if year - back <= r["period"] <= year]
        if of.query_name == "evidence_max" and not looked_at:
            within = []
        found[year] = stated(of, within, said, counting) if within else absent(of, said)
    return found


def absent(of, said):
    if said == "L":
        return None, 0, "L"
    return {"zero": (0, 0, said), "cannot_exist": (None, 0, "M"), "not_collected": (None, 0, "L")}[of.absent]


def stated(of, mine, said, counting):
    def weight(r):
        return Fraction(1) if counting == "full" else Fraction(r["share"])

    known = [r for r in mine if r["amount"] is not None]
    n, status = len(mine), max(r["status"] for r in mine)
    if of.query_name == "evidence_sum":
        value = sum(Fraction(r["amount"]) * weight(r) for r in known) if known else None
        status = "U" if 0 < len(known) < n else status
    elif of.query_name == "evidence_max":
        largest = max((r["amount"] for r in known), default=None)
        top = min((r for r in mine if r["amount"] == largest), key=lambda r: r["record"])
        value, status = top["amount"], top["status"]
    elif of.query_name == "evidence_share":
        n = len(known)
        value = sum(Fraction(r["amount"]) * weight(r) for r in known) / sum(map(weight, known)) if known else None
    else:
        value, status = sum(weight(r) for r in mine if r["amount"] is None) / sum(map(weight, mine)), "A"
    if value is None:
        return None, n, "O"
    if n < of.few or status == "U":
        return value, n, "U"
    return value, n, status if said in "AL" else said


@given(evidence, coverage, st.sampled_from(ENTITIES), st.sampled_from(COUNTINGS))
def test_values_agree(rows, covered, entity, counting):
    for of in KINDS.values():
        spec = replace(default_specification(of), counting=counting)
        named = {"series": of.parameters["series"], "definition": spec.definition}
        steps = Steps(
            {
                "evidence": [r | named for r in rows],
                "evidence_coverage": [
                    named | {"entity": e, "period": y, "status": s, "completeness": 1.0}
                    for (e, y), s in covered.items()
                ],
                "coverage": [{"period": 2020}],
                "entities": [{"entity": e, "kind": "company" if e == "o1" else "country", "name": e} for e in ENTITIES],
            }
        )
        found = {r["period"]: (r["value"], r["n"], r["status"]) for r in steps.values(of, [spec], [entity]).to_pylist()}
        expected = plain(of, rows, covered, entity, counting)
        near = {
            y: (None if v is None else pytest.approx(float(v), abs=1e-9), n, s) for y, (v, n, s) in expected.items()
        }
        assert found == near, of.id
