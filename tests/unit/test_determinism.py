"""The same inputs give the same tables, whatever the threads, the hash seed and the order of records in a file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import faults
import macaw
from macaw import cli, provenance
from macaw.errors import MacawError
from macaw.release.freeze import freeze
from macaw.release.verify import verify
from support.builds import FEW, Place

pytestmark = pytest.mark.usefixtures("few_values")

# The build of one specification with a number of threads, on the machine's own or fewer.
_APART = """
import sys, pathlib, duckdb, faults, pyarrow
threads, true = int(sys.argv[1]), duckdb.connect
pyarrow.set_cpu_count(threads)
duckdb.connect = lambda *given: (con := true(*given)).execute(f"set threads = {threads}") and con
faults.build(*map(pathlib.Path, sys.argv[2:]), few=True)
"""


@pytest.mark.parametrize(("threads", "seed"), [(1, "0"), (4, "4711")])
def test_neither_threads_nor_the_hash_seed_matter(finished, tmp_path, threads, seed):
    environment = {
        **os.environ,
        "PYTHONHASHSEED": seed,
        "PYTHONPATH": os.pathsep.join([str(Path(faults.__file__).parent), *sys.path]),
    }
    command = [sys.executable, "-c", _APART, str(threads), str(finished.data), str(tmp_path / "out")]
    subprocess.run(command, check=True, capture_output=True, env=environment)
    assert faults.contents(tmp_path / "out") == faults.contents(finished.out)


def values(out: Path) -> list[dict[str, object]]:
    # Of a paper that stands twice the first record stays, and intervals depend on how its names are written.
    return pq.read_table(out / "parquet" / "values.parquet").drop_columns(["release", "low", "high"]).to_pylist()


def test_the_order_of_records_in_a_file_does_not_matter_to_values(finished, tmp_path):
    place = Place(tmp_path / "data", tmp_path / "out")
    shutil.copytree(finished.data, place.data)
    for name in FEW:
        place.edit(lambda records: records.reverse(), name)
    place.build()
    assert values(place.out) == values(finished.out)


# -- macaw verify ----------------------------------------------------------------------------------------------


def test_a_whole_build_is_verified_and_rebuilt(finished):
    found = verify(finished.out, finished.data)
    assert (found.findings, found.notes) == ([], [])
    record = json.loads((finished.out / "build.json").read_text("utf-8"))
    tables = sum(len(step["tables"]) for step in record["steps"].values())
    assert len(found.whole) == 2 * tables + len(record["files"])


def damage(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 4
    file.write_bytes(data)


@pytest.mark.parametrize("name", ["parquet/works.parquet", "csv/values.csv", "macaw.duckdb"])
def test_one_bit_is_found(place, name, capsys):
    damage(place.out / name)
    (finding,) = verify(place.out).findings
    assert finding.startswith(f"{name} is damaged")
    with pytest.raises(SystemExit) as caught:
        cli.main(["verify", str(place.out)])
    assert caught.value.code == 1
    assert finding in capsys.readouterr().err


def test_a_file_that_is_missing_or_too_many_is_found(place):
    (place.out / "parquet" / "works.parquet").rename(place.out / "parquet" / "else.parquet")
    assert verify(place.out).findings == [
        "parquet/works.parquet is missing",
        "parquet/else.parquet is not in the record",
    ]


def test_other_sources_are_named_with_what_they_change(place):
    place.add_paper()
    found = verify(place.out, place.data)
    assert found.notes == ["source file paperlists/cvpr/cvpr2017.json is another than then"]
    assert "parquet/works.parquet rebuilt differs: 0 rows only recorded, 1 only rebuilt" in found.findings


def test_a_table_of_the_same_rows_in_other_bytes_is_whole(place):
    file = place.out / "parquet" / "entities.parquet"
    pq.write_table(pq.read_table(file), file, compression="none")
    record = json.loads((place.out / "build.json").read_text("utf-8"))
    record["steps"]["entities"]["tables"]["entities"]["sha256"] = provenance.hash_file(file)
    (place.out / "build.json").write_text(json.dumps(record), "utf-8")
    assert verify(place.out, place.data).findings == []


def test_a_release_is_proved_by_its_hashes_and_by_its_sources(finished, tmp_path):
    freeze(finished.out, tmp_path / "released", "2031-01")
    found = verify(tmp_path / "released", finished.data)
    assert (found.findings, found.notes) == ([], [])
    assert {"values.parquet", "values.parquet rebuilt"} <= {*found.whole}
    damage(tmp_path / "released" / "values.parquet")
    assert verify(tmp_path / "released").findings[0].startswith("values.parquet is damaged")


def test_the_shipped_release_is_as_recorded(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["verify"])
    assert not ended.value.code
    assert "0 findings" in capsys.readouterr().err
    assert macaw.open().is_release


def test_a_folder_of_something_else_is_named(tmp_path):
    with pytest.raises(MacawError, match=r"holds neither build\.json nor release\.json") as caught:
        verify(tmp_path)
    assert caught.value.remedy
