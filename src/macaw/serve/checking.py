"""Reading articles in the server: text only, never a file or an address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from macaw import api
from macaw.claims.reading import output
from macaw.claims.reading.article import read_text
from macaw.errors import UsageError


def open_checker(build: str | None) -> Callable[[str, str | None], dict[str, Any]]:
    """A function that says which sentences of a text can be checked, and what a build, or the release, says of them."""
    report = api.checker(build or None)

    def check(text: str, day: str | None) -> dict[str, Any]:
        article = read_text(text, "the text")
        if day:
            article = replace(article, date=_date(day))
        return output.document(report(article))

    return check


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"'date' is {text[:40]!r}", "as in 2024-10-29") from None
