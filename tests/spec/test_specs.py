"""Every specification (a Markdown page beside this file) holds on DuckDB."""

from __future__ import annotations

from pathlib import Path

import pytest

from macaw.indicators import indicators
from support.spec import pages

PAGES = pages(Path(__file__).parent)
EXAMPLES = [pytest.param(e, id=f"{p.path.stem}: {e.title}") for p in PAGES for e in p.examples]


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_holds(example):
    example.check()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.stem)
def test_page_has_a_title_and_a_definition(page):
    assert page.lines[0].startswith("# ")
    assert page.definition.endswith(".")
    assert page.examples


@pytest.mark.parametrize("name", indicators())
def test_indicator_has_a_page(name):
    page = next((p for p in PAGES if p.path.stem == name), None)
    assert page, f"write tests/spec/{name}.md"
    assert name in {r.choices.get("indicator") for e in page.examples for r in e.results}
