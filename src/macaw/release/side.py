"""One side of a comparison: a build, the folder of a release, or the shipped release, and what it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from macaw import pipeline, provenance
from macaw.api import Observatory
from macaw.errors import MacawError
from macaw.release.traces import traces

SHIPPED = "shipped"
# Hashes are cut in a release: they are only ever compared.
_LENGTH = 16
# Of a table without rows, whatever its columns.
EMPTY = "empty"


@dataclass(frozen=True)
class Made:
    """What values were made from, as far as it was recorded; what was not is None, and then excludes nothing."""

    steps: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    data: frozenset[str] | None = None
    registry: Mapping[str, str] | None = None
    definitions: Mapping[str, str] | None = None
    specifications: str | None = None
    computing: str | None = None
    libraries: Mapping[str, str] | None = None
    version: str | None = None

    @cached_property
    def made_by(self) -> dict[str, str]:
        """The step that makes each table."""
        return {table: name for name, step in self.steps.items() for table in step["tables"]}

    def print_of(self, table: str) -> str | None:
        """The hash of a table's contents, where it was recorded."""
        if table.startswith("registry_"):
            return (self.registry or {}).get(table)
        made = self.made_by.get(table)
        found: str | None = self.steps[made]["tables"][table] if made else None
        return found


def built_from(record: Mapping[str, Any]) -> dict[str, Any]:
    """What a release keeps of the record of its build, for the comparison with the next one."""
    steps = {}
    for name, step in record["steps"].items():
        kept = {k: step[k] for k in ("inputs",) if k in step}
        kept |= {k: step[k][:_LENGTH] for k in ("key", "code") if k in step}
        if step.get("files"):
            kept["files"] = {path: print_[:_LENGTH] for path, print_ in step["files"].items()}
        kept["tables"] = {t: e["sha256"][:_LENGTH] if e["rows"] else EMPTY for t, e in step["tables"].items()}
        steps[name] = kept
    cut = {k: {n: h[:_LENGTH] for n, h in record[k].items()} for k in ("registry", "definitions") if k in record}
    shared = {k: record[k][:_LENGTH] for k in ("specifications", "computing") if k in record}
    return {"macaw": record.get("macaw"), "libraries": record.get("libraries"), "data": record.get("data"),
            **cut, **shared, "steps": steps}  # fmt: skip


def _made(kept: Mapping[str, Any]) -> Made:
    data = kept.get("data")
    return Made(
        kept.get("steps", {}),
        None if data is None else frozenset(data),
        kept.get("registry"),
        kept.get("definitions"),
        kept.get("specifications"),
        kept.get("computing"),
        kept.get("libraries"),
        kept.get("macaw"),
    )


class Side:
    """Values, what they were made from, and fingerprints of what they rest on."""

    def __init__(self, path: str | Path) -> None:
        """Open a build, the folder of a release, or `shipped`. Raises `MacawError` for anything else."""
        self.path = Path(str(files("macaw.released"))) if str(path) == SHIPPED else Path(path)
        if not self.path.is_dir():
            raise MacawError(f"{path}: there is no such folder", "give a build, a release, or the word shipped")
        pipeline.settle(self.path)
        self.is_build = (self.path / "build.json").is_file()
        if not self.is_build and not (self.path / "release.json").is_file():
            raise MacawError(
                f"{path}: is neither a finished build (build.json) nor a release (release.json)",
                "run: macaw build --out DIR, or macaw release --out DIR",
            )

    @property
    def values(self) -> Path:
        """The Parquet file of the values."""
        folder = self.path / "parquet" if self.is_build else self.path
        return folder / "values.parquet"

    @cached_property
    def name(self) -> str:
        """Name of the release, or of the build's folder."""
        return self.path.name if self.is_build else str(provenance.read_json(self.path / "release.json")["release"])

    @cached_property
    def made(self) -> Made:
        """What it was made from."""
        if self.is_build:
            return _made(built_from(provenance.read_json(self.path / "build.json")))
        return _made(provenance.read_json(self.path / "release.json").get("built_from", {}))

    @cached_property
    def observatory(self) -> Observatory:
        """The build behind this side."""
        return Observatory(self.path)

    @cached_property
    def traces(self) -> pa.Table | None:
        """The fingerprints (see `macaw.release.traces`); None for a release made before there were any."""
        if self.is_build:
            return traces(self.observatory)
        file = self.path / "traces.parquet"
        return pq.read_table(file) if file.is_file() else None
