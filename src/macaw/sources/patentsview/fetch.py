"""Where PatentsView publishes its tables."""

from __future__ import annotations

from pathlib import Path

import httpx

from macaw.sources.download import RemoteFile
from macaw.sources.origin import origin

FILES = (
    "g_patent",
    "g_patent_abstract",
    "g_cpc_current",
    "g_ipc_at_issue",
    "g_application",
    "g_assignee_disambiguated",
    "g_inventor_disambiguated",
    "g_location_disambiguated",
    "g_foreign_priority",
    "g_us_patent_citation",
    "g_other_reference",
)


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """One zipped TSV per table, replaced by the publisher several times a year; nothing is asked."""
    template = origin("patentsview").urls_download[0]
    return [RemoteFile(template.format(file=name), f"{name}.tsv.zip") for name in FILES]
