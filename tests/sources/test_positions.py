"""Positions from any CSV by a mapping, labor condition applications, Chinese advertisements. All are invented."""

from __future__ import annotations

import re

import pytest

from macaw.errors import MacawError, SourceError
from macaw.sources.jobs_zh import read as jobs_zh
from macaw.sources.lca import read as lca
from macaw.sources.positions.fetch import remote_files
from macaw.sources.positions.read import read

MAPPING = """
file = "staff.csv"
title = "Staff of birds"
exported = 2024-12-31
kind = "held"

[columns]
employer = "company"
title = "job"
person = "member"
degree = "degree"
until = "end"
description = "about"
country = "place"

[values]
dates = ["%Y-%m-%d", "%Y"]
"""
HEADER = "member,company,job,degree,end,about,place\n"


@pytest.fixture
def positions(write, tmp_path, rows):
    def make(*lines, mapping=MAPPING, header=HEADER):
        paths = [write("positions/staff.csv", header + "\n".join(lines) + "\n"), write("positions/staff.toml", mapping)]
        reading = read(paths, tmp_path)
        return rows(reading, "source_positions"), [(r.action, r.reason, r.value) for r in reading.refused]

    return make


def test_a_position_is_read_by_its_mapping(positions):
    made, refused = positions("jane@x.org,Parrot  AI,Parrot Trainer,PhD,,Mail jane@x.org to apply,USA")
    assert refused == []
    told = {k: made[0][k] for k in ("raw_name", "title", "degree", "period", "is_current", "holder", "position_kind")}
    assert told == {
        "raw_name": "Parrot AI",
        "title": "Parrot Trainer",
        "degree": "PhD",
        "period": 2024,
        "is_current": True,
        "holder": 1,
        "position_kind": "held",
    }
    assert made[0]["description"] == "Mail ***@x.org to apply"
    assert made[0]["degree_field"] is None


def test_of_a_person_only_a_number_within_the_list_is_kept(positions):
    made, _ = positions("Jane Doe,A,X,,,,", "John Roe,A,X,,,,", "Jane Doe,B,Y,,,,", ",B,Z,,,,")
    assert [r["holder"] for r in made] == [1, 2, 1, None]
    assert not any("Doe" in str(v) for r in made for v in r.values())


@pytest.mark.parametrize(
    ("end", "current"), [("", True), ("2024-12-31", False), ("2025-01-01", True), ("2019", False), ("2030", True)]
)
def test_what_had_not_ended_is_current(positions, end, current):
    assert positions(f"1,A,X,,{end},,")[0][0]["is_current"] is current


@pytest.mark.parametrize(
    ("line", "reason", "value"),
    [
        ("1,,Trainer,,,,", "position has no employer or no title", "Trainer"),
        ("1,A,,,,,", "position has no employer or no title", "A"),
        ("1,A,X,,soon,,", "date is not written as %Y-%m-%d or %Y", "soon"),
        ("1,A", "has 2 cells, the header 7", "1"),
    ],
)
def test_a_position_that_cannot_be_used_is_listed(positions, line, reason, value):
    assert positions(line) == ([], [("rejected", reason, value)])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('kind = "held"', 'kind = "owned"'), "one of held, filing, advertisement"),
        (('kind = "held"', ""), "lacks kind"),
        (('kind = "held"', 'kind = "advertisement"'), "add a column from, or year below"),
        (('employer = "company"', ""), r"\[columns\] lacks employer"),
        (('employer = "company"', 'employer = "firm"'), "its columns are: member, company"),
        (('file = "staff.csv"', 'file = "other.csv"'), "name a CSV beside the mapping"),
        (('title = "job"', 'title = "job"\nsalary = "x"'), "known: country"),
    ],
)
def test_a_mapping_that_cannot_be_read_says_what_to_do(positions, change, message):
    with pytest.raises(SourceError) as raised:
        positions("1,A,X,,,,", mapping=MAPPING.replace(*change))
    assert re.search(message, f"{raised.value.what} {raised.value.remedy}")


def test_the_same_id_counts_once_and_rows_without_ids_each(positions):
    mapping = MAPPING.replace('person = "member"', 'id = "member"')
    made, refused = positions("7,A,X,,,,", "7,A,X,,,,", "8,A,X,,,,", mapping=mapping)
    assert [r["job"] for r in made] == ["positions:staff:7", "positions:staff:8"]
    assert refused == [("noted", "the same id again: counted once", "1 rows")]
    made, refused = positions("1,A,X,,,,", "1,A,X,,,,")
    assert len({r["job"] for r in made}) == 2
    assert refused == [("noted", "rows say the same as another and have no id: each is counted", "1 rows")]


