"""Authors become numbers: which names are one, which are many people's. Names here are of no person in particular."""

from __future__ import annotations

import pytest

from macaw.sources.paperlists.authors import Authors
from macaw.sources.paperlists.read import read


def test_spellings_of_a_name_are_one_and_initials_share_a_group():
    numbers = Authors()
    full, hyphen, initial, other = (numbers.of(n) for n in ("Xiaoming Li", "Xiao-Ming  LI 0002", "X. Li", "Yu Li"))
    assert full == hyphen
    assert full[0] != initial[0]
    assert full[1] == initial[1] != other[1]


@pytest.mark.parametrize("nothing", ["", "  ", "†", "0001"])
def test_what_is_no_name_has_no_number(nothing):
    assert Authors().of(nothing) is None


def test_no_name_is_read_into_any_table(write, tmp_path, rows):
    paper = {"title": "Birds", "status": "Poster", "author": "Wei Wang;Ada Byron", "aff": "Parrot AI;Lory"}
    reading = read([write("paperlists/cvpr/cvpr2021.json", [paper])], tmp_path)
    made = rows(reading, "source_authors")
    assert [(r["slot"], r["author"], r["author_group"], r["is_ambiguous"]) for r in made] == [
        (0, 1, 1, True),
        (1, 2, 2, False),
    ]
    everything = str([rows(reading, t) for t in ("source_papers", "source_affiliations", "source_authors")])
    assert not any(word in everything for word in ("Wang", "wang", "Byron", "byron"))
