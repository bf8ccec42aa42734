"""What must hold on the real conference files and ROR, found by MACAW_TEST_DATA."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

import macaw
from countries import agreement, compare
from macaw.indicators import published
from macaw.release.headline import shares, turn
from support.builds import only
from support.extent import LONG

pytestmark = pytest.mark.data
DATA = os.environ.get("MACAW_TEST_DATA")
if not DATA:
    pytest.skip("MACAW_TEST_DATA names no folder of real data", allow_module_level=True)
PUBLISHED = ("papers", "papers_share")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A build of the conference files and ROR, of a few indicators; with MACAW_TEST_LONG of all."""
    folder = tmp_path_factory.mktemp("real")
    if LONG:
        macaw.build(DATA, folder / "build")
        return folder / "build"
    for name in ("paperlists", "ror"):
        (folder / "data" / name).parent.mkdir(exist_ok=True)
        (folder / "data" / name).symlink_to(Path(DATA) / name)
    with only(*(replace(b, indicators=PUBLISHED) for b in published() if b.base == "cells" and not b.indicators)):
        macaw.build(folder / "data", folder / "build")
    return folder / "build"


@pytest.fixture(scope="module")
def observatory(built):
    return macaw.open(built)


def test_all_conference_files_load(observatory):
    papers = observatory.table("source_papers")
    files = set(papers["file"].to_pylist())
    assert len(files) == len(list(Path(DATA).glob("paperlists/*/*.json.gz"))) == 251
    assert papers.num_rows > 153_000
    assert len(set(observatory.table("source_affiliations")["work"].to_pylist())) > 95_000


def test_places_agree_with_the_lists_own_countries(built):
    con = compare(built)
    assert con.execute("select count(*) from compared").fetchall()[0][0] > 60_000
    assert agreement(con, "usa_listed = usa_ours") > 0.97
    assert agreement(con, "chn_listed = chn_ours") > 0.97
    assert agreement(con, "usa_listed = usa_ours and chn_listed = chn_ours") > 0.97


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rice University, Nairobi, Kenya", []),
        ("Rice University, Houston, TX", ["ror:008zs3103"]),
        ("Institute of Automation", []),
        ("Institute of Automation, Chinese Academy of Sciences, Beijing", ["ror:022c3hy66", "ror:034t30j35"]),
        ("Northeastern University", ["ror:04t5xt781"]),
        ("Northeastern University, Shenyang; Google, USA", ["ror:03awzbc87", "alphabet"]),
        ("Department of Electrical and Computer Engineering", []),
        ("Hong Kong University of Science and Technology (Guangzhou)", ["ror:050h0vm43"]),
        ("Université de Montréal, Département d'informatique et de recherche opérationnelle", ["ror:0161xgx34"]),
        ("Facebook AI Research, Menlo Park, CA, USA", ["meta"]),
        ("University of Victoria, University of British Columbia", ["ror:04s5mat29", "ror:03rmrcq20"]),
        ("TENCENT TECH SHENZHEN CO LTD", ["tencent"]),
        ("北京三快在线科技有限公司", ["meituan"]),
        ("北京达佳互联信息技术有限公司", ["kuaishou"]),
        ("维沃移动通信有限公司", ["vivo"]),
        ("三星電子株式会社", ["samsung"]),
    ],
)
def test_names_among_all_organisations(observatory, text, expected):
    matcher = macaw.api.matcher(observatory.path)[0]
    assert [m.organisation for m in matcher.match(text) if m.organisation] == expected


def test_an_answer_does_not_depend_on_the_other_names(observatory):
    matcher = macaw.api.matcher(observatory.path)[0]
    names = observatory.table("raw_names")["raw_name"].to_pylist()[::400]
    assert list(matcher.match_many(names)) == [matcher.match(name) for name in names]


def test_shares_under_fractional_counting_add_up_to_one(observatory):
    rows = observatory.values("papers_share", venues="CVPR", period=2020, counting="fractional").to_pylist()
    kinds = {r["entity"]: r["kind"] for r in observatory.table("entities").to_pylist()}
    assert sum(r["value"] for r in rows if kinds[r["entity"]] == "country") == pytest.approx(1, abs=1e-9)


def test_years_without_affiliations_are_not_zero(observatory):
    def status(venue, year):
        return observatory.values("papers", entity="USA", venues=venue, period=year).to_pylist()[0]

    for venue, year in (
        ("NeurIPS", 2019),
        ("NeurIPS", 2023),
        ("ICML", 2021),
        ("ECCV", 2022),
        ("KDD", 2023),
        ("ICRA", 2016),
    ):
        row = status(venue, year)
        assert (row["value"], row["status"]) == (None, "L"), (venue, year)
    assert status("ICCV", 2020)["status"] == "M"


def test_china_passes_the_united_states_at_cvpr_when_the_readme_says(observatory):
    full, fractional = (shares(observatory, "CVPR", counting) for counting in ("full", "fractional"))
    wide = "CHN+HKG+MAC+TWN"
    assert turn(full[wide], full["USA"]).lasting == 2019
    assert turn(full["CHN"], full["USA"]).lasting == 2020
    assert turn(fractional[wide], fractional["USA"]).lasting == 2019
    assert turn(fractional["CHN"], fractional["USA"]).lasting == 2021


def test_the_shipped_release_is_what_this_code_builds(observatory):
    release = macaw.open()
    asked = {"entity": "USA,CHN,alphabet,huawei", "venues": "csrankings_ai", "period": "2013:2024"}
    built_rows = observatory.values("papers", **asked).drop_columns(["release"]).to_pylist()
    shipped = release.values("papers", **asked).drop_columns(["release"]).to_pylist()
    key = ("entity", "period", "counting")
    kept = {tuple(r[k] for k in key): r for r in built_rows}
    assert {tuple(r[k] for k in key): r for r in shipped} == kept
