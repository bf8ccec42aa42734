"""Macaw measures who is active in artificial intelligence, by how much, and how sure we can be.

The public API is small: `open` a build (or the shipped release) and ask it for `values` or `records`;
`build` one from raw open data; `resolve` raw organisation names; `classify` titles and abstracts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macaw.version import __version__

__all__ = ["MacawError", "Observatory", "__version__", "build", "classify", "diff", "open", "profile", "resolve"]

if TYPE_CHECKING:
    from macaw.api import Observatory, build, classify, open, resolve  # noqa: A004
    from macaw.errors import MacawError
    from macaw.profiles import profile
    from macaw.release.diff import diff


def __getattr__(name: str) -> Any:
    # Loaded on first use, so that `macaw --help` does not wait for DuckDB and Arrow.
    if name == "MacawError":
        from macaw.errors import MacawError

        return MacawError
    if name == "profile":
        from macaw import profiles

        return profiles.profile
    if name == "diff":
        from macaw.release.diff import diff

        return diff
    if name in __all__:
        from macaw import api

        return getattr(api, name)
    raise AttributeError(f"module 'macaw' has no attribute {name!r}")
