"""Where CSET and 1790 Analytics published their database; it is in the repository's history only."""

from __future__ import annotations

from pathlib import Path

import httpx

from macaw.sources.download import RemoteFile
from macaw.sources.origin import origin


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """The one file, at the commit that holds it whole."""
    return [RemoteFile(origin("cset_1790").urls_download[0], "patent_database.csv.zip")]
