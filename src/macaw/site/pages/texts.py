"""Pages of words: method, glossary, and the page for an address that leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from macaw.site.data import Data
from macaw.site.language import LANGUAGES, Language
from macaw.site.page import File, Page, Part, environment
from macaw.site.project import html_of, text_of, without_title


def pages(data: Data, lang: Language) -> Iterator[Page]:
    """How to check an article; method and glossary, where this installation came with their texts."""
    yield Page(
        path="check.html",
        template="check.html",
        title=lang.t("check.title"),
        summary=lang.t("check.summary"),
        nav="check",
    )
    for name, source, title, summary in (
        ("method", "docs/method.md", lang.t("method.title"), lang.t("method.summary")),
        ("glossary", "GLOSSARY.md", lang.t("glossary.title"), lang.t("glossary.summary")),
    ):
        text = text_of(source)
        if text:
            note = lang.t("method.english") if name == "method" and lang.code == "zh" else ""
            context = {"text": html_of(without_title(text)), "note": note}
            yield Page(f"{name}.html", "text.html", title, summary, nav="indicators", context=context)


def files(data: Data) -> Iterator[File]:
    """404.html in both languages; shown for any address, so it holds its style and finds where the site stands."""
    page = environment().get_template("404.html").render(languages=LANGUAGES, data=data)
    yield File("404.html", re.sub(r"\n\s*\n", "\n", page).encode())


PART = Part("words", pages, files)
