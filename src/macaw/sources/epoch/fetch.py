"""Where Epoch AI publishes its data sets."""

from __future__ import annotations

from pathlib import Path

import httpx

from macaw.sources.download import RemoteFile
from macaw.sources.origin import origin

FILES = (
    "notable_ai_models.csv",
    "large_scale_ai_models.csv",
    "frontier_ai_models.csv",
    "all_ai_models.csv",
    "eci_scores.csv",
    "gpu_clusters.csv",
    "ml_hardware.csv",
    "ai_companies_staff_reports.csv",
)


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """One CSV per data set, replaced by the publisher every day; nothing is asked."""
    template = origin("epoch").urls_download[0]
    return [RemoteFile(template.format(file=name), name) for name in FILES]
