from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from macaw import schema
from macaw.claims.reading import output
from macaw.claims.reading.article import read_text
from macaw.claims.reading.check import Report, check_article
from macaw.claims.reading.draft import draft_record
from macaw.claims.reading.ledger_ties import ties
from macaw.claims.reading.linking import link
from macaw.claims.reading.sentences import read_sentence
from macaw.claims.reading.templates import draft_tests
from macaw.claims.record import RecordError, load_records, read_record
from macaw.cli import main
from macaw.indicators import default_specification, indicators

KINDS: dict[str, tuple[str, str | None]] = {"CHN": ("country", None), "USA": ("country", None)}


def values(*rows: tuple[str, str, str, int, float | None, str]) -> pa.Table:
    """A table of values from indicator, definition, entity, period, value and status."""
    made = []
    for indicator, definition, entity, period, value, status in rows:
        of = indicators()[indicator]
        spec = {**vars(default_specification(of)), "definition": definition}
        made.append(
            {
                **spec, "indicator": indicator, "entity": entity, "place_country": "", "period": period, "value": value,
                "low": None, "high": None, "unit": of.unit, "status": status, "n": 1, "completeness": 1.0,
                "release": "test",
            }
        )  # fmt: skip
    arrow = schema.arrow_schema("values")
    return pa.table({f.name: pa.array([r[f.name] for r in made], f.type) for f in arrow}, schema=arrow)


INTENSITY = [("rd_intensity", d, "CHN", 2021, 0.0241, "A") for d in indicators()["rd_intensity"].definitions]


def read(text: str, table: pa.Table, on: date | None = date(2023, 5, 1)) -> Report:
    article = read_text(text, "a.txt", "text/plain")
    return check_article(type(article)(**{**vars(article), "date": on}), table, KINDS)


def shown(text: str, table: pa.Table) -> list[tuple[str, list[float | None], list[str]]]:
    """Of each evidence: the indicator, the values shown, and why one should beware."""
    return [
        (e.drafted.test.indicator, [r.value for r in e.shown], [en for en, _ in e.cautions])
        for c in read(text, table).checked
        for e in c.evidence
    ]


SEVERAL = "several countries or numbers stand in the clause"


@pytest.mark.parametrize(
    ("text", "cautions"),
    [
        ("2021年，中国的研发投入强度为2.4%。", []),
        ("China's R&D intensity was 2.41 percent of GDP in 2021.", []),
        ("2021年，中国和美国的研发投入强度为2.4%。", [SEVERAL]),
        ("2021年，中国的研发投入强度并不是2.4%。", ["the clause is negated"]),
        (
            "2021年，中国广东省的研发投入强度为2.9%。",
            ["the clause speaks of a part that the indicator does not tell apart"],
        ),
    ],
)
def test_values_are_shown_at_once_with_what_speaks_against_comparing_them(text: str, cautions: list[str]) -> None:
    (indicator, values_shown, told), *_ = shown(text, values(*INTENSITY))
    assert (indicator, set(values_shown), told) == ("rd_intensity", {0.0241}, cautions)


@pytest.mark.parametrize(
    "text",
    [
        "2021年，日本的研发投入强度为2.4%。",
        "2021年，中国的研发投入强度下降了2.4%。",
        "1998年，中国的研发投入强度为2.4%。",
    ],
)
def test_nothing_is_shown_of_what_is_not_known(text: str) -> None:
    assert shown(text, values(*INTENSITY)) == []


def test_no_sentence_is_judged_in_any_form() -> None:
    report = read("2021年，中国的研发投入强度为2.9%。", values(*INTENSITY))
    told = json.dumps(output.document(report), ensure_ascii=False) + str(list(output.lines(report)))
    assert not re.search(r"\bfits?\b|holds|contradict|supported|不符|成立|相符", told)


def test_what_an_estimate_or_a_later_value_is_worth_is_said() -> None:
    text = "中国的研发投入强度为2.4%。"
    later = [("rd_intensity", d, "CHN", 2024, 0.0268, "E") for d in indicators()["rd_intensity"].definitions]
    ((_, found, cautions),) = shown(text, values(*later))
    assert set(found) == {0.0268}
    assert cautions == ["these values are later than the article", "some of these values are not sure (see the status)"]


@pytest.mark.parametrize(
    ("text", "indicator"),
    [
        ("2021年，中国的研发投入超过美国。", "gross_rd"),
        ("China spent more money on R&D than the United States in 2021.", "gross_rd"),
        ("2021年，中国的研发投入强度超过美国。", "rd_intensity"),
        ("China surpassed the United States in R&D intensity in 2021.", "rd_intensity"),
    ],
)
def test_two_countries_are_compared_by_what_is_said(text: str, indicator: str) -> None:
    rows = [
        (of, d, e, 2021, v, "A")
        for of in ("gross_rd", "rd_intensity")
        for d in indicators()[of].definitions
        for e, v in (("CHN", 600.0), ("USA", 800.0))
    ]
    found = {(i, v) for i, of, _ in shown(text, values(*rows)) for v in of}
    assert found == {(indicator, 0.75)}


