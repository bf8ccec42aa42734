"""The commands of the command line, those within commands too."""

from __future__ import annotations

from collections.abc import Iterator

from cyclopts import App

from macaw.cli import app


def commands(of: App = app) -> Iterator[str]:
    """Each command as a user writes it: `values`, `registry check`."""
    for name in (n for n in of if not n.startswith("-")):
        yield from [f"{name} {rest}" for rest in commands(of[name])] or [name]


def command(words: str) -> App:
    """The app of one command."""
    found = app
    for word in words.split():
        found = found[word]
    return found
