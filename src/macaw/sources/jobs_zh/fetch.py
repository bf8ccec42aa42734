"""Where those who saved the advertisements keep them."""

from __future__ import annotations

from pathlib import Path

import httpx

from macaw.errors import MacawError
from macaw.sources.download import RemoteFile, get_json
from macaw.sources.origin import origin


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """Lagou's file, and a page for each advertisement of BOSS that the repository lists.

    Raises `MacawError` if the list cannot be had, or has another form.
    """
    lagou, listing = origin("jobs_zh").urls_download
    answer = get_json(client, listing, folder)
    try:
        pages = [(str(entry["name"]), str(entry["download_url"])) for entry in answer]
    except (TypeError, LookupError) as error:
        raise MacawError(
            f"{listing}: the answer is no list of files ({error})",
            f"the format may have changed; copy files by hand to {folder}",
        ) from None
    found = [RemoteFile(url, f"boss/{name}") for name, url in sorted(pages) if name.endswith(".md")]
    return [RemoteFile(lagou, "lagou_2017.csv"), *found]
