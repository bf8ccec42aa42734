"""Codes of languages: ISO 639-1, ISO 639-3, old ones, scripts; what is none."""

from __future__ import annotations

import pytest

from macaw.sources.language_codes import language_of


@pytest.mark.parametrize(
    ("codes", "tag"),
    [
        (["zh", "zho"], "zh"),
        (["zh-Hant", "zh_Hant", "zh-hant"], "zh-Hant"),
        (["en", "eng"], "en"),
        (["he", "heb", "iw"], "he"),
        (["jv", "jav", "jw"], "jv"),
        (["id", "ind", "in"], "id"),
        (["yi", "yid", "ji"], "yi"),
        (["ro", "ron", "mo"], "ro"),
        (["fil", "tl", "tgl"], "fil"),
        (["no", "nor"], "no"),
        (["nb", "nob"], "nb"),
        (["nn", "nno"], "nn"),
        (["yue"], "yue"),
        (["cmn"], "cmn"),
        (["bh", "bih"], "bh"),
    ],
)
def test_codes_of_one_language_have_one_tag(codes, tag):
    assert {language_of(code) for code in codes} == {tag}


@pytest.mark.parametrize(
    "code", ["", "<unknown>", "und", "mul", "zxx", "mis", "xx", "xx-Goth", "blu", "zz", "Chinese", "zh-CN", "zh-Xyzz"]
)
def test_what_is_no_language_has_none(code):
    assert language_of(code) is None
