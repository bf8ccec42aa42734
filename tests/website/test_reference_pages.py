"""Pages of indicators, data, claims and checking: whole in both languages, and alive in a browser."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from markupsafe import escape

import macaw
from macaw.claims import answers
from macaw.errors import UsageError
from macaw.indicators import indicators
from macaw.serve.run import workers
from macaw.site import make
from macaw.site.lineage import lineage
from macaw.site.make import sitemap
from macaw.site.project import html_of, text_of
from support.extent import combined

LANGUAGES = ("en", "zh")
HAN = re.compile(r"[\u4e00-\u9fff]")
Visit = Callable[..., Any]


@pytest.fixture(scope="module")
def found(demo_build: Path) -> list[dict[str, Any]]:
    return answers.documents(macaw.open(demo_build))


def links(page: Path) -> set[str]:
    """Addresses a page leads to or loads, without those elsewhere."""
    text = page.read_text("utf-8")
    given = re.findall(r'(?:href|src)="([^"]+)"', text)
    return {unquote(g.split("#")[0]) for g in given if g and not re.match(r"[a-z]+:|#|/", g)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_that_these_pages_lead_to_is_missing(site: Path, lang: str) -> None:
    root = site / lang
    pages = [*(root / f"{n}.html" for n in ("indicators", "data", "claims", "check", "method", "glossary"))]
    pages += [*(root / "indicator").glob("*.html"), *(root / "claim").rglob("*.html")]
    for page in pages:
        lost = [at for at in links(page) if not (page.parent / at).resolve().exists()]
        assert not lost, (page, lost)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", sorted(indicators()))
def test_an_indicator_has_its_meaning_its_query_and_its_example(site: Path, lang: str, name: str) -> None:
    of = indicators()[name]
    text = (site / lang / "indicator" / f"{name}.html").read_text("utf-8")
    assert f"<code>{name}</code>" in text
    assert f"<code>{of.query_name}.sql</code>" in text
    for told in of.know_zh if lang == "zh" else of.know:
        assert str(escape(told)) in text
    assert ('class="examples"' in text) == (text_of(f"tests/spec/{name}.md") is not None)


def test_lineage_ends_at_sources_and_keeps_to_the_domain() -> None:
    papers = {o.name for o in lineage(indicators()["papers"])}
    assert {"cells", "credits", "works", "source_papers"} <= papers
    assert "source_models" not in papers
    models = {o.name for o in lineage(indicators()["notable_models"])}
    assert {"evidence_models", "models", "source_models"} <= models
    assert "evidence_money" not in models
    patents = {o.name for o in lineage(indicators()["ai_patents"])}
    assert {"patent_cells", "patent_party_credits", "patent_families", "patents", "source_patents_epo"} <= patents
    assert not {"cells", "credits", "works", "source_papers"} & patents


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_claim_has_its_words_its_rule_and_both_reasons(site: Path, lang: str, found: list[dict[str, Any]]) -> None:
    assert found
    for d in found:
        text = (site / lang / "claim" / f"{d['id']}.html").read_text("utf-8")
        plain = re.sub(r"\s+", " ", text)
        assert d["rule_hash"] in text
        assert d["article"]["url"] in text
        assert d["rule"]["registered"] in text
        for reason in (d["reason"], d["reason_zh"]):
            assert re.sub(r"\s+", " ", str(escape(reason))) in plain


def test_only_claims_with_a_rating_have_a_claim_review(site: Path, found: list[dict[str, Any]]) -> None:
    from macaw.claims.claimreview import rating

    for d in found:
        text = (site / "en" / "claim" / f"{d['id']}.html").read_text("utf-8")
        reviews = [
            json.loads(made) for made in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
        ]
        assert len(reviews) == (rating(d["verdict"]) is not None)
        for review in reviews:
            assert review["@type"] == "ClaimReview"
            assert review["reviewRating"]["ratingValue"] == rating(d["verdict"])
            assert review["claimReviewed"] == d["statement"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_feed_is_atom_with_an_entry_for_each_claim(site: Path, lang: str, found: list[dict[str, Any]]) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.parse(site / lang / "feed.xml").getroot()
    entries = feed.findall(f"{atom}entry")
    assert len(entries) == len(found)
    assert len({e.findtext(f"{atom}id") for e in entries}) == len(found)
    for entry in entries:
        assert (site / lang / str(entry.find(f"{atom}link").get("href"))).is_file()  # type: ignore[union-attr]


def test_the_interface_has_every_claim(site: Path, found: list[dict[str, Any]]) -> None:
    root = site / "api" / "v1"
    listed = json.loads((root / "claims.json").read_text("utf-8"))
    assert [c["id"] for c in listed] == [d["id"] for d in found]
    for claim, d in zip(listed, found, strict=True):
        assert json.loads((root / claim["address"]).read_text("utf-8")) == json.loads(json.dumps(d))


def test_the_data_page_names_every_file_and_every_source(site: Path) -> None:
    text = (site / "en" / "data.html").read_text("utf-8")
    for path in (site / "downloads").rglob("*"):
        if path.is_file():
            assert path.relative_to(site).as_posix() in text, path
    for name in macaw.open().table("entities").column_names:
        assert name


def test_no_page_in_english_speaks_chinese_outside_quotations(site: Path) -> None:
    for name in ("indicators", "data", "check"):
        text = (site / "en" / f"{name}.html").read_text("utf-8")
        shown = re.sub(r'<script.*?</script>|<[^>]*lang="zh[^>]*>.*?</|<head>.*?</head>', "", text, flags=re.S)
        assert not HAN.search(re.sub(r"<[^>]+>", "", shown)), name


def test_markdown_cannot_bring_markup_in() -> None:
    made = str(html_of("<script>alert(1)</script> [x](javascript:alert(1)) **b**"))
    assert "<script" not in made
    assert 'href="javascript' not in made


# -- in a browser ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "lang", "width"),
    combined(
        ("file", "http"),
        LANGUAGES,
        (390, 1440),
        # Every pair of them.
        shortly=[("file", "zh", 390), ("file", "en", 1440), ("http", "en", 390), ("http", "zh", 1440)],
    ),
)
def test_pages_fit_ask_nobody_and_raise_nothing(
    visit: Visit, site: Path, server: str, found: list[dict[str, Any]], scheme: str, lang: str, width: int
) -> None:
    base = server if scheme == "http" else site.as_uri() + "/"
    paths = ["indicators", "indicator/papers_share", "data", "claims", f"claim/{found[0]['id']}",
             f"claim/card/{found[0]['id']}", "check", "method", "glossary"]  # fmt: skip
    page = visit(f"{base}{lang}/{paths[0]}.html", width)
    for path in paths:
        page.goto(f"{base}{lang}/{path}.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_no_serious_finding_of_accessibility(visit: Visit, server: str, found: list[dict[str, Any]]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    for scheme in ("light", "dark"):
        page = visit(f"{server}en/indicators.html", color_scheme=scheme)
        for path in ("indicators", "indicator/papers_share", "data", "claims", f"claim/{found[0]['id']}", "check",
                     "glossary", f"claim/card/{found[0]['id']}"):  # fmt: skip
            page.goto(f"{server}en/{path}.html")
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            violations = axe.Axe().run(page).response["violations"]
            serious = [
                (v["id"], v["nodes"][0]["html"][:200]) for v in violations if v["impact"] in ("serious", "critical")
            ]
            assert not serious, (path, scheme)


def test_claims_are_filtered_and_the_address_keeps_it(visit: Visit, server: str, found: list[dict[str, Any]]) -> None:
    page = visit(f"{server}en/claims.html")
    rows = page.locator(".ledger li:visible")
    assert rows.count() == len(found)
    verdict = found[0]["verdict"]
    page.select_option("[name=verdict]", verdict)
    expected = sum(d["verdict"] == verdict for d in found)
    assert rows.count() == expected
    page.reload()
    assert rows.count() == expected
    page.fill("[name=q]", "no such words at all")
    assert rows.count() == 0
    assert page.inner_text("#count").startswith("0 of")
    page.click("a.language")
    assert "/zh/claims.html#" in page.url
    assert page.input_value("[name=verdict]") == verdict
    page.click("[type=reset]")
    page.wait_for_function("document.querySelectorAll('.ledger li:not([hidden])').length > 0")
    assert rows.count() == len(found)


def test_snippets_name_the_address_of_the_page(visit: Visit, server: str, site: Path) -> None:
    for base in (server.rstrip("/"), site.as_uri()):
        page = visit(f"{base}/en/data.html")
        assert f'site = "{base}"' in page.locator("code[data-site]").first.inner_text()


def test_the_forms_are_hidden_where_there_is_no_server(visit: Visit, server: str) -> None:
    page = visit(f"{server}en/check.html")
    assert not page.is_visible("form.ask")
    assert page.is_visible("#files-only")


@pytest.fixture(scope="module")
def served(site: Path, demo_build: Path) -> Iterator[str]:
    """The site as `macaw serve` shows it."""
    import socket

    import uvicorn

    from macaw.serve.app import make_app

    with workers(site, demo_build, None) as ready, socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(make_app(site, ready), log_level="error", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_article_is_checked_names_resolved_and_sql_answered(visit: Visit, served: str, lang: str) -> None:
    page = visit(f"{served}/{lang}/check.html", 1200)
    page.fill("[name=text]", "<img src=x onerror=alert(1)> In 2021, China published 27% of AI papers. I like it.")
    page.click("form[data-question=check] button")
    page.wait_for_selector(".checked li", timeout=120_000)
    assert page.locator(".checked li").count() == 1
    assert "27%" in page.inner_text(".checked li")
    assert page.locator(".answer img").count() == 0
    page.fill("[name=names]", "Huawei Noah's Ark Lab")
    page.click("form[data-question=resolve] button")
    cell = page.locator("form[data-question=resolve] + .answer td")
    cell.nth(1).wait_for(timeout=120_000)
    assert cell.nth(1).inner_text() == ("华为" if lang == "zh" else "Huawei")
    page.fill("[name=query]", "select count(*) as n from entities")
    page.click("form[data-question=sql] button")
    answer = page.locator("form[data-question=sql] + .answer")
    answer.locator("td").first.wait_for(timeout=60_000)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_would_change_a_table_is_refused(chromium: Any, served: str, lang: str) -> None:
    page = chromium.new_page()
    page.goto(f"{served}/{lang}/check.html")
    page.fill("[name=query]", "drop table entities")
    page.click("form[data-question=sql] button")
    answer = page.locator("form[data-question=sql] + .answer")
    answer.locator(".notice").wait_for(timeout=60_000)
    assert "only one SELECT" in answer.inner_text()
    page.close()


def test_a_site_that_knows_its_address_names_it_and_lists_its_pages(tmp_path: Path) -> None:
    address = "https://example.org/macaw/"
    paths = ["en/index.html", "zh/company/a&b.html"]
    root = ElementTree.fromstring(sitemap(address, paths).content)
    listed = [e.text for e in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert listed == [address + "en/index.html", address + "zh/company/a%26b.html"]


@pytest.mark.parametrize("url", ["example.org", "ftp://example.org", "https://", "https://example.org/?a=b"])
def test_an_address_that_is_none_is_refused_before_anything_is_written(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError, match="--url is"):
        make(macaw.open(), tmp_path / "site", url=url)
    assert not (tmp_path / "site").exists()
