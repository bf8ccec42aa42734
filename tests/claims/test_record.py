"""Records break with an error that names the file, the claim and the field; those of the package break no rule."""

from __future__ import annotations

import pytest

from macaw.claims.record import RecordError, load_file, load_records
from support.claims import ARTICLE, CLAIM, RECORD, claims

OTHER = CLAIM.replace('id = "rd"', 'id = "rd-2"')
TEST = RECORD.index("[[claim.rule.test]]")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("at_least = 450", "at_least = nan", r"claim rd: test level: at_least is nan"),
        ("at_least = 450", "at_least = inf", r"at_least is inf"),
        ("at_least = 450", 'at_least = "450"', r"at_least is '450'"),
        ("at_least = 450", f"at_least = {'9' * 401}", r"at_least is 9+\.\.\.9+\n"),
        ("at_least = 450\n", "", r"has no bound, so that nothing can fail it"),
        ("at_least = 450", "at_least = 450\nat_most = 400", r"nothing is at least 450.0 and at most 400.0"),
        ("registered = 2026-11-01", "registered = 2999-01-01", r"claim rd: rule.registered is 2999-01-01, .* future"),
        ("registered = 2026-11-01", 'registered = "2026-11-01"', r"registered is '2026-11-01'"),
        ("registered = 2026-11-01", "registered = 2026-11-01T10:00:00", r"registered is"),
        ('indicator = "gross_rd"', 'indicator = "gross"', r"test level: indicator is 'gross'"),
        ('entity = "CHN"', 'entity = "China"', r"entity 'China' is unknown"),
        ("at_least", 'over.definition = ["msti_1999"]\nat_least', r"over.definition is 'msti_1999'.*unknown"),
        ("at_least", 'over.colour = ["red"]\nat_least', r"over is 'colour'"),
        ("at_least", "over.definition = []\nat_least", r"over.definition is empty"),
        ("at_least", "over.definition = [1]\nat_least", r"over.definition is"),
        ("at_least", 'over.venues = ["ai"]\nat_least', r"gross_rd does not depend on venues"),
        ("at_least", "over = 3\nat_least", r"over is 3"),
        ('period = "latest"', 'period = "soon"', r"period is 'soon'"),
        ('period = "latest"', 'period = "2024-02-31"', r"'2024-02-31' is no day"),
        ('period = "latest"', 'period = "2022:2017"', r"ends before it begins"),
        ('role = "settles"', 'role = "decides"', r"role is 'decides'"),
        ("at_least", 'take = "ratio"\nat_least', r"take 'ratio' lacks against"),
        ("at_least", 'take = "growth"\nbase = "2019"\nat_least', r"take 'growth' has base"),
        ("at_least", 'take = "rank"\namong = ["company@CHINA"]\nat_least', r"among 'company@CHINA' is unknown"),
        ('type = "level"', 'type = "rumour"', r"claim rd: type is 'rumour'"),
        ('type = "level"', 'type = "forecast"', r"claim rd: a forecast without due"),
        ('tense = "present"', 'tense = "perfect"', r"tense is 'perfect'"),
        ('part = "content"', 'part = "content"\nattributes = "none"', r"attributes 'none', which is no other claim"),
        ('part = "content"', 'part = "content"\nreplaces = "rd"', r"replaces 'rd', which is no other claim"),
        ('part = "content"', 'part = "content"\ncolour = "red"', r"claim rd: unknown field colour"),
        ('id = "rd"', 'id = "R D"', r"claim R D: id is 'R D'"),
        ('quote = "中国研发经费不低于4500亿"\n', "", r"claim rd: lacks quote"),
        ('quote = "中国研发经费不低于4500亿"', 'quote = " "', r"claim rd: quote is empty"),
        ("paragraph = 1", "paragraph = true", r"paragraph is True"),
        ("[claim.rule]", "[claim.ruler]", r"claim rd: rule: lacks registered"),
        ("left_open", 'sources = ["hearsay"]\nleft_open', r"rule.sources is 'hearsay'"),
        ("left_open", 'figures = ["hearsay"]\nleft_open', r"rule.figures is 'hearsay'"),
        ("left_open", "checkable = false\nleft_open", r"is not checkable and has tests"),
        ("[article]", "[article", r"is not TOML"),
        ("[article]", "n = " + "9" * 5000, r"is not TOML"),
        ("at_least = 450", f"at_least = 0x{'F' * 6000}", r"is not TOML .a number has too many digits"),
        ("[article]", "n = " + "[" * 5000, r"is not TOML"),
        ('language = "zh"', 'language = "zh"\nstate = "checked"', r"article.state is 'checked'"),
    ],
)
def test_a_broken_record_is_named(old, new, message):
    assert old in RECORD
    with pytest.raises(RecordError, match="invented.toml.*" + message) as found:
        claims(RECORD.replace(old, new, 1))
    assert found.value.remedy


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ARTICLE, r"has no \[\[claim\]\]"),
        ("", r"article is missing"),
        (ARTICLE + "claim = 3", r"unknown field claim|has no"),
        (RECORD + CLAIM, r"claim rd stands twice"),
        (RECORD + RECORD[TEST:], r"two tests have one id"),
        ("rules = 3\n" + RECORD, r"rules is not a table"),
        ("notes = 3\n" + RECORD, r"unknown field notes"),
    ],
)
def test_a_record_must_be_whole(text, message):
    with pytest.raises(RecordError, match=message):
        claims(text)


def test_two_claims_cannot_replace_one():
    later = OTHER.replace('part = "content"', 'part = "content"\nreplaces = "rd"')
    assert claims(RECORD + later)[1].replaces == "rd"
    with pytest.raises(RecordError, match="claim rd is replaced twice"):
        claims(RECORD + later + later.replace("rd-2", "rd-3"))


def test_what_all_rules_share_is_written_once():
    shared = RECORD.replace("registered = 2026-11-01\n", "", 1)
    made = claims(shared.replace("[[claim]]", "[rules]\nregistered = 2026-10-01\n[[claim]]", 1))
    assert made[0].rule.registered.isoformat() == "2026-10-01"


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(RecordError, match=r"none.toml: cannot be read"):
        load_file(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes("# é".encode("latin-1"))
    with pytest.raises(RecordError, match=r"latin.toml: byte 2 is not UTF-8"):
        load_file(tmp_path / "latin.toml")
    with pytest.raises(RecordError, match="there is no such folder"):
        load_records(tmp_path / "none")


def test_ids_are_unique_over_all_files_of_a_folder(tmp_path):
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(RECORD, "utf-8")
    with pytest.raises(RecordError, match=r"b.toml: claim rd stands twice \(also in a.toml\)"):
        load_records(tmp_path)


def test_the_packages_own_records_hold_all_statements_of_the_article():
    found = [c for c in load_records() if c.id.startswith("rfa-20241029-")]
    assert len(found) >= 60
    # An attribution asks whether it was said; it names what was said, which is a claim of its own.
    said = [c for c in found if c.part == "attribution"]
    assert all(c.attributes for c in said)
    assert {c.article.date.isoformat() for c in found} == {"2024-10-29"}


def test_quotations_are_short():
    """An article is quoted, not copied."""
    assert max(len(c.quote) for c in load_records()) <= 80
