"""Where each source comes from, and what may be done with it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from macaw.errors import UsageError


@dataclass(frozen=True)
class Origin:
    """A source's producer, licence, addresses and formats; `values_may_be_released` decides on releases."""

    name: str
    title: str
    title_zh: str
    producer: str
    citation: str
    licence: str
    licence_note: str
    url_main: str
    urls_download: tuple[str, ...]
    formats: tuple[str, ...]
    patterns: tuple[str, ...]
    values_may_be_released: bool
    description: str
    description_zh: str
    # The Python package whose files the patterns mean, where a source comes with one; else the data folder's.
    package: str = ""

    @property
    def is_fetched(self) -> bool:
        """Whether `macaw fetch` can get the source: it has an address, and no installed package brings it."""
        return bool(self.urls_download) and not self.package


@cache
def origins() -> dict[str, Origin]:
    """All sources by name, in alphabetical order.

    >>> origins()["ror"].licence
    'CC0-1.0'
    """
    folder = files("macaw.sources")
    found = {}
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.joinpath("origin.toml").is_file():
            fields = tomllib.loads(entry.joinpath("origin.toml").read_text("utf-8"))
            for key in ("urls_download", "formats", "patterns"):
                fields[key] = tuple(fields[key])
            found[entry.name] = Origin(name=entry.name, **fields)
    return found


def origin(name: str) -> Origin:
    """The origin of one source; raises `UsageError` for an unknown name."""
    try:
        return origins()[name]
    except KeyError:
        raise UsageError(f"there is no source {name!r}", f"known sources: {', '.join(origins())}") from None


def withheld(build: Mapping[str, Any]) -> tuple[str, ...]:
    """Of what a build's record says, the sources whose values may not be published.

    None of the demo's: its records are invented for it and CC0, whatever source they have the format of.

    >>> withheld({"sources": ["ror", "deals"]}), withheld({"sources": ["ror", "deals"], "is_demo": True})
    (('deals',), ())
    """
    if build.get("is_demo"):
        return ()
    return tuple(name for name in build["sources"] if not origin(name).values_may_be_released)
