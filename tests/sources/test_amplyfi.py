"""Machine-read investments: what is refused, what is doubted. Every company and sentence here is invented."""

from __future__ import annotations

import pytest

from macaw.sources.amplyfi.fetch import remote_files
from macaw.sources.amplyfi.read import read, year_of


def mention(**fields):
    return {
        "entity_id": "e1",
        "original_entity": "鹦鹉科技",
        "original_subjects": "金刚资本;凤头基金",
        "sentence_texts": "2019年，鹦鹉科技获金刚资本、凤头基金1000万元A轮融资。",
        "year": "2019",
        "series": "A",
        "amount": 10000000,
        "currency": "CNY",
        "amount_usd": 1400000.0,
        **fields,
    }


@pytest.fixture
def mentions(write, tmp_path, rows):
    def make(*records):
        import json

        lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records]
        reading = read([write("amplyfi/a.jsonl", "\n".join(lines) + "\n")], tmp_path)
        return reading, rows(reading, "source_mentions"), [(r.action, r.reason, r.value) for r in reading.refused]

    return make


def test_a_mention_keeps_its_sentence_and_each_investor(mentions, rows):
    reading, made, refused = mentions(mention())
    assert refused == []
    assert made[0]["sentences"].startswith("2019年")
    assert (made[0]["period"], made[0]["amount"], made[0]["currency"]) == (2019, 1e7, "CNY")
    assert [r["investor"] for r in rows(reading, "source_mention_investors")] == ["金刚资本", "凤头基金"]


def test_the_publishers_conversion_to_dollars_is_not_read(mentions):
    assert "amount_usd" not in mentions(mention())[1][0]


@pytest.mark.parametrize("code", ["TOP", "BTN", "ADA"])
def test_words_taken_for_currencies_are_no_deal(mentions, code):
    _, made, refused = mentions(mention(currency=code, amount=10, sentence_texts="鹦鹉科技位列TOP10。"))
    assert made == []
    assert refused == [
        ("rejected", "currency is unknown: not in registry/currencies.csv, so what was read is no deal", code)
    ]


@pytest.mark.parametrize("year", ["10", "1235", "2044", "2105", "soon"])
def test_years_that_cannot_be_leave_the_mention_without_a_year(mentions, year):
    _, made, refused = mentions(mention(year=year))
    assert (made[0]["period"], made[0]["listed_period"]) == (None, year)
    assert refused == [("noted", "year is not between 1978 and 2021: the mention keeps no year", year)]


@pytest.mark.parametrize(
    ("sentence", "year"),
    [
        ("鹦鹉科技完成 2000 万美元 B 轮融资。", None),
        ("鹦鹉科技获2000万元投资。", None),
        ("2000年，鹦鹉科技获2000万元投资。", 2000),
        ("鹦鹉科技成立于2000-03-01。", 2000),
        ("", 2000),
    ],
)
def test_an_amount_is_not_a_year(sentence, year):
    assert year_of("2000", sentence)[0] == year


def test_a_mention_without_year_amount_or_sentence_is_kept_and_noted(mentions):
    record = mention()
    for field in ("year", "amount", "sentence_texts", "series"):
        del record[field]
    _, made, refused = mentions(record)
    assert (made[0]["period"], made[0]["amount"], made[0]["currency"]) == (None, None, None)
    assert refused == [("noted", "no sentence: nothing shows the link", "鹦鹉科技")]


def test_repetitions_are_noted_not_dropped(mentions):
    _, made, refused = mentions(mention(), mention(original_subjects="凤头基金"))
    assert len(made) == 2
    assert refused[0][0] == "noted"
    assert "perhaps the same deal" in refused[0][1]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("{", "not valid JSON"),
        ("[1]", "not an object"),
        (mention(original_entity=""), "field 'original_entity' is missing or not text"),
        (mention(year=2019), "field 'year' is missing or not text"),
        (mention(amount="ten"), "field 'amount' is not a number"),
        (mention(amount=True), "field 'amount' is not a number"),
    ],
)
def test_records_of_another_shape_are_listed(mentions, record, reason):
    _, made, refused = mentions(record)
    assert made == []
    assert [r for _, r, _ in refused] == [reason]


def test_the_one_file_that_is_fetched(tmp_path):
    assert [f.path for f in remote_files(None, tmp_path)] == ["amplyfi_investments_zh.jsonl"]


def test_an_amount_beyond_any_number_is_refused(mentions):
    for amount in (10**400, float("inf"), float("nan")):
        _, made, refused = mentions(mention(amount=amount))
        assert not made
        assert refused[0][1] == "field 'amount' is not a number"
