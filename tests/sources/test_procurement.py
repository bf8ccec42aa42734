"""Notices of contracts. Every unit, supplier and contract here is invented."""

from __future__ import annotations

import pytest

from macaw.errors import SourceError
from macaw.sources.procurement.fetch import remote_files
from macaw.sources.procurement.read import read

HEADER = (
    "\ufefftitle,title_en,content,content_EN,end_user (最终用户),supplier (中标单位),contract_value_RMB,created,"
    "deadline,public_unit,purchase_type,project_number\n"
)
FIRST = (
    "鹦鹉识别,Parrot recognition,联系人：某某,Contact: somebody,某部队,鹦鹉科技,8800,"
    "8/13/2020 15:57:29,,陆军,中标公告,P1\n"
)
SECOND = "鹦鹉翻译,,,,某部队,..,,2020-07-28 17:04:15 UTC,,海军,单一来源公示,\n"
BLANK = ",,,,,,,,,,,\n"


@pytest.fixture
def contracts(write, tmp_path, rows):
    def make(text):
        reading = read([write("procurement/h.csv", text)], tmp_path)
        return rows(reading, "source_contracts"), [(r.action, r.reason, r.value) for r in reading.refused]

    return make


def test_a_notice_gives_a_contract_without_its_text(contracts):
    made, refused = contracts(HEADER + FIRST)
    assert refused == []
    contract = made[0]
    assert (contract["contractor"], contract["amount"], contract["currency"]) == ("鹦鹉科技", 8800.0, "CNY")
    assert (contract["day"], contract["period"], contract["purchase"]) == ("2020-08-13", 2020, "competitive")
    assert "某某" not in str(contract)
    assert "somebody" not in str(contract)


def test_what_a_notice_does_not_say_is_noted(contracts):
    made, refused = contracts(HEADER + SECOND)
    assert (made[0]["contractor"], made[0]["amount"], made[0]["currency"]) == (None, None, None)
    assert (made[0]["day"], made[0]["purchase"]) == ("2020-07-28", "single_source")
    assert [(action, reason) for action, reason, _ in refused] == [
        ("noted", "contract has no value that is a number"),
        ("noted", "contract names no supplier"),
    ]


def test_blank_rows_are_counted_once_and_duplicates_listed(contracts):
    made, refused = contracts(HEADER + FIRST + BLANK + BLANK + FIRST)
    assert len(made) == 1
    assert refused == [
        ("rejected", "duplicate contract", "鹦鹉识别"),
        ("rejected", "rows of the spreadsheet are blank", "2 rows"),
    ]


def test_a_notice_of_an_unknown_kind_or_day(contracts):
    made, refused = contracts(
        HEADER + FIRST.replace("中标公告", "招标公告") + FIRST.replace("8/13/2020 15:57:29", "soon")
    )
    assert [c["day"] for c in made] == [None]
    assert [reason for _, reason, _ in refused] == [
        "contract has no title, or its kind of purchase is unknown",
        "contract has no day",
    ]


def test_a_notice_with_cells_missing_is_listed(contracts):
    made, refused = contracts(HEADER + "鹦鹉,Parrot\n" + FIRST)
    assert len(made) == 1
    assert refused == [("rejected", "has 2 cells, the header 12", "鹦鹉")]


def test_another_header_is_an_error_that_names_the_column(contracts):
    with pytest.raises(SourceError, match="has no column 'created'"):
        contracts(HEADER.replace("created", "made") + FIRST)


def test_the_one_file_that_is_fetched(tmp_path):
    assert [f.path for f in remote_files(None, tmp_path)] == ["harnessed_lightning.csv"]
