"""Starts the server and ends it cleanly."""

from __future__ import annotations

import ipaddress
import signal
import socket
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn

from macaw import api
from macaw.errors import MacawError
from macaw.provenance import read_json
from macaw.release.downloads import FOLDER
from macaw.serve.app import make_app
from macaw.serve.sql import ADDRESS_SPACE, write_database
from macaw.serve.worker import Worker

SQL_SECONDS = 20.0
NAMES_SECONDS = 60.0
CHECK_SECONDS = 60.0
MARK = "macaw-site.json"
_MOST_AT_ONCE = 64


def serve(
    site: Path,
    *,
    build: Path | None = None,
    data: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 8000,
    names: Iterable[str] = (),
    say: Callable[[str], None] = print,
) -> None:
    """Serve a site until interrupted, with questions in SQL over its downloads and names from a build or data folder.

    Raises `MacawError` for a folder that is no site, and for a port that is taken.
    """
    check_site(site)
    with workers(site, build, data) as ready:
        app = make_app(site, ready, names)
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            limit_concurrency=_MOST_AT_ONCE,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=3,
            server_header=False,
        )
        sockets = [_bound(host, port, config.backlog)]
        say(f"http://{_shown(host)}:{sockets[0].getsockname()[1]}/ (to stop: Ctrl-C)")
        if not _is_local(host):
            say("  others on the network can reach this; questions cost this machine's time")
        # The server hands a signal on once it has ended; then the workers' folder must still be cleared away.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets)


def check_site(site: Path) -> None:
    """Raise `MacawError` unless a folder is a site that `macaw site` made."""
    if not (site / MARK).is_file():
        raise MacawError(f"{site}: is not a site of macaw", f"make it: macaw site --out {site}")
    read_json(site / MARK)


@contextmanager
def workers(site: Path, build: Path | None, data: Path | None) -> Iterator[dict[str, Worker]]:
    """The processes that answer; ended at the end."""
    with tempfile.TemporaryDirectory(prefix="macaw-serve-", ignore_cleanup_errors=True) as folder:
        database = Path(folder) / "release.duckdb"
        write_database(site / FOLDER, database)
        known = (str(build) if build else None, None if build else str(api.data_folder(data)))
        made = {
            "sql": Worker(
                "macaw.serve.sql:open_database", (str(database),), seconds=SQL_SECONDS, address_space=ADDRESS_SPACE
            ),
            "resolve": Worker("macaw.serve.names:open_resolver", known, seconds=NAMES_SECONDS),
            "check": Worker("macaw.serve.checking:open_checker", known[:1], seconds=CHECK_SECONDS),
        }
        try:
            yield made
        finally:
            for worker in made.values():
                worker.close()


def _bound(host: str, port: int, backlog: int) -> socket.socket:
    """The listening socket; uvicorn itself would end the program where a port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise MacawError(
            f"{host}:{port}: cannot be served at ({error.strerror})", "name another: --port 8001"
        ) from None
    listening.listen(backlog)
    return listening


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
