"""The catalogue of strings: whole in both languages, and used as it stands."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from macaw.claims.record import load_records
from macaw.errors import MacawError
from macaw.indicators import categories, indicators, links
from macaw.site.language import CODES, LANGUAGES, catalogue, placeholders
from macaw.site.lineage import lineage
from macaw.site.settings import settings

SITE = Path(str(files("macaw.site")))
HAN = re.compile(r"[\u4e00-\u9fff]")
# Keys put together from data; the strings of these sections are named by what data may hold.
BY_DATA = (
    "nav.", "status.", "question.", "script.", "sector.", "region.", "stage.", "market.", "rule.", "owner.", "why.",
    "counting.", "place.", "territory.", "home.", "table.", "one.", "licence.", "relation.", "layer.",
    "view.", "answer.", "holds.", "role.", "kind.", "grade.",
)  # fmt: skip


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_a_string_is_told_in_both_languages_with_the_same_values(key: str) -> None:
    texts = catalogue()[key]
    assert set(texts) - {"same", "own", "han"} == set(CODES)
    assert all(texts[code] for code in CODES)
    assert placeholders(texts["en"]) == placeholders(texts["zh"])
    if not texts.get("same"):
        assert texts["en"] != texts["zh"]
        assert HAN.search(texts["zh"])
    assert texts.get("han") or not HAN.search(texts["en"])


def used() -> set[str]:
    text = "\n".join(
        p.read_text("utf-8") for p in SITE.rglob("*") if p.suffix in (".py", ".html") and p.name != "__init__.py"
    )
    return set(re.findall(r'\bt\(\s*"([a-z_]+\.[A-Za-z_0-9]+)"', text))


def test_every_string_asked_for_exists_and_none_is_idle() -> None:
    assert used() - set(catalogue()) == set()
    mentioned = "\n".join(p.read_text("utf-8") for p in SITE.rglob("*") if p.suffix in (".py", ".html", ".js"))
    idle = {key for key in set(catalogue()) - used() if not key.startswith(BY_DATA) and f'"{key}"' not in mentioned}
    assert idle == set()


def test_a_key_the_catalogue_lacks_is_named() -> None:
    with pytest.raises(MacawError, match=r"strings.toml: site.nothing"):
        LANGUAGES[0].t("site.nothing")


def test_every_indicator_says_what_it_is_about() -> None:
    assert {i.id for i in (indicators() | links()).values() if i.category == "other"} == set()
    assert {i.category for i in indicators().values()} <= set(categories())


def test_questions_of_the_home_page_and_entries_of_the_navigation_have_words() -> None:
    keys = {f"question.{q['key']}" for q in settings()["question"]} | {
        f"nav.{n['key']}" for n in settings()["navigation"]
    }
    assert keys <= set(catalogue())
    assert {q["category"] for q in settings()["question"]} <= set(categories())


def test_what_claims_and_sources_say_has_words() -> None:
    assert {f"relation.{c.normal.relation}" for c in load_records()} <= set(catalogue())
    assert {f"layer.{o.stage}" for i in indicators().values() for o in lineage(i)} <= set(catalogue())
