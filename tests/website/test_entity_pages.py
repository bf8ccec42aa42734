"""What the page of a company or country may say of few records, wide intervals and unchecked facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from macaw.indicators import indicators
from macaw.site.data import Point, has_few
from macaw.site.language import LANGUAGES
from macaw.site.pages.entity import _headline, _role
from macaw.site.settings import settings

EN, ZH = LANGUAGES


@pytest.mark.parametrize(
    ("value", "low", "high", "large", "beside"),
    [
        (0.0, 0.0, 0.69, "0% – 69%", "point estimate 0%"),
        (0.5, 0.45, 0.55, "50%", "45% – 55%"),
        (0.5, None, None, "50%", ""),
    ],
)
def test_a_value_never_stands_large_without_its_wide_interval(
    value: float, low: float | None, high: float | None, large: str, beside: str
) -> None:
    point = Point(2024, value, low, high, "A", 50, 1.0)
    assert _headline(EN, indicators()["foreign_base_model_share"], point) == (large, beside)


def test_a_share_of_few_records_has_no_rank_and_a_count_has_one() -> None:
    least = settings()["entity"]["least_records"]
    few = Point(2024, 1.0, None, None, "U", least - 1, 1.0)
    assert has_few(indicators()["industry_academia_share"], few)
    assert not has_few(indicators()["industry_academia_share"], few._replace(n=least))
    assert not has_few(indicators()["papers"], few)


@pytest.mark.parametrize(
    ("kind", "as_child", "en", "zh"),
    [
        ("subsidiary", True, "belongs to", "隶属于"),
        ("affiliate", True, "affiliated with", "关联方"),
        ("affiliate", False, "affiliated with", "关联方"),
        ("joint_venture", True, "joint venture of", "合资方"),
    ],
)
def test_only_a_subsidiary_belongs_to_its_owner(kind: str, as_child: bool, en: str, zh: str) -> None:
    assert (_role(EN, kind, as_child=as_child), _role(ZH, kind, as_child=as_child)) == (en, zh)


def test_a_page_says_which_facts_nobody_has_checked(site: Path) -> None:
    assert 'class="unchecked"' in (site / "en/company/deepmind.html").read_text("utf-8")
    assert "未核对" in (site / "zh/company/deepmind.html").read_text("utf-8")


def test_a_copy_on_no_host_names_no_file_of_its_maker(site: Path) -> None:
    for page in (site / "en" / "claim").glob("*.html"):
        text = page.read_text("utf-8")
        assert "file:///" not in text
        assert "https://macaw.example/en/claim/card/" in text
