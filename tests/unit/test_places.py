"""Which country a string names."""

from __future__ import annotations

import pytest

from macaw import registry
from macaw.organisations.names import repair, segments
from macaw.organisations.places import Gazetteer, country_of


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    rows = registry.tables()["registry_places"].to_pylist()
    return Gazetteer((r["name"], r["country"], r["place_kind"]) for r in rows)


@pytest.fixture(scope="module")
def country(gazetteer):
    def of(text: str) -> str | None:
        place = country_of(gazetteer.locate(segments(repair(text))))
        return place.country if place else None

    return of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Beijing, China", "CHN"),
        ("P.R. China", "CHN"),
        ("Mainland China", "CHN"),
        ("People's Republic of China", "CHN"),
        ("北京", "CHN"),
        ("中国", "CHN"),
        ("Hong Kong", "HKG"),
        ("Hong Kong SAR, China", "HKG"),
        ("Hong Kong, China", "HKG"),
        ("Shatin, Hong Kong", "HKG"),
        ("香港", "HKG"),
        ("Macau", "MAC"),
        ("Macao SAR, China", "MAC"),
        ("Taiwan", "TWN"),
        ("Taipei, Taiwan", "TWN"),
        ("Hsinchu, Taiwan, R.O.C.", "TWN"),
        ("臺灣", "TWN"),
        ("Atlanta, Georgia", "USA"),
        ("Georgia", "USA"),
        ("Tbilisi", "GEO"),
        ("Tbilisi, Georgia", "GEO"),
        ("Ruston, LA 71272", "USA"),
        ("Institute of Parrots, *, 100084", None),
        ("Georgia, CA", "USA"),
        ("Cambridge, MA", "USA"),
        ("Cambridge, MA 02139", "USA"),
        ("Cambridge, MA, USA", "USA"),
        ("Cambridge", None),
        ("Cambridge, UK", "GBR"),
        ("London, Ontario", "CAN"),
        ("London", "GBR"),
        ("Vancouver, BC, Canada", "CAN"),
        ("Pittsburgh PA", "USA"),
        ("Pittsburgh, PA 15213", "USA"),
        ("San Jose, CA", "USA"),
        ("Seoul, South Korea", "KOR"),
        ("Republic of Korea", "KOR"),
        ("Pyongyang, North Korea", "PRK"),
        ("Birmingham, Alabama", "USA"),
        ("Athens, Greece", "GRC"),
        ("Sydney, NSW 2052, Australia", "AUS"),
        ("Zürich", "CHE"),
        ("Zurich", "CHE"),
        ("München", "DEU"),
        ("The Netherlands", "NLD"),
        ("U.S.A.", "USA"),
        ("US", "USA"),
        ("United States of America", "USA"),
        ("日本", "JPN"),
        ("", None),
        ("Department of Computer Science", None),
        ("us and them", None),
        ("Institute of Turkey Farming and Chad Studies", None),
        ("ma", None),
    ],
)
def test_country_of_text(country, text, expected):
    assert country(text) == expected


def test_the_surest_kind_of_place_decides_then_the_last():
    places = Gazetteer(
        [
            ("China", "CHN", "country"),
            ("Japan", "JPN", "country"),
            ("Texas", "USA", "region"),
            ("Paris", "FRA", "city"),
            ("PA", "USA", "state_code"),
        ]
    )

    def told(*parts: str) -> str:
        return country_of(places.locate(list(parts))).words

    assert told("China", "Paris") == "china"
    assert told("Paris", "Texas") == "texas"
    assert told("Paris", "PA") == "paris"
    assert told("China", "Japan") == "japan"


def test_two_parts_are_one_place_where_the_list_says_so():
    places = Gazetteer([("Cambridge", "GBR", "city"), ("Cambridge MA", "USA", "city")])
    assert [p.country for p in places.locate(["Cambridge", "MA 02139"])] == ["GBR", "USA"]
    assert country_of(places.locate(["Cambridge", "MA 02139"])).country == "USA"
    assert country_of(places.locate(["Cambridge", "Mass"])).country == "GBR"


def test_short_codes_count_only_alone_and_in_capitals():
    places = Gazetteer([("OR", "USA", "state_code"), ("UK", "GBR", "country")])
    assert [p.country for p in places.locate(["OR 97331", "UK"])] == ["USA", "GBR"]
    assert places.locate(["or", "uk", "either OR", "UK Research"]) == []


def test_later_rows_win():
    assert (
        Gazetteer([("Georgia", "GEO", "country"), ("Georgia", "USA", "region")]).locate(["Georgia"])[0].country == "USA"
    )


def test_a_city_at_the_end_of_a_long_name_is_no_place():
    places = Gazetteer([("Boston", "USA", "city"), ("France", "FRA", "country")])
    assert places.locate(["Society for the Study of Old Boston"]) == []
    assert places.locate(["University College Boston"])[0].country == "USA"
    assert places.locate(["Society for the Study of Old France"])[0].country == "FRA"
