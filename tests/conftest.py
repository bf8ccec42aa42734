"""What every test may use: a home of its own, no network, and one build of the demo records."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from macaw import pipeline
from macaw.sources import Reading

# What readers are given is no test, whatever its name.
collect_ignore = ["fuzz/seeds", "fuzz/failures"]

# Few and always the same examples by default; many and new ones with MACAW_HYPOTHESIS=nightly.
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile(
    "ci", max_examples=60, derandomize=True, deadline=None, database=None, suppress_health_check=_SLOW
)
settings.register_profile("nightly", max_examples=2000, deadline=None, suppress_health_check=_SLOW)
settings.register_profile(
    "fuzz", max_examples=int(os.environ.get("MACAW_FUZZ", "100000")), deadline=None, suppress_health_check=_SLOW
)
settings.load_profile(os.environ.get("MACAW_HYPOTHESIS", "ci"))

_LOCAL = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(scope="session", autouse=True)
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing outside a temporary folder is read or written, and nobody is asked over the network."""
    connect = socket.socket.connect

    def only_local(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX and address[0] not in _LOCAL:  # type: ignore[index]
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("MACAW_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.delenv("MACAW_DATA", raising=False)
        patch.setattr(socket.socket, "connect", only_local)
        yield


@pytest.fixture(scope="session")
def demo_data() -> Path:
    """The demo records that ship with the package; never written to."""
    return pipeline.DEMO


@pytest.fixture(scope="session")
def demo_build(tmp_path_factory: pytest.TempPathFactory, demo_data: Path) -> Path:
    """A finished build of the demo records, made once for all tests (and all workers); never written to."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    out = shared / "demo-build"
    with FileLock(shared / "demo-build.lock"):
        if not (out / "build.json").is_file():
            # In a process of its own, out of reach of what a test has patched.
            command = [sys.executable, "-m", "macaw", "build", "--data", str(demo_data), "--out", str(out)]
            subprocess.run(command, check=True, capture_output=True)
    return out


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, object], Path]:
    """Writes bytes, text or a JSON document below the temporary folder."""

    def put(name: str, content: object) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, str | bytes):
            content = json.dumps(content, ensure_ascii=False)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return put


@pytest.fixture
def rows() -> Callable[[Reading, str], list[dict[str, Any]]]:
    """The rows of one table of a reading."""
    return lambda reading, table: reading.table(table).to_pylist()
