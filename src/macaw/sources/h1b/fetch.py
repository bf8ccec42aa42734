"""Where USCIS publishes its yearly files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import httpx

from macaw.sources.download import RemoteFile
from macaw.sources.origin import origin

FIRST_YEAR = 2009


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """One CSV for each fiscal year until this one; a year that is not published is no error."""
    template = origin("h1b").urls_download[0]
    years = range(FIRST_YEAR, datetime.now(UTC).year + 1)
    return [RemoteFile(template.format(year=year), f"h1b_datahubexport-{year}.csv") for year in years]
