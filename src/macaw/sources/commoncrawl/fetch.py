"""Where Common Crawl publishes the languages of its crawls."""

from __future__ import annotations

from pathlib import Path

import httpx

from macaw.sources.download import RemoteFile
from macaw.sources.origin import origin


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """The one file of all crawls; nothing is asked, its address is known."""
    return [RemoteFile(url, url.rsplit("/", 1)[1]) for url in origin("commoncrawl").urls_download]
