"""The ledger on the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from macaw.claims.settle import VERDICTS
from support.claims import RECORD

DOCS = Path(__file__).parents[2] / "docs" / "claims.md"


@pytest.fixture
def mine(write):
    """The record of docs/claims.md."""
    return write("mine.toml", re.search(r"```toml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)[1])


def listed(result):
    assert result.code == 0, result.err
    return json.loads(result.out)


def test_run_gives_verdict_reason_and_values_in_both_languages(run, demo_build):
    found = listed(run("claims", "run", "--build", demo_build, "--format", "json"))
    assert len(found) >= 60
    for each in found:
        assert each["verdict"] in VERDICTS
        assert each["reason"]
        assert each["reason_zh"]
        assert {"values", "figures", "history", "quote", "rule", "share_holding"} <= set(each)


def test_chinese_reasons_hold_no_english(run, demo_build):
    names = re.compile(r"GPT-3|OpenAI|Meta\b|rfa-[a-z0-9-]+")
    for each in listed(run("claims", "run", "--build", demo_build, "--format", "json")):
        for field in ("reason_zh", "summary_zh", "holds_under_zh"):
            assert not re.search(r"[A-Za-z]{2}", names.sub("", each[field] or "")), (each["id"], field, each[field])


def test_the_table_fits_a_hundred_columns(run, demo_build):
    out = run("claims", "run", "--build", demo_build).out
    columns = [sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in out.splitlines()]
    assert max(columns) <= 105


def test_drafts_have_no_verdict(run, demo_build, write):
    draft = write("draft.toml", RECORD.replace('language = "zh"', 'language = "zh"\nstate = "draft"'))
    assert listed(run("claims", "run", "--records", draft, "--build", demo_build, "--format", "json")) == []
    assert "drafts" in run("claims", "check", draft).err


def test_the_example_of_the_docs_is_a_record(run, demo_build, mine):
    assert run("claims", "check", mine).code == 0
    found = listed(run("claims", "run", "--records", mine, "--build", demo_build, "--format", "json"))
    # The demo has no statistics: nothing is known, and nothing is false.
    assert [d["verdict"] for d in found] == ["not_settled_by_public_data"]


def test_a_replaced_claim_stays_readable_and_names_its_successor(run, demo_build, mine, write):
    text = mine.read_text("utf-8")
    later = text[text.index("[[claim]]") :].replace('id = "mine-rd"', 'id = "mine-rd-2"\nreplaces = "mine-rd"\n'
             'why_replaced = "Another edition."\nwhy_replaced_zh = "另一版本。"')  # fmt: skip
    both = write("both.toml", text + later)
    old, new = listed(run("claims", "run", "--records", both, "--build", demo_build, "--format", "json"))
    assert (old["verdict"], old["replaced_by"]) == ("replaced", "mine-rd-2")
    assert "Another edition." in old["reason"]
    assert new["replaces"] == "mine-rd"


def test_one_claim_is_found_by_the_end_of_its_id(run, demo_build):
    shown = run("claims", "show", "gpt3-chinese", "--build", demo_build)
    assert shown.code == 0
    assert "0.1%" in shown.out
    assert "paragraph 17, sentence 1" in shown.out
    missing = run("claims", "show", "nothing", "--build", demo_build)
    assert (missing.code, "no claim is called 'nothing'" in missing.err) == (2, True)


def test_evidence_opens_into_records(run, demo_build):
    values = listed(run("claims", "evidence", "gpt3-chinese", "--build", demo_build, "--format", "json"))
    assert {v["indicator"] for v in values} == {"language_share"}
    opened = run(
        "claims", "evidence", "gpt3-chinese", "--test", "share", "--open", "--build", demo_build, "--format", "json"
    )
    assert {r["asked"] for r in listed(opened)} == {"lang:zh"}
    assert run("claims", "evidence", "gpt3-chinese", "--open", "--build", demo_build).code == 2
    assert run("claims", "evidence", "gpt3-chinese", "--test", "none", "--build", demo_build).code == 2


def test_a_broken_record_is_told_without_a_traceback(run, write):
    broken = run("claims", "check", write("bad.toml", RECORD.replace("at_least = 450", "at_least = nan", 1)))
    assert broken.code == 1
    assert "bad.toml: claim rd: test level: at_least is nan" in broken.err


def test_claimreview_has_rated_claims_only(run, demo_build):
    found = listed(run("claims", "run", "--build", demo_build, "--format", "claimreview", "--url-base",
                       "https://example.org/c/", "--published", "2026-11-30"))  # fmt: skip
    for each in found:
        assert each["@type"] == "ClaimReview"
        assert each["datePublished"] == "2026-11-30"
        assert each["url"].startswith("https://example.org/c/rfa-")
        assert 1 <= each["reviewRating"]["ratingValue"] <= 5
        assert each["itemReviewed"]["appearance"]["datePublished"] == "2024-10-29"
    assert run("claims", "run", "--build", demo_build, "--format", "claimreview").code == 2
    bad = run("claims", "run", "--build", demo_build, "--format", "claimreview", "--url-base", "javascript:1")
    assert bad.code == 2


def test_without_a_build_new_claims_are_refused_and_say_why(run, mine):
    refused = run("claims", "run", "--records", mine)
    assert refused.code == 1
    assert "--build DIR" in refused.err
