"""Reads the Research Organization Registry: its dump (zip or JSON, schema v2) or a flat JSON-lines file.

Both shapes give the same source tables. Ids are kept without their address (`00cmhce21`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from macaw.errors import SourceError
from macaw.sources.files import decode, json_lines, parse_json, read_json, zip_member
from macaw.sources.records import Reading, Rejected, misfit

SOURCE = "ror"
TABLES = ("source_organisations", "source_organisation_names", "source_relations")

_NAME_KINDS = {"ror_display": "display", "label": "label", "alias": "alias", "acronym": "acronym"}
# Order of preference where several kinds are given: the first that stands is kept.
_KIND_ORDER = (
    "company",
    "education",
    "healthcare",
    "government",
    "facility",
    "nonprofit",
    "archive",
    "funder",
    "other",
)


def short_id(ror: str) -> str:
    """A ROR id without its address.

    >>> short_id("https://ror.org/00cmhce21")
    '00cmhce21'
    """
    return ror.rsplit("/", 1)[-1]


def kind_of(types: list[str]) -> str:
    """The one kind an organisation counts as; being a funder as well changes nothing.

    >>> kind_of(["funder", "education"])
    'education'
    """
    return next((kind for kind in _KIND_ORDER if kind in types), "other")


def _documents(path: Path) -> Iterator[tuple[int, Any]]:
    """Place and record, from whichever of the three forms the file has."""
    name = path.name.removesuffix(".gz")
    if name.endswith(".jsonl"):
        yield from json_lines(path, SOURCE)
        return
    if name.endswith(".zip"):
        # Dumps before 2025 hold v1 and v2 side by side; the v2 file's name says so.
        data = zip_member(path, ("schema_v2.json", "ror-data.json"), SOURCE)
        records = parse_json(decode(data, path, SOURCE), path, SOURCE)
    else:
        records = read_json(path, SOURCE)
    if not isinstance(records, list):
        raise SourceError(
            f"{path}: holds a JSON {type(records).__name__}, expected an array of organisations",
            f"delete the file and run: macaw fetch {SOURCE}",
        )
    yield from enumerate(records)


def _location(record: dict[str, Any]) -> tuple[str | None, str | None]:
    """Country code and city, from schema v2 (`locations`) or the flat form."""
    if "locations" in record:
        details = (record["locations"] or [{}])[0].get("geonames_details") or {}
        return details.get("country_code"), details.get("name")
    return record.get("country"), record.get("city")


def _website(record: dict[str, Any]) -> Any:
    for link in record.get("links") or []:
        if isinstance(link, str):
            return link
        if link.get("type") == "website":
            return link.get("value") or None
    return None


def _problem(record: object) -> tuple[str, object] | None:
    if isinstance(record, json.JSONDecodeError):
        return f"not valid JSON at column {record.colno} ({record.msg})", None
    if isinstance(record, Exception):
        return "JSON is nested too deeply, or holds a number of too many digits", None
    if not isinstance(record, dict):
        return "not an object", record
    if not isinstance(record.get("id"), str):
        return "field 'id' is missing", None
    names = record.get("names")
    if not isinstance(names, list) or not names:
        return "field 'names' is missing or empty: not a record of ROR schema v2", record["id"]
    return None


def _names(record: dict[str, Any]) -> Any:
    """Each different name with its kind and language, in the order of the record."""
    rows: dict[tuple[str, str, Any], None] = {}
    for name in record["names"]:
        value = " ".join(str(name.get("value") or "").split())
        kinds = [k for k in _NAME_KINDS if k in (name.get("types") or [])] or ["alias"]
        if value:
            rows[value, _NAME_KINDS[kinds[0]], name.get("lang")] = None
    return list(rows)


def _relations(record: dict[str, Any]) -> Any:
    relations = record.get("relationships") or []
    return list(dict.fromkeys((r.get("type"), short_id(r.get("id") or "")) for r in relations))


_PARTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "types": lambda record: kind_of(record.get("types") or []),
    "locations": _location,
    "links": _website,
    "names": _names,
    "relationships": _relations,
}


def _add(reading: Reading, record: dict[str, Any]) -> tuple[str, object] | None:
    """Add the rows of one record, or none of them and say why not."""
    parts = {}
    for field, part in _PARTS.items():
        try:
            parts[field] = part(record)
        except (TypeError, AttributeError, KeyError, IndexError):
            return f"field '{field}' has another shape than in ROR schema v2", record.get(field)
    ror, status, founded = short_id(record["id"]), record.get("status") or "active", record.get("established")
    rows = [("source_organisations", (ror, status, parts["types"], *parts["locations"], founded, parts["links"]))]
    rows += [("source_organisation_names", (ror, *name)) for name in parts["names"]]
    rows += [("source_relations", (ror, *relation)) for relation in parts["relationships"]]
    problem = next(filter(None, (misfit(*row) for row in rows)), None)
    if problem is None:
        for table, values in rows:
            reading.add(table, *values)
    return problem


def edition(path: Path) -> tuple[str, tuple[int, ...], str]:
    """What a dump's name says of its age: date, version, name; the newest sorts last.

    >>> edition(Path("v2.10-2026-08-01-ror-data.zip")) > edition(Path("v2.9-2026-06-01-ror-data.zip"))
    True
    """
    date = re.search(r"\d{4}-\d{2}-\d{2}", path.name)
    version = re.match(r"v(\d+(?:\.\d+)*)", path.name)
    numbers = tuple(map(int, version[1].split("."))) if version else ()
    return date[0] if date else "", numbers, path.name


def read(paths: list[Path], root: Path) -> Reading:
    """The newest registry file among `paths`, and nothing of the older ones: a dump is complete."""
    reading = Reading()
    if not paths:
        return reading
    path = max(paths, key=edition)
    shown = path.relative_to(root).as_posix()
    seen = set()
    for position, record in _documents(path):
        problem = _problem(record)
        if problem is None and short_id(record["id"]) in seen:
            problem = "duplicate id", record["id"]
        problem = problem or _add(reading, record)
        if problem:
            reading.refused.append(Rejected(SOURCE, shown, position, *problem))
        else:
            seen.add(short_id(record["id"]))
    if not seen:
        raise SourceError(
            f"{path}: holds no organisation in ROR schema v2",
            f"delete the file and run: macaw fetch {SOURCE}",
        )
    return reading