def test_there_is_nothing_to_fetch(tmp_path):
    with pytest.raises(MacawError, match="there is no file to fetch"):
        remote_files(None, tmp_path)


SHORTENED = "employer,job title,base salary,city,county,state,submit date,start date,case status,countyID\n"
OFLC = "CASE_NUMBER,CASE_STATUS,RECEIVED_DATE,JOB_TITLE,SOC_CODE,EMPLOYER_NAME,EMPLOYER_POC_LAST_NAME\n"


@pytest.mark.parametrize(
    ("text", "title", "day"),
    [
        (
            SHORTENED
            + "parrot inc,developer,1,X,Y,WA,10/25/2012,1/1/2013,certified,Y1\n"
            + "parrot inc,developer,1,X,Y,WA,10/25/2012,1/1/2013,denied,Y1\n",
            "developer",
            "2012-10-25",
        ),
        (
            OFLC
            + "I-1,Certified,2025-03-01,Machine Learning Engineer,15-2051.00,PARROT INC,Doe\n"
            + "I-2,Withdrawn,2025-03-01,Engineer,15-2051.00,PARROT INC,Doe\n",
            "Machine Learning Engineer",
            "2025-03-01",
        ),
    ],
)
def test_certified_applications_of_both_layouts(write, tmp_path, rows, text, title, day):
    reading = lca.read([write("lca/a.csv", text)], tmp_path)
    made = rows(reading, "source_lca")
    assert [(r["title"], r["day"], r["position_kind"]) for r in made] == [(title, day, "filing")]
    assert [(r.action, r.value) for r in reading.refused] == [("noted", "1 rows")]
    assert "Doe" not in str(made)


def test_a_file_of_no_known_layout_is_refused(write, tmp_path):
    with pytest.raises(SourceError, match="of no layout that is read"):
        lca.read([write("lca/a.csv", "a,b\n1,2\n")], tmp_path)


LAGOU = (
    "companyFullName,positionId,positionName,positionLables,education\n"
    "上海示例有限公司,1,算法工程师,\"['算法']\",硕士\n"
)


@pytest.mark.parametrize("text", [LAGOU, LAGOU.encode("gb18030").decode("latin-1")])
def test_lagou_is_read_also_where_its_text_was_encoded_twice(write, tmp_path, rows, text):
    made = rows(jobs_zh.read([write("jobs_zh/l.csv", text)], tmp_path), "source_job_ads")
    told = [(r["raw_name"], r["title"], r["degree"], r["period"], r["listed_country"]) for r in made]
    assert told == [("上海示例有限公司", "算法工程师", "硕士", 2017, "CHN")]


@pytest.mark.parametrize(
    ("head", "employer", "title"),
    [
        ("「NLP算法工程师招聘」_示例科技招聘-BOSS直聘", "示例科技", "NLP算法工程师"),
        ("「算法专家招聘」_某大型公司招聘-BOSS直聘", None, "算法专家"),
        ("AI提示词工程师有前途吗_深圳示例公司2025年AI提示词工程师就业前景-BOSS直聘", "深圳示例公司", "AI提示词工程师"),
    ],
)
def test_a_page_of_boss(write, tmp_path, rows, head, employer, title):
    body = "Markdown Content:\n研发大模型。\n\n### 公司介绍\n领先的人工智能公司\n"
    text = f"Title: {head}\n\nURL Source: https://x.org/a.html?lid=1\n\n{body}"
    reading = jobs_zh.read([write("jobs_zh/boss/a.md", text)], tmp_path)
    made = rows(reading, "source_job_ads")[0]
    assert (made["raw_name"], made["title"]) == (employer, title)
    assert (made["description"], made["link"]) == ("研发大模型。", "https://x.org/a.html")
    assert len(reading.refused) == (employer is None)


def test_a_page_without_a_title_is_listed(write, tmp_path, rows):
    reading = jobs_zh.read([write("jobs_zh/boss/a.md", "403 Forbidden\n")], tmp_path)
    assert rows(reading, "source_job_ads") == []
    assert [(r.action, r.value) for r in reading.refused] == [("rejected", "403 Forbidden")]
