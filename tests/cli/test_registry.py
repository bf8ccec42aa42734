"""`macaw registry`: what it prints, and that a broken rule is named and ends with 1."""

from __future__ import annotations

import json

import pytest

from macaw.organisations import check
from macaw.organisations.check import Finding


def test_check_counts_companies_by_country(run):
    shown = run("registry", "check", "--format", "json")
    rows = json.loads(shown.out)
    assert shown.code == 0
    assert rows[0]["country"] == "all"
    assert rows[0]["companies"] == sum(r["companies"] for r in rows[1:])
    assert "no row breaks a rule" in shown.err


@pytest.mark.parametrize(("show", "column"), [("thin", "lacks"), ("unchecked", "says")])
def test_check_lists_what_is(run, show, column):
    shown = run("registry", "check", "--show", show, "--limit", 3)
    assert shown.code == 0
    assert column in shown.out.splitlines()[0]
    assert len(shown.out.splitlines()) == 4
    assert "more: --limit" in shown.err


def test_a_broken_rule_ends_with_1_and_says_what_to_do(run, monkeypatch):
    broken = Finding("ownership.csv, line 7", "cycle a → b → a", "remove one row")
    monkeypatch.setattr(check, "findings", lambda _: [broken])
    shown = run("registry", "check")
    assert shown.code == 1
    assert "registry/ownership.csv, line 7: cycle a → b → a\n  → remove one row" in shown.err
    assert "breaks 1 of its rules" in shown.err


def test_show_prints_owners_with_their_years(run):
    rows = json.loads(run("registry", "show", "deepmind", "--format", "json").out)
    owned = [(r["value"], r["from"]) for r in rows if r["says"] == "subsidiary of"]
    assert owned == [("alphabet", "2014")]
    unknown = run("registry", "show", "nobody")
    assert (unknown.code, "macaw entities nobody" in unknown.err) == (2, True)
