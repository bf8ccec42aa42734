"""What the definitions of an AI patent must reach on the real data."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import patents

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not os.environ.get("MACAW_TEST_DATA"), reason="MACAW_TEST_DATA names no folder of real data"),
]


@pytest.fixture(scope="module")
def folder():
    return Path(os.environ["MACAW_TEST_DATA"]) / "patents"


def test_grants_of_nvidia_against_the_database(folder):
    found, beside, missed = patents.nvidia(folder)["cset_1790"]
    assert found >= 24
    assert found + missed == 25
    assert beside <= 3


def test_words_on_labelled_patents(folder):
    scores = patents.labelled(folder)
    assert scores["macaw"][0] >= 0.90
    assert scores["macaw"][1] >= scores["membership"][1] + 0.1
    assert scores["membership since 2000"][0] >= 0.95


def test_flags_of_lens_documents(folder):
    precision, recall = patents.lens(folder)
    assert precision >= 0.995
    assert recall >= 0.80


def test_the_database_equals_a_direct_count(folder):
    assert patents.direct(folder.parent) == 0
