"""Which conference files Paper Copilot may have published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import httpx

from macaw import registry
from macaw.sources.download import RemoteFile
from macaw.sources.origin import origin


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """The file of every conference folder and year in the registry; many years are not published.

    Nothing is asked: the publisher has no list, so an address without a file answers 404.
    """
    template = origin("paperlists").urls_download[0]
    return [
        RemoteFile(template.format(folder=venue, year=year), f"{venue}/{venue}{year}.json")
        for venue, held in _held_by_folder().items()
        for year in years_to_ask(held, datetime.now(UTC).year)
    ]


def years_to_ask(held: Iterable[int], this_year: int) -> list[int]:
    """The years a venue was held, and those after the calendar's last up to next year.

    >>> years_to_ask([2021, 2023], this_year=2024)
    [2021, 2023, 2024, 2025]
    """
    years = set(held)
    return sorted(years | set(range(max(years, default=this_year) + 1, this_year + 2)))


def _held_by_folder() -> dict[str, set[int]]:
    tables = registry.tables()
    folders = {r["venue"]: r["paperlists"] for r in tables["registry_venues"].to_pylist() if r["paperlists"]}
    held: dict[str, set[int]] = {folder: set() for folder in sorted(folders.values())}
    for row in tables["registry_held"].to_pylist():
        if row["venue"] in folders:
            held[folders[row["venue"]]].add(row["period"])
    # An index of works has no calendar and no list here.
    return {folder: years for folder, years in held.items() if years}
