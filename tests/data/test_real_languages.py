"""GPT-3's and Common Crawl's languages and CLDR's speakers on the real files, each counted in another way too."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import pytest
from language_data.population_data import LANGUAGE_SPEAKING_POPULATION

import macaw

pytestmark = pytest.mark.data
DATA = os.environ.get("MACAW_TEST_DATA")
if not DATA or not (Path(DATA) / "languages").is_dir():
    pytest.skip("MACAW_TEST_DATA names no folder with languages/", allow_module_level=True)

FILES = {
    "words": "gpt3_languages_by_word_count.csv",
    "characters": "gpt3_languages_by_character_count.csv",
    "documents": "gpt3_languages_by_document_count.csv",
}


@pytest.fixture(scope="module")
def observatory(tmp_path_factory):
    data = tmp_path_factory.mktemp("languages")
    (data / "languages").symlink_to(Path(DATA) / "languages")
    macaw.build(data, data / "build")
    return macaw.open(data / "build")


def value(observatory, indicator, definition, language="zh"):
    rows = observatory.values(indicator, entity=f"lang:{language}", definition=definition).to_pylist()
    [row] = [r for r in rows if r["value"] is not None]
    return row["value"]


def lines(name: str) -> list[list[str]]:
    """The cells of a file, without any of the reader's code."""
    text = (Path(DATA) / "languages" / name).read_text("utf-8")
    return [line.split(",") for line in text.strip().split("\n")[1:]]


@pytest.mark.parametrize("counted", FILES)
@pytest.mark.parametrize(("suffix", "codes"), [("", {"zh"}), ("_chinese_together", {"zh", "zh-Hant"})])
def test_chinese_in_gpt3_under_all_six_countings(observatory, counted, suffix, codes):
    cells = lines(FILES[counted])
    chinese = sum(int(n) for code, n, _ in cells if code in codes)
    share = Fraction(chinese, sum(int(n) for _, n, _ in cells))
    found = value(observatory, "language_share", f"gpt3_{counted}{suffix}")
    assert found == pytest.approx(float(share), abs=1e-11)
    # What OpenAI states, to five decimals of a percent.
    stated = sum(Fraction(p.rstrip("%")) for code, _, p in cells if code in codes) / 100
    assert abs(found - stated) <= 0.5e-7 * len(codes)
    speakers = value(observatory, "speakers_share", "cldr")
    ratio = value(observatory, "representation_ratio", f"gpt3_{counted}{suffix}_by_cldr")
    assert ratio == pytest.approx(float(share) / speakers, rel=1e-8)


def test_shares_of_a_corpus_add_up_to_one(observatory):
    shares = observatory.table("language_shares").to_pylist()
    for counted in FILES:
        mine = [r["share"] for r in shares if r["corpus"] == f"gpt3_{counted}"]
        assert len(mine) == 118
        assert sum(mine) == pytest.approx(1, abs=1e-9)


def of_crawl(observatory, crawl):
    """The share of Chinese in one crawl."""
    shares = observatory.table("language_shares").to_pylist()
    [share] = [r["share"] for r in shares if (r["corpus"], r["language"]) == (f"commoncrawl_{crawl}", "zh")]
    return share


@pytest.mark.parametrize("crawl", ["2018_34", "2018_39", "2026_04"])
def test_chinese_in_common_crawl(observatory, crawl):
    cells = [
        c for c in lines("commoncrawl_primary_language_share_EXCERPT.csv") if c[0].endswith(crawl.replace("_", "-"))
    ]
    pages = {code: int(n) for _, code, n, *_ in cells}
    stated = {code: Fraction(p) / 100 for _, code, _, _, p, _ in cells}
    # The size of the crawl that the English pages and their percentage imply.
    assert of_crawl(observatory, crawl) == pytest.approx(
        float(pages["zho"] / (pages["eng"] / stated["eng"])), abs=0.5e-6
    )


def test_common_crawl_of_a_year_lies_between_its_crawls(observatory):
    year = observatory.values("language_share", entity="lang:zh", definition="commoncrawl", period=2018).to_pylist()
    first, last = (of_crawl(observatory, f"2018_{n}") for n in (34, 39))
    assert first < year[0]["value"] < last


@pytest.mark.parametrize("language", ["zh", "en", "es", "ar", "fr", "wuu", "yue", "sr"])
def test_speakers_are_the_librarys_own_sum(observatory, language):
    people = sum(r["population"] for r in observatory.table("source_territories").to_pylist())
    library = LANGUAGE_SPEAKING_POPULATION[language] / people
    added = value(observatory, "speakers_share", "cldr_scripts_added", language)
    assert added == pytest.approx(library, abs=5e-8)
    once = value(observatory, "speakers_share", "cldr", language)
    # Only where a territory lists two scripts do the two differ.
    assert (once == pytest.approx(added, rel=0.001)) == (language not in ("yue", "sr"))


def test_the_worlds_population_in_figures_is_that_of_the_library(observatory):
    people = sum(r["population"] for r in observatory.table("source_territories").to_pylist())
    [figure] = [r for r in observatory.table("figures").to_pylist() if r["figure"] == "population_world_cldr_2025"]
    assert figure["value"] == people


def test_varieties_that_no_corpus_tells_apart_are_included_in_chinese(observatory):
    for language, definition in (("yue", "gpt3_words"), ("yue", "commoncrawl"), ("zh-Hant", "commoncrawl")):
        rows = observatory.values("language_share", entity=f"lang:{language}", definition=definition).to_pylist()
        assert {(r["value"], r["status"]) for r in rows} == {(None, "K")}, (language, definition)


def test_a_language_an_excerpt_does_not_list_is_not_collected(observatory):
    rows = observatory.values("language_share", entity="lang:fr", definition="commoncrawl").to_pylist()
    assert {(r["value"], r["status"]) for r in rows} == {(None, "L")}


def test_every_code_is_known_or_listed(observatory):
    rejected = observatory.table("rejected").to_pylist()
    noted = {r["offending_value"] for r in rejected if "names no language" in r["reason"]}
    shares = observatory.table("language_shares").to_pylist()
    assert {r["listed_language"] for r in shares if r["language"] == "und"} == noted
    assert len(noted) == 24
    assert all(code.startswith("xx-") for code in noted)
