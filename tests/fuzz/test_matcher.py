"""The matcher, given any text: it ends, says only what it knows, and says the same again, alone or among others."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import macaw
from macaw.organisations import Matcher
from macaw.organisations.tables import matcher_from
from support.mutate import changed, changes

# Names in many scripts, addresses, markup, marks that join and turn, very long and very repetitive texts.
NAMES = (
    "Microsoft Research, Redmond, WA, USA",
    "华为诺亚方舟实验室，深圳",
    "Department of Computer Science, Tsinghua University, Beijing 100084, China; jane@tsinghua.edu.cn",
    "École Polytechnique Fédérale de Lausanne (EPFL)",
    "University of California, Berkeley & Google DeepMind | Meta AI / FAIR",
    "Institute of Automation, Chinese Academy of Sciences",
    "AI",
    "<b>MIT</b> &amp; IBM\u202e baL",
    "ＭＩＴ　Ｌａｂ",
)
known = st.builds(
    lambda name, told: changed(name.encode(), told, False).decode("utf-8", "replace"), st.sampled_from(NAMES), changes
)
texts = st.one_of(known, st.text(max_size=300), st.lists(st.sampled_from(NAMES), max_size=40).map(", ".join))


@pytest.fixture(scope="module")
def matcher(demo_build: Path) -> Matcher:
    tables = ("organisations", "organisation_names", "ancestors", "places", "registry_legal_forms")
    return matcher_from(macaw.open(demo_build).connection(tables))


@pytest.fixture(scope="module")
def organisations(demo_build: Path) -> set[str]:
    return {*pq.read_table(demo_build / "parquet" / "organisations.parquet")["organisation"].to_pylist()}


@given(st.lists(texts, min_size=1, max_size=3))
def test_any_text_is_matched_or_not(matcher, organisations, raws):
    together = list(matcher.match_many(raws))
    assert together == [matcher.match(raw) for raw in raws]
    for match in (m for found in together for m in found):
        assert match.organisation in organisations or match.organisation is None
        assert 0 <= match.probability <= 1
