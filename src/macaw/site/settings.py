"""What pages show, as data: `site.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def settings() -> dict[str, Any]:
    """The contents of site.toml."""
    return tomllib.loads(files("macaw.site").joinpath("site.toml").read_text("utf-8"))
