"""The files of a snapshot: partitions, newest first, manifests, and ids that were merged into others."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from macaw.errors import SourceError
from macaw.sources.files import opened_text, read_json
from macaw.sources.records import Rejected

SOURCE = "openalex"
_PARTITION = re.compile(r"(?P<entity>[a-z_-]+)/updated_date=(?P<date>\d{4}-\d{2}-\d{2})/[^/]+\.gz$")
_KEY = re.compile(r"[a-z_-]+/updated_date=[^/]+/[^/]+$")
_WORK = re.compile(r"(?:https://openalex\.org/)?[Ww](\d{1,18})")
_MERGED = ("id", "merge_into_id")


@dataclass(frozen=True)
class Part:
    """One file of records of a kind (`works`, `institutions`), and the day of its partition."""

    path: Path
    entity: str
    date: str


@dataclass(frozen=True)
class Listed:
    """What a manifest says of a file: records and bytes, None where it does not say."""

    key: str
    records: int | None
    size: int | None


@dataclass(frozen=True)
class Snapshot:
    """The files of a snapshot by what they hold; parts are newest first, those of one day by name."""

    works: list[Part]
    institutions: list[Part]
    merged: list[Path]
    manifests: list[Path]

    @classmethod
    def of(cls, paths: list[Path]) -> Snapshot:
        """Sort the files of a source; `SourceError` for a partition whose day is none."""
        parts: dict[str, list[Part]] = {"works": [], "institutions": []}
        for path in paths:
            found = _PARTITION.search(path.as_posix())
            if found:
                parts[found["entity"]].append(Part(path, found["entity"], found["date"]))
            elif "updated_date=" in path.as_posix():
                raise SourceError(f"{path}: the folder names no day", "name it updated_date=YYYY-MM-DD, as published")
        for each in parts.values():
            each.sort(key=lambda p: (p.date, p.path.as_posix()), reverse=True)
        return cls(
            **parts,
            merged=[p for p in paths if p.parent.parent.name == "merged_ids"],
            manifests=[p for p in paths if p.name in ("manifest", "manifest.json")],
        )

    @property
    def last_year(self) -> int:
        """The last year that a work of the snapshot can be of: the one after its newest partition's.

        What a snapshot gives may not depend on the day it is read.
        """
        return int(self.works[0].date[:4]) + 1 if self.works else 0


def listed(manifest: Path) -> Iterator[Listed]:
    """The files a manifest lists, by the end of their address from the kind of record on.

    Raises `SourceError` where it is no manifest.
    """
    document = read_json(manifest, SOURCE)
    entries = document.get("entries") if isinstance(document, dict) else None
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise SourceError(f"{manifest}: holds no list 'entries'", "copy the manifest anew; its format may have changed")
    for entry in entries:
        key = _KEY.search(str(entry.get("url") or ""))
        meta = entry.get("meta") or {}
        if key and isinstance(meta, dict):
            yield Listed(key[0], _count(meta.get("record_count")), _count(meta.get("content_length")))


def _count(value: Any) -> int | None:
    return value if type(value) is int else None


def unlike_manifest(snapshot: Snapshot, root: Path) -> Iterator[Rejected]:
    """Files of the partitions at hand that a manifest lists and that are absent or of another size.

    A partition nobody copied is no fault: a part of a snapshot may be read. One of which some files are there is.
    """
    held = {_end(p.path): p.path for p in (*snapshot.works, *snapshot.institutions)}
    begun = {key.rsplit("/", 1)[0] for key in held}
    for manifest in snapshot.manifests:
        shown = manifest.relative_to(root).as_posix()
        for entry in listed(manifest):
            path = held.get(entry.key)
            if path is None:
                if entry.key.rsplit("/", 1)[0] in begun:
                    yield Rejected(SOURCE, shown, None, "a file of a partition at hand is absent", entry.key, "noted")
            elif entry.size is not None and path.stat().st_size != entry.size:
                value = f"{entry.key}: {path.stat().st_size} bytes, listed {entry.size}"
                yield Rejected(SOURCE, shown, None, "a file has another size than the manifest says", value, "noted")


def records_listed(snapshot: Snapshot) -> dict[str, int]:
    """Records by file, as far as the manifests say."""
    return {e.key: e.records for m in snapshot.manifests for e in listed(m) if e.records is not None}


def _end(path: Path) -> str:
    return "/".join(path.parts[-3:])


def merged_works(snapshot: Snapshot) -> Iterator[int]:
    """Numbers of works that were merged into others and are to be left out.

    Raises `SourceError` for a file without the columns, and for a row that names no work.
    """
    for path in snapshot.merged:
        with opened_text(path, SOURCE) as stream:
            rows = csv.DictReader(stream)
            try:
                if not set(_MERGED) <= set(rows.fieldnames or ()):
                    raise SourceError(f"{path}: lacks the columns {', '.join(_MERGED)}", "copy merged_ids anew")
                for row in rows:
                    found = _WORK.fullmatch(row["id"] or "")
                    if not found:
                        raise SourceError(
                            f"{path}, line {rows.line_num}: {row['id']!r} is no work", "copy merged_ids anew"
                        )
                    yield int(found[1])
            except csv.Error as error:
                raise SourceError(f"{path}, line {rows.line_num}: {error}", "copy merged_ids anew") from None
