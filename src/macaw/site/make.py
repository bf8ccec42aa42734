"""Makes the whole site."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from macaw import provenance
from macaw.api import Observatory
from macaw.errors import MacawError
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
    observatory: Observatory, out: Path, progress: Callable[[str], None] | None = None, *, private: bool = False
) -> Report:
    """Write the site of a build or of the shipped release to a folder.

    The folder must be new, empty, or a site made before, which is replaced as a whole once the new one is finished.
    Raises `MacawError` for a folder that holds something else, and for a build whose sources forbid publication unless
    `private`: then every page says that it is for its maker only.
    """
    check_releasable(observatory, private=private)
    say = progress or (lambda step: None)
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MARK).is_file())):
        raise MacawError(f"{out}: holds something that is not a site of macaw", "name a new or empty folder")
    say("reading")
    data = Data(observatory)
    new = out.with_name(f".{out.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    counts = {"pages": 0, "files": 0, "size": 0}

    def put(file: File, kind: str = "files") -> None:
        counts["size"] += write(new, file)
        counts["files"] += 1
        counts["pages"] += kind == "pages"

    for file in assets():
        put(file)
    put(File("index.html", environment().get_template("root.html").render(data=data).encode()))
    for part in PARTS:
        say(part.name)
        for file in part.files(data) if part.files else ():
            put(file)
        for file in pages_of(part, data):
            put(file, "pages")
    provenance.write_json(new / MARK, {"release": data.release, "macaw": data.version, **counts})
    _replace(new, out)
    return Report(**counts, not_for_publication=data.not_for_publication)


def _replace(new: Path, out: Path) -> None:
    """Put the finished site in its place; the former one goes only when the new one is complete."""
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    new.rename(out)
    shutil.rmtree(old, ignore_errors=True)
