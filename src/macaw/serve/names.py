"""Resolving names in the server: prepared once, asked often."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from macaw.api import Resolver


def open_resolver(build: str | None, data: str | None) -> Callable[[list[str]], dict[str, Any]]:
    """A function that says which organisations raw names mean."""
    resolver = Resolver(build=Path(build) if build else None, data=Path(data) if data else None)
    return lambda names: {"answers": resolver(names)}
