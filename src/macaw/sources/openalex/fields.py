"""The fields of a work that Macaw reads, with their types, and how a file differs from them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

# Records of a file whose inner structure is looked at.
SAMPLE = 500
# JSON types that a field of a type may have besides null, as DuckDB names them.
_FITS = {
    "VARCHAR": ("VARCHAR",),
    "BIGINT": ("UBIGINT", "BIGINT"),
    "DOUBLE": ("DOUBLE", "UBIGINT", "BIGINT"),
    "BOOLEAN": ("BOOLEAN",),
    "ARRAY": ("ARRAY",),
    "OBJECT": ("OBJECT",),
}
_WORDS = {
    "VARCHAR": "text",
    "BIGINT": "a whole number",
    "DOUBLE": "a number",
    "BOOLEAN": "true or false",
    "ARRAY": "a list",
    "OBJECT": "an object",
}
# What DuckDB makes of a record.
_SHAPE = {
    "id": "VARCHAR",
    "doi": "VARCHAR",
    "title": "VARCHAR",
    "publication_year": "BIGINT",
    "type": "VARCHAR",
    "is_retracted": "BOOLEAN",
    "is_paratext": "BOOLEAN",
    "cited_by_count": "BIGINT",
    "primary_location": {"source": {"display_name": "VARCHAR"}},
    "authorships": [
        {
            "raw_affiliation_strings": ["VARCHAR"],
            "affiliations": [{"raw_affiliation_string": "VARCHAR", "institution_ids": ["VARCHAR"]}],
            "institutions": [{"id": "VARCHAR", "ror": "VARCHAR", "country_code": "VARCHAR"}],
        }
    ],
    "topics": [{"id": "VARCHAR", "score": "DOUBLE", "subfield": {"id": "VARCHAR"}, "field": {"id": "VARCHAR"}}],
    "referenced_works": ["VARCHAR"],
    "abstract_inverted_index": "MAP(VARCHAR, BIGINT[])",
}


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(files("macaw.sources.openalex").joinpath("fields.toml").read_text("utf-8"))


def read_fields() -> list[str]:
    """The fields at the top that are read, as the API is asked for them.

    >>> "authorships" in read_fields(), "primary_location" in read_fields()
    (True, True)
    """
    return [*_file()["read"], "primary_location"]


def shape() -> str:
    """The structure of a record for `json_transform`."""
    return json.dumps(_SHAPE)


def paths() -> str:
    """The paths of the fields read at the top, as a list in SQL."""
    return "[" + ", ".join(f"'$.{name}'" for name in _file()["read"]) + "]"


def misfits() -> str:
    """Branches of an SQL case over `types`: the reason if a field has another type than it should."""
    branches = []
    for place, (name, kind) in enumerate(_file()["read"].items(), 1):
        fitting = ", ".join(f"'{t}'" for t in (*_FITS[kind], "NULL"))
        branches.append(
            f"when types[{place}] not in ({fitting}) then 'field ''{name}'' is ' || types[{place}] || "
            f"', expected {_WORDS[kind]}'"
        )
    return "\n".join(branches)


def unknown(keys: Iterable[str]) -> list[str]:
    """Fields at the top that neither are read nor known.

    >>> unknown(["id", "title", "telepathy"])
    ['telepathy']
    """
    return sorted(set(keys) - set(_file()["read"]) - set(_file()["known"]["fields"]))


def gone(keys: Iterable[str]) -> list[str]:
    """Fields that are read and that no record has.

    >>> "authorships" in gone(["id", "title"])
    True
    """
    return sorted(set(_file()["read"]) - set(keys))


def unlike(structure: Any) -> Iterator[tuple[str, str]]:
    """Reason and path of each inner field that is absent from a sample of records, or has another type.

    >>> list(unlike({"topics": [{"id": "UBIGINT", "score": "DOUBLE", "subfield": {}, "field": {}}]}))
    [('a field inside is UBIGINT, expected text', 'topics[].id')]
    """
    for path, kind in _file()["within"].items():
        for found in _at(structure, path.replace("[]", ".[]").split(".")):
            if found is None:
                yield "a field inside is absent", path
            elif (name := _kind(found)) not in (*_FITS[kind], "NULL"):
                yield f"a field inside is {name}, expected {_WORDS[kind]}", path


def _at(structure: Any, steps: list[str]) -> Iterator[Any]:
    """What stands at a path: nothing where the parts above are absent or empty, None where only the last is."""
    for place, step in enumerate(steps):
        if step == "[]":
            if not isinstance(structure, list):
                return
            structure = structure[0]
        elif not isinstance(structure, dict):
            return
        elif step in structure:
            structure = structure[step]
        else:
            if place == len(steps) - 1:
                yield None
            return
    yield structure


def _kind(found: Any) -> str:
    return "ARRAY" if isinstance(found, list) else "OBJECT" if isinstance(found, dict) else str(found)
