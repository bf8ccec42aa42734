"""Deals from any CSV by a column mapping. Every company, deal and column here is invented."""

from __future__ import annotations

import gzip

import pytest

from macaw.errors import MacawError, SourceError
from macaw.sources.deals.fetch import remote_files
from macaw.sources.deals.read import read

MAPPING = """
file = "rounds.csv"
title = "Rounds of birds"
exported = 2015-12-04

[columns]
company = "company_name"
date = "funded_at"
amount = "raised_amount"
currency = "cur"
country = "company_country_code"
series = "funding_round_code"
investors = "investor_names"
imputed = "estimated"

[values]
dates = ["%Y-%m-%d", "%m/%d/%Y"]
undisclosed = ["unknown"]
separator = "|"
"""
HEADER = "company_name,funded_at,raised_amount,cur,company_country_code,funding_round_code,investor_names,estimated\n"


@pytest.fixture
def deals(write, tmp_path, rows):
    def make(*lines, mapping=MAPPING, header=HEADER):
        paths = [write("deals/rounds.toml", mapping), write("deals/rounds.csv", header + "\n".join(lines) + "\n")]
        reading = read(sorted(paths), tmp_path)
        return rows(reading, "source_deals"), [(r.action, r.reason, r.value, r.position) for r in reading.refused]

    return make


def test_a_deal_is_read_by_its_mapping(deals):
    made, refused = deals('Parrot AI,01/02/2014,"1,500,000.50",US$,USA,A,Ara| Bird Fund,')
    assert refused == []
    deal = made[0]
    assert deal["deal"].startswith("deals:")
    assert {k: deal[k] for k in ("company", "day", "period", "amount", "currency", "amount_kind")} == {
        "company": "Parrot AI",
        "day": "2014-01-02",
        "period": 2014,
        "amount": 1500000.5,
        "currency": "USD",
        "amount_kind": "disclosed",
    }
    assert (deal["listed_country"], deal["round"], deal["investors"]) == ("USA", "A", "Ara;Bird Fund")


def test_imputed_and_undisclosed_amounts_stay_apart(deals):
    made, refused = deals(
        "Parrot AI,2014-01-02,100,USD,USA,A,,yes",
        "Macaw Ltd,2014-01-02,Unknown,USD,USA,A,,",
        "Lory Inc,2014-01-02,,,USA,A,,",
        "Kea GmbH,2014-01-02,0,EUR,DEU,A,,",
    )
    assert [(d["amount"], d["currency"], d["amount_kind"]) for d in made] == [
        (100.0, "USD", "imputed"),
        (None, None, "undisclosed"),
        (None, None, "undisclosed"),
        (None, None, "undisclosed"),
    ]
    assert [(action, value) for action, _, value, _ in refused] == [
        ("noted", "Macaw Ltd"),
        ("noted", "Lory Inc"),
        ("noted", "Kea GmbH"),
    ]


@pytest.mark.parametrize(
    ("line", "reason", "value"),
    [
        (
            "Parrot AI,0010-01-02,5,USD,USA,A,,",
            "date is before 1946 or after the list was made (2015-12-04)",
            "0010-01-02",
        ),
        (
            "Parrot AI,2105-01-02,5,USD,USA,A,,",
            "date is before 1946 or after the list was made (2015-12-04)",
            "2105-01-02",
        ),
        ("Parrot AI,10,5,USD,USA,A,,", "date is not written as %Y-%m-%d or %m/%d/%Y", "10"),
        ("Parrot AI,2014-01-02,5,TOP,USA,A,,", "currency is unknown: not in registry/currencies.csv", "TOP"),
        ("Parrot AI,2014-01-02,5,,USA,A,,", "currency is unknown: not in registry/currencies.csv", ""),
        ("Parrot AI,2014-01-02,much,USD,USA,A,,", "amount is not a number", "much"),
        ("Parrot AI,2014-01-02,-5,USD,USA,A,,", "amount is below zero", "-5"),
        (
            "Parrot AI,2014-01-02,5,USD,USA,A,,Y",
            "cell of the column imputed is in neither imputed nor not_imputed of [values]",
            "Y",
        ),
        (",2014-01-02,5,USD,USA,A,,", "deal has no company", None),
        ("Parrot AI,2014-01-02,5", "has 3 cells, the header 8", "Parrot AI"),
    ],
)
def test_a_deal_that_cannot_be_used_is_listed_with_its_value(deals, line, reason, value):
    assert deals(line) == ([], [("rejected", reason, value, 0)])


def test_the_same_deal_is_counted_once_however_it_is_written(deals):
    made, refused = deals(
        "Parrot AI,2014-01-02,1000000,USD,USA,A,Ara|Bird Fund,",
        'Parrot AI,01/02/2014,"1,000,000",US$,USA,A,Bird Fund|Ara,',
        "Parrot AI,2014-01-02,1000000,USD,USA,B,Ara|Bird Fund,",
    )
    assert len(made) == 2
    assert [(action, reason.split(":")[0], position) for action, reason, _, position in refused] == [
        ("rejected", "duplicate deal", 1)
    ]


