"""What answers a question of the home page where sources mean different things by China."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

import macaw
from macaw import pipeline
from macaw.indicators.values import Block, Specification
from macaw.site.data import Data
from macaw.site.language import Language
from macaw.site.pages.home import answer, answered

HEADER = "table_id,row_id,country_or_region_full_path,country_or_region_level_1,field_2019,field_2020\n"
README = "# Of places\n\n**Units:** (Number)\n\n## Notes\n\nNone.\n\n## Sources\n\nBureau of Birds.\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Data]:
    """A build of two tables: one knows China with Hong Kong, the other the mainland and not the United States."""
    folder = tmp_path_factory.mktemp("home")
    tables = folder / "data" / "ncses"
    tables.mkdir(parents=True)
    for table, rows in (
        ("10578", (("Total", 30, 30), ("United States", 10, 12), ("China", 20, 18))),
        ("6208", (("Total", 5, 5), ("United States", "NA", "NA"), ("China", 5, 5))),
    ):
        body = "".join(f"{table},r{n},{place},{place},{a},{b}\n" for n, (place, a, b) in enumerate(rows))
        (tables / f"{table}.csv").write_text(HEADER + body, "utf-8")
        (tables / f"{table}.README.md").write_text(README, "utf-8")
    wanted = ("all_venture_capital", "ai_venture_capital")
    block = Block("all", wanted, (Specification(venues="none"), Specification("fractional", venues="none")), "evidence")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "published", lambda: (block,))
        macaw.build(folder / "data", folder / "build")
        yield Data(macaw.open(folder / "build"))


def test_where_none_tells_of_the_mainland_china_with_hong_kong_answers_and_is_named(data: Data) -> None:
    question = {"indicators": ["papers_share", "ai_venture_capital", "all_venture_capital"]}
    found = answered(question, data, data.entities["USA"], data.entities["CHN"])
    assert found is not None
    assert (found.indicator.id, found.a.id, found.b.id) == ("all_venture_capital", "USA", "CHN+HKG")
    assert (found.found.period, found.found.a.value, found.found.b.value) == (2020, 12.0, 18.0)


def test_no_indicator_with_values_of_both_is_no_answer(data: Data) -> None:
    assert answered({"indicators": ["ai_venture_capital"]}, data, data.entities["USA"], data.entities["CHN"]) is None
    assert answered({"indicators": ["all_venture_capital"]}, data, data.entities["USA"], None) is None


def test_a_sum_of_years_names_them_all(data: Data) -> None:
    usa, china = data.entities["USA"], data.entities["CHN"]
    found = answered({"indicators": ["all_venture_capital"]}, data, usa, china)
    assert found is not None
    said = answer(found.found, "more", Language("en"), found.a, found.b, replace(found.indicator, since=2000))
    assert said == (
        "China with Hong Kong leads: 18 million US dollars, nominal; "
        "United States: 12 million US dollars, nominal (2000–2020)."
    )
