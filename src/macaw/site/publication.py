"""The downloads and the interface of a site, made once and then part of it."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from macaw.release.descriptions import write_descriptions
from macaw.release.downloads import Downloads, File, write_downloads
from macaw.release.static_api import write_static_api
from macaw.site.data import Data

FORMATS = {"parquet": "Parquet", "csv": "CSV", "xlsx": "Excel"}


class Publication:
    """What a site gives away, in a folder that lasts as long as this object."""

    def __init__(self, data: Data) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="macaw-downloads-"))
        # A TemporaryDirectory would warn that nobody closed it.
        weakref.finalize(self, shutil.rmtree, self.root, ignore_errors=True)
        private = bool(data.not_for_publication)
        self.downloads: Downloads = write_downloads(data.observatory, self.root, private=private)
        write_descriptions(self.downloads, self.root)
        write_static_api(data.observatory, self.root, self.downloads.sources, private=private)

    def of(self, table: str, indicator: str = "") -> list[File]:
        """The files of one table, or of one indicator's values."""
        return self.downloads.of(table, indicator)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file: its path below the site and its contents."""
        for path in sorted(p for p in self.root.rglob("*") if p.is_file()):
            yield path.relative_to(self.root).as_posix(), path.read_bytes()


@lru_cache(maxsize=1)
def publication(data: Data) -> Publication:
    """The publication of a build; the same one for all pages of a site."""
    return Publication(data)
