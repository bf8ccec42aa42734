"""The USPTO's bulk files need a key of the user's own: there is nothing to fetch without one."""

from __future__ import annotations

from pathlib import Path

import httpx

from macaw.errors import MacawError
from macaw.sources.download import RemoteFile


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """Always an error that says what to do instead."""
    raise MacawError(
        "uspto: the Open Data Portal gives its files only to whoever has a key of their own",
        f"download weekly files (PTGRXML, APPXML) from https://data.uspto.gov/bulkdata and put them in {folder}",
    )
