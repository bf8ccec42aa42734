"""Where the supply chain is published."""

from __future__ import annotations

from pathlib import Path

import httpx

from macaw.sources.download import RemoteFile
from macaw.sources.origin import origin


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """The four files that are read; nothing is asked."""
    return [RemoteFile(url, url.rsplit("/", 1)[1]) for url in origin("eto_chips").urls_download]
