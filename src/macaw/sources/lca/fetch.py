"""Where the shortened copy is published; the Department's workbooks are too large, and are saved as CSV by hand."""

from __future__ import annotations

from pathlib import Path

import httpx

from macaw.sources.download import RemoteFile
from macaw.sources.origin import origin


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """The one file of the shortened copy; nothing is asked."""
    return [RemoteFile(origin("lca").urls_download[0], "h1bs-2012-2016-shortened.csv")]
