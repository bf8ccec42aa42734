"""Source trees are the user's own files: there is nothing to fetch."""

from __future__ import annotations

from pathlib import Path

import httpx

from macaw.errors import MacawError
from macaw.sources.download import RemoteFile


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """Always an error that says what to do instead."""
    raise MacawError(
        "repositories: there is no file to fetch; which source trees stand for an organisation is yours to choose",
        f"put them and a manifest.csv (docs/chips-and-frameworks.md) in {folder}",
    )
