"""Reads the registry's files into Arrow tables and names the row that breaks a rule."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

import pyarrow as pa

from macaw.errors import RegistryError
from macaw.registry.figures import PLACE as FIGURE_PLACE
from macaw.registry.figures import TEXTS as FIGURE_TEXTS
from macaw.registry.figures import figures

Row = tuple[object, ...]
_DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
OWNERSHIP_KINDS = ("subsidiary", "joint_venture", "affiliate")
_PLACE_KINDS = {"state": "region", "province": "region", "district": "city"}
TERRITORIES = ("mainland", "with_hkg_mac", "with_twn")


def text_of(name: str) -> str:
    """The text of a registry file."""
    return files("macaw.registry").joinpath(name).read_text("utf-8")


def rows_of(name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and row of a registry CSV; a row of the wrong width is an error named by line."""
    reader = csv.DictReader(text_of(name).splitlines())
    for row in reader:
        if None in row or None in row.values():
            raise RegistryError(
                f"registry/{name}, line {reader.line_num}: expected {len(reader.fieldnames or ())} cells",
                "quote a cell that holds a comma",
            )
        yield reader.line_num, _Cells(name, row)


class _Cells(dict[str, str]):
    """The cells of a row by column; to ask for a column that the file lacks is an error named by file."""

    def __init__(self, name: str, cells: dict[str, str]) -> None:
        super().__init__(cells)
        self._name = name

    def __missing__(self, column: str) -> str:
        raise RegistryError(f"registry/{self._name}, line 1: lacks the column {column!r}", "restore the header")


