"""Who counts for an organisation's work, by rule and year."""

from __future__ import annotations

import pytest

from macaw.errors import RegistryError
from macaw.organisations.ownership import RULES, Edge, owners
from macaw.organisations.tables import ancestors_of


def owner_of(edges: list[Edge], organisation: str, rule: str, year: int | None = None) -> str:
    """The owner the rows give for a year; exactly one row must hold."""
    found = [
        owner
        for o, r, first, last, owner in owners(edges)
        if o == organisation and r == rule and (year is None or (first or 0) <= year <= (last or 9999))
    ]
    assert len(found) == 1, f"{organisation} has {len(found)} owners under {rule} in {year}"
    return found[0]


CHAIN = [Edge("lab", "daughter", 2012, None), Edge("daughter", "mother", 2016, None)]
SOLD = [
    Edge("robots", "searcher", 2013, 2017),
    Edge("robots", "softer", 2017, 2021),
    Edge("robots", "cars", 2021, None),
]


@pytest.mark.parametrize(
    ("year", "owner"),
    [(1990, "lab"), (2011, "lab"), (2012, "daughter"), (2015, "daughter"), (2016, "mother"), (2030, "mother")],
)
def test_chain_in_time(year, owner):
    assert owner_of(CHAIN, "lab", "as_was", year) == owner


def test_today_is_the_top_of_the_chain_in_all_years():
    assert owner_of(CHAIN, "lab", "as_is") == "mother"
    assert owner_of(CHAIN, "daughter", "as_is") == "mother"
    assert owner_of(CHAIN, "mother", "as_is") == "mother"


def test_without_owners_each_counts_for_itself():
    assert {owner_of(CHAIN, o, "none") for o in ("lab", "daughter", "mother")} == {"lab", "daughter", "mother"}


@pytest.mark.parametrize(
    ("year", "owner"),
    [
        (2012, "robots"),
        (2013, "searcher"),
        (2016, "searcher"),
        (2017, "softer"),
        (2020, "softer"),
        (2021, "cars"),
    ],
)
def test_year_of_a_sale_is_the_buyers(year, owner):
    assert owner_of(SOLD, "robots", "as_was", year) == owner


def test_what_was_set_free_counts_for_itself_today():
    freed = [Edge("robots", "searcher", 2013, 2017)]
    assert owner_of(freed, "robots", "as_is") == "robots"
    assert owner_of(freed, "robots", "as_was", 2016) == "searcher"
    assert owner_of(freed, "robots", "as_was", 2017) == "robots"


def test_without_dates_it_was_always_so():
    assert [owner_of([Edge("a", "b", None, None)], "a", "as_was", y) for y in (1900, 2020)] == ["b", "b"]
    assert owner_of([Edge("a", "b", None, 2010)], "a", "as_was", 2009) == "b"
    assert owner_of([Edge("a", "b", None, 2010)], "a", "as_was", 2010) == "a"


@pytest.mark.parametrize("edges", [CHAIN, SOLD, CHAIN + SOLD, [Edge("a", "b", None, None)]])
def test_spans_cover_every_year_once(edges):
    for organisation in {o for e in edges for o in (e.child, e.parent)}:
        for rule in RULES:
            for year in (1900, 2011, 2012, 2013, 2016, 2017, 2020, 2021, 2100):
                owner_of(edges, organisation, rule, year)


def test_neighbouring_spans_of_one_owner_are_one_row():
    spans = [row for row in owners(CHAIN + SOLD) if row[:2] == ("mother", "as_was")]
    assert spans == [("mother", "as_was", None, None, "mother")]


@pytest.mark.parametrize(
    "edges",
    [
        [Edge("a", "b", None, None), Edge("b", "a", None, None)],
        [Edge("a", "b", 2010, None), Edge("b", "c", 2012, None), Edge("c", "a", 2014, None)],
        [Edge("a", "a", None, None)],
        [Edge("a", "b", 2010, 2015), Edge("b", "a", 2014, 2018)],
    ],
)
def test_cycle_is_an_error_that_shows_the_way(edges):
    with pytest.raises(RegistryError, match=r"ownership\.csv: cycle .* → ") as caught:
        owners(edges)
    assert caught.value.remedy


def test_a_cycle_of_different_years_is_none():
    assert owner_of([Edge("a", "b", 2010, 2012), Edge("b", "a", 2012, None)], "b", "as_was", 2015) == "a"


@pytest.mark.parametrize(
    ("edges", "when"),
    [
        ([Edge("a", "b", 2010, None), Edge("a", "c", 2015, None)], "today"),
        ([Edge("a", "b", 2010, 2016), Edge("a", "c", 2015, 2020)], "2015"),
    ],
)
def test_two_owners_at_once_are_an_error(edges, when):
    with pytest.raises(RegistryError, match=rf"a has owners b, c at once \({when}\)"):
        owners(edges)


def test_the_same_owner_twice_is_no_conflict():
    assert owner_of([Edge("a", "b", 2010, None), Edge("a", "b", 2015, None)], "a", "as_was", 2016) == "b"


def test_order_of_the_rows_does_not_matter():
    assert owners(CHAIN + SOLD) == owners(list(reversed(CHAIN + SOLD)))


# -- ancestors -----------------------------------------------------------------------------------------------


def test_ancestors_over_several_steps_and_ways():
    above = ancestors_of({"lab": ["school", "institute"], "school": ["university"], "institute": ["university"]})
    assert above["lab"] == {"school", "institute", "university"}
    assert above["school"] == {"university"}


def test_nobody_is_its_own_ancestor_in_a_cycle():
    above = ancestors_of({"a": ["b"], "b": ["c"], "c": ["a"]})
    assert above == {"a": {"b", "c"}, "b": {"c", "a"}, "c": {"a", "b"}}
