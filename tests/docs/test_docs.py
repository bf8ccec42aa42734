"""The documentation says what the code does: pages are current, links lead somewhere, examples run."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import macaw
from macaw.cli import main
from macaw.indicators import indicators
from macaw.registry import tables
from support.commands import commands

ROOT = Path(__file__).parents[2]
PAGES = sorted(p for p in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
_LINK = re.compile(r"\]\(([^)#\s]+)\)")
_SHELL = re.compile(r"^(?:echo [^|]+\| )?macaw [^#\n]+", re.MULTILINE)


def test_generated_pages_are_current():
    done = subprocess.run([sys.executable, ROOT / "docs" / "generate.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_to_files(page):
    targets = [t for t in _LINK.findall(page.read_text("utf-8")) if "://" not in t]
    assert [t for t in targets if not (page.parent / t).exists()] == []


def test_every_command_has_an_example_and_a_place_in_the_docs():
    documented = (ROOT / "docs" / "commands.md").read_text("utf-8")
    for name in commands():
        assert f"## macaw {name}\n" in documented
        assert f"Example: macaw {name}" in documented or f"| macaw {name}" in documented, name


def test_every_indicator_is_in_both_languages():
    for each in indicators().values():
        assert re.search(r"[一-鿿]", each.title_zh + each.short_zh)
        assert len(each.know) == len(each.know_zh) > 0


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_readmes_examples_on_the_release_run(page, capsys):
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    released = [b for b in blocks if "macaw indicators" in b or "notable_models" in b]
    commands = [m.group().strip() for b in released for m in _SHELL.finditer(b)]
    assert len(commands) == 5 + 3
    for command in commands:
        with pytest.raises(SystemExit) as stopped:
            main(shlex.split(command)[1:])
        assert stopped.value.code in (0, None), command
        assert capsys.readouterr().out.strip(), command


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_readmes_first_table_is_the_releases(page):
    from macaw.release.headline import USA, shares

    wide = "CHN+HKG+MAC+TWN"
    by_counting = {c: shares(macaw.open(), "CVPR", c) for c in ("full", "fractional")}
    rows = re.findall(r"^\| (20\d\d) \| (.+) \|$", (ROOT / page).read_text("utf-8"), re.MULTILINE)
    assert len(rows) == 7
    for year, cells in rows:
        expected = [f"{100 * by_counting[c][e][int(year)]:.1f}" for c in by_counting for e in (USA, "CHN", wide)]
        assert [c.strip().strip("*") for c in cells.split("|")] == expected, year


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_readmes_table_beside_papers_is_the_releases(page):
    def value(indicator, entity, period, definition=None):
        rows = macaw.open().values(indicator, entity=entity, period=period, definition=definition).to_pylist()
        return rows[0]["value"]

    cell = r"([\d,.]+(?: %)?)"
    rows = re.findall(rf"^\| [^|]+ \| {cell} \| {cell} \|$", (ROOT / page).read_text("utf-8"), re.MULTILINE)
    models = [f"{value('notable_models', e, 2024):.1f}" for e in ("USA", "CHN")]
    capital = [f"{value('ai_venture_capital', e, 2020):,.0f}" for e in ("USA", "CHN")]
    english = value("language_share", "lang:en", 2020, "gpt3_documents")
    chinese = value("language_share", "lang:zh", 2020, "gpt3_documents_chinese_together")
    assert rows == [tuple(models), tuple(capital), (f"{100 * english:.1f} %", f"{100 * chinese:.2f} %")]


def test_the_changelog_counts_the_companies_that_the_registry_holds():
    facts = tables()["registry_facts"].to_pylist()
    companies = {r["organisation"] for r in facts if r["property"] == "kind"}
    assert f"{len(companies):,} companies" in (ROOT / "CHANGELOG.md").read_text("utf-8")
