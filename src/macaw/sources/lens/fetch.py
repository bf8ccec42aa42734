"""A Lens export is a user's own search: there is nothing to fetch."""

from __future__ import annotations

from pathlib import Path

import httpx

from macaw.errors import MacawError
from macaw.sources.download import RemoteFile


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """Always an error that says what to do instead."""
    raise MacawError(
        "lens: there is no file to fetch; Lens.org exports what a user searches for",
        f"search at https://www.lens.org/lens/search/patent, export as CSV, and put the file in {folder}",
    )
