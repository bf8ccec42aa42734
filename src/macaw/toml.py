"""TOML that users write."""

from __future__ import annotations

import tomllib
from typing import Any


def parsed(text: str) -> dict[str, Any]:
    """The tables and values of a TOML text.

    Raises `ValueError` if it is no TOML, is nested too deeply, or holds a number that Python will not write.

    >>> parsed("year = 0x7E9")
    {'year': 2025}
    >>> parsed(f"year = 0x{'F' * 6000}")
    Traceback (most recent call last):
    ...
    ValueError: a number has too many digits
    """
    try:
        document = tomllib.loads(text)
        repr(document)  # tomllib reads hexadecimal numbers that no message could show
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:
        raise ValueError("a number has too many digits") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return document
