"""CLDR comes with the package language-data, so there is nothing to fetch."""

from __future__ import annotations

from pathlib import Path

import httpx

from macaw.sources.download import RemoteFile


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """No file: the installed package holds it."""
    return []