def entries_of(name: str, *needed: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and contents of each table of a registry TOML file; one that lacks a needed key is an error named."""
    try:
        document = tomllib.loads(text_of(name))
    except tomllib.TOMLDecodeError as error:
        raise RegistryError(f"registry/{name}: not valid TOML ({error})", "mend the line named") from None
    for entry, contents in document.items():
        if not isinstance(contents, dict):
            raise RegistryError(f"registry/{name}: {entry!r} is not a table", f"write [{entry}] above its keys")
        _require(contents, needed, f"registry/{name}: [{entry}]")
        yield entry, contents


def _require(contents: dict[str, Any], needed: tuple[str, ...], where: str) -> None:
    missing = [key for key in needed if key not in contents]
    if missing:
        raise RegistryError(f"{where} lacks {', '.join(missing)}", "add it, as in the other entries")


def year(value: str, where: str) -> int | None:
    """The year of a date cell (`2014` or `2014-01-26`), None if it is empty.

    >>> year("2014-01-26", "ownership.csv, line 2")
    2014
    """
    if not value:
        return None
    if not _DATE.fullmatch(value):
        raise RegistryError(f"registry/{where}: {value!r} is not a date", "write YYYY or YYYY-MM-DD")
    return int(value[:4])


def _venues() -> Iterator[Row]:
    for _, r in rows_of("venues.csv"):
        yield r["venue"], r["name"], r["name_zh"], r["fields"], r["paperlists"], r["kind"]


def _held() -> Iterator[Row]:
    for line, r in rows_of("venue_calendar.csv"):
        for period in held_years(r["years"], f"venue_calendar.csv, line {line}"):
            yield r["venue"], period


def held_years(text: str, where: str) -> list[int]:
    """Years in which a venue took place, from a list of years, ranges and ranges with a step.

    >>> held_years("1995-1999/2 2001 2003-2005", "venue_calendar.csv")
    [1995, 1997, 1999, 2001, 2003, 2004, 2005]
    """
    years: list[int] = []
    for part in text.split():
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        try:
            years += range(int(first), int(last or first) + 1, int(step or 1))
        except ValueError:
            raise RegistryError(f"registry/{where}: {part!r} is not a year or range", "as in 2013-2025/2") from None
    return years


def _statuses() -> Iterator[Row]:
    for line, r in rows_of("statuses.csv"):
        yield r["venue"], r["status"], _yes(r["published"], f"statuses.csv, line {line}")


def _yes(cell: str, where: str) -> bool:
    if cell not in ("yes", "no"):
        raise RegistryError(f"registry/{where}: published is {cell!r}", "write yes or no")
    return cell == "yes"


def _tracks() -> Iterator[Row]:
    for line, r in rows_of("tracks.csv"):
        yield r["venue"], r["track"], _yes(r["published"], f"tracks.csv, line {line}")


def _venue_years() -> Iterator[Row]:
    for line, r in rows_of("venue_years.csv"):
        where = f"venue_years.csv, line {line}"
        reported = _whole(r["papers_reported"], where)
        yield r["venue"], year(r["year"], where), reported, r["complete"], r["note"]


def _whole(cell: str, where: str) -> int | None:
    if cell and not cell.isdecimal():
        raise RegistryError(f"registry/{where}: {cell!r} is not a whole number", "write digits only, or leave it empty")
    return int(cell) if cell else None


def _venue_lists() -> Iterator[Row]:
    for name, entry in entries_of("venue_lists.toml", "venues", "name", "name_zh"):
        for venue in entry["venues"]:
            yield name, venue, entry["name"], entry["name_zh"], name.startswith("panel")
    for _, r in rows_of("venues.csv"):
        yield r["venue"], r["venue"], r["name"], r["name_zh"], True


def _facts() -> Iterator[Row]:
    for file in ("organisations.csv", "institutions.csv"):
        for line, r in rows_of(file):
            where = f"{file}, line {line}"
            yield (
                r["organisation"],
                r["property"],
                r["value"],
                r["language"] or None,
                r["country"] or None,
                year(r["from"], where),
                year(r["to"], where),
                r["source"],
            )


def _ownership() -> Iterator[Row]:
    for line, r in rows_of("ownership.csv"):
        where = f"ownership.csv, line {line}"
        if r["kind"] not in OWNERSHIP_KINDS:
            raise RegistryError(f"registry/{where}: kind is {r['kind']!r}", f"one of {', '.join(OWNERSHIP_KINDS)}")
        yield r["child"], r["parent"], r["kind"], year(r["from"], where), year(r["to"], where), where, r["source"]


def _groups() -> Iterator[Row]:
    for group, entry in entries_of("groups.toml", "name", "name_zh", "kind", "members"):
        for member in entry["members"]:
            yield group, entry["name"], entry["name_zh"], entry["kind"], member


def _territories() -> Iterator[Row]:
    for group, entry in entries_of("groups.toml", "members"):
        if "territory" in entry:
            _require(entry, ("territory_of",), f"registry/groups.toml: [{group}]")
            for member in entry["members"]:
                yield entry["territory"], member, entry["territory_of"], group


def _countries() -> Iterator[Row]:
    for _, r in rows_of("countries.csv"):
        yield r["code"], r["alpha2"] or None, r["name"], r["name_zh"], r["region"]


def _places() -> Iterator[Row]:
    for _, r in rows_of("countries.csv"):
        for name in dict.fromkeys([r["name"], r["name_zh"], *filter(None, r["aliases"].split("|"))]):
            yield name, r["code"], "country"
    for _, r in rows_of("places.csv"):
        yield r["place"], r["country"], _PLACE_KINDS.get(r["kind"], r["kind"])


def _legal_forms() -> Iterator[Row]:
    for _, r in rows_of("legal_forms.csv"):
        yield (r["form"],)


def _topics() -> Iterator[Row]:
    for topic, entry in entries_of("topics.toml", "name", "name_zh"):
        yield (
            topic,
            entry["name"],
            entry["name_zh"],
            entry.get("venues_fields", []),
            entry.get("keywords", []),
        )


def _frameworks() -> Iterator[Row]:
    for framework, entry in entries_of("frameworks.toml", "name", "modules", "maker"):
        yield framework, entry["name"], entry["modules"], entry["maker"], entry.get("country")


def _statistics() -> Iterator[Row]:
    for name, entry in entries_of("statistics.toml", "series"):
        lacking = [] if "tables" in entry else ["table"]
        lacking += [] if "columns" in entry else ["column"]
        lacking += [] if "rows" in entry else ["row"]
        lacking += [] if "columns" in entry or "rows" in entry else ["definition"]
        _require(entry, tuple(lacking), f"registry/statistics.toml: [{name}]")
        tables = entry.get("tables") or {entry["table"]: entry.get("period")}
        for (table, period), (definition, (row, column)) in product(tables.items(), _cells(entry).items()):
            yield (
                name,
                table,
                entry["series"],
                definition,
                _pattern(row, name),
                _pattern(column, name),
                entry.get("place"),
                entry.get("world"),
                period,
                entry.get("factor", 1.0),
                entry.get("provisional", False),
                list(entry.get("places", {}).items()),
                list(entry.get("breaks", {}).items()),
            )


def _cells(entry: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Patterns of row and column by definition."""
    if "columns" in entry:
        return {definition: (entry["row"], column) for definition, column in entry["columns"].items()}
    rows = entry.get("rows") or {entry["definition"]: entry["row"]}
    return {definition: (row, entry["column"]) for definition, row in rows.items()}


def _pattern(text: str, rule: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        where = f"registry/statistics.toml: [{rule}]"
        raise RegistryError(f"{where}: {text!r} is no regular expression ({error})", "mend it") from None
    return text


def _figures() -> Iterator[Row]:
    countries = {r["code"] for _, r in rows_of("countries.csv")}
    groups = {group for group, _ in entries_of("groups.toml")}
    organisations = {r["organisation"] for _, r in rows_of("organisations.csv")}
    return figures(rows_of("figures.csv"), frozenset({"WLD"} | countries | groups | organisations))


def _currencies() -> Iterator[Row]:
    for _, r in rows_of("currencies.csv"):
        yield r["currency"], r["name"], r["name_zh"], list(filter(None, r["aliases"].split("|")))


def _patent_kinds() -> Iterator[Row]:
    for _, r in rows_of("patent_kinds.csv"):
        yield r["office"], r["kind_code"], r["document_kind"]


def _patent_offices() -> Iterator[Row]:
    for _, r in rows_of("patent_offices.csv"):
        yield r["office"], r["name"], r["name_zh"]


def _patent_lists() -> Iterator[Row]:
    """All offices together, and each by itself."""
    for _, r in rows_of("patent_offices.csv"):
        yield "patents", r["office"], "All patent offices", "全部专利局", True
        yield r["office"], r["office"], r["name"], r["name_zh"], True


def _patent_collections() -> Iterator[Row]:
    for _, r in rows_of("patent_collections.csv"):
        yield (
            r["collection"], r["source"], r["file"], r["office"], r["documents"], r["scope"],
            r["published_from"] or None, r["published_until"] or None,
            int(r["published_every"]) if r["published_every"] else None, r["note"],
        )  # fmt: skip


def _patent_lags() -> Iterator[Row]:
    for _, r in rows_of("patent_lags.csv"):
        yield r["office"], r["documents"], *(float(r[m]) for m in ("m10", "m25", "m50", "m75", "m90"))


def _patent_windows() -> Iterator[Row]:
    for _, r in rows_of("patent_windows.csv"):
        yield r["measure"], int(r["years"])


def _comparison_sets() -> Iterator[Row]:
    for _, r in rows_of("comparison_sets.csv"):
        yield r["measure"], int(r["least_works"])


def _patent_categories() -> Iterator[Row]:
    for topic, entry in entries_of("patent_categories.toml", "name", "name_zh", "dimension", "column"):
        yield topic, entry["name"], entry["name_zh"], entry["dimension"], entry["column"]


_T, _W, _F, _N = pa.string(), pa.int64(), pa.bool_(), pa.float64()
_LISTS = {"venues": _T, "venue": _T, "name": _T, "name_zh": _T, "is_panel": _F}
_READERS: dict[str, tuple[Callable[[], Iterator[Row]], dict[str, pa.DataType]]] = {
    "registry_frameworks": (
        _frameworks,
        {"framework": _T, "name": _T, "modules": pa.list_(_T), "maker": _T, "country": _T},
    ),
    "registry_venues": (
        _venues,
        {"venue": _T, "name": _T, "name_zh": _T, "fields": _T, "paperlists": _T, "kind": _T},
    ),
    "registry_held": (_held, {"venue": _T, "period": _W}),
    "registry_statuses": (_statuses, {"venue": _T, "status": _T, "published": _F}),
    "registry_tracks": (_tracks, {"venue": _T, "track": _T, "published": _F}),
    "registry_venue_years": (
        _venue_years,
        {"venue": _T, "period": _W, "papers_reported": _W, "file_complete": _T, "note": _T},
    ),
    "registry_venue_lists": (
        _venue_lists,
        _LISTS,
    ),
    "registry_facts": (
        _facts,
        {
            "organisation": _T,
            "property": _T,
            "value": _T,
            "language": _T,
            "country": _T,
            "from_year": _W,
            "to_year": _W,
            "source": _T,
        },
    ),
    "registry_ownership": (
        _ownership,
        {"child": _T, "parent": _T, "kind": _T, "from_year": _W, "to_year": _W, "stated": _T, "source": _T},
    ),
    "registry_groups": (
        _groups,
        {"group_id": _T, "name": _T, "name_zh": _T, "kind": _T, "member": _T},
    ),
    "registry_territories": (
        _territories,
        {"territory": _T, "country": _T, "counted_as": _T, "group_id": _T},
    ),
    "registry_countries": (
        _countries,
        {"country": _T, "alpha2": _T, "name": _T, "name_zh": _T, "region": _T},
    ),
    "registry_places": (_places, {"name": _T, "country": _T, "place_kind": _T}),
    "registry_figures": (
        _figures,
        {
            **dict.fromkeys(FIGURE_PLACE, _T),
            "period": _W,
            **dict.fromkeys(("value", "low", "high"), _N),
            **dict.fromkeys(FIGURE_TEXTS, _T),
        },
    ),
    "registry_legal_forms": (_legal_forms, {"form": _T}),
    "registry_currencies": (
        _currencies,
        {"currency": _T, "name": _T, "name_zh": _T, "aliases": pa.list_(_T)},
    ),
    "registry_statistics": (
        _statistics,
        {
            "rule": _T,
            "table_id": _T,
            "series": _T,
            "definition": _T,
            "row": _T,
            "column": _T,
            "place": _T,
            "world": _T,
            "period": _W,
            "factor": _N,
            "provisional": _F,
            "places": pa.map_(_T, _T),
            "breaks": pa.map_(_T, _W),
        },
    ),
    "registry_patent_kinds": (_patent_kinds, {"office": _T, "kind_code": _T, "document_kind": _T}),
    "registry_patent_offices": (_patent_offices, {"office": _T, "name": _T, "name_zh": _T}),
    "registry_patent_lists": (
        _patent_lists,
        _LISTS,
    ),
    "registry_patent_collections": (
        _patent_collections,
        {
            **dict.fromkeys(("collection", "source", "file", "office", "documents", "scope"), _T),
            **dict.fromkeys(("published_from", "published_until"), _T),
            # Days from one publication to the next, of collections that come in parts of which some may be missing.
            "published_every": _W,
            "note": _T,
        },
    ),
    "registry_patent_lags": (
        _patent_lags,
        {"office": _T, "documents": _T, **dict.fromkeys(("m10", "m25", "m50", "m75", "m90"), _N)},
    ),
    "registry_comparison_sets": (_comparison_sets, {"measure": _T, "least_works": _W}),
    "registry_patent_windows": (_patent_windows, {"measure": _T, "years": _W}),
    "registry_patent_categories": (
        _patent_categories,
        {"topic": _T, "name": _T, "name_zh": _T, "dimension": _T, "column_name": _T},
    ),
    "registry_topics": (
        _topics,
        {"topic": _T, "name": _T, "name_zh": _T, "fields": pa.list_(_T), "keywords": pa.list_(_T)},
    ),
}
TABLES = tuple(_READERS)


@cache
def tables() -> dict[str, pa.Table]:
    """All tables of the registry by name. Raises `RegistryError` naming file and line."""
    found = {}
    for name, (reader, types) in _READERS.items():
        rows = list(reader())
        columns = [list(c) for c in zip(*rows, strict=True)] if rows else [[] for _ in types]
        arrays = [pa.array(c, type=t) for c, t in zip(columns, types.values(), strict=True)]
        found[name] = pa.table(dict(zip(types, arrays, strict=True)))
    return found
