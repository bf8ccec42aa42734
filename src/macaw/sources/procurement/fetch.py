"""Where the contracts are published."""

from __future__ import annotations

from pathlib import Path

import httpx

from macaw.sources.download import RemoteFile
from macaw.sources.origin import origin


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """The one file of the data set; nothing is asked."""
    return [RemoteFile(origin("procurement").urls_download[0], "harnessed_lightning.csv")]
