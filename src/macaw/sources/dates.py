"""Dates as sources write them, kept as text: `2024-05-13`, or `2024-05` where only the month is known."""

from __future__ import annotations

import re
from datetime import date

_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
EARLIEST, LATEST = 1900, 2099


def iso_date(text: str) -> str:
    """A date in ISO form, from ISO with or without a day or from month/day/year.

    Raises `ValueError` for any other text, for a day that does not exist, and for a year out of range.

    >>> iso_date("2024-05-13"), iso_date("2024-5"), iso_date("9/2/2024")
    ('2024-05-13', '2024-05', '2024-09-02')
    """
    if found := _ISO.fullmatch(text.strip()):
        year, month, day = found.groups()
    elif found := _AMERICAN.fullmatch(text.strip()):
        month, day, year = found.groups()
    else:
        raise ValueError(f"{text!r} is not a date")
    made = date(int(year), int(month), int(day or 1))
    if not EARLIEST <= made.year <= LATEST:
        raise ValueError(f"year {made.year} is out of range")
    return made.isoformat() if day else made.isoformat()[:7]
