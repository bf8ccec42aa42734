"""Where OpenAI published the languages of GPT-3's training data."""

from __future__ import annotations

from pathlib import Path

import httpx

from macaw.sources.download import RemoteFile
from macaw.sources.origin import origin


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """The three files; nothing is asked, their addresses are known."""
    return [RemoteFile(url, url.rsplit("/", 1)[1]) for url in origin("gpt3_languages").urls_download]
