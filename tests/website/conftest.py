"""A site of the demo records with hostile names among them, a server for it, and a browser to read it with."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from filelock import FileLock

from support.hostile import COMPANY, HOSTILE

CHROMIUM = Path("/usr/bin/chromium")
# Milliseconds; a busy machine takes longer than the usual half minute.
_PATIENCE = 120_000


def _replace(build: Path, table: str, change: str) -> None:
    path = build / "parquet" / f"{table}.parquet"
    new = path.with_suffix(".new")
    duckdb.sql(f"copy (select * replace ({change}) from read_parquet('{path}')) to '{new}' (format parquet)")
    new.replace(path)


@pytest.fixture(scope="session")
def hostile_build(tmp_path_factory: pytest.TempPathFactory, demo_build: Path) -> Path:
    """A copy of the demo build in which a company and every paper of it have names that would like to act."""
    shared = demo_build.parent
    out = shared / "hostile-build"
    with FileLock(shared / "hostile-build.lock"):
        if not out.is_dir():
            making = shared / "hostile-build.new"
            shutil.rmtree(making, ignore_errors=True)
            shutil.copytree(demo_build, making, ignore=shutil.ignore_patterns("*.duckdb", "csv"))
            text = HOSTILE.replace("'", "''")
            for table, key in (("entities", "entity"), ("organisations", "organisation")):
                _replace(
                    making,
                    table,
                    f"case when {key} = '{COMPANY}' then '{text}' else name end as name,"
                    f" case when {key} = '{COMPANY}' then '{text}' else name_zh end as name_zh",
                )
            _replace(making, "works", f"concat('{text} ', title) as title, 'javascript:alert(1)' as link")
            making.rename(out)
    return out


def _site(build: Path, out: Path) -> Path:
    with FileLock(out.with_suffix(".lock")):
        if not out.is_dir():
            command = [sys.executable, "-m", "macaw", "site", "--build", str(build), "--out", str(out)]
            subprocess.run(command, check=True, capture_output=True)
    return out


@pytest.fixture(scope="session")
def site(demo_build: Path) -> Path:
    """The site of the demo records."""
    return _site(demo_build, demo_build.parent / "site")


@pytest.fixture(scope="session")
def hostile_site(hostile_build: Path) -> Path:
    """The site of the hostile records."""
    return _site(hostile_build, hostile_build.parent / "hostile-site")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[str]:
    """The address of a plain file server of the site."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site))) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_address[1]}/"
        made.shutdown()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Debian's Chromium."""
    if not CHROMIUM.is_file():
        pytest.skip(f"needs {CHROMIUM}")
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with playwright.sync_playwright() as started:
        made = started.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield made
        made.close()


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens an address; when the test ends nothing may have gone wrong in the page and no one else been asked."""
    contexts, wrong = [], []

    def go(address: str, width: int = 1440, **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": 900}, accept_downloads=True, **options)
        context.set_default_timeout(_PATIENCE)
        contexts.append(context)
        page = context.new_page()
        home = address.split("/en/")[0].split("/zh/")[0]
        page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: wrong.append(str(e)))
        page.on("dialog", lambda d: wrong.append(f"dialog: {d.message}"))

        def asked(request: Any) -> None:
            if not request.url.startswith((home, "data:", "blob:")):
                wrong.append(f"asked {request.url}")

        page.on("request", asked)
        page.goto(address)
        return page

    yield go
    for context in contexts:
        context.close()
    assert wrong == []
