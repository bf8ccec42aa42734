"""CLDR's languages of territories: a small file in its format, and the one that comes with the package."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from language_data.population_data import LANGUAGE_SPEAKING_POPULATION

from macaw.errors import SourceError
from macaw.sources.cldr.read import TABLES, read

YEAR = "<!-- Copyright © 1991-2030 Unicode, Inc. -->"


def document(*territories: str, year: str = YEAR) -> str:
    return f"{year}<supplementalData><territoryInfo>{''.join(territories)}</territoryInfo></supplementalData>"


@pytest.fixture
def reading(tmp_path):
    """What the reader makes of a text."""

    def made(text: str):
        path = tmp_path / "supplementalData.xml"
        path.write_text(text, "utf-8")
        return read([path], tmp_path)

    return made


def test_people_and_languages_of_a_territory(reading):
    made = reading(
        document(
            '<territory type="CN" gdp="1" literacyPercent="95" population="1000"><!--China-->'
            '<languagePopulation type="zh" populationPercent="90" officialStatus="official"/>'
            '<languagePopulation type="yue_Hans" writingPercent="5" populationPercent="5.2"/>'
            '<languagePopulation type="vi" populationPercent="5E-4"/></territory>',
            '<territory type="ZZ" population="0"/>',
        )
    )
    assert made.table(TABLES[0]).to_pylist() == [
        {"alpha2": "CN", "period": 2030, "population": 1000},
        {"alpha2": "ZZ", "period": 2030, "population": 0},
    ]
    rows = made.table(TABLES[1]).to_pylist()
    assert [(r["listed_language"], r["language"], r["base_language"]) for r in rows] == [
        ("zh", "zh", "zh"),
        ("yue_Hans", "yue-Hans", "yue"),
        ("vi", "vi", "vi"),
    ]
    assert [r["speakers"] for r in rows] == pytest.approx([900, 52, 0.005])
    assert made.refused == []


@pytest.mark.parametrize(
    ("territory", "reason"),
    [
        ('<territory type="CN" population="many"/>', "the territory has no code or no whole population"),
        (
            '<territory type="CN" population="5"><languagePopulation type="zh" populationPercent="101"/></territory>',
            "a language has no code or no percentage from 0 to 100",
        ),
        (
            '<territory type="CN" population="5"><languagePopulation type="zh"/></territory>',
            "a language has no code or no percentage from 0 to 100",
        ),
    ],
)
def test_a_territory_that_cannot_be_used_is_refused_as_a_whole(reading, territory, reason):
    made = reading(document(territory))
    assert [(r.position, r.reason) for r in made.refused] == [(0, reason)]
    assert made.table(TABLES[0]).num_rows == made.table(TABLES[1]).num_rows == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (document(year=""), "names no year of copyright"),
        (f"{YEAR}<supplementalData/>", "holds no territoryInfo"),
        (f"{YEAR}<supplementalData>", "not valid XML"),
    ],
)
def test_a_file_of_another_shape_is_an_error(reading, text, message):
    with pytest.raises(SourceError, match=message):
        reading(text)


def test_speakers_are_those_the_library_counts():
    root = Path(str(files("language_data")))
    made = read([root / "data" / "supplementalData.xml"], root)
    assert made.refused == []
    added: dict[str, float] = {}
    for row in made.table(TABLES[1]).to_pylist():
        added[row["base_language"]] = added.get(row["base_language"], 0) + row["speakers"]
    # The library takes an unknown language for English, and rounds to persons in each territory.
    added["en"] += added["und"]
    for language in ("zh", "yue", "wuu", "en", "es", "hi", "ar", "fr", "sr"):
        assert added[language] == pytest.approx(LANGUAGE_SPEAKING_POPULATION[language], abs=150)
