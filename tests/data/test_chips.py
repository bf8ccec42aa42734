"""What must hold on the real supply chain of chips, counted another way with the csv module."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from pathlib import Path

import pytest

import macaw

pytestmark = pytest.mark.data
DATA = os.environ.get("MACAW_TEST_DATA")
if not DATA:
    pytest.skip("MACAW_TEST_DATA names no folder of real data", allow_module_level=True)
COUNTRIES = ("USA", "CHN", "JPN", "NLD", "KOR", "TWN", "DEU")


def read(name: str) -> list[dict[str, str]]:
    with (Path(DATA) / "chips" / f"eto_chip_{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def observatory(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chips")
    (folder / "chips").symlink_to(Path(DATA) / "chips")
    macaw.build(folder, folder / "build")
    return macaw.open(folder / "build")


@pytest.fixture(scope="module")
def counted():
    """Shares by country of each counted input, and the countries and organisations named there."""
    inputs = {row["input_id"] for row in read("inputs")}
    providers = {row["provider_id"]: row for row in read("providers")}
    shares, named, organisations = defaultdict(dict), defaultdict(set), defaultdict(set)
    for row in read("provision"):
        provider, node = providers[row["provider_id"]], row["provided_id"]
        is_country = provider["provider_type"] == "country"
        named[node].add(provider["provider_name"] if is_country else provider["country"])
        if not is_country:
            organisations[node].add((row["provider_id"], provider["country"]))
        elif row["share_provided"] and node in inputs:
            shares[node][provider["provider_name"]] = float(row["share_provided"])
    sums = {row["is_type_of_id"] for row in read("sequence") if row["input_id"] in shares}
    return {n: (s, named[n], organisations[n]) for n, s in shares.items() if n not in sums}


def value(observatory, indicator, entity, definition="eto"):
    (row,) = observatory.values(indicator, entity=entity, definition=definition).to_pylist()
    return row["value"]


@pytest.mark.parametrize("country", COUNTRIES)
def test_shares_and_gaps_by_country(observatory, counted, country):
    shares = [s.get(country, 0) / sum(s.values()) for s, _, _ in counted.values()]
    assert value(observatory, "chip_supply_share", country) == pytest.approx(sum(shares) / len(shares))
    without = sum(country not in named for _, named, _ in counted.values())
    assert value(observatory, "chip_inputs_without_supplier", country) == without
    single = sum(sum(c == country for _, c in found) == 1 for _, _, found in counted.values())
    assert value(observatory, "chip_inputs_single_supplier", country) == single


def test_every_node_agrees(observatory, counted):
    rows = observatory.table("chip_shares").to_pylist()
    found = {(r["node"], r["country"]): r["market_share"] for r in rows if r["is_detailed"] and r["market_share"]}
    expected = {(n, c): x / sum(s.values()) for n, (s, _, _) in counted.items() for c, x in s.items() if x}
    assert {k: round(v, 9) for k, v in found.items()} == {
        k: round(v, 9) for k, v in expected.items() if k[1] not in ("Various countries", "EUR")
    }


def test_concentration_and_the_only_suppliers_in_the_world(observatory, counted):
    indices = [sum((x / sum(s.values())) ** 2 for x in s.values()) for s, _, _ in counted.values()]
    assert value(observatory, "chip_concentration", "WLD") == pytest.approx(sum(indices) / len(indices))
    assert value(observatory, "chip_inputs_single_supplier", "WLD") == sum(len(o) == 1 for _, _, o in counted.values())
    titles = observatory.records("chip_inputs_single_supplier", entity="WLD")["title"].to_pylist()
    assert "EUV lithography tools" in titles


def test_values_of_a_non_commercial_source_are_not_releasable(tmp_path):
    (tmp_path / "chips").symlink_to(Path(DATA) / "chips")
    report = macaw.build(tmp_path, tmp_path / "build", releasable=True)
    assert report.left_out == ["eto_chips"]
    assert macaw.open(tmp_path / "build").table("chip_shares").num_rows == 0
