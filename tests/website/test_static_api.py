"""The interface of files: complete, as described, and equal to what a user gets from a build."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

import macaw
from macaw.indicators import indicator, indicators
from macaw.release.downloads import check_releasable
from macaw.release.openapi import described
from macaw.release.static_api import POINT, write_static_api


@pytest.fixture(scope="module")
def root(demo_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    observatory = macaw.open(demo_build)
    sources = check_releasable(observatory, private=False)
    made = write_static_api(observatory, out, sources, private=False)
    files = [p for p in (out / "api" / "v1").rglob("*") if p.is_file()]
    assert len(files) == made
    return out / "api" / "v1"


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def test_the_description_is_valid_openapi(root: Path) -> None:
    validate(read(root / "openapi.json"))


def test_every_file_is_as_described(root: Path) -> None:
    document = described("x", with_claims=True)
    schemas = document["components"]["schemas"]
    kinds = {
        "Index": [root / "index.json"],
        "Entities": [root / "entities.json"],
        "EntityValues": list((root / "entities").rglob("*.json")),
        "Indicators": [root / "indicators.json"],
        "Indicator": list((root / "indicators").glob("*.json")),
        "IndicatorValues": list((root / "values").glob("*.json")),
        "Claims": [root / "claims.json"],
        "Claim": list((root / "claims").glob("*.json")),
    }
    for name, paths in kinds.items():
        assert paths, name
        validator = Draft202012Validator(schemas[name])
        for path in paths:
            validator.validate(read(path))
    assert sum(map(len, kinds.values())) + 1 == sum(1 for p in root.rglob("*") if p.is_file())


def test_addresses_lead_to_the_entity(root: Path) -> None:
    listed = read(root / "entities.json")
    assert len({row["address"] for row in listed}) == len(listed)
    for row in listed[:50]:
        assert read(root / row["address"])["entity"] == row["entity"]


def test_values_are_those_of_the_build(root: Path, demo_build: Path) -> None:
    for name in ("papers", "papers_share", "language_share"):
        found = read(root / "values" / f"{name}.json")
        series = next(s for s in found["series"] if s["values"])
        definition = series["definition"] if "definition" in indicator(name).rests_on.switches else None
        rows = macaw.open(demo_build).values(
            name, entity=series["entity"], counting=series["counting"], definition=definition
        )
        built = {r["period"]: [r[c] for c in POINT] for r in rows.to_pylist()}
        for point in series["values"]:
            assert point == built[point[0]]


def test_an_entity_has_the_same_series_as_its_indicators(root: Path) -> None:
    usa = read(root / "entities" / "country" / "USA.json")
    papers = read(root / "values" / "papers.json")
    mine = [s["values"] for s in usa["series"] if s["indicator"] == "papers" and s["counting"] == "full"]
    theirs = [s["values"] for s in papers["series"] if s["entity"] == "USA" and s["counting"] == "full"]
    assert mine == theirs
    assert mine


def test_every_indicator_has_its_meaning_in_both_languages(root: Path) -> None:
    assert {i["id"] for i in read(root / "indicators.json")} == set(indicators())
    for name in indicators():
        page = read(root / "indicators" / f"{name}.json")
        assert page["short"]
        assert page["short_zh"]
        assert page["has_values"] == (root / "values" / f"{name}.json").is_file()