def test_a_list_with_ids_of_its_own_keeps_them_and_counts_each_once(deals):
    mapping = MAPPING.replace("[columns]", '[columns]\nid = "round"')
    made, refused = deals(
        "r1,Parrot AI,2014-01-02,5,USD,USA,A,,",
        "r1,Parrot AI,2014-01-03,6,USD,USA,A,,",
        mapping=mapping,
        header="round," + HEADER,
    )
    assert [d["deal"] for d in made] == ["deals:rounds:r1"]
    assert [(action, position) for action, _, _, position in refused] == [("rejected", 1)]


def test_a_row_per_investor_is_one_deal_where_the_list_has_ids(deals):
    mapping = MAPPING.replace("[columns]", '[columns]\nid = "round"')
    made, refused = deals(
        "r1,Parrot AI,2014-01-02,5,USD,USA,A,Macaw Capital,",
        "r1,Parrot AI,2014-01-02,5,USD,USA,A,Ara,",
        "r1,Parrot AI,2014-01-02,5,USD,USA,A,Ara,",
        "r1,Parrot AI,2014-01-02,6,USD,USA,A,Kea,",
        mapping=mapping,
        header="round," + HEADER,
    )
    assert [(d["amount"], d["investors"]) for d in made] == [(5.0, "Ara;Macaw Capital")]
    assert [(action, position) for action, _, _, position in refused] == [
        ("noted", 1),
        ("rejected", 2),
        ("rejected", 3),
    ]


def test_lists_have_ids_of_their_own_and_the_same_deal_in_two_counts_once(write, tmp_path, rows):
    mapping = MAPPING.replace("[columns]", '[columns]\nid = "round"')
    paths = []
    for name, lines in {
        "east": ["r1,Parrot AI,2014-01-02,5,USD,USA,A,,", "r2,Kea,2014-01-02,5,USD,USA,A,,"],
        "west": ["r1,Lory,2014-01-02,5,USD,USA,A,,", "r7,Kea,2014-01-02,5,USD,USA,A,,"],
    }.items():
        paths.append(write(f"deals/{name}.toml", mapping.replace("rounds.csv", f"{name}.csv")))
        paths.append(write(f"deals/{name}.csv", "round," + HEADER + "\n".join(lines) + "\n"))
    reading = read(sorted(paths), tmp_path)
    made = rows(reading, "source_deals")
    assert [d["deal"] for d in made] == ["deals:east:r1", "deals:east:r2", "deals:west:r1"]
    assert [(r.file, r.position, r.value, r.reason) for r in reading.refused] == [
        ("deals/west.csv", 1, "Kea", "duplicate deal: the list east says the same in all but the link")
    ]


def test_only_the_rows_that_the_mapping_wants(deals):
    mapping = MAPPING + '\n[only]\ncompany_name = "(?i)parrot"\n'
    made, refused = deals("Parrot AI,2014-01-02,5,USD,USA,A,,", "Finch,2014-01-02,5,USD,USA,A,,", mapping=mapping)
    assert [d["company"] for d in made] == ["Parrot AI"]
    assert refused == [("noted", "rows do not fit [only] of the mapping: not read", "1 rows", None)]


def test_a_mapping_says_which_words_mean_that_an_amount_is_imputed(deals):
    mapping = MAPPING.replace("[values]", '[values]\nimputed = ["guessed"]\nnot_imputed = ["stated"]')
    made, refused = deals(
        "Parrot AI,2014-01-02,5,USD,USA,A,,Guessed",
        "Parrot AI,2014-02-02,5,USD,USA,A,,stated",
        "Parrot AI,2014-03-02,5,USD,USA,A,,",
        mapping=mapping,
    )
    assert [d["amount_kind"] for d in made] == ["imputed", "disclosed"]
    assert [(action, value, position) for action, _, value, position in refused] == [("rejected", "", 2)]


def test_days_with_a_time_of_any_zone(deals):
    mapping = MAPPING.replace('"%m/%d/%Y"', '"%Y-%m-%dT%H:%M:%S%z"')
    made, _ = deals("Parrot AI,2014-01-02T10:00:00+0100,5,USD,USA,A,,", mapping=mapping)
    assert made[0]["day"] == "2014-01-02"


