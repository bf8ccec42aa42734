"""Positions are the user's own files: there is nothing to fetch."""

from __future__ import annotations

from pathlib import Path

import httpx

from macaw.errors import MacawError
from macaw.sources.download import RemoteFile


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """Always an error that says what to do instead."""
    raise MacawError(
        "positions: there is no file to fetch; tables of positions are licensed",
        f"put your own CSV and its mapping (docs/people.md, Your own table) in {folder}",
    )
