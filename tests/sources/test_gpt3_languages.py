"""OpenAI's three counts by language. The numbers are invented; codes and layout are those of the files."""

from __future__ import annotations

import pytest

from macaw.errors import SourceError
from macaw.sources.gpt3_languages.read import TABLES, read

WORDS = "gpt3_languages/languages_by_word_count.csv"
HEADER = "language,number of words,percentage of total words\n"
# As in the real files: no newline at the end, old codes (iw), a script of no known language, zeros.
GOOD = HEADER + "en,9000,90.00000%\nzh,600,6.00000%\nzh-Hant,300,3.00000%\niw,100,1.00000%\nxx-Goth,0,0.00000%"


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


def test_counts_are_read_with_the_language_each_code_means(reading):
    rows = reading({WORDS: GOOD}).table(TABLES[0]).to_pylist()
    assert [(r["position"], r["listed_language"], r["language"], r["quantity"]) for r in rows] == [
        (0, "en", "en", 9000),
        (1, "zh", "zh", 600),
        (2, "zh-Hant", "zh-Hant", 300),
        (3, "iw", "he", 100),
        (4, "xx-Goth", "und", 0),
    ]
    assert {(r["file"], r["counted"]) for r in rows} == {(WORDS, "words")}
    assert rows[0]["stated_percentage"] == 90.0


def test_a_code_of_a_script_is_listed_and_counted_as_undetermined(reading):
    assert refusals(reading({WORDS: GOOD})) == [
        (4, "noted", "the code names no language, at most a script: counted as undetermined", "xx-Goth")
    ]


@pytest.mark.parametrize("counted", ["characters", "documents"])
def test_the_header_says_what_is_counted(reading, counted):
    [row] = reading({WORDS: f"language,number of {counted},percentage of total {counted}\nen,1,100.00000%"}).table(
        TABLES[0]
    ).to_pylist()  # fmt: skip
    assert row["counted"] == counted


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("de,5", "expected three cells: language, number, percentage"),
        ("en,5,0.00000%", "the language stands twice"),
        ("de,5.5,0.00000%", "the number is not a whole number of at most 15 digits"),
        ("de,-5,0.00000%", "the number is not a whole number of at most 15 digits"),
        ("de,٥,0.00000%", "the number is not a whole number of at most 15 digits"),
        ("de,5,0.00000", "the percentage is not a number with %"),
    ],
)
def test_a_line_that_cannot_be_used_is_refused_by_place_and_reason(reading, line, reason):
    made = reading({WORDS: f"{HEADER}en,100,100.00000%\n{line}\n"})
    assert refusals(made) == [(1, "rejected", reason, line)]
    assert made.table(TABLES[0]).num_rows == 1


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            "en,90,90.00000%\nzh,10,9.00000%",
            [
                (None, "noted", "the percentages do not add up to 100", "99.00000 %"),
                (1, "noted", "the percentage is not that of the number: shares rest on the number", "zh: 9.0 %"),
            ],
        ),
        # A third is 33.33333 %: what rounding leaves is no error.
        ("en,1,33.33333%\nzh,1,33.33333%\nde,1,33.33333%", []),
    ],
    ids=["wrong", "rounded"],
)
def test_percentages_that_do_not_fit_are_noted(reading, lines, expected):
    assert sorted(refusals(reading({WORDS: HEADER + lines})), key=str) == sorted(expected, key=str)


def test_two_codes_of_one_language_are_both_noted(reading):
    made = reading({WORDS: f"{HEADER}iw,50,50.00000%\nhe,50,50.00000%"})
    assert [r["language"] for r in made.table(TABLES[0]).to_pylist()] == ["he", "he"]
    assert {r[2] for r in refusals(made)} == {"another code of the same language stands in the file: both are added"}


def test_a_second_file_of_one_counting_is_refused(reading):
    copy = "languages/gpt3_languages_by_word_count.csv"
    made = reading({WORDS: GOOD, copy: GOOD})
    assert made.table(TABLES[0]).num_rows == 5
    assert ("gpt3_languages", copy, None, "rejected", "another file of the same counting was read", "words") in {
        r.row() for r in made.refused
    }


@pytest.mark.parametrize("header", ["language,words,percentage\n", "lang,number of words,percentage\n", "language\n"])
def test_a_file_with_other_columns_is_an_error_that_names_them(reading, header):
    with pytest.raises(SourceError, match="columns are") as caught:
        reading({WORDS: header + "en,1,100.00000%"})
    assert "macaw fetch gpt3_languages" in str(caught.value.remedy)
