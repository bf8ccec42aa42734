"""Pages of estimates: told in both languages without a script, and drawn anew by it as the model itself draws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape

import macaw
from macaw.estimates import available, estimate
from macaw.site.data import Data
from macaw.site.language import LANGUAGES
from macaw.site.page import render
from macaw.site.pages.estimates import PART, path, state


@pytest.mark.parametrize("lang", LANGUAGES, ids=lambda lang: lang.code)
def test_pages_tell_amounts_factors_and_that_it_is_a_scenario(lang: Any) -> None:
    data = Data(macaw.open())
    made = {page.path: render(page, lang, data) for page in PART.pages(data, lang)}
    assert set(made) == {"estimates.html"} | {path(estimate(*entry, draws=100)) for entry in available()}
    china = made["estimate/public-ai-rd-CHN-2018.html"]
    for factor in estimate("public-ai-rd", "CHN", 2018, draws=100).model.factors:
        assert escape(lang.pick(factor.title, factor.title_zh)) in china
    assert ("settles no claim" if lang.code == "en" else "不据以裁定") in china
    assert china.count('type="range"') == 2 * sum(len(g) for g in estimate("public-ai-rd", "CHN", 2018).model.groups())


def points(page: Any, part: str) -> list[float]:
    return [float(v) for v in page.locator(f"[data-part={part}][data-money=own]").inner_text().split(" · ")]


@pytest.mark.parametrize("country", ["CHN", "USA"])
def test_the_pages_script_draws_what_the_model_draws(site: Path, visit: Any, country: str) -> None:
    answer = estimate("public-ai-rd", country, 2018)
    page = visit((site / "en" / path(answer)).as_uri())
    slider = next(f for g in answer.model.groups() for f in g)
    move = "(e, value) => { e.value = value; e.dispatchEvent(new Event('input', { bubbles: true })); }"
    page.locator(f"#{slider}-high").evaluate(move, 1.645)
    page.wait_for_timeout(500)
    for part in state(answer)["totals"]:
        a = answer.amount(part)
        assert points(page, part) == pytest.approx([a.p5, a.median, a.p95], rel=0.08)
    before = points(page, "rd_and_funds")
    page.locator(f"#{slider}-high").evaluate(move, 4)
    page.wait_for_timeout(500)
    assert points(page, "rd_and_funds")[2] >= before[2]
    assert page.locator("#moved").is_visible()
    assert slider in page.url
    page.locator("#reset").click()
    assert points(page, "rd_and_funds") == before
