"""The supply chain of chips. Every input, provider and share here is invented."""

from __future__ import annotations

import pytest

from macaw.errors import SourceError
from macaw.sources.eto_chips.fetch import remote_files
from macaw.sources.eto_chips.read import read

INPUTS = "input_id,input_name,type,stage_name,stage_id,description,year\n"
PROVIDERS = "provider_name,alias,provider_id,provider_type,country\n"
PROVISION = "provider_name,provider_id,provided_name,provided_id,share_provided,year,source\n"
SEQUENCE = "input_name,input_id,goes_into_name,goes_into_id,is_type_of_name,is_type_of_id\n"


@pytest.fixture
def chips(write, tmp_path, rows):
    def make(table, **texts):
        reading = read([write(f"chips/{name}.csv", text) for name, text in texts.items()], tmp_path)
        return rows(reading, table), [(r.action, r.reason, r.value) for r in reading.refused]

    return make


def test_inputs_and_processes(chips):
    text = INPUTS + 'N1,Perches,tool_resource,,,"Here, birds sit",2024\nP1,Hatching,process,Fabrication,S2,,\n'
    made, refused = chips("source_chip_inputs", any_name=text)
    assert refused == []
    assert [(r["node"], r["title"], r["node_kind"], r["chip_stage"]) for r in made] == [
        ("N1", "Perches", "tool_resource", None),
        ("P1", "Hatching", "process", "S2"),
    ]


def test_a_country_is_named_by_its_code_and_aliases_are_noted(chips):
    text = PROVIDERS + "CHN,China,P2,country,\nBird Labs,,P9,organization,USA\nBird Labs,Birds,P9,organization,USA\n"
    made, refused = chips("source_chip_providers", p=text)
    assert [(r["raw_name"], r["provider_kind"], r["listed_country"]) for r in made] == [
        ("CHN", "country", "CHN"),
        ("Bird Labs", "organization", "USA"),
    ]
    assert refused == [("noted", "provider stands twice: the first name counts", "Bird Labs")]


def test_shares(chips):
    text = PROVISION + (
        "Bird Labs,P9,Perches,N1,81.5,2024,a report\n"
        "CHN,P2,Perches,N1,,2019,\n"
        "USA,P1,Perches,N1,most,2019,\n"
        "USA,P1,Perches,N1,3,2019,\n"
        "JPN,P7,Perches,N1,5,soon,\n"
        ",,Perches,N1,5,2019,\n"
        "DEU,P8\n"
    )
    made, refused = chips("source_chip_provision", p=text)
    assert [(r["provider"], r["market_share"], r["period"], r["detail"]) for r in made] == [
        ("P9", 0.815, 2024, "a report"),
        ("P2", None, 2019, None),
        ("P1", None, 2019, None),
    ]
    assert refused == [
        ("noted", "share is no number from 0 to 100", "most"),
        ("rejected", "provision lacks a provider or an input, or stands twice", "P1 → N1"),
        ("rejected", "provision has no year", "soon"),
        ("rejected", "provision lacks a provider or an input, or stands twice", " → N1"),
        ("rejected", "has 2 cells, the header 7", "DEU"),
    ]


def test_what_goes_into_what(chips):
    text = SEQUENCE + "Lamps,N2,Hatching,P1,,\nRed,N3,,,Lamps,N2\nLost,N4,,,,\n"
    made, refused = chips("source_chip_sequence", s=text)
    assert [tuple(r.values()) for r in made] == [("N2", "goes_into", "P1"), ("N3", "is_type_of", "N2")]
    assert refused == [("rejected", "sequence lacks an input or where it goes", "N4")]


def test_a_provider_of_unknown_kind_and_an_input_twice(chips):
    _, refused = chips(
        "source_chip_inputs",
        inputs=INPUTS + "N1,Perches,,,,,\nN1,Perches,,,,,\n",
        providers=PROVIDERS + "Zoo,,P3,zoo,\n",
    )
    assert [reason for _, reason, _ in refused] == [
        "input has no id or name, or its id stands twice",
        "provider has no id, or is neither country nor organization",
    ]


def test_stages_are_known_and_another_file_is_noted(chips):
    _, refused = chips("source_chip_inputs", stages="stage_id,stage_name,description\nS1,Design,\n", other="a,b\n1,2\n")
    assert refused == [("noted", "no list of the supply chain has these columns", "a, b")]


def test_a_file_that_is_no_csv(chips):
    with pytest.raises(SourceError, match="not valid CSV"):
        chips("source_chip_inputs", inputs=INPUTS + 'N1,"Perches')


def test_the_files_that_are_fetched(tmp_path):
    names = [f.path for f in remote_files(None, tmp_path)]
    assert names == ["inputs.csv", "providers.csv", "provision.csv", "sequence.csv"]
