"""arXiv's metadata are gigabytes behind an account, or thousands of pages: a user gets them as arXiv asks."""

from __future__ import annotations

from pathlib import Path

import httpx

from macaw.errors import MacawError
from macaw.sources.download import RemoteFile


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """Always an error that says what to do instead."""
    raise MacawError(
        "arxiv: the dump is published on Kaggle, which wants an account; pages of OAI-PMH come at the pace arXiv sets",
        "unpack arxiv-metadata-oai-snapshot.json from https://www.kaggle.com/datasets/Cornell-University/arxiv, or "
        f"save pages of ListRecords with metadataPrefix=arXiv (https://info.arxiv.org/help/oa/index.html), in {folder}",
    )
