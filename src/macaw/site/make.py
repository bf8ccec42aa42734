"""Makes the whole site."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape  # writes only

from macaw import provenance
from macaw.api import Observatory
from macaw.errors import MacawError, UsageError
from macaw.release.downloads import check_releasable
from macaw.site.data import Data
from macaw.site.page import File, assets, environment, pages_of, write
from macaw.site.pages import PARTS

# Says that a folder was made by `macaw site`, so that it may be written anew.
MARK = "macaw-site.json"


@dataclass(frozen=True)
class Report:
    """What was written: pages in both languages, files in all, bytes; and sources whose values may not be published."""

    pages: int
    files: int
    size: int
    not_for_publication: tuple[str, ...]


def make(
    observatory: Observatory,
    out: Path,
    progress: Callable[[str], None] | None = None,
    *,
    private: bool = False,
    url: str = "",
) -> Report:
    """Write the site of a build or of the shipped release to a folder.

    With `url`, where it will stand, pages name their own address and a sitemap lists them for search engines.
    The folder must be new, empty, or a site made before, which is replaced as a whole once the new one is finished.
    Raises `MacawError` for a folder that holds something else, and for a build whose sources forbid publication unless
    `private`: then every page says that it is for its maker only; `UsageError` for an address that is none.
    """
    check_releasable(observatory, private=private)
    say = progress or (lambda step: None)
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MARK).is_file())):
        raise MacawError(f"{out}: holds something that is not a site of macaw", "name a new or empty folder")
    say("reading")
    data = Data(observatory, _address(url))
    new = out.with_name(f".{out.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    counts = {"files": 0, "size": 0}
    pages: list[str] = []

    def put(file: File) -> None:
        counts["size"] += write(new, file)
        counts["files"] += 1

    for file in assets():
        put(file)
    put(File("index.html", environment().get_template("root.html").render(data=data).encode()))
    for part in PARTS:
        say(part.name)
        for file in part.files(data) if part.files else ():
            put(file)
        for file in pages_of(part, data):
            put(file)
            pages.append(file.path)
    if data.address:
        put(sitemap(data.address, pages))
    provenance.write_json(new / MARK, {"release": data.release, "macaw": data.version, "pages": len(pages), **counts})
    _replace(new, out)
    return Report(len(pages), **counts, not_for_publication=data.not_for_publication)


def sitemap(address: str, paths: Iterable[str]) -> File:
    """The list of pages for search engines (sitemaps.org 0.9, which allows 50,000).

    >>> print(sitemap("https://example.org/", ["en/index.html"]).content.decode().splitlines()[2])
    <url><loc>https://example.org/en/index.html</loc></url>
    """
    listed = "\n".join(f"<url><loc>{escape(address + quote(path))}</loc></url>" for path in paths)
    head = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return File("sitemap.xml", f"{head}\n{listed}\n</urlset>\n".encode())


def _address(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment):
        raise UsageError(
            f"--url is {url!r}", "give the web address where the site will stand: https://example.org/macaw/"
        )
    return url and url.rstrip("/") + "/"


def _replace(new: Path, out: Path) -> None:
    """Put the finished site in its place; the former one goes only when the new one is complete."""
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    new.rename(out)
    shutil.rmtree(old, ignore_errors=True)
