"""The EPO's services need an account: there is nothing to fetch without one."""

from __future__ import annotations

from pathlib import Path

import httpx

from macaw.errors import MacawError
from macaw.sources.download import RemoteFile


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """Always an error that says what to do instead."""
    raise MacawError(
        "epo: the European Patent Office asks for an account of one's own",
        f"get answers of Open Patent Services (https://developers.epo.org) or DOCDB files, and put them in {folder}",
    )
