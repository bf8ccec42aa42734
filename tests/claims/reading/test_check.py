from __future__ import annotations

import json
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


def fits(text: str, table: pa.Table) -> list[bool | None]:
    return [e.fits for c in read(text, table).checked for e in c.evidence]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2021年，中国的研发投入强度为2.4%。", True),
        ("China's R&D intensity was 2.41 percent of GDP in 2021.", True),
        ("2021年，中国的研发投入强度为2.9%。", False),
        ("2021年，中国的研发投入强度超过2%。", True),
        ("2021年，中国的研发投入强度不到2%。", False),
        ("2021年，中国和美国的研发投入强度为2.4%。", None),
        ("2021年，中国的研发投入强度并不是2.4%。", None),
        ("2021年，中国企业的研发投入强度为2.4%，其中广东省为3%。", True),
        ("2021年，中国广东省的研发投入强度为2.9%。", None),
    ],
)
def test_evidence_is_given_at_once_and_judged_only_where_number_and_subject_belong_together(
    text: str, found: bool | None
) -> None:
    judged = fits(text, values(*INTENSITY))
    assert judged
    assert judged[0] is found


@pytest.mark.parametrize(
    "text",
    [
        "2021年，中国的研发投入强度会达到2.4%吗？",
        "预计2021年，中国的研发投入强度将达到2.4%。",
        "2021年，日本的研发投入强度为2.4%。",
        "2021年，中国的研发投入强度下降了2.4%。",
        "1998年，中国的研发投入强度为2.4%。",
    ],
)
def test_nothing_is_judged_of_what_is_not_asserted_or_not_known(text: str) -> None:
    assert True not in fits(text, values(*INTENSITY))
    assert False not in fits(text, values(*INTENSITY))


def test_a_changed_value_changes_what_fits() -> None:
    text = "2021年，中国的研发投入强度为2.4%。"
    other = [(*row[:4], 0.031, "A") for row in INTENSITY]
    assert (fits(text, values(*INTENSITY)), fits(text, values(*other))) == ([True], [False])


def test_definitions_that_disagree_leave_it_open() -> None:
    rows = [*INTENSITY[:-1], (*INTENSITY[-1][:4], 0.031, "A")]
    assert fits("2021年，中国的研发投入强度为2.4%。", values(*rows)) == [None]


def test_a_value_that_is_not_sure_judges_nothing() -> None:
    rows = [(*row[:5], "U") for row in INTENSITY]
    assert fits("2021年，中国的研发投入强度为2.4%。", values(*rows)) == [None]


def test_two_countries_are_compared_in_their_order() -> None:
    rows = [
        ("gross_rd", d, e, 2021, v, "A")
        for d in indicators()["gross_rd"].definitions
        for e, v in (("CHN", 600.0), ("USA", 800.0))
    ]
    ahead = "2021年，中国的研发投入超过美国。"
    behind = "2021年，中国的研发投入低于美国。"
    assert (fits(ahead, values(*rows)), fits(behind, values(*rows))) == ([False], [True])
    assert fits("2021年，中国的研发投入没有超过美国。", values(*rows)) == [None]


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
    assert (sentence["checkable"], sentence["fits"], sentence["settled_by"]) == (
        True,
        None,
        "no indicator of Macaw is about this",
    )


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
