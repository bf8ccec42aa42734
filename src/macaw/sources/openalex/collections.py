"""Collections: the works that the API gave for some organisations or for a subfield, kept apart from a snapshot.

Each is a folder below `collections/` with `collection.json`, which says what was asked for and lists its files. They
are counted in lists of their own: those for organisations together, each subfield by itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from macaw.errors import SourceError
from macaw.sources.files import read_json
from macaw.sources.records import Rejected

SOURCE = "openalex"
COLLECTIONS = "collections"
LISTING = "collection.json"
KINDS = ("organisations", "subfield")
_FILE = re.compile(r"works/updated_date=\d{4}-\d\d-\d\d/[A-Za-z0-9_]{1,80}\.gz", re.ASCII)
_AGAIN = "fetch it anew: macaw fetch openalex … --force (docs/openalex.md)"


@dataclass(frozen=True)
class Collection:
    """A whole collection: its name, files, and what was asked for."""

    name: str
    kind: str
    rors: tuple[str, ...]
    subfield: str
    first_year: int
    last_year: int
    files: tuple[Path, ...]
    manifests: tuple[Path, ...]
    # Works of which the API gave not all authors, and ROR ids it knows no institution of.
    truncated: int
    unknown: frozenset[str]

    @property
    def folder(self) -> str:
        """The name by which registry/venues.csv knows the list that the works are counted in."""
        return f"{SOURCE}/organisations" if self.kind == "organisations" else folder_of_subfield(self.subfield)


def folder_of_subfield(number: str) -> str:
    """The name by which registry/venues.csv knows the list of a subfield.

    >>> folder_of_subfield("1702")
    'openalex/subfield-1702'
    """
    return f"{SOURCE}/subfield-{number}"


def split(paths: Sequence[Path], root: Path) -> tuple[list[Path], list[Collection], list[Rejected]]:
    """The files of a snapshot, the collections, and what of the files below collections is not read, and why.

    Raises `SourceError` for a listing that is none, and for a listed file that is absent or of another size.
    """
    snapshot: list[Path] = []
    within: dict[Path, list[Path]] = defaultdict(list)
    for path in paths:
        home = _home(path, root)
        if home is None:
            snapshot.append(path)
        else:
            within[home].append(path)
    found: list[Collection] = []
    refused: list[Rejected] = []
    for home, files in sorted(within.items()):
        listing = home / LISTING
        if listing in files:
            collection = _read(listing)
            found.append(collection)
            refused += _noted(files, collection, root)
        else:
            shown = home.relative_to(root).as_posix()
            refused.append(Rejected(SOURCE, shown, None, "an unfinished fetch: nothing of it is read", len(files)))
    return snapshot, found, refused


def _home(path: Path, root: Path) -> Path | None:
    """The folder of the collection that a file is of."""
    parts = path.relative_to(root).parts
    if COLLECTIONS not in parts[:-2]:
        return None
    return root.joinpath(*parts[: parts.index(COLLECTIONS) + 2])


def _noted(files: Sequence[Path], collection: Collection, root: Path) -> Iterator[Rejected]:
    """What a user should know of a collection, and files below it that it does not list."""
    shown = next(p for p in files if p.name == LISTING).relative_to(root).as_posix()
    if collection.truncated:
        yield Rejected(SOURCE, shown, None, "works of which not all authors came", collection.truncated, "noted")
    if collection.unknown:
        told = ", ".join(sorted(collection.unknown))
        yield Rejected(SOURCE, shown, None, "ROR ids that OpenAlex knows no institution of", told, "noted")
    for path in sorted({*files} - {*collection.files, *collection.manifests}):
        if path.name != LISTING:
            shown = path.relative_to(root).as_posix()
            yield Rejected(SOURCE, shown, None, "a file that its collection does not list: not read", None, "noted")


def _read(listing: Path) -> Collection:
    document = read_json(listing, SOURCE)
    try:
        asked = document["asked"]
        collection = Collection(
            name=listing.parent.name,
            kind=_one_of(asked["kind"], KINDS),
            rors=tuple(_text(r) for r in document["rors"]),
            subfield=_number(asked),
            first_year=_year(asked["first_year"]),
            last_year=_year(asked["last_year"]),
            files=tuple(_file(listing.parent, f) for f in document["files"]),
            manifests=tuple(p for p in [listing.parent / "works" / "manifest"] if p.is_file()),
            truncated=len(document["truncated"]),
            unknown=frozenset(_text(r) for r in document["unknown_rors"]),
        )
    except (LookupError, TypeError, ValueError) as error:
        raise SourceError(f"{listing}: not the listing of a collection ({error!r})", _AGAIN) from None
    for path, described in zip(collection.files, document["files"], strict=True):
        if not path.is_file() or path.stat().st_size != described["bytes"]:
            raise SourceError(f"{path}: absent, or of another size than {LISTING} says", _AGAIN)
    return collection


def _file(folder: Path, described: dict[str, Any]) -> Path:
    # A listing may not lead out of its own folder.
    path = _text(described["path"])
    if not _FILE.fullmatch(path) or type(described["bytes"]) is not int:
        raise ValueError(path)
    return folder / path


def _one_of(value: Any, known: tuple[str, ...]) -> str:
    if value not in known:
        raise ValueError(value)
    return str(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _number(asked: dict[str, Any]) -> str:
    """The subfield, which becomes part of names; none of organisations."""
    number = _text(asked["subfield"])
    if not re.fullmatch(r"[0-9]{1,6}" if asked["kind"] == "subfield" else "", number):
        raise ValueError(number)
    return number


def _year(value: Any) -> int:
    if type(value) is not int or not 1400 <= value <= 2200:
        raise ValueError(value)
    return value