def test_amounts_in_millions_of_one_currency(deals):
    mapping = MAPPING.replace('currency = "cur"\n', "").replace("[values]", '[values]\ncurrency = "CNY"\nfactor = 1e6')
    made, _ = deals("Parrot AI,2014-01-02,2.5,USD,CHN,A,,", mapping=mapping)
    assert (made[0]["amount"], made[0]["currency"]) == (2.5e6, "CNY")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"raised_amount"', '"raised"', "rounds.csv has no column 'raised'"),
        ('company = "company_name"\n', "", r"\[columns\] lacks company"),
        ('title = "Rounds of birds"\n', "", "lacks title"),
        ("exported = 2015-12-04", 'exported = "soon"', "exported is 'soon'"),
        ("exported = 2015-12-04", "exported = 2015-12-04T00:00:00", "exported is datetime"),
        ('file = "rounds.csv"', "file = 5", "file is 5"),
        ('file = "rounds.csv"', f'file = "{"鹦" * 100}.csv"', "file is '鹦"),
        ('file = "rounds.csv"', 'file = "../rounds.csv"', "file is '../rounds.csv'"),
        ('file = "rounds.csv"', 'file = "rounds.xlsx"', "file is 'rounds.xlsx'"),
        ('title = "Rounds of birds"', "title = 5", "title is 5"),
        ('date = "funded_at"', 'date = ["funded_at"]', r"\[columns\] date is"),
        ("[values]", '[values]\nfactor = "million"', r"\[values\] factor is 'million'"),
        ("[values]", "[values]\nfactor = -1", r"\[values\] factor is -1"),
        ("[values]", "[values]\nfactor = nan", r"\[values\] factor is nan"),
        ("[values]", '[values]\nimputed = "estimated"', r"\[values\] imputed is 'estimated'"),
        ("[values]", '[values]\nnot_imputed = "measured"', r"\[values\] not_imputed is 'measured'"),
        ('undisclosed = ["unknown"]', 'undisclosed = "unknown"', r"\[values\] undisclosed is 'unknown'"),
        ('dates = ["%Y-%m-%d", "%m/%d/%Y"]', 'dates = "%Y-%m-%d"', r"\[values\] dates is"),
        ('dates = ["%Y-%m-%d", "%m/%d/%Y"]', 'dates = ["%Y-%m-%d", "%Y%Y"]', r"\[values\] dates is"),
        ('dates = ["%Y-%m-%d", "%m/%d/%Y"]', 'dates = ["%m-%d"]', r"\[values\] dates is"),
        ('dates = ["%Y-%m-%d", "%m/%d/%Y"]', 'dates = ["%"]', r"\[values\] dates is"),
        ('separator = "|"', 'separator = ""', r"\[values\] separator is ''"),
        ("[values]", "[only]\ncur = 5\n[values]", r"\[only\] cur is 5"),
        ("[columns]", "only = 5\n[columns]", "only is 5"),
        ('imputed = "estimated"', 'guess = "estimated"', r"\[columns\] has guess"),
        ('separator = "|"', 'seperator = "|"', r"\[values\] has seperator"),
        ('currency = "cur"\n', "", "names no currency"),
        ('file = "rounds.csv"', 'file = "other.csv"', "there is no file"),
        ("[values]", "[values", "not valid TOML"),
        ("[values]", f"[values]\nfactor = 0x{'F' * 6000}", "not valid TOML .a number has too many digits"),
        ("[values]", '[only]\ncur = "("\n[values]', "no regular expression"),
        ("[values]", '[only]\ncur = "a{99999999999}"\n[values]', "no regular expression"),
        ("[values]", f'[only]\ncur = "a{{{"1" * 5000}}}"\n[values]', "no regular expression"),
        ("[values]", '[only]\ncur = "(?a)(?u)x"\n[values]', "no regular expression"),
        ("[values]", f'[only]\ncur = "{"(" * 9000}{")" * 9000}"\n[values]', "no regular expression"),
        ("[values]", '[only]\nsector = "AI"\n[values]', "rounds.csv has no column 'sector'"),
    ],
)
def test_a_mapping_that_cannot_be_right_is_an_error_that_names_what_is_wrong(deals, old, new, message):
    assert old in MAPPING
    with pytest.raises(SourceError, match=message):
        deals("Parrot AI,2014-01-02,5,USD,USA,A,,", mapping=MAPPING.replace(old, new))


def test_a_missing_column_is_answered_with_the_columns_there_are(deals):
    with pytest.raises(SourceError) as error:
        deals(mapping=MAPPING.replace('"raised_amount"', '"raised"'))
    assert "company_name, funded_at, raised_amount" in error.value.remedy


def test_a_csv_without_a_mapping_is_listed_not_guessed(write, tmp_path):
    reading = read([write("deals/other.csv", "a,b\n1,2\n")], tmp_path)
    assert [(r.file, r.reason) for r in reading.refused] == [
        ("deals/other.csv", "no mapping names this file: it is not read")
    ]


def test_a_gzipped_csv(write, tmp_path, rows):
    write("deals/rounds.csv.gz", gzip.compress((HEADER + "Parrot AI,2014-01-02,5,USD,USA,A,,\n").encode()))
    mapping = write("deals/rounds.toml", MAPPING.replace('"rounds.csv"', '"rounds.csv.gz"'))
    assert len(rows(read([mapping], tmp_path), "source_deals")) == 1


def test_there_is_nothing_to_fetch(tmp_path):
    with pytest.raises(MacawError, match="there is no file to fetch"):
        remote_files(None, tmp_path)
