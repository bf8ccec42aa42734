"""Reading articles in the server: text only, never a file or an address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from macaw import api
from macaw.claims import answers
from macaw.claims.ledger import TABLES
from macaw.claims.reading import output
from macaw.claims.reading.article import read_text
from macaw.claims.reading.check import check_article
from macaw.claims.record import load_records
from macaw.errors import UsageError


def open_checker(build: str | None) -> Callable[[str, str | None], dict[str, Any]]:
    """A function that says which sentences of a text can be checked, and what a build, or the release, says of them."""
    observatory = api.open(Path(build) if build else None)
    values = observatory.table("values")
    kinds = {r["entity"]: (r["kind"], r["country"]) for r in observatory.table("entities").to_pylist()}
    records = load_records()
    settled = all(observatory.file(table).is_file() for table in TABLES)
    verdicts = {d["id"]: d for d in answers.documents(observatory)} if settled else {}

    def check(text: str, day: str | None) -> dict[str, Any]:
        article = read_text(text, "the text")
        if day:
            article = replace(article, date=_date(day))
        return output.document(check_article(article, values, kinds, records, verdicts))

    return check


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"'date' is {text[:40]!r}", "as in 2024-10-29") from None
