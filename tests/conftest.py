"""What every test may use: a home of its own, no network, and one build of the demo records."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from macaw import pipeline

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
            pipeline.build(demo_data, out)
    return out
