"""Which copies of the leaderboard there are: the last of each month."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

import httpx

from macaw.errors import MacawError
from macaw.sources.download import RemoteFile, get_json
from macaw.sources.origin import origin

_TAG = re.compile(r"(\d{4})\.(\d{2})\.(\d{2})")
# The first copy of the leaderboard as it is read here; and when its file was renamed, some day between two copies.
FIRST, LAST_OLD_NAME, FIRST_NEW_NAME = "2024.06.19", "2025.07.18", "2025.08.06"


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """The last copy of each month, as the repository's tags name them; `folder` is where they belong.

    Raises `MacawError` if the tags cannot be had, or have another form.
    """
    url, raw = origin("lmarena").urls_download
    names: list[str] = []
    for page in count(1):
        answer = get_json(client, url.format(page=page), folder)
        try:
            found = [str(tag["name"]) for tag in answer]
        except (TypeError, LookupError) as error:
            raise MacawError(
                f"{url.format(page=page)}: the answer is no list of tags ({error})",
                f"the format may have changed; copy files by hand to {folder}",
            ) from None
        if not found:
            break
        names += found
    return [file for tag in last_of_months(names) for file in files_of(raw, tag)]


def last_of_months(tags: list[str]) -> list[str]:
    """The last dated tag of each month since `FIRST`, in order; other tags are passed over.

    >>> last_of_months(["2024.07.30", "v1.3.0", "2024.07.31", "2024.08.01", "2024.05.31"])
    ['2024.07.31', '2024.08.01']
    """
    dated = sorted(tag for tag in tags if _TAG.fullmatch(tag) and tag >= FIRST)
    return list({tag[:7]: tag for tag in dated}.values())


def files_of(raw: str, tag: str) -> list[RemoteFile]:
    """The addresses at which a tag's copy may be, and file names that hold its date; one that is not there is no error.

    >>> [f.path for f in files_of("https://x.example/{tag}/{file}.csv", "2024.07.31")]
    ['2024-07-31_lmsys.csv']
    """
    names = [*(["lmsys"] if tag < FIRST_NEW_NAME else []), *(["lmarena_text"] if tag > LAST_OLD_NAME else [])]
    return [RemoteFile(raw.format(tag=tag, file=n), f"{tag.replace('.', '-')}_{n}.csv") for n in names]
