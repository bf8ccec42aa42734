"""Helpers for tests of readers: small files are written in the publisher's format, then read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from macaw.sources.records import Reading

Rows = Callable[[Reading, str], list[dict[str, Any]]]


@pytest.fixture
def rows() -> Rows:
    """The rows of one table of a reading."""
    return lambda reading, table: reading.table(table).to_pylist()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, object], Path]:
    """Writes bytes, text or a JSON document below the temporary data folder."""

    def put(name: str, content: object) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, str | bytes):
            content = json.dumps(content, ensure_ascii=False)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return put
