"""Pages and files of the site, and what writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from macaw.provenance import atomic
from macaw.site.data import Data, Entity
from macaw.site.language import LANGUAGES, Language
from macaw.site.settings import settings


@dataclass(frozen=True)
class Page:
    """One page in one language; `path` is below the language's folder and ends with .html."""

    path: str
    template: str
    title: str
    # One sentence for search engines and cards.
    summary: str
    # The entry of the navigation it belongs to.
    nav: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    # schema.org descriptions, one script element each.
    described: tuple[dict[str, Any], ...] = ()
    # Data files (as given to `data_file`) that are loaded with the page, before the site's script.
    data: tuple[str, ...] = ()


@dataclass(frozen=True)
class File:
    """A file that is the same in both languages; `path` is below the site's folder."""

    path: str
    content: bytes


@dataclass(frozen=True)
class Part:
    """A kind of page: what it writes in each language, and what once."""

    name: str
    pages: Callable[[Data, Language], Iterable[Page]]
    files: Callable[[Data], Iterable[File]] | None = None


def compact(value: object) -> str:
    """JSON without spaces, safe inside a script element and in a script file.

    >>> compact({"a": "</script>"})
    '{"a":"\\\\u003c/script>"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def data_file(name: str, value: object) -> File:
    """A script that hands a value to `macaw.load(name)`; the one way in which pages get data, also from file://."""
    return File(f"data/{name}.js", f"macaw.put({compact(name)},{compact(value)});\n".encode())


def slug(identifier: str) -> str:
    """An id as part of an address.

    >>> slug("ror:00f54p054"), slug("CHN+HKG")
    ('ror-00f54p054', 'CHN-HKG')
    """
    return re.sub(r"[^A-Za-z0-9._-]", "-", identifier)


def entity_path(entity: Entity) -> str:
    """Where the page of a company, country or group stands, below the language's folder."""
    return f"{entity.kind}/{slug(entity.id)}.html"


@cache
def environment() -> jinja2.Environment:
    """Templates: what they print is escaped, and an unknown name is an error."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("macaw.site", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["script"] = lambda value: Markup(compact(value))  # noqa: S704  # `compact` escapes
    made.filters["code"] = lambda text: Markup('<code translate="no">{}</code>').format(text)
    made.globals["entity_path"] = entity_path
    made.globals["slug"] = slug
    return made


def render(page: Page, lang: Language, data: Data) -> str:
    """The HTML of a page."""
    up = "../" * page.path.count("/")
    other = next(each for each in LANGUAGES if each.code == lang.other)
    known = {
        "navigation": [n for n in settings()["navigation"] if "needs" not in n or data.has(n["needs"])],
        "page": page,
        "data": data,
        "lang": lang,
        "other": other,
        "t": lang.t,
        "root": up + "../",
        "url": lambda path: up + path,
        "asset": lambda path: f"{up}../assets/{path}",
        "data_url": lambda name: f"{up}../data/{name}.js",
        "other_url": f"{up}../{lang.other}/{page.path}",
        "entity_url": lambda entity: up + entity_path(entity),
    }
    return environment().get_template(page.template).render(known | page.context)


def write(out: Path, file: File) -> int:
    """Write a file and give its size in bytes."""
    path = out / file.path
    with atomic(path) as temporary:
        temporary.write_bytes(file.content)
    return len(file.content)


def pages_of(part: Part, data: Data) -> Iterator[File]:
    """The pages of a part in both languages, rendered."""
    for lang in LANGUAGES:
        for page in part.pages(data, lang):
            yield File(f"{lang.code}/{page.path}", render(page, lang, data).encode())


def assets() -> Iterator[File]:
    """Style, script and icon."""
    for entry in sorted(files("macaw.site").joinpath("assets").iterdir(), key=lambda e: e.name):
        if entry.is_file() and not entry.name.startswith("."):
            yield File(f"assets/{entry.name}", entry.read_bytes())
