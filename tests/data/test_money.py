"""Money on the real files, counted again another way: straight from the cells, without reader, mapping or query."""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

import macaw
from macaw.indicators import indicators

pytestmark = pytest.mark.data
DATA = Path(os.environ.get("MACAW_TEST_DATA", ""))
TABLES = DATA / "money" / "ncses"
if not TABLES.is_dir():
    pytest.skip("MACAW_TEST_DATA names no folder with money/ncses", allow_module_level=True)


@pytest.fixture(scope="module")
def observatory(tmp_path_factory):
    folder = tmp_path_factory.mktemp("money")
    data = folder / "data"
    data.mkdir()
    for name in ("money", "procurement"):
        (data / name).symlink_to(DATA / name)
    macaw.build(data, folder / "build")
    return macaw.open(folder / "build")


def cells(table):
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def plain(cell):
    """The first number of a cell, `['37,014', 'i ']` or `37014`."""
    return float(re.search(r"-?[\d,]+(?:\.\d+)?", cell)[0].replace(",", ""))


def valued(observatory, name, **asked):
    rows = observatory.values(name, counting="full", **asked).to_pylist()
    return {(r["definition"], r["period"]): r["value"] for r in rows if r["value"] is not None}


def test_ai_venture_capital_is_what_the_rows_of_the_table_say(observatory):
    header, *rows = cells(6208)
    years = [int(name.removeprefix("field_")) for name in header if re.fullmatch(r"field_\d{4}", name)]
    by_name = {row[2].split(" -> ")[-1]: row[-len(years) :] for row in rows}
    for name, entity in (("United States", "USA"), ("China", "CHN"), ("Japan", "JPN"), ("Total", "WLD")):
        raw = {("pitchbook_2021", y): plain(c) for y, c in zip(years, by_name[name], strict=True) if c != "NA"}
        assert valued(observatory, "ai_venture_capital", entity=entity) == raw, name


def test_china_passed_the_united_states_in_ai_venture_capital_in_2017_and_2018_only(observatory):
    usa, china = (valued(observatory, "ai_venture_capital", entity=e) for e in ("USA", "CHN"))
    assert [year for (_, year), value in china.items() if value > usa["pitchbook_2021", year]] == [2017, 2018]


def test_the_regions_of_a_table_add_up_to_its_total():
    """A check of the publisher's table itself, to within rounding: so no row was lost on the way here."""
    for table in (6208, 10578):
        header, *rows = cells(table)
        at = next(i for i, name in enumerate(header) if name.endswith("_hierarchy_depth"))
        for column in range(at + 1, len(header)):
            parts = sum(plain(r[column]) for r in rows if r[at] == "2" and re.search(r"\d", r[column]))
            assert plain(rows[0][column]) == pytest.approx(parts, abs=2), (table, header[column])


@pytest.mark.parametrize(("year", "table"), [(2019, 6562), (2020, 8813), (2021, 9667), (2022, 12281)])
def test_business_ai_rd_is_the_sum_of_its_parts_two_ways(observatory, year, table):
    header, *rows = cells(table)
    at = header.index("field_artificial_intelligence_r_d_total_amount")
    values = valued(observatory, "business_ai_rd", entity="USA")
    total = values["berd_total", year]
    assert total == pytest.approx(values["berd_paid_by_company", year] + values["berd_paid_by_others", year], abs=2)
    sizes = [r for r in rows if r[2].startswith("All companies (number") and r[2].count(" -> ") == 2]
    assert len(sizes) > 8
    assert total == pytest.approx(sum(plain(r[at]) for r in sizes), abs=len(sizes))


def test_a_survey_figure_that_is_imputed_says_so(observatory):
    rows = observatory.values("business_ai_rd", entity="USA", counting="full").to_pylist()
    assert {r["status"] for r in rows if r["value"] is not None} == {"I"}


