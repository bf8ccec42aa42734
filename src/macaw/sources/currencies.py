"""Currencies in which deals are made: registry/currencies.csv."""

from __future__ import annotations

from functools import cache

from macaw import registry


@cache
def _known() -> dict[str, str]:
    rows = registry.tables()["registry_currencies"].to_pylist()
    return {name.casefold(): row["currency"] for row in rows for name in (row["currency"], *row["aliases"])}


def currency(text: str) -> str | None:
    """The ISO 4217 code of a currency's code or sign; None if deals are not made in it.

    TOP and BTN are codes too, of Tonga and Bhutan; where a machine read them, they were the words TOP 10 and a mistake.

    >>> currency("RMB"), currency("usd"), currency("TOP")
    ('CNY', 'USD', None)
    """
    return _known().get(text.strip().casefold())
