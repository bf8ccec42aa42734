"""Where the newest dump of the Research Organization Registry is published."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx

from macaw.errors import MacawError
from macaw.sources.download import RemoteFile, get_json
from macaw.sources.origin import origin

# The name comes from the network and becomes a file's name: no folders, nothing hidden.
_ZIP_NAME = re.compile(r"\w[\w.-]*\.zip", re.ASCII)


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """The zip of the newest record in Zenodo's community ror-data; `folder` is where it belongs.

    Raises `MacawError` if Zenodo cannot be asked, or if its answer names no zip.
    """
    url = origin("ror").urls_download[0]
    answer = get_json(client, url, folder)
    try:
        return [newest_zip(answer)]
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise MacawError(
            f"{url}: the answer names no zip to download ({type(error).__name__}: {error})",
            f"Zenodo's format may have changed; copy the newest dump by hand to {folder}",
        ) from None


def newest_zip(answer: Any) -> RemoteFile:
    """The zip of the first record that Zenodo lists.

    Raises `LookupError`, `TypeError`, `AttributeError` or `ValueError` for an answer of another shape.

    >>> newest_zip({"hits": {"hits": [{"files": [{"key": "v2.0-ror-data.zip", "checksum": "md5:c0ffee",
    ...     "links": {"self": "https://zenodo.org/api/records/1/files/v2.0-ror-data.zip/content"}}]}]}}).path
    'v2.0-ror-data.zip'
    """
    files = answer["hits"]["hits"][0]["files"]
    file = next((f for f in files if _ZIP_NAME.fullmatch(f["key"])), None)
    if file is None:
        raise ValueError(f"its files are {', '.join(repr(f['key']) for f in files) or 'none'}")
    algorithm, _, digest = file.get("checksum", "").partition(":")
    return RemoteFile(str(file["links"]["self"]), file["key"], digest if algorithm == "md5" else None)
