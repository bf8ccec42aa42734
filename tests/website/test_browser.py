"""Every kind of page in a browser, in both languages, from files and from a server."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import macaw
from macaw.site.language import LANGUAGES
from support.extent import combined
from support.hostile import COMPANY, SHOWN

PAGES = (
    "index.html",
    "companies.html",
    "countries.html",
    "compare.html",
    "company/alphabet.html",
    "country/CHN.html",
    "group/bat.html",
    "estimates.html",
    "estimate/public-ai-rd-CHN-2018.html",
)
Visit = Callable[..., Any]


def address(site: Path, path: str) -> str:
    return (site / path).as_uri()


def settle(page: Any) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(150)


@pytest.mark.parametrize(
    ("way", "lang", "width"),
    combined(
        ("file", "server"),
        ("en", "zh"),
        (390, 1440),
        # Every pair of them.
        shortly=[("file", "zh", 390), ("file", "en", 1440), ("server", "en", 390), ("server", "zh", 1440)],
    ),
)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens(site: Path, server: str, visit: Visit, way: str, path: str, lang: str, width: int) -> None:
    root = server if way == "server" else site.as_uri() + "/"
    page = visit(f"{root}{lang}/{path}", width)
    settle(page)
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-Hans"}[lang]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("a.language").click()
    assert f"/{'zh' if lang == 'en' else 'en'}/{path}" in page.url


@pytest.mark.parametrize(
    ("lang", "scheme"), combined(("en", "zh"), ("light", "dark"), shortly=[("en", "light"), ("zh", "dark")])
)
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(server: str, visit: Visit, path: str, lang: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    page = visit(f"{server}{lang}/{path}", color_scheme=scheme, reduced_motion="reduce")
    settle(page)
    found = axe.Axe().run(page, options={"preload": False}).response["violations"]
    serious = [
        (v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found if v["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_without_a_script_tables_and_charts_are_there(site: Path, visit: Visit) -> None:
    page = visit(address(site, "en/company/alphabet.html"), java_script_enabled=False)
    assert page.locator("#papers svg.chart").count() == 1
    assert page.locator("#papers details tbody tr").count() > 3
    page.goto(address(site, "en/companies.html"))
    assert page.locator("#table tbody tr").count() > 5


@pytest.mark.parametrize("typed", ["google", "谷歌", "guge", "gg"])
def test_a_company_is_found_in_english_chinese_and_pinyin(site: Path, visit: Visit, typed: str) -> None:
    page = visit(address(site, "zh/companies.html"))
    settle(page)
    page.fill("#search", typed)
    assert page.locator("#table tbody tr:has(a[href='company/alphabet.html'])").count() == 1


def test_the_finder_opens_by_key_and_leads_to_the_page(site: Path, visit: Visit) -> None:
    page = visit(address(site, "en/index.html"))
    settle(page)
    page.keyboard.press("/")
    page.keyboard.type("baidu")
    page.locator("#found a").first.click()
    assert page.url.endswith("/en/company/baidu.html")


def test_filters_ranges_sort_and_columns_stand_in_the_address(site: Path, visit: Visit) -> None:
    page = visit(address(site, "en/companies.html"))
    settle(page)
    page.select_option("#year", "2017")
    page.click("#filters")
    page.check("[data-filter=country][value=USA]")
    page.fill("[data-range='min.papers']", "2")
    page.click("#columns")
    page.check("#column-panel input[value=papers_share]")
    page.click("[data-column=papers_share]")
    page.click("#ranks")
    rows = page.locator("#table tbody tr").all_text_contents()
    assert rows
    again = visit(page.url)
    settle(again)
    assert again.locator("#table tbody tr").all_text_contents() == rows
    assert again.locator("th[aria-sort=descending] [data-column=papers_share]").count() == 1
    again.click("#reset")
    assert "#" not in again.url.rstrip("#")


def saved(page: Any, selector: str) -> bytes:
    with page.expect_download() as started:
        page.click(selector)
    return Path(started.value.path()).read_bytes()


def test_the_table_downloads_what_macaw_values_gives(site: Path, demo_build: Path, visit: Visit) -> None:
    page = visit(address(site, "en/companies.html") + "#year=2017&columns=papers,highly_cited_papers")
    settle(page)
    rows = list(csv.DictReader(io.StringIO(saved(page, "#csv").decode("utf-8-sig"))))
    assert len(rows) > 10
    observatory = macaw.open(demo_build)
    for indicator in ("papers", "highly_cited_papers"):
        ids = [r["Id"] for r in rows]
        told = observatory.values(indicator, entity=ids, period=2017).to_pylist()
        expected = {r["entity"]: (r["value"], r["status"]) for r in told}
        for r in rows:
            value = float(r[indicator]) if r[indicator] else None
            assert (value, r[f"{indicator} status"]) == expected[r["Id"]]


def test_the_workbook_holds_the_same_and_a_codebook(site: Path, visit: Visit) -> None:
    page = visit(address(site, "en/countries.html"))
    settle(page)
    text = list(csv.reader(io.StringIO(saved(page, "#csv").decode("utf-8-sig"))))
    book = openpyxl.load_workbook(io.BytesIO(saved(page, "#xlsx")))
    assert book.sheetnames == ["Data", "Codebook"]
    cells = [["" if c is None else str(c) for c in row] for row in book["Data"].iter_rows(values_only=True)]
    numbers = [[c.removesuffix(".0") for c in row] for row in text]
    assert [[c.removesuffix(".0") for c in row][: len(cells[0])] for row in cells] == numbers
    assert {"papers", "A", "Release"} <= {row[0] for row in book["Codebook"].iter_rows(values_only=True)}


@pytest.mark.parametrize(
    ("path", "entity", "indicator", "year"),
    [
        ("company/alphabet.html", "alphabet", "papers", 2017),
        ("company/alphabet.html", "alphabet", "citations", 2017),
        ("company/alphabet.html", "alphabet", "highly_cited_papers", 2017),
        ("country/CHN.html", "CHN", "papers", 2019),
        ("country/CHN.html", "CHN", "international_share", 2019),
        ("country/CHN.html", "CHN", "central_science_budget", 2022),
    ],
)
def test_a_number_opens_into_its_records(
    site: Path, demo_build: Path, visit: Visit, path: str, entity: str, indicator: str, year: int
) -> None:
    page = visit(address(site, f"en/{path}"))
    settle(page)
    kind = "evidence" if indicator == "central_science_budget" else "works"
    shown = page.evaluate(f"macaw.{kind}('{indicator}', {year})")
    rows = macaw.open(demo_build).records(indicator, entity=entity, period=year).to_pylist()
    if kind == "evidence":
        assert sorted(r[2] for r in shown) == sorted(r["title"] for r in rows)
        return
    expected = {r["work"]: r for r in rows}
    assert sorted(w["title"] for w in shown) == sorted(r["title"] for r in expected.values())
    assert sum(w["value"] for w in shown) == pytest.approx(sum(r["value"] for r in expected.values()))
    # Why it was matched, and no raw string of an affiliation.
    assert {o["why"] for w in shown for o in w["named"]} <= {r["evidence"] for r in rows}


def test_records_open_and_close_by_keyboard(site: Path, visit: Visit) -> None:
    page = visit(address(site, "en/company/alphabet.html"))
    settle(page)
    page.locator("#papers .actions button").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#records[open] li")
    page.keyboard.press("Escape")
    assert page.locator("#records[open]").count() == 0
    assert page.evaluate("document.activeElement.closest('figure').id") == "papers"


def test_the_first_tab_skips_to_the_content_and_a_column_sorts_by_keyboard(site: Path, visit: Visit) -> None:
    page = visit(address(site, "en/companies.html"))
    settle(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("[data-column=name]").focus()
    page.keyboard.press("Enter")
    names = page.locator("#table tbody th").all_text_contents()
    assert names == sorted(names, key=str.casefold)
    assert page.evaluate("document.activeElement.dataset.column") == "name"


def test_a_comparison_stands_in_its_address_and_equals_macaw_values(site: Path, demo_build: Path, visit: Visit) -> None:
    page = visit(address(site, "en/compare.html") + "#e=USA,CHN&i=papers")
    settle(page)
    page.fill("#add", "baidu")
    page.locator("#hits button").first.click()
    page.select_option("#switch-counting", "full")
    settle(page)
    assert "e=USA%2CCHN%2Cbaidu" in page.url
    assert "counting=full" in page.url
    rows = list(csv.DictReader(io.StringIO(saved(page, "#csv").decode("utf-8-sig"))))
    told = macaw.open(demo_build).values("papers", entity="USA,CHN,baidu", counting="full").to_pylist()
    expected = {(r["entity"], r["period"]): r["value"] for r in told}
    assert {r["Id"] for r in rows} == {"USA", "CHN", "baidu"}
    for r in rows:
        assert float(r["Value"]) == expected[(r["Id"], int(r["Year"]))]
    assert page.locator("#curve").is_visible()
    again = visit(page.url)
    settle(again)
    assert again.locator("#values").text_content() == page.locator("#values").text_content()


def test_relative_and_log_scales(site: Path, visit: Visit) -> None:
    page = visit(address(site, "en/compare.html") + "#e=USA,CHN&i=papers&index=&log=")
    settle(page)
    assert "= 100" in (page.locator("#chart .unit").text_content() or "")
    assert page.locator("#chart svg path.line").count() > 2


def test_the_first_page_compares_any_two(site: Path, visit: Visit) -> None:
    page = visit(address(site, "en/index.html"))
    settle(page)
    before = page.locator("#research .answer").text_content()
    chart = page.locator("#research .drawn circle").count()
    # The script says of the first pair what the page says.
    page.select_option("#first", "CHN")
    page.select_option("#second", "USA")
    settle(page)
    page.select_option("#first", "USA")
    page.select_option("#second", "CHN")
    settle(page)
    assert page.locator("#research .answer").text_content() == before
    assert page.locator("#research .drawn circle").count() == chart
    page.select_option("#first", "GBR")
    settle(page)
    assert "United Kingdom" in (page.locator("#research .answer").text_content() or "")
    assert "a=GBR" in page.url


def test_script_and_page_write_numbers_alike(site: Path, visit: Visit) -> None:
    numbers = [0, 1, 0.5, 0.05, 2.5, 12.345, 99.95, 100.5, 123.4, 1234.5, 12345.6, 1e6, 3.1e8, 2e9, 3.8e25, -4.25, 1e-7]
    for lang in LANGUAGES:
        page = visit(address(site, f"{lang.code}/index.html"))
        for unit in ("", "fraction 0–1"):
            for v in [n for n in numbers if not unit or n < 100]:  # no share is a million percent
                assert page.evaluate("([v, u]) => macaw.number(v, u)", [v, unit]) == lang.number(v, unit), v
                assert page.evaluate("([v, u]) => macaw.short(v, u)", [v, unit]) == lang.short(v, unit), v


def test_an_embedded_figure_stands_alone(site: Path, visit: Visit) -> None:
    page = visit(address(site, "en/company/alphabet.html") + "?embed=papers")
    settle(page)
    assert page.locator("#papers").is_visible()
    assert not page.locator("header.top").is_visible()
    assert not page.locator("#citations").is_visible()


def test_a_chart_downloads_as_svg_and_png(site: Path, visit: Visit) -> None:
    page = visit(address(site, "zh/company/alphabet.html"))
    settle(page)
    page.locator("#papers .share summary").click()
    svg = saved(page, "#papers .share button:has-text('SVG')").decode()
    assert svg.startswith("<svg")
    assert "stroke=" in svg
    assert "谷歌" in svg
    assert saved(page, "#papers .share button:has-text('PNG')").startswith(b"\x89PNG")


def test_hostile_names_do_nothing(hostile_site: Path, visit: Visit) -> None:
    for path in (f"company/{COMPANY}.html", "companies.html", "index.html", "compare.html"):
        page = visit(address(hostile_site, f"en/{path}") + ("#e=microsoft,CHN&i=papers" if "compare" in path else ""))
        settle(page)
        assert page.evaluate("window.pwned") is None
    page = visit(address(hostile_site, f"en/company/{COMPANY}.html"))
    settle(page)
    assert page.locator("h1").text_content() == SHOWN
    page.locator("#papers .actions button").first.click()
    page.wait_for_selector("#records[open] li")
    assert page.evaluate("window.pwned") is None
    assert page.locator("a[href^='javascript']").count() == 0
    assert "\u202e" not in page.content()
    page.keyboard.press("Escape")
    page.locator("#papers .share summary").click()
    svg = saved(page, "#papers .share button:has-text('SVG')").decode()
    assert "<script" not in svg


def test_hostile_names_are_text_in_csv_and_workbook(hostile_site: Path, visit: Visit) -> None:
    page = visit(address(hostile_site, "en/companies.html"))
    settle(page)
    rows = list(csv.reader(io.StringIO(saved(page, "#csv").decode("utf-8-sig"))))
    names = {row[0]: row[1] for row in rows}
    assert names[COMPANY] == "'" + SHOWN
    assert not [c for row in rows for c in row if c[:1] in ("=", "+", "@")]
    sheet = openpyxl.load_workbook(io.BytesIO(saved(page, "#xlsx")))["Data"]
    cells = {row[0].value: row[1] for row in sheet.iter_rows()}
    assert cells[COMPANY].value == SHOWN
    assert cells[COMPANY].data_type == "s"
    assert not [
        c for row in sheet.iter_rows() for c in row if c.data_type == "f" and c.coordinate != cells[COMPANY].coordinate
    ]
