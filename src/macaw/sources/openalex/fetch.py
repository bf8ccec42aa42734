"""The snapshot is hundreds of gigabytes in a public bucket: its own tool copies it, whole or in part.

Works of some organisations or of a subfield are fetched by `collect.py`.
"""

from __future__ import annotations

from pathlib import Path

import httpx

from macaw.errors import MacawError
from macaw.sources.download import RemoteFile


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """Always an error that says how to copy the snapshot."""
    raise MacawError(
        "openalex: the snapshot is hundreds of gigabytes; macaw fetch does not copy it",
        f"run: aws s3 sync --no-sign-request --delete s3://openalex/data/jsonl/works {folder}/data/jsonl/works, "
        "and the same for institutions; with --exclude and --include for some partitions only. "
        "Works of a company alone: macaw fetch openalex --organisation NAME --years 2018:2024",
    )
