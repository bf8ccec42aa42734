"""Where the CSV of each NCSES table that Macaw knows is published."""

from __future__ import annotations

from pathlib import Path

import httpx

from macaw import registry
from macaw.sources.download import RemoteFile
from macaw.sources.ncses.axes import lost_axes
from macaw.sources.origin import origin


def remote_files(client: httpx.Client, folder: Path) -> list[RemoteFile]:
    """Data and README of every table that a series, or the proof of a lost axis, rests on; nothing is asked."""
    template = origin("ncses").urls_download[0]
    return [
        RemoteFile(template.format(table=table, file=file), f"{table}.{ending}")
        for table in known_tables()
        for file, ending in (("data.csv", "csv"), ("README.md", "README.md"))
    ]


def known_tables() -> list[str]:
    """Ids of the tables that registry/statistics.toml or a proof of a lost axis names.

    >>> "6208" in known_tables()
    True
    """
    named = set(registry.tables()["registry_statistics"]["table_id"].to_pylist())
    for axes in lost_axes().values():
        named.add(axes.table)
        named.update(proof.table for proof in axes.proofs if proof.table)
    return sorted(named, key=int)
