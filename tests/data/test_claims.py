"""Quotations of the ledger stand in the article where the record says. Needs the real data."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from macaw.claims.record import load_records

pytestmark = pytest.mark.data


def test_quotations_stand_where_the_record_says():
    folder = os.environ.get("MACAW_TEST_DATA")
    if not folder:
        pytest.skip("MACAW_TEST_DATA names no folder of real data")
    files = sorted(Path(folder, "articles").glob("rfa_2024-10-29*.md"))
    if not files:
        pytest.skip("the article is not there")
    text = files[0].read_text("utf-8")
    paragraphs = [re.sub("<[^>]+>", "", p) for p in re.findall(r"<p>(.*?)</p>", text, re.DOTALL)]
    for claim in load_records():
        if not claim.id.startswith("rfa-20241029-"):
            continue
        paragraph = paragraphs[claim.paragraph - 1]
        assert claim.quote in paragraph, claim.id
        before = paragraph[: paragraph.index(claim.quote)]
        assert 1 + len(re.findall("[。！？]", before)) == claim.sentence, claim.id