def test_gross_rd_equals_the_labelled_table_of_the_same_edition(observatory):
    labelled = {(r[2], r[4]): r[-1] for r in cells(6305)[1:]}
    for name, entity in (("United States", "USA"), ("China", "CHN"), ("Germany", "DEU"), ("United Kingdom", "GBR")):
        key = next(k for k in labelled if k[0].startswith(name) and k[1].startswith("GERD (PPP"))
        assert valued(observatory, "gross_rd", entity=entity)["msti_2021", 2019] == plain(labelled[key])


def test_growth_of_a_recovered_series_is_what_the_labelled_table_states(observatory):
    """Labels were put back by levels of 2019; growth from 2000 to 2010, named elsewhere, must follow from them."""
    stated = {r[2].split(" (")[0]: plain(r[-1]) for r in cells(6305)[1:] if r[4] == "GERD" and r[5].startswith("2000")}
    codes = ("USA", "CHN", "JPN", "KOR", "FRA", "DEU", "GBR", "IND")
    names = ("United States", "China", "Japan", "South Korea", "France", "Germany", "United Kingdom", "India")
    for name, entity in zip(names, codes, strict=True):
        found = valued(observatory, "gross_rd", entity=entity)
        growth = 100 * ((found["msti_2021", 2010] / found["msti_2021", 2000]) ** 0.1 - 1)
        assert growth == pytest.approx(stated[name], abs=0.06), name


def test_basic_research_over_the_total_gives_the_share(observatory):
    for entity in ("USA", "CHN", "JPN", "KOR"):
        share = valued(observatory, "basic_research_share", entity=entity)["msti_2021", 2019]
        basic = valued(observatory, "basic_research", entity=entity)["msti_2021", 2019]
        total = valued(observatory, "gross_rd", entity=entity)["msti_2021", 2019]
        assert basic / total == pytest.approx(share, abs=0.001), entity


def test_types_of_research_and_what_is_left_over_are_the_whole(observatory):
    series = ("basic_research_share", "applied_research_share", "experimental_development_share")
    for entity in ("USA", "CHN", "JPN", "KOR", "FRA", "GBR"):
        found = [next(iter(valued(observatory, name, entity=entity).values())) for name in series]
        assert 0.9 < sum(found) <= 1.001, entity


def test_members_of_oecd_add_up_to_its_total(observatory):
    groups = observatory.table("group_members").to_pylist()
    members = [r["member"] for r in groups if r["group_id"] == "OECD"]
    rows = observatory.values("gross_rd", counting="full", definition="msti_2023", entity=members).to_pylist()
    latest = {r["entity"]: r["value"] for r in rows if r["period"] >= 2017 and r["value"] is not None}
    assert len(latest) == 38
    total = valued(observatory, "gross_rd", entity="OECD")["msti_2023", 2021]
    assert sum(latest.values()) == pytest.approx(total, rel=0.002)


def test_budgets_of_unlabelled_rows_follow_the_label_above(observatory):
    place, year, expected = None, None, {}
    for _, _, label, column, _, _, value in cells(6317)[1:]:
        place = label or place
        year = int(value) if column == "Year" else year
        if column.startswith("GBARD"):
            expected[place, year] = plain(value) / 1000
    assert len(expected) == 21
    for place, entity in (("United States", "USA"), ("EU-27", "EU27"), ("South Korea", "KOR")):
        found = valued(observatory, "government_rd_budget", entity=entity)
        assert {p: v for (_, p), v in found.items()} == pytest.approx(
            {y: v for (name, y), v in expected.items() if name == place}
        )


def test_articles_of_the_recovered_table_are_those_of_the_labelled_one(observatory):
    rows = [r for r in observatory.table("source_statistics").to_pylist() if r["table_id"] == "9968"]
    world = {r["column_label"]: r["amount"] for r in rows if r["row_label"] == "World"}
    china = {r["column_label"]: r["amount"] for r in rows if r["row_label"].endswith(" -> China")}
    labelled = {r[2]: list(map(plain, r[-20:])) for r in cells(10067)[1:] if r[2].endswith("Total articles")}
    years = [str(year) for year in range(2003, 2023)]
    assert [world[y] for y in years] == labelled["World -> Total articles"]
    assert [china[y] for y in years] == labelled["World -> China -> Total articles"]


