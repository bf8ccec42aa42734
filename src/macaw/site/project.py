"""Texts of the project that pages show: worked examples that are also tests, the method, the glossary, changes."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

# In a wheel they stand in the package (hatch_build.py), in a checkout at the root of the repository.
_PLACES = (Path(str(files("macaw.site"))) / "project", Path(str(files("macaw"))).parents[1])
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def text_of(name: str) -> str | None:
    """A text by its path in the repository; None where this installation came without it."""
    for place in _PLACES:
        path = place / name
        if path.is_file():
            return path.read_text("utf-8")
    return None


def html_of(text: str, *, below: int = 0) -> Markup:
    """Markdown as HTML, its headings lowered by so many levels; HTML inside it is shown as text.

    >>> html_of("# <b>One</b>", below=1)
    Markup('<h2>&lt;b&gt;One&lt;/b&gt;</h2>\\n')
    """
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + below)}"
    # A wide table scrolls by itself, also by keyboard.
    made = str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))
    made = made.replace("<table>", '<div class="scroll" tabindex="0" role="group"><table>')
    made = made.replace("</table>", "</table></div>")
    # What links lead to stands in the repository, not in the site.
    made = re.sub(r'<a href="(?!https?://)[^"]*">(.*?)</a>', r"\1", made)
    return Markup(made)  # noqa: S704  # the renderer escapes HTML


def without_title(text: str) -> str:
    """A Markdown text without its first heading."""
    return re.sub(r"\A# .*\n", "", text)


@cache
def changes() -> list[tuple[str, str]]:
    """Versions of the project, newest first, each with what it says of numbers that changed (Markdown)."""
    found = []
    for part in re.split(r"^## ", text_of("CHANGELOG.md") or "", flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        told = re.search(r"^### Numbers that changed\n(.*?)(?=^### |\Z)", body, flags=re.MULTILINE | re.DOTALL)
        if told and told[1].strip():
            found.append((title.strip(), told[1].strip()))
    return found


def changes_of(indicator: str) -> list[tuple[str, str]]:
    """Items of `changes` that name an indicator, by version."""
    found = []
    for version, text in changes():
        found += [(version, item) for item in _items(text) if re.search(rf"`{re.escape(indicator)}`", item)]
    return found


def _items(text: str) -> list[str]:
    """Entries of a Markdown list at its first level, without their marks."""
    parts = re.split(r"^- ", text, flags=re.MULTILINE)
    return [part.strip() for part in parts if part.strip()]
