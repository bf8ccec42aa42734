"""Common Crawl's pages by language, whole and as an excerpt. The numbers are invented; codes and layout are real."""

from __future__ import annotations

import pytest

from macaw.errors import SourceError
from macaw.sources.commoncrawl.read import TABLES, read

FILE = "commoncrawl/languages.csv"
EXCERPT = "languages/commoncrawl_EXCERPT.csv"
HEADER = "crawl,primary_language,pages,urls,%pages/crawl\n"
EXCERPT_HEADER = "crawl,primary_language,pages,urls,pct_pages_of_crawl,source_commit\n"
# Before August 2018 no language was told apart; blu is a code that ISO 639-3 has withdrawn.
GOOD = HEADER + (
    "CC-MAIN-2008-2009,<unknown>,500,500,100.0000\n"
    "CC-MAIN-2018-30,<unknown>,700,700,100.0000\n"
    "CC-MAIN-2018-34,<unknown>,100,100,10.0000\n"
    "CC-MAIN-2018-34,blu,10,10,1.0000\n"
    "CC-MAIN-2018-34,eng,840,800,84.0000\n"
    "CC-MAIN-2018-34,zho,50,49,5.0000\n"
)


@pytest.fixture
def reading(tmp_path):
    """What the reader makes of some files."""

    def made(files):
        paths = [tmp_path / name for name in files]
        for path, text in zip(paths, files.values(), strict=True):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        return read(paths, tmp_path)

    return made


def refusals(made) -> list[tuple]:
    return [r.row()[2:] for r in made.refused]


def test_pages_are_read_by_crawl_and_language(reading):
    rows = reading({FILE: GOOD}).table(TABLES[0]).to_pylist()
    found = [(r["crawl"], r["period"], r["listed_language"], r["language"], r["pages"], r["urls"]) for r in rows]
    assert found == [
        ("CC-MAIN-2008-2009", 2008, "<unknown>", "und", 500, 500),
        ("CC-MAIN-2018-30", 2018, "<unknown>", "und", 700, 700),
        ("CC-MAIN-2018-34", 2018, "<unknown>", "und", 100, 100),
        ("CC-MAIN-2018-34", 2018, "blu", "und", 10, 10),
        ("CC-MAIN-2018-34", 2018, "eng", "en", 840, 800),
        ("CC-MAIN-2018-34", 2018, "zho", "zh", 50, 49),
    ]
    assert all(r["is_whole"] for r in rows)


def test_a_withdrawn_code_is_noted_an_unknown_language_is_none(reading):
    reason = "the code names no language known today: counted as undetermined"
    assert refusals(reading({FILE: GOOD})) == [(3, "noted", reason, "blu")]


def test_an_excerpt_has_its_own_column_and_says_that_it_is_a_part(reading):
    text = f"{EXCERPT_HEADER}CC-MAIN-2018-34,zho,50,49,5.0000,abc\nCC-MAIN-2018-34,eng,840,800,84.0000,abc\n"
    made = reading({EXCERPT: text})
    assert [(r["language"], r["stated_percentage"], r["is_whole"]) for r in made.table(TABLES[0]).to_pylist()] == [
        ("zh", 5.0, False),
        ("en", 84.0, False),
    ]
    reason = "the languages listed are not the whole crawl: shares rest on the percentages stated"
    assert refusals(made) == [(None, "noted", reason, "CC-MAIN-2018-34: 89.0000 %")]


def test_a_crawl_and_language_read_before_is_refused(reading):
    made = reading({FILE: GOOD, EXCERPT: f"{EXCERPT_HEADER}CC-MAIN-2018-34,zho,50,49,5.0000,abc\n"})
    assert made.table(TABLES[0]).num_rows == 6
    assert (
        "commoncrawl", EXCERPT, 0, "rejected", "the crawl and language stand twice, or in a file read before",
        "CC-MAIN-2018-34,zho,50,49,5.0000,abc",
    ) in {r.row() for r in made.refused}  # fmt: skip


def test_a_percentage_that_is_not_that_of_the_pages_is_noted(reading):
    made = reading({FILE: f"{HEADER}CC-MAIN-2018-34,eng,90,90,89.0000\nCC-MAIN-2018-34,zho,10,10,11.0000\n"})
    assert [r[2] for r in refusals(made)] == [
        "the percentage is not that of the pages: shares rest on the pages",
        "the percentage is not that of the pages: shares rest on the pages",
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("CC-MAIN-2018-34,deu,1,1", "expected 5 cells"),
        ("2018-34,deu,0,0,0.0000", "the crawl is not named as CC-MAIN-2018-34"),
        ("CC-MAIN-2018-34,eng,0,0,0.0000", "the crawl and language stand twice, or in a file read before"),
        ("CC-MAIN-2018-34,deu,1e3,0,0.0000", "pages or urls is not a whole number of at most 15 digits"),
        ("CC-MAIN-2018-34,deu,0,,0.0000", "pages or urls is not a whole number of at most 15 digits"),
        ("CC-MAIN-2018-34,deu,0,0,", "the percentage is not a number"),
    ],
)
def test_a_line_that_cannot_be_used_is_refused_by_place_and_reason(reading, line, reason):
    made = reading({FILE: f"{HEADER}CC-MAIN-2018-34,eng,100,100,100.0000\n{line}\n"})
    assert refusals(made) == [(1, "rejected", reason, line)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("crawl,primary_language,pages,urls\nx\n", r"lacks the column %pages/crawl; it has crawl, primary_language"),
        ('crawl,"primary_language\n', "not valid CSV"),
        (" \n", "the file is empty"),
    ],
)
def test_a_file_of_another_shape_is_an_error(reading, text, message):
    with pytest.raises(SourceError, match=message) as caught:
        reading({FILE: text})
    assert "macaw fetch commoncrawl" in str(caught.value.remedy)
