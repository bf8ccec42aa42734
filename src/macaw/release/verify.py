"""Proves that a build or a release is what its record says, and with its sources that they give it again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from macaw import pipeline, provenance
from macaw.engine import connect, explained
from macaw.engine.duckdb import quoted
from macaw.errors import MacawError
from macaw.release.freeze import freeze
from macaw.version import __version__

BUILD = "build.json"
RELEASE = "release.json"


@dataclass
class Verified:
    """What was compared: `whole` files are as recorded or rebuilt, `findings` say in words which are not.

    `notes` are circumstances that explain findings: other versions, sources that are not the same.
    """

    folder: Path
    whole: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def verify(folder: Path | None = None, data: Path | None = None) -> Verified:
    """Compare every file of a build or release with its record; with `data` also with a new build from the sources.

    Without a folder the release shipped with the package. A rebuilt table of other bytes but the same rows counts as
    whole: versions of libraries write differently. Raises `MacawError` where there is no record to compare with.

    >>> found = verify()
    >>> found.findings, "values.parquet" in found.whole
    ([], True)
    """
    folder = folder or Path(str(files("macaw.released")))
    pipeline.settle(folder)
    if (folder / BUILD).is_file():
        found = Verified(folder)
        with _record_of(folder / BUILD):
            _compare(found, dict(_recorded(provenance.read_json(folder / BUILD))))
        if data:
            _rebuild(found, data)
        return found
    if not (folder / RELEASE).is_file():
        raise MacawError(f"{folder}: holds neither {BUILD} nor {RELEASE}", "give the folder of a build or a release")
    found = Verified(folder)
    record = provenance.read_json(folder / RELEASE)
    with _record_of(folder / RELEASE):
        recorded = {f"{name}.parquet": entry["sha256"] for name, entry in record["tables"].items()}
    # Releases made before there were traces have none.
    _compare(found, recorded | ({"traces.parquet": record["traces"]} if "traces" in record else {}))
    if data:
        _refreeze(found, record, data)
    return found


@contextmanager
def _record_of(file: Path) -> Iterator[None]:
    """Name a record that is not one."""
    try:
        yield
    except (KeyError, TypeError, AttributeError):
        raise MacawError(
            f"{file}: is no record of a build or release", "build again, or get the release again"
        ) from None


def _recorded(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The files of a build and their SHA-256."""
    for step in record["steps"].values():
        for table, entry in step["tables"].items():
            yield f"parquet/{table}.parquet", entry["sha256"]
    for name, entry in record.get("files", {}).items():
        yield name, entry["sha256"]


def _compare(found: Verified, recorded: Mapping[str, str]) -> None:
    for name, sha256 in sorted(recorded.items()):
        if not (found.folder / name).is_file():
            found.findings.append(f"{name} is missing")
        elif not provenance.is_file_of(found.folder / name, sha256):
            found.findings.append(f"{name} is damaged: its SHA-256 is not the recorded {sha256[:12]}…")
        else:
            found.whole.append(name)
    held = {f.relative_to(found.folder).as_posix() for f in found.folder.rglob("*.parquet")}
    found.findings += [f"{name} is not in the record" for name in sorted(held - {*recorded}) if ".next/" not in name]


def _rebuild(found: Verified, data: Path) -> None:
    record = provenance.read_json(found.folder / BUILD)
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(temporary) / "build"
        releasable = {*record["sources"]} <= {*pipeline.releasable_sources()}
        pipeline.build(data, out, releasable=releasable)
        made = provenance.read_json(out / BUILD)
        _note_circumstances(found, record, made)
        _compare_rows(found, out, [name for name, _ in _recorded(made) if name.endswith(".parquet")])


def _refreeze(found: Verified, record: Mapping[str, Any], data: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        out, frozen = Path(temporary) / "build", Path(temporary) / "release"
        pipeline.build(data, out, releasable=True)
        freeze(out, frozen, record["release"])
        _note_circumstances(found, record, provenance.read_json(frozen / RELEASE))
        _compare_rows(found, frozen, [f"{name}.parquet" for name in record["tables"]])


def _note_circumstances(found: Verified, recorded: Mapping[str, Any], made: Mapping[str, Any]) -> None:
    """Say in what else than values the new one differs: versions and source files."""
    if recorded["macaw"] != __version__:
        found.notes.append(f"made by Macaw {recorded['macaw']}, rebuilt by {__version__}")
    held, now = recorded.get("data"), made["data"]
    if not isinstance(held, dict):
        found.notes.append("the record does not tell the hashes of its source files")
        return
    for name in sorted({*held, *now}):
        if name not in now:
            found.notes.append(f"source file {name} is not in the data folder")
        elif name not in held:
            found.notes.append(f"source file {name} was not there then")
        elif held[name] != now[name]:
            found.notes.append(f"source file {name} is another than then")


def _compare_rows(found: Verified, made: Path, names: list[str]) -> None:
    """Compare tables with those made anew, by their bytes and else by their rows."""
    for name in sorted(names):
        old, new = found.folder / name, made / name
        if not old.is_file():
            continue
        if provenance.hash_file(old) == provenance.hash_file(new):
            found.whole.append(f"{name} rebuilt")
            continue
        gone, come = _rows_beyond(old, new), _rows_beyond(new, old)
        if gone or come:
            found.findings.append(f"{name} rebuilt differs: {gone:,} rows only recorded, {come:,} only rebuilt")
        else:
            found.whole.append(f"{name} rebuilt")


def _rows_beyond(file: Path, other: Path) -> int:
    """How many rows of a file another has not, counted with repetition; all of them if the columns differ."""
    con = connect()
    with explained(f"comparing {file.name}"):
        columns = [[r[:2] for r in con.execute(f"describe from {quoted(f)}").fetchall()] for f in (file, other)]
        both = f"(from {quoted(file)} except all from {quoted(other)})" if columns[0] == columns[1] else quoted(file)
        ((rows,),) = con.execute(f"select count(*) from {both}").fetchall()
    return int(rows)
