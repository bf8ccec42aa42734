"""`macaw registry check`: each rule finds the row that breaks it, and nothing in the registry that is shipped."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from macaw.errors import RegistryError, UsageError
from macaw.organisations import check
from macaw.organisations.check import Fact, Owned, Registry
from macaw.registry.vocabulary import vocabulary

COLUMNS = ("organisation", "property", "value", "language", "country", "first", "last", "source")
ACME = """
acme,kind,company,,,,,unchecked
acme,name,Acme,en,,,,unchecked
acme,name,顶峰,zh,,,,unchecked
acme,country,USA,,,,,unchecked
acme,sector,ai,,,,,unchecked
"""
BEST = ACME.replace("acme", "best").replace("Acme", "Best Robotics").replace("顶峰", "最佳机器人")
GROUP = {"name": "Makers", "name_zh": "制造商", "kind": "company", "members": ["acme"], "source": "unchecked"}


def facts(text: str) -> list[Fact]:
    lines = [line for line in text.splitlines() if line]
    return [Fact(f"organisations.csv, line {n}", *line.split(",")) for n, line in enumerate(lines, start=2)]


def edges(text: str) -> list[Owned]:
    lines = [line for line in text.splitlines() if line]
    return [Owned(f"ownership.csv, line {n}", *line.split(",")) for n, line in enumerate(lines, start=2)]


def registry(text: str = "", owned: str = "", **groups: object) -> Registry:
    return Registry(
        facts=facts(ACME + BEST + text),
        ownership=edges(owned),
        groups={name: {**GROUP, **entry} for name, entry in groups.items()},  # type: ignore[dict-item]
        countries=frozenset({"USA", "CHN"}),
        terms=vocabulary(),
        places={"paris": "Paris"},
    )


def test_the_shipped_registry_breaks_no_rule():
    assert check.findings(check.validate()) == []


def test_a_small_registry_breaks_no_rule():
    assert check.findings(registry(makers={})) == []


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("acme,colour,red,,,,,unchecked", "property is 'colour'"),
        ("acme,alias, Acme Corp,en,,,,unchecked", "value is ' Acme Corp'"),
        ("acme,alias,Acme  Corp,en,,,,unchecked", "value is 'Acme  Corp'"),
        ("acme,alias,,en,,,,unchecked", "value is ''"),
        ("acme,alias,Acme Corp,,,,,unchecked", "alias 'Acme Corp' has the language ''"),
        ("acme,domain,acme.com,en,,,,unchecked", "domain 'acme.com' has the language 'en'"),
        ("acme,alias,顶峰公司,en,,,,unchecked", "'顶峰公司' is marked as English"),
        ("acme,domain,https://acme.com,,,,,unchecked", "domain is 'https://acme.com'"),
        ("acme,founded,20011,,,,,unchecked", "founded is '20011'"),
        ("acme,name_is_ambiguous,true,,,,,unchecked", "name_is_ambiguous is 'true'"),
        ("acme,stage,famous,,,,,unchecked", "stage is 'famous'"),
        ("acme,ticker,ACME,,,,,unchecked", "ticker is 'ACME'"),
        ("acme,ticker,XQQQ:ACME,,,,,unchecked", "ticker is 'XQQQ:ACME'"),
        ("acme,ror,03cve4548,,,,,unchecked", "ror is '03cve4548', which fails its check digits"),
        ("acme,lab,Acme AI,en,XYZ,,,unchecked", "country is 'XYZ'"),
        ("acme,alias,Acme Corp,en,,,,a friend", "source is 'a friend'"),
        ("acme,alias,Acme Corp,en,,,,", "source is ''"),
        ("acme,former_name,Acme Old,en,,2010,2001,unchecked", "runs from 2010 to 2001"),
        ("acme,name,Acme,en,,,,ROR:03cve4549", "acme: name 'Acme' stands in organisations.csv, line 3 too"),
        ("acme,name,Acme Two,en,,,,unchecked", "acme has 2 names in en"),
        ("acme,country,CHN,,,,,unchecked", "acme has more than one country: USA, CHN"),
        ("acme,sector,health,,,,,unchecked", "acme has more than one sector: ai, health"),
        ("acme,alias,best robotics,en,,,,unchecked", "'best robotics' names acme, best"),
        ("acme,alias,Best-Robotics,en,,,,unchecked", "'Best-Robotics' names acme, best"),
        ("acme,alias,Paris,en,,,,unchecked", "'Paris' is a place"),
        ("Acme Two,kind,company,,,,,unchecked", "the id is 'Acme Two'"),
        ("lone,kind,company,,,,,unchecked", "lone has no English name"),
        ("lone,kind,company,,,,,unchecked", "lone has no country"),
        ("lone,kind,company,,,,,unchecked", "lone has no sector"),
        ("lone,kind,university,,,,,unchecked", "kind is 'university'"),
        ("ror:03cve4548,alias,Some Institute,en,,,,unchecked", "ror:03cve4548 fails its check digits"),
    ],
)
def test_a_row_that_breaks_a_rule_is_found(row, what):
    broken = registry(row)
    found = [f for f in check.findings(broken) if f.what.startswith(what)]
    assert found, check.findings(broken)
    assert found[0].where == broken.facts[-1].where
    assert found[0].remedy


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ("acme,ror,03cve4549,,,,,x\nbest,ror,03cve4549,,,,,x", "ror 03cve4549 is claimed by acme, best"),
        ("acme,ticker,XNAS:A,,,,,x\nbest,ticker,XNAS:A,,,,,x", "ticker XNAS:A is claimed by acme, best"),
        ("acme,ror,03cve4549,,,,,x\nror:03cve4549,alias,Acme Lab,en,,,,x", "ror:03cve4549 is claimed by acme"),
        ("acme,lab,Joint,en,,,,x\nbest,alias,Joint,en,,,,x", "'Joint' names acme, best"),
    ],
)
def test_two_rows_that_contradict_each_other_are_found(rows, what):
    assert what in [f.what for f in check.findings(registry(rows))]


def test_a_laboratory_may_have_two_owners():
    rows = "acme,lab,Joint,en,,,,unchecked\nbest,lab,Joint,en,,,,unchecked"
    assert check.findings(registry(rows)) == []


@pytest.mark.parametrize(
    ("rows", "where", "what"),
    [
        ("acme,best,subsidiary,2010,,unchecked\nbest,acme,subsidiary,2012,,unchecked", "line 3", "cycle"),
        ("nobody,best,subsidiary,,,unchecked", "line 2", "child 'nobody' is no company"),
        ("acme,nobody,affiliate,,,unchecked", "line 2", "parent 'nobody' is no company"),
        ("acme,ror:03cve4548,subsidiary,,,unchecked", "line 2", "parent 'ror:03cve4548' is no company"),
        ("acme,best,subsidiary,2012,2010,unchecked", "line 2", "runs from 2012 to 2010"),
        ("acme,best,affiliate,2010,,unchecked\nacme,best,affiliate,2010,2012,unchecked", "line 3", "stands in"),
        ("acme,best,subsidiary,2010,,hearsay", "line 2", "source is 'hearsay'"),
        ("acme,acme,subsidiary,2010,,unchecked", "line 2", "cycle acme → acme"),
        ("acme,acme,affiliate,2010,,unchecked", "line 2", "acme is owned by itself"),
    ],
)
def test_an_ownership_that_breaks_a_rule_is_named_by_row(rows, where, what):
    found = check.findings(registry(owned=rows))
    assert [f for f in found if f"ownership.csv, {where}" in f.where and what in f.what], found


def test_two_owners_at_once_are_named_by_both_rows():
    third = BEST.replace("best", "core").replace("Best Robotics", "Core").replace("最佳机器人", "核心")
    rows = "acme,best,subsidiary,2010,,unchecked\nacme,core,subsidiary,2015,2020,unchecked"
    [found] = check.findings(registry(third, rows))
    assert found.where == "ownership.csv, line 2 and ownership.csv, line 3"
    assert found.what == "acme has owners best, core at once (2015)"


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ({"members": ["acme", "acme"]}, "acme stands 2 times"),
        ({"members": ["nobody"]}, "member 'nobody' is unknown"),
        ({"members": "acme"}, "members is no list"),
        ({"kind": "country", "members": ["acme"]}, "member 'acme' is unknown"),
        ({"name_zh": "Makers"}, "lacks its name in one of the languages"),
    ],
)
def test_a_group_that_breaks_a_rule_is_named(entry, what):
    [found] = check.findings(registry(makers=entry))
    assert (found.where, found.what) == ("groups.toml: [makers]", what)


def test_a_member_owned_from_outside_is_found():
    [found] = check.findings(registry(owned="acme,best,subsidiary,2010,,unchecked", makers={}))
    assert found.what == "acme belongs to best today, which is no member"


def test_counts_and_what_is_thin():
    small = registry("acme,stage,listed,,,,,ROR:x\nacme,domain,acme.com,,,,,ROR:x")
    assert check.counts(small)[0] == {
        "country": "all", "companies": 2, "name in Chinese": 2, "domain": 1, "ror": 0, "stage": 1, "founded": 0,
        "ticker": 0,
    }  # fmt: skip
    assert check.thin(small) == [
        {"company": "best", "country": "USA", "lacks": "domain, ror, stage, founded"},
        {"company": "acme", "country": "USA", "lacks": "ror, founded, ticker"},
    ]


def test_what_nobody_checked_is_listed():
    held = registry("acme,stage,listed,,,,,ROR:x", "acme,best,affiliate,2010,,unchecked", makers={})
    rows = check.unchecked(held)
    assert len(rows) == len(held.facts) - 1 + 1 + 1
    assert rows[-2] == {"where": "ownership.csv, line 2", "about": "acme", "says": "affiliate of best 2010–"}


def test_all_rows_on_a_company_stand_together():
    held = registry(owned="acme,best,affiliate,2010,,unchecked", makers={})
    assert [r["says"] for r in check.about(held, "acme")][-2:] == ["affiliate of", "member of"]
    assert [r["value"] for r in check.about(held, "best") if r["says"] == "has affiliate"] == ["acme"]
    with pytest.raises(UsageError, match="'nobody' is no company"):
        check.about(held, "nobody")


def test_a_faulty_vocabulary_is_named(monkeypatch):
    from macaw.registry import load

    def with_(text: str) -> None:
        monkeypatch.setattr(load, "text_of", lambda _: text)
        vocabulary.__wrapped__()

    with pytest.raises(RegistryError, match=r"\[colour\] is no kind of word"):
        with_('[colour.red]\nname = "red"\n')
    with pytest.raises(RegistryError, match=r"\[stage\.listed\]"):
        with_('[stage.listed]\nname = "listed"\n')
    with pytest.raises(RegistryError, match=r"\[property\.founded\]"):
        with_('[property.founded]\nname = "a"\nname_zh = "年"\nform = "("\n')


def test_every_word_has_its_names_in_both_languages():
    from macaw.organisations.names import has_han

    terms = [t for words in vocabulary().values() for t in words.values()]
    assert [t for t in terms if not t.name or has_han(t.name)] == []
    latin = {t.name_zh for t in terms if not has_han(t.name_zh)}
    assert latin <= {"B3"}


# -- the worked example of the docs --------------------------------------------------------------------------


def test_the_example_of_the_docs_breaks_no_rule():
    page = (Path(__file__).parents[2] / "docs" / "registry.md").read_text("utf-8")
    company, lab, acquisition = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    [group] = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    shipped = check.read()
    wider = replace(
        shipped,
        facts=[*shipped.facts, *facts(company + lab)],
        ownership=[*shipped.ownership, *edges(acquisition)],
        groups=shipped.groups | tomllib.loads(group),
    )
    assert check.findings(wider) == []
    assert len(wider.companies) == len(shipped.companies) + 1
