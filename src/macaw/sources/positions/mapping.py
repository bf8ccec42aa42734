"""The mapping of a CSV of positions: beside the user's own, or shipped with a source whose layout is known."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from macaw.errors import SourceError
from macaw.sources.mapping import DATES, DAY, FILE, TABLE, TEXT, Columns, Kind, document, expect, patterns

# A person holds it, an employer filed for it, an employer seeks someone for it.
KINDS = ("held", "filing", "advertisement")
REQUIRED = ("employer", "title")
OPTIONAL = ("id", "person", "role", "description", "skills", "degree", "field", "from", "until", "country", "link")
_IS_KIND: Kind = (lambda value: value in KINDS, f"one of {', '.join(KINDS)}")
_IS_YEAR: Kind = (lambda value: type(value) is int and 1990 <= value <= 2099, "write a year, as in 2017")
_KEYS: dict[str, Kind] = {
    "file": FILE,
    "title": TEXT,
    "exported": DAY,
    "kind": _IS_KIND,
    "search": TEXT,
    "columns": TABLE,
    "values": TABLE,
    "only": TABLE,
}
_VALUES: dict[str, Kind] = {"dates": DATES, "country": TEXT, "year": _IS_YEAR}


@dataclass(frozen=True, kw_only=True)
class Mapping(Columns):
    """A mapping of positions: `exported` is the day on which a position held must be current, `search` what the list
    answers (of everything, if it is empty)."""

    kind: str
    search: str
    country: str
    year: int | None


def load(path: Path) -> Mapping:
    """The mapping of a TOML file; `SourceError` names what it lacks, has too much or cannot be read."""
    read = document(path, "positions")
    expect(path, "", read, ("file", "title", "exported", "kind", "columns"), _KEYS)
    return _mapping(path, read, path.parent / read["file"])


def layouts(source: str) -> list[Mapping]:
    """The mappings that a source's folder ships, for files whose columns are known; their file is still to be given."""
    place = files(f"macaw.sources.{source}").joinpath("layouts.toml")
    read = tomllib.loads(place.read_text("utf-8"))
    return [_mapping(Path(str(place)), layout, Path()) for layout in read.values()]


def laid_out(found: list[Mapping], path: Path, header: list[str], source: str) -> Mapping:
    """The first layout all of whose columns stand in the header, for that file; `SourceError` if there is none."""
    for layout in found:
        if {*layout.columns.values(), *layout.only} <= set(header):
            return replace(layout, path=path, file=path)
    raise SourceError(
        f"{path}: its columns are those of no layout that is read ({', '.join(header[:6])}, …)",
        f"remove the file from the folder of {source}, or bring it with a mapping of your own (docs/people.md)",
    )


def _mapping(path: Path, read: dict[str, Any], file: Path) -> Mapping:
    columns, values = read["columns"], read.get("values", {})
    expect(path, "columns", columns, REQUIRED, dict.fromkeys((*REQUIRED, *OPTIONAL), TEXT))
    expect(path, "values", values, (), _VALUES)
    if read["kind"] != "held" and "from" not in columns and "year" not in values:
        raise SourceError(f"{path}: tells no year of the positions", "add a column from, or year below [values]")
    return Mapping(
        path=path,
        file=file,
        title=read["title"],
        exported=read.get("exported", date(2099, 12, 31)),
        columns=columns,
        dates=tuple(values.get("dates", ("%Y-%m-%d",))),
        only=patterns(path, read.get("only", {})),
        kind=read["kind"],
        search=read.get("search", ""),
        country=values.get("country", ""),
        year=values.get("year"),
    )