def test_tables_without_proof_are_not_used_and_are_listed(observatory):
    used = {r["table_id"] for r in observatory.table("source_statistics").to_pylist()}
    assert not used & {"10557", "5828"}
    reasons = {(r["file"].split("/")[-1], r["reason"].split(":")[0]) for r in observatory.table("rejected").to_pylist()}
    for table in ("10557", "5828", "6293", "1888", "6307"):
        assert any(file == f"{table}.csv" and why.startswith("axis labels lost") for file, why in reasons), table


def test_every_machine_read_record_is_kept_or_listed(observatory):
    with gzip.open(DATA / "money" / "amplyfi_investments_zh.jsonl.gz", "rt", encoding="utf-8") as file:
        raw = [json.loads(line) for line in file]
    mentions = observatory.table("source_mentions").to_pylist()
    listed = [r for r in observatory.table("rejected").to_pylist() if r["source"] == "amplyfi"]
    assert len(mentions) + sum(r["action"] == "rejected" for r in listed) == len(raw) == 3851
    assert sum(r["currency"] in ("TOP", "BTN") for r in raw) == 55
    assert sum(r["offending_value"] in ("TOP", "BTN") for r in listed) == 55
    odd = {"10", "1235", "2044", "2080", "2105"}
    assert odd <= {r["offending_value"] for r in listed}
    assert not odd & {str(m["period"]) for m in mentions}


def test_no_indicator_rests_on_machine_read_deals_or_contracts(observatory):
    used = {i.parameters.get("series") for i in indicators().values()}
    assert not used & {"investment_links", "military_contracts"}
    evidence = observatory.table("evidence").to_pylist()
    for source in ("amplyfi", "procurement"):
        mine = [r for r in evidence if r["source"] == source]
        assert mine
        assert {r["amount"] for r in mine} == {None}
        assert not {r["series"] for r in mine} & used


def test_the_contracts_are_the_343_of_the_report(observatory):
    found = observatory.table("source_contracts").to_pylist()
    assert Counter(r["purchase"] for r in found) == {"competitive": 320, "single_source": 23}


def test_ai_patents_are_what_the_rows_of_the_table_say(observatory):
    raw = {row[2].split(" -> ")[-1]: plain(row[3]) for row in cells(10564)[1:]}
    for name, entity in (
        ("World", "WLD"),
        ("United States", "USA"),
        ("China", "CHN+HKG"),
        ("EU-27<sup>b</sup>", "EU27"),
    ):
        assert valued(observatory, "ncses_ai_patents", entity=entity) == {("cset_1790_2023", 2022): raw[name]}, name


def test_ai_patents_of_the_members_add_up_to_the_eu_and_of_the_regions_to_the_world():
    """To within rounding, a half for each row."""
    rows = {row[2]: plain(row[3]) for row in cells(10564)[1:]}
    union = next(name for name in rows if re.search(r"EU-27<sup>b</sup>$", name))
    for whole, parts in (
        (union, [v for n, v in rows.items() if n.startswith(f"{union} -> ")]),
        ("World", [v for n, v in rows.items() if n.count(" -> ") == 1]),
    ):
        assert rows[whole] == pytest.approx(sum(parts), abs=len(parts) / 2)


def test_ai_patents_by_category_are_what_the_columns_of_the_table_say(observatory):
    header, *rows = cells(10565)
    at = {
        e: header.index(f"field_{n}")
        for e, n in (("USA", "united_states"), ("CHN+HKG", "china"), ("KOR", "south_korea"))
    }
    for category, name in (("technique_machine_learning", "Machine learning"), ("function_vision", "Computer vision")):
        row = next(r for r in rows if r[2].endswith(f"-> {name}"))
        for entity, column in at.items():
            found = valued(observatory, "ncses_ai_patents_by_category", entity=entity, definition=category)
            assert found == {(category, 2022): plain(row[column])}
