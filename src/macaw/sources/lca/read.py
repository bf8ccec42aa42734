"""Reads labor condition applications, each file by the layout that fits its columns."""

from __future__ import annotations

from pathlib import Path

from macaw.sources.files import csv_table
from macaw.sources.positions.mapping import laid_out, layouts
from macaw.sources.positions.read import List, add
from macaw.sources.records import Reading

SOURCE = "lca"
TABLES = ("source_lca",)


def read(paths: list[Path], root: Path) -> Reading:
    """The certified applications of all files, shown relative to `root`."""
    reading = Reading()
    for path in paths:
        mapping = laid_out(layouts(SOURCE), path, csv_table(path, SOURCE)[0], SOURCE)
        add(List(mapping, path.relative_to(root).as_posix(), SOURCE, "source_lca", reading))
    return reading
