"""The data page: everything to take away, how to use it, under which licence, and what changed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from macaw.indicators import indicators
from macaw.release.descriptions import LICENCE, TITLE, dataset
from macaw.release.downloads import FOLDER, published_tables
from macaw.release.snippets import snippets
from macaw.release.static_api import FOLDER as INTERFACE
from macaw.site.data import Data
from macaw.site.language import Language
from macaw.site.page import File, Page, Part
from macaw.site.project import changes, html_of
from macaw.site.publication import FORMATS, publication

# Stands in snippets until a reader's browser, which knows the address, puts that in its place.
SITE = "file:///path/to/macaw-site"


def pages(data: Data, lang: Language) -> Iterator[Page]:
    """The data page."""
    made = publication(data)
    yield Page(
        path="data.html",
        template="data.html",
        title=lang.t("data.title"),
        summary=lang.t("data.summary"),
        nav="data",
        described=(dataset(made.downloads, "../"),),
        context={
            "is_private": made.downloads.is_private,
            "tables": _tables(data),
            "values": _values(data, lang),
            "folder": FOLDER,
            "formats": FORMATS,
            "interface": INTERFACE,
            "snippets": snippets(SITE),
            "site": SITE,
            "licence": LICENCE,
            "sources": made.downloads.sources,
            "citation": f"The Macaw contributors. {TITLE}. {made.downloads.release}.",
            "changes": [(version, html_of(text, below=2)) for version, text in changes()],
        },
    )


def _tables(data: Data) -> list[dict[str, Any]]:
    """Each published table that the build has, with its files."""
    found = []
    for table in published_tables().values():
        files = publication(data).of(table.name)
        if files:
            origins = [data.origins[name] for name in table.rows_of if name in data.origins]
            found.append({"table": table, "files": files, "rows": files[0].rows, "origins": origins})
    return found


def _values(data: Data, lang: Language) -> list[tuple[str, str, list[Any]]]:
    """Id, title and files of each indicator that has values."""
    files = [f for f in publication(data).downloads.files if f.indicator]
    by_indicator = {name: list(group) for name, group in groupby(files, key=lambda f: f.indicator)}
    return [
        (name, lang.pick(indicators()[name].title, indicators()[name].title_zh), group)
        for name, group in sorted(by_indicator.items())
    ]


def files(data: Data) -> Iterator[File]:
    """The downloads and the interface."""
    for path, content in publication(data).files():
        yield File(path, content)


PART = Part("data", pages, files)