def test_every_number_of_the_document_opens_into_its_place() -> None:
    report = read("标题一行\n\n2021年，中国的研发投入强度为2.4%。据统计局称，占三成。", values(*INTENSITY))
    document = output.document(report)
    text = report.article.text
    for sentence in document["sentences"]:
        assert text[sentence["start"] : sentence["end"]] == sentence["text"]
        for quantity in sentence["quantities"]:
            assert sentence["text"][quantity["start"] : quantity["end"]] == quantity["text"]
    json.dumps(document, allow_nan=False)
    assert document == output.document(
        read("标题一行\n\n2021年，中国的研发投入强度为2.4%。据统计局称，占三成。", values(*INTENSITY))
    )


def test_what_cannot_be_settled_says_so() -> None:
    document = output.document(read("去年，该市共有300座公园。", values(*INTENSITY)))
    (sentence,) = document["sentences"]
    assert (sentence["checkable"], sentence["evidence"]) == (True, [])
    assert sentence["settled_by"] == "its words name no indicator of Macaw"


def test_markdown_escapes_what_an_article_says() -> None:
    made = output.markdown(
        read("<script>alert(1)</script> [x](javascript:y) rose 5% last year, `a`.", values(*INTENSITY))
    )
    assert "<script>" not in made
    assert "[x](" not in made


def test_control_characters_do_not_reach_the_terminal() -> None:
    report = read("Revenue \x1b[31mrose 5%\u202e last year.", values(*INTENSITY))
    assert not any(c in line for _, line in output.lines(report) for c in "\x1b\u202e")


# -- the ledger ------------------------------------------------------------------------------------------


def test_a_sentence_is_tied_to_the_claim_it_quotes() -> None:
    claims = load_records()
    one = next(c for c in claims if c.id.endswith("gpt3-chinese"))
    assert one in ties(f"他說，{one.quote}。", claims, same_article=False)
    assert ties("规模为100亿元。", claims, same_article=False) == []


def test_a_draft_waits_for_a_person_and_is_a_record_once_filled(tmp_path: Path) -> None:
    report = read("一个“标题”\\\n\n2021年，中国的研发投入强度为2.4%。\n\n去年，该市共有300座公园。", values(*INTENSITY))
    draft = draft_record(report)
    assert 'state = "draft"' in draft
    with pytest.raises(RecordError, match="lacks registered"):
        list(read_record(draft.encode(), "draft.toml"))
    filled = draft.replace("# registered = YYYY-MM-DD", "registered = 2026-01-01").replace("TO FILL IN", "filled")
    claims = list(read_record(filled.encode(), "draft.toml"))
    assert [c.quote for c in claims] == ["2021年，中国的研发投入强度为2.4%。", "去年，该市共有300座公园。"]
    assert {c.article.state for c in claims} == {"draft"}
    # The tests that templates propose stand in comments and are valid once taken.
    proposed = ("[[claim.rule", "id", "says", "role", "indicator", "entity", "period", "take", "at_", "stated")
    lines = [
        line.removeprefix("# ") if line.startswith(tuple(f"# {p}" for p in proposed)) else line
        for line in filled.split("\n")
    ]
    taken = list(read_record("\n".join(lines).encode(), "draft.toml"))
    assert taken[0].rule.tests[0].indicator == "rd_intensity"


# -- the command -----------------------------------------------------------------------------------------


def done(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert not raised.value.code


def test_the_command_reads_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.txt"
    file.write_text("2021年，中国的研发投入强度为2.4%。", "utf-8")
    done(["check", str(file), "--format", "json", "--date", "2023-05-01", "--draft", str(tmp_path / "d.toml")])
    document = json.loads(capsys.readouterr().out)
    assert document["counts"]["checkable"] == 1
    assert document["sentences"][0]["indicators"][0] == "gross_rd"
    assert (tmp_path / "d.toml").read_text("utf-8").count("[[claim]]") == 1
    for form in ("table", "markdown"):
        done(["check", str(file), "--format", form])
        assert "2.4%" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["none.txt"], 1, "cannot be read"),
        (["ftp://example.org/a"], 2, "only http and https"),
        (["http://127.0.0.1/"], 1, "is refused"),
        (["--nothing"], 2, "Unknown option"),
        (["a.txt", "--date", "soon"], 2, "is not a date"),
    ],
)
def test_wrong_calls_have_a_message_and_a_code(
    arguments: list[str], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["check", *arguments])
    assert raised.value.code == code
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("sentence", "venues", "period", "role"),
    [
        ("In 2021 China had more papers at CVPR than the United States.", ("CVPR",), "2021", "settles"),
        ("In 2021 China had more AI papers than the United States.", None, "2021", "proxy"),
        ("2021年中国占CVPR论文的32%，2019年美国占31%。", ("CVPR",), "2021", "settles"),
    ],
)
def test_a_venue_that_is_named_is_the_venue_that_is_asked(sentence, venues, period, role):
    read = read_sentence(sentence)
    test = draft_tests(read, link(read.folded))[0].test
    assert test.over.get("venues") == venues
    assert (test.period, test.role) == (period, role)


def test_two_years_in_one_clause_are_a_doubt():
    read = read_sentence("China had more papers at CVPR than the United States in 2020 and 2021.")
    (drafted, *_) = draft_tests(read, link(read.folded))
    assert drafted.doubt == "several years stand in the sentence"
