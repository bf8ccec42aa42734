"""Every reader, given any file: it reads, lists what it refuses, or names the file and the remedy. Nothing else.

`seeds/<source>/<n>` are small files in the source's true format, `failures/<source>/<what>` inputs that once broke a
reader. MACAW_HYPOTHESIS=fuzz tries 100,000 inputs for each.
"""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from macaw import pipeline, schema
from macaw.errors import MacawError
from macaw.sources import origins
from macaw.sources.records import Rejected, rejected_table
from support.mutate import changed, changes

HERE = Path(__file__).parent
SEEDS = {name: sorted((HERE / "seeds" / name).iterdir()) for name in pipeline.READERS}
FAILURES = sorted(path for path in (HERE / "failures").glob("*/*") if path.is_dir())


def files_below(folder: Path) -> list[Path]:
    return sorted(f for f in folder.rglob("*") if f.is_file())


def tables_of(name: str, folder: Path) -> tuple[dict[str, pa.Table], list[Rejected]]:
    """The tables a reader gives or writes, and what it refuses."""
    reader = pipeline.READERS[name]
    if not hasattr(reader, "write"):
        reading = reader.read(files_below(folder), folder)
        return {table: reading.table(table) for table in reader.TABLES}, reading.refused
    with tempfile.TemporaryDirectory() as out:
        refused = reader.write(files_below(folder), folder, Path(out), Path(out))
        return {table: pq.read_table(Path(out) / f"{table}.parquet") for table in reader.TABLES}, refused


def read(name: str, folder: Path) -> str:
    """Read a folder as a build does; `read`, or `refused` with a message. Anything else raises."""
    try:
        tables, refused = tables_of(name, folder)
    except MacawError as refusal:
        if not refusal.remedy or str(folder) not in refusal.what:
            raise AssertionError(f"without file or remedy: {refusal}") from refusal
        return "refused"
    for table, found in tables.items():
        schema.check(table, found)
        numbers = [found[field.name] for field in found.schema if pa.types.is_floating(field.type)]
        assert all(pc.all(pc.is_finite(column)).as_py() is not False for column in numbers), table
    rejected_table(refused)
    return "read"


@pytest.mark.parametrize("name", pipeline.READERS)
def test_a_seed_gives_rows(name):
    """Otherwise changing it would show nothing."""
    for seed in SEEDS[name]:
        tables, refused = tables_of(name, seed)
        assert len(refused) + sum(table.num_rows for table in tables.values()) > 0


@pytest.mark.parametrize("name", pipeline.READERS)
def test_any_file_is_read_or_refused(name, tmp_path_factory):
    folder = tmp_path_factory.mktemp(name)
    originals = [{f.relative_to(seed): f.read_bytes() for f in files_below(seed)} for seed in SEEDS[name]]
    kept = os.environ.get("MACAW_FUZZ_FAILURES")

    @given(st.integers(0, 1 << 16), st.integers(0, 1 << 16), changes, st.booleans())
    def tried(seed: int, which: int, told: list[tuple[str, float, float, int]], inside: bool) -> None:
        contents = dict(originals[seed % len(originals)])
        path = sorted(contents)[which % len(contents)]
        contents[path] = changed(contents[path], told, inside)
        for other, data in contents.items():
            (folder / other).parent.mkdir(parents=True, exist_ok=True)
            (folder / other).write_bytes(data)
        try:
            event(read(name, folder))
        except Exception as error:
            if kept:
                place = Path(kept) / name / f"{type(error).__name__}-{abs(hash(str(error))) % 10**6}"
                shutil.copytree(folder, place, dirs_exist_ok=True)
            told_bytes = base64.b64encode(contents[path][:2000]).decode()
            raise AssertionError(f"{path}: {type(error).__name__}: {error}\n{told_bytes}") from error
        finally:
            shutil.rmtree(folder)
            folder.mkdir()

    tried()


@pytest.mark.parametrize("failure", FAILURES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_once_broke_a_reader_does_so_no_more(failure):
    read(failure.parent.name, failure)


def test_every_source_has_seeds():
    assert {*origins()} >= {*SEEDS}
    assert all(SEEDS.values())
