"""Counts of distinct people and of movers agree with plain implementations, whatever the papers."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st

from macaw.engine import connect
from macaw.indicators import researchers
from support.rows import filled
from support.steps import Steps

ORGANISATIONS = ("parrot", "lory", "kea")
COUNTRY = {"parrot": "USA", "lory": "CHN", "kea": "CHN"}
OWNERSHIP = [{"child": "lory", "parent": "parrot", "kind": "subsidiary", "from_year": 2021, "to_year": None}]
# Number of a name, of its group, and whether many people bear it.
NAMES = ((1, 1, True), (2, 1, False), (3, 2, True), (4, 3, False))

paper = st.fixed_dictionaries(
    {
        "period": st.sampled_from([2020, 2021, 2022, 2025]),
        "by": st.dictionaries(st.sampled_from(NAMES), st.sampled_from(ORGANISATIONS), min_size=1, max_size=3),
    }
)
papers = st.lists(paper, max_size=7)


def given_tables(listed):
    works, authorships, authors = [], [], []
    for number, each in enumerate(listed):
        work = f"w{number}"
        works.append({"work": work, "period": each["period"]})
        for slot, ((name, group, ambiguous), organisation) in enumerate(each["by"].items()):
            authorships.append({"work": work, "slot": slot, "raw_name": organisation})
            authors.append(
                {"work": work, "slot": slot, "author": name, "author_group": group, "is_ambiguous": ambiguous}
            )
    return {
        "works": works,
        "authorships": authorships,
        "source_authors": authors,
        "matches": [{"raw_name": o, "organisation": o, "country": COUNTRY[o]} for o in ORGANISATIONS],
        "registry_venue_lists": [{"venue": "V"}],
        "registry_ownership": OWNERSHIP,
    }


def made(listed, name):
    steps = Steps(given_tables(listed))
    con = connect()
    for table in researchers.MOVE_INPUTS:
        con.register(table, steps.table(table))
    make = {"researchers": researchers.researchers_table, "moves": researchers.moves_table}[name]
    return make(con).to_pylist()


def people(listed, members, period):
    """Value, low and high of a set of organisations in a year."""
    mine = [
        (name, group, ambiguous, frozenset(n for n, *_ in each["by"]) - {name}, organisation)
        for each in listed
        if each["period"] == period
        for (name, group, ambiguous), organisation in each["by"].items()
        if organisation in members
    ]
    high = 0
    for name, ambiguous in {(n, a) for n, _, a, _, _ in mine}:
        high += (
            1
            if not ambiguous
            else sum(
                len(components([others for n, _, _, others, o in mine if n == name and o == organisation]))
                for organisation in members
            )
        )
    return len({n for n, *_ in mine}), len({g for _, g, *_ in mine}), high


def components(sets):
    """Sets joined where they meet; an empty one meets none."""
    groups = []
    for each in sets:
        meeting = [g for g in groups if g & each]
        groups = [g for g in groups if not g & each] + [frozenset(each).union(*meeting)]
    return groups


@given(papers)
def test_distinct_people_agree(listed):
    heads = Steps(given_tables(listed) | {"researchers": made(listed, "researchers")})
    found = {
        (r["entity"], r["ownership"], r["period"]): (r["amount"], r["low"], r["high"])
        for r in heads.rows("evidence_heads")
        if r["entity"] in ORGANISATIONS
    }
    for period, rule in product((2020, 2021, 2022, 2025), ("none", "as_was", "as_is")):
        owned = rule == "as_is" or (rule == "as_was" and period >= 2021)
        for entity, members in {
            "parrot": ("parrot", "lory") if owned else ("parrot",),
            "lory": () if owned else ("lory",),
            "kea": ("kea",),
        }.items():
            expected = people(listed, members, period)
            key = found.get((entity, rule, period)) or found.get((entity, "any", period))
            assert key == (expected if expected[0] else None), (entity, rule, period)


@given(papers)
def test_bounds_hold_the_value(listed):
    for row in Steps({"researchers": made(listed, "researchers")}).rows("evidence_heads"):
        assert row["low"] <= row["amount"] <= row["high"]
    for row in made(listed, "moves"):
        assert row["movers_low"] <= row["movers"] <= row["movers_high"]


def plain_years(listed):
    """Of each name and year: where it is (as owned today), in which countries, and with whom it writes."""
    years = defaultdict(lambda: defaultdict(lambda: (set(), set(), set())))
    for each in listed:
        names = {n for n, *_ in each["by"]}
        for (name, _, ambiguous), organisation in each["by"].items():
            at, within, others = years[name, ambiguous][each["period"]]
            at.add("parrot" if organisation == "lory" else organisation)
            within.add(COUNTRY[organisation])
            others |= names - {name}
    return years


def plain_keys(before, after, year):
    """The totals that a change from one year to the next adds to."""
    for kind in (0, 1):
        if before[kind] & after[kind]:
            continue
        arrived, gone = before[1] - after[1], after[1] - before[1]
        for tag in ("any", *(f"from_{c}" for c in arrived)):
            yield from (("researcher_arrivals", tag, e, year) for e in after[kind])
        for tag in ("any", *(f"to_{c}" for c in gone)):
            yield from (("researcher_departures", tag, e, year) for e in before[kind])


def plain_moves(listed):
    """Movers between organisations and countries, by series, definition, entity and year."""
    totals = defaultdict(lambda: [set(), set(), set()])
    for (name, ambiguous), seen in plain_years(listed).items():
        for first, second in pairwise(sorted(seen)):
            if second - first > 3:
                continue
            common = bool(seen[first][2] & seen[second][2])
            for key in plain_keys(seen[first], seen[second], second):
                for total, counts in zip(totals[key], (common or not ambiguous, common, True), strict=True):
                    total |= {name} if counts else set()
    return {key: tuple(len(t) for t in total) for key, total in totals.items()}


@given(papers)
def test_movers_agree(listed):
    found = {
        (r["series"], r["definition"], r["entity"], r["period"]): (r["movers"], r["movers_low"], r["movers_high"])
        for r in made(listed, "moves")
    }
    assert found == plain_moves(listed)


def test_papers_of_no_ai_venue_and_papers_that_list_no_authors_places_say_nothing():
    tables = given_tables([{"period": 2020, "by": {NAMES[0]: "parrot"}}])
    con = connect()
    for name, rows in (tables | {"works": [{"work": "w0", "period": 2020, "listing": "per_paper"}]}).items():
        if name in researchers.RESEARCHER_INPUTS:
            con.register(name, filled(name, rows))
    assert researchers.researchers_table(con).num_rows == 0
