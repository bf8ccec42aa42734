"""Google Patents stands in BigQuery, which asks for an account: there is nothing to fetch without one."""

from __future__ import annotations

from pathlib import Path

import httpx

from macaw.errors import MacawError
from macaw.sources.download import RemoteFile


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """Always an error that says what to do instead."""
    raise MacawError(
        "google_patents: the data stand in BigQuery, for which an account is needed",
        f"export patents-public-data.patents.publications as Parquet or JSON lines (docs/patents.md) to {folder}",
    )
