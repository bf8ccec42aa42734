"""A small build that tests may change, and what it looks like."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from macaw import pipeline, provenance
from macaw.indicators import Specification
from macaw.indicators.values import Block

CVPR = "paperlists/cvpr/cvpr2017.json"
ROR = "ror/v2.9-demo-ror-data_schema_v2.json"
FEW = (CVPR, "paperlists/cvpr/cvpr2018.json", "paperlists/iclr/iclr2021.json", ROR)


@contextmanager
def only(*blocks: Block) -> Iterator[None]:
    """Builds publish these specifications only, so that each takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "published", lambda: blocks)
        yield


def one_specification() -> AbstractContextManager[None]:
    """Builds publish one specification."""
    return only(Block("places", ("papers",), (Specification(venues="CVPR"),)))


@dataclass
class Place:
    """A data folder, a build of it, and what the build looks like."""

    data: Path
    out: Path

    def build(self) -> pipeline.Report:
        return pipeline.build(self.data, self.out)

    def snapshot(self) -> dict[str, tuple[str, int]]:
        """Every published file with its contents and time of writing."""
        return {
            p.relative_to(self.out).as_posix(): (provenance.hash_file(p), p.stat().st_mtime_ns)
            for p in sorted(self.out.rglob("*"))
            if p.is_file() and ".next" not in p.parts and p.name != ".lock"
        }

    def hashes(self) -> dict[str, str]:
        """SHA-256 of every table, by the record of the build."""
        return hashes_of(self.out)

    def edit(self, change: Callable[[list[dict]], object], name: str = CVPR) -> None:
        """Change the records of a source file."""
        path = self.data / name
        records = json.loads(path.read_text("utf-8"))
        change(records)
        path.write_text(json.dumps(records, ensure_ascii=False), "utf-8")

    def add_paper(self) -> None:
        """Add a paper that counts for China and for Huawei."""
        self.edit(lambda r: r.append({"title": "Demo of parrots", "status": "Poster", "author": "A", "aff": "华为"}))

    def rename_tsinghua(self) -> None:
        """Give one university of ROR another name."""

        def rename(records: list[dict]) -> None:
            (found,) = [r for r in records if r["id"].endswith("/03cve4549")]
            found["names"].append({"value": "Parrot Place", "types": ["alias"], "lang": "en"})

        self.edit(rename, ROR)

    def papers(self, entity: str = "CHN") -> float:
        values = pq.read_table(self.out / "parquet" / "values.parquet")
        kept = values.filter((pc.field("entity") == entity) & (pc.field("period") == 2017))
        return kept["value"].to_pylist()[0]


def hashes_of(out: Path) -> dict[str, str]:
    steps = json.loads((out / "build.json").read_text("utf-8"))["steps"]
    return {table: entry["sha256"] for step in steps.values() for table, entry in step["tables"].items()}


def few_files(demo: Path, folder: Path) -> Path:
    """A data folder with a few files of the demo's."""
    for name in FEW:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(demo / name, folder / name)
    return folder
