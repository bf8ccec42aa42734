"""Reads which frameworks Python files import. Code is parsed, never run; what cannot be parsed is listed."""

from __future__ import annotations

import ast
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from macaw import registry
from macaw.errors import SourceError
from macaw.sources.files import csv_table
from macaw.sources.records import Reading, Rejected

SOURCE = "repositories"
TABLES = ("source_repositories", "source_imports")
REGISTRY = ("registry_frameworks",)

_MANIFEST = "manifest.csv"
_NEEDED = ("organisation", "year", "path")
# Larger files are data or generated; a tree with more files is not one repository.
MAX_BYTES = 2 * 1024**2
MAX_FILES = 50_000


@dataclass
class _Repository:
    """One line of the manifest and what its files import: how many files, by the set of frameworks."""

    organisation: str
    period: int
    path: str
    position: int
    files: int = 0
    unreadable: int = 0
    imports: Counter[tuple[str, ...]] = field(default_factory=Counter)

    @property
    def id(self) -> str:
        return f"{SOURCE}:{self.path}@{self.period}"


def read(paths: list[Path], root: Path) -> Reading:
    """The repositories that the manifest names; files of none of them are counted in one entry.

    Raises `SourceError` where there is code and no manifest.
    """
    reading = Reading()
    if not paths:
        return reading
    manifest = next((p for p in paths if p.name == _MANIFEST and p.suffix == ".csv"), None)
    if manifest is None:
        raise SourceError(
            f"{root / SOURCE}: holds Python files and no {_MANIFEST}",
            "write one with the columns organisation, year, path; a path is a folder below it",
        )
    shown = manifest.relative_to(root).as_posix()
    found = _manifest(manifest, shown, reading)
    modules = _modules()
    strays = 0
    for path in paths:
        if path == manifest:
            continue
        # A repository of several years stands there once a year, each year's tree in a folder of its own.
        owners = [found[part] for part in _folders(path, manifest.parent) if part in found]
        if owners:
            _count(owners[-1], path, root, modules, reading)
        else:
            strays += 1
    if strays:
        reading.refused.append(Rejected(SOURCE, shown, None, "files stand below no path of the manifest", strays))
    for repository in found.values():
        _add(repository, shown, reading)
    return reading


def _folders(path: Path, base: Path) -> list[str]:
    """The folders above a file, the outermost first."""
    return [p.as_posix() for p in reversed(PurePosixPath(path.relative_to(base).as_posix()).parents)]


def _modules() -> dict[str, str]:
    rows = registry.tables()["registry_frameworks"].to_pylist()
    return {module: r["framework"] for r in rows for module in r["modules"]}


def _manifest(path: Path, shown: str, reading: Reading) -> dict[str, _Repository]:
    header, records = csv_table(path, SOURCE)
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        raise SourceError(
            f"{path}: has no column {', '.join(map(repr, missing))}", "name the columns organisation, year, path"
        )
    found: dict[str, _Repository] = {}
    for position, record in enumerate(records):
        row = dict(zip(header, (cell.strip() for cell in record), strict=False))
        problem = _problem(row, found, path.parent)
        if problem:
            reading.refused.append(Rejected(SOURCE, shown, position, problem, ",".join(record)))
            continue
        place = PurePosixPath(row["path"]).as_posix()
        found[place] = _Repository(row["organisation"], int(row["year"]), place, position)
    return found


def _problem(row: dict[str, str], found: dict[str, _Repository], base: Path) -> str | None:
    place = PurePosixPath(row.get("path") or "")
    year = row.get("year", "")
    checks = (
        (not row.get("organisation"), "repository has no organisation"),
        (not (year.isascii() and year.isdecimal() and len(year) == len("2024")), "year is not four digits"),
        (not place.parts, "repository has no path"),
        (place.is_absolute() or ".." in place.parts, "path leads out of the folder of the manifest"),
        (place.as_posix() in found, "path stands twice"),
        (bool(place.parts) and ".." not in place.parts and not _is_folder(base / place), "there is no such folder"),
    )
    return next((reason for broken, reason in checks if broken), None)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        # No folder has a name that long.
        return False


def _count(repository: _Repository, path: Path, root: Path, modules: dict[str, str], reading: Reading) -> None:
    if repository.files + repository.unreadable >= MAX_FILES:
        if repository.files + repository.unreadable == MAX_FILES:
            reason = f"repository has more than {MAX_FILES:,} files; the rest is not read"
            reading.refused.append(Rejected(SOURCE, repository.path, None, reason, None, "noted"))
            repository.unreadable += 1
        return
    imported = _imported(path)
    if isinstance(imported, str):
        repository.unreadable += 1
        shown = path.relative_to(root).as_posix()
        reading.refused.append(Rejected(SOURCE, shown, None, imported, path.name))
        return
    repository.files += 1
    frameworks = tuple(sorted({modules[name] for name in imported if name in modules}))
    if frameworks:
        repository.imports[frameworks] += 1


def _imported(path: Path) -> set[str] | str:
    """The top modules a file imports anywhere in it, or why it cannot be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return f"file is larger than {MAX_BYTES:,} bytes"
        return imports_of(path.read_bytes())
    except OSError as error:
        return f"file cannot be read: {error.strerror}"
    except (SyntaxError, ValueError):
        return "file is not Python 3"
    except (RecursionError, MemoryError):
        return "file is nested too deeply"


def imports_of(code: bytes) -> set[str]:
    """The top modules that Python code imports, relative imports apart. Raises `SyntaxError` or `ValueError`.

    >>> sorted(imports_of(b"import torch.nn as nn, os\\ndef f():\\n    from paddle import nn"))
    ['os', 'paddle', 'torch']
    """
    with warnings.catch_warnings():
        # Other people's code may have bad escapes; that is theirs to mend.
        warnings.simplefilter("ignore")
        tree = ast.parse(code)
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def _add(repository: _Repository, shown: str, reading: Reading) -> None:
    if not repository.files and not repository.unreadable:
        reading.refused.append(
            Rejected(SOURCE, shown, repository.position, "repository has no Python file", repository.path)
        )
        return
    reading.add(
        "source_repositories", repository.id, SOURCE, shown, repository.position, repository.organisation,
        repository.period, repository.path, repository.files, repository.unreadable,
    )  # fmt: skip
    for frameworks, files in sorted(repository.imports.items()):
        reading.add("source_imports", repository.id, "+".join(frameworks), files)
