"""Downloads: what is kept, continued, checked and refused. Nothing here leaves the machine."""

from __future__ import annotations

import ast
import errno
import io
import json
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatch
from hashlib import md5, sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import pytest
from filelock import FileLock

from macaw import registry
from macaw.errors import MacawError, UsageError
from macaw.sources import download as downloading
from macaw.sources import origin
from macaw.sources.download import Policy, RemoteFile, TransientError, download, get_json, new_client
from macaw.sources.fetch import Fetched, fetch
from macaw.sources.paperlists.fetch import remote_files as paperlists_files
from macaw.sources.ror.fetch import newest_zip

URL = "https://example.org/cvpr2013.json"
BODY = b'[{"title": "A paper"}]' * 1000
LOCAL = Policy(schemes=("http",), private_hosts=True)

Handler = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names resolve to a public address without being looked up; waiting between attempts takes no time."""
    real = socket.getaddrinfo

    def lookup(host: str, port: Any, *args: Any, **kwargs: Any) -> list[Any]:
        is_name = any(c.isalpha() for c in host) and ":" not in host
        return real("93.184.216.34" if is_name else host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(downloading, "BACKOFF_SECONDS", (0.0, 0.0, 0.0))


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited between attempts."""
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    return waited


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "cvpr" / "cvpr2013.json"


def mocked(handler: Handler) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(handler))


def answering(*responses: httpx.Response | Exception) -> httpx.Client:
    """A client that gets these answers in turn."""
    turn = iter(responses)

    def handler(request: httpx.Request) -> httpx.Response:
        response = next(turn)
        if isinstance(response, Exception):
            raise response
        return response

    return mocked(handler)


def left_in(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.rglob("*") if p.is_file())


# -- a server that breaks in chosen ways -----------------------------------------------------------------


@dataclass
class Server:
    """Serves `body`; each attempt is cut or stalls after as many bytes as `breaks` says in turn."""

    body: bytes = BODY
    etag: str | None = '"v1"'
    last_modified: str | None = None
    breaks: list[int | None] = field(default_factory=list)
    stall: bool = False
    ranges: bool = True
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""
    over: Event = field(default_factory=Event)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append(dict(handler.headers))
        start = self._start(handler)
        rest = self.body[start:]
        handler.send_response(206 if start else 200)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(self.body) - 1}/{len(self.body)}")
        for name, value in (("ETag", self.etag), ("Last-Modified", self.last_modified)):
            if value:
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(rest)))
        handler.end_headers()
        cut = self.breaks.pop(0) if self.breaks else None
        handler.wfile.write(rest[:cut])
        if cut is not None and self.stall:
            handler.wfile.flush()
            self.over.wait(5)

    def _start(self, handler: BaseHTTPRequestHandler) -> int:
        wanted = handler.headers.get("Range")
        unchanged = handler.headers.get("If-Range") in (self.etag, self.last_modified)
        return int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and unchanged and self.ranges else 0


@contextmanager
def serving(server: Server) -> Iterator[tuple[Server, httpx.Client]]:
    class Handle(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.answer(self)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handle) as listening:
        server.url = f"http://127.0.0.1:{listening.server_port}/cvpr2013.json"
        thread = Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        with httpx.Client(timeout=1.0, trust_env=False) as client:
            try:
                yield server, client
            finally:
                server.over.set()
                listening.shutdown()
                thread.join()


# -- download --------------------------------------------------------------------------------------------


def test_a_download_is_whole_and_described(target: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    client = answering(httpx.Response(200, content=BODY, headers={"ETag": '"v1"'}))

    done = download(client, URL, target, progress=lambda n, total: seen.append((n, total)))

    assert target.read_bytes() == BODY
    assert left_in(target.parent) == [target.name]
    assert done is not None
    assert (done.url, done.sha256, done.bytes, done.etag) == (URL, sha256(BODY).hexdigest(), len(BODY), '"v1"')
    assert done.fetched.endswith("+00:00")
    assert seen[-1] == (len(BODY), len(BODY))


def test_bytes_are_asked_for_as_they_are(target: Path) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.headers["Accept-Encoding"] == "identity"
        return httpx.Response(200, content=b"", headers={"Content-Encoding": "br"})

    with pytest.raises(MacawError, match="sent as br"):
        download(mocked(handler), URL, target)
    assert not target.exists()


def test_404_is_a_result_and_leaves_nothing(target: Path) -> None:
    assert download(answering(httpx.Response(404)), URL, target) is None
    assert not target.parent.exists()


def test_a_refusal_is_named_and_not_asked_again(target: Path) -> None:
    with pytest.raises(MacawError, match="answers 403 Forbidden") as raised:
        download(answering(httpx.Response(403)), URL, target)
    assert URL in str(raised.value)
    assert str(target.parent) in str(raised.value)


def test_an_error_of_the_server_passes(target: Path) -> None:
    client = answering(httpx.Response(503), httpx.Response(500), httpx.Response(200, content=BODY))
    assert download(client, URL, target) is not None


def test_attempts_end(target: Path) -> None:
    with pytest.raises(TransientError, match="answers 502"):
        download(answering(*[httpx.Response(502)] * 4), URL, target)


@pytest.mark.parametrize(("asked", "waited"), [("7", 7.0), ("86400", 60.0), ("tomorrow", 0.0)])
def test_the_wait_a_server_asks_for_is_kept_within_reason(
    target: Path, waits: list[float], asked: str, waited: float
) -> None:
    busy = httpx.Response(429, headers={"Retry-After": asked})
    assert download(answering(busy, httpx.Response(200, content=BODY)), URL, target)
    assert waits == [waited]


def test_offline_says_which_host_and_what_to_do(target: Path) -> None:
    offline = [httpx.ConnectError("[Errno -2] Name or service not known")] * 4
    with pytest.raises(MacawError) as raised:
        download(answering(*offline), URL, target)
    assert str(raised.value) == (
        "cannot reach example.org ([Errno -2] Name or service not known)\n"
        f"  → check the network, or copy the files by hand to {target.parent} "
        "(macaw sources lists where they are published)"
    )
    assert not target.parent.exists()


def test_a_name_that_does_not_resolve_is_left_to_the_connection(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: object, **kwargs: object) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with new_client() as client, pytest.raises(MacawError, match=r"cannot reach example\.org"):
        download(client, URL, target)


# -- short, long, wrong ----------------------------------------------------------------------------------


def short() -> httpx.Response:
    return httpx.Response(200, content=iter([BODY[:100]]), headers={"Content-Length": str(len(BODY)), "ETag": '"v1"'})


def test_a_short_body_is_an_error(target: Path) -> None:
    with pytest.raises(MacawError, match=rf"the body has 100 bytes, the server announced {len(BODY):,}"):
        download(answering(short(), *[httpx.Response(500)] * 2, short()), URL, target)
    assert not target.exists()


def test_a_long_body_is_an_error_and_not_continued(target: Path) -> None:
    long = [httpx.Response(200, content=iter([BODY]), headers={"Content-Length": "10", "ETag": '"v1"'}) for _ in "1234"]
    with pytest.raises(MacawError, match="announced 10"):
        download(answering(*long), URL, target)
    assert left_in(target.parent) == []


def test_a_body_without_a_length_is_taken(target: Path) -> None:
    assert download(answering(httpx.Response(200, content=iter([BODY, BODY]))), URL, target)
    assert target.read_bytes() == BODY * 2


@pytest.mark.parametrize("announced", [True, False])
def test_a_file_over_the_limit_is_refused(target: Path, monkeypatch: pytest.MonkeyPatch, announced: bool) -> None:
    monkeypatch.setattr(downloading, "MAX_BYTES", 1000)
    content = BODY if announced else iter([BODY[:600]] * 9)
    with pytest.raises(MacawError, match=r"the limit is 1,000"):
        download(answering(httpx.Response(200, content=content)), URL, target)
    assert left_in(target.parent.parent) == []


def test_a_right_checksum_passes(target: Path) -> None:
    expected = md5(BODY).hexdigest().upper()
    assert download(answering(httpx.Response(200, content=BODY)), URL, target, expected_md5=expected)


def test_a_wrong_checksum_is_named_and_the_file_not_kept(target: Path) -> None:
    with pytest.raises(MacawError) as raised:
        download(answering(httpx.Response(200, content=BODY)), URL, target, expected_md5="c0ffee")
    for part in (URL, md5(BODY).hexdigest(), "c0ffee", "not kept"):
        assert part in str(raised.value)
    assert left_in(target.parent) == []


# -- redirects -------------------------------------------------------------------------------------------


def redirecting(location: str) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        if str(request.url) == URL:
            return httpx.Response(302, headers={"Location": location})
        assert request.url.host == "cdn.example.org", f"{request.url} was asked"
        return httpx.Response(200, content=BODY)

    return handler


def test_a_redirect_to_a_public_host_is_followed(target: Path) -> None:
    done = download(mocked(redirecting("https://cdn.example.org/x")), URL, target)
    assert done is not None
    assert done.url == URL


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://cdn.example.org/x", "http is not https"),
        ("file:///etc/passwd", "file is not https"),
        ("https://10.0.0.1/x", r"10\.0\.0\.1 is not a public address"),
        ("https://127.0.0.1/x", r"127\.0\.0\.1 is not a public address"),
        ("https://169.254.169.254/latest/meta-data", r"169\.254\.169\.254 is not a public address"),
        ("https://[::1]/x", "::1 is not a public address"),
        ("https://[::ffff:10.0.0.1]/x", "is not a public address"),
        ("https://224.0.0.1/x", r"224\.0\.0\.1 is not a public address"),
    ],
)
def test_a_redirect_elsewhere_is_refused(target: Path, location: str, reason: str) -> None:
    with pytest.raises(MacawError, match=reason) as raised:
        download(mocked(redirecting(location)), URL, target)
    assert f"{URL}: redirects to " in str(raised.value)
    assert not target.exists()


def test_a_name_of_a_private_address_is_refused(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.168.1.1", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    with pytest.raises(MacawError, match=r"192\.168\.1\.1 is not a public address"):
        download(answering(), URL, target)


def test_the_stand_in_addresses_of_a_tunnel_are_allowed() -> None:
    assert Policy().objection(httpx.URL("https://198.18.0.7/x")) is None


def test_http_is_refused_at_once(target: Path) -> None:
    with pytest.raises(MacawError, match="refused, http is not https"):
        download(answering(), "http://example.org/x", target)


def test_what_is_not_an_address_is_named(target: Path) -> None:
    with pytest.raises(MacawError, match="not an address"):
        download(answering(), "https://example.org:port/x", target)


def test_redirects_in_a_circle_end(target: Path) -> None:
    with pytest.raises(MacawError, match="more than 5 redirects"):
        download(mocked(lambda request: httpx.Response(302, headers={"Location": URL})), URL, target)


# -- continuing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stall", [False, True], ids=["cut", "stalled"])
def test_a_broken_download_is_continued(target: Path, stall: bool) -> None:
    with serving(Server(breaks=[5000], stall=stall)) as (server, client):
        done = download(client, server.url, target, policy=LOCAL)
    assert target.read_bytes() == BODY
    assert done is not None
    assert done.sha256 == sha256(BODY).hexdigest()
    assert done.etag == '"v1"'
    assert [a.get("Range") for a in server.asked] == [None, "bytes=5000-"]
    assert left_in(target.parent) == [target.name]


@pytest.mark.parametrize(
    "server",
    [Server(), Server(etag='W/"weak"', last_modified="Wed, 01 Oct 2025 00:00:00 GMT")],
    ids=["etag", "date"],
)
def test_a_later_run_continues(target: Path, monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    monkeypatch.setattr(downloading, "BACKOFF_SECONDS", ())
    server.breaks = [7000]
    with serving(server) as (server, client):
        with pytest.raises(MacawError, match="the connection broke"):
            download(client, server.url, target, policy=LOCAL)
        assert not target.exists()
        part = target.with_name("cvpr2013.json.part")
        assert part.stat().st_size == 7000
        assert [p.name for p in target.parent.glob("*.json")] == []
        download(client, server.url, target, policy=LOCAL)
    assert target.read_bytes() == BODY
    assert server.asked[1]["Range"] == "bytes=7000-"


def test_a_file_that_changed_midway_starts_anew(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloading, "BACKOFF_SECONDS", ())
    with serving(Server(breaks=[7000])) as (server, client):
        with pytest.raises(MacawError):
            download(client, server.url, target, policy=LOCAL)
        server.body, server.etag = BODY.replace(b"A paper", b"B paper"), '"v2"'
        done = download(client, server.url, target, policy=LOCAL)
    assert target.read_bytes() == server.body
    assert done is not None
    assert done.etag == '"v2"'
    assert server.asked[1]["If-Range"] == '"v1"'


def test_a_server_without_ranges_starts_anew(target: Path) -> None:
    with serving(Server(breaks=[7000], ranges=False)) as (server, client):
        download(client, server.url, target, policy=LOCAL)
    assert target.read_bytes() == BODY


def test_without_a_validator_nothing_is_continued(target: Path) -> None:
    with serving(Server(breaks=[7000], etag='W/"weak"')) as (server, client):
        download(client, server.url, target, policy=LOCAL)
    assert target.read_bytes() == BODY
    assert [a.get("Range") for a in server.asked] == [None, None]


def partial(content_range: str | None, etag: str) -> httpx.Response:
    headers = {"ETag": etag} | ({"Content-Range": content_range} if content_range else {})
    return httpx.Response(206, content=BODY[100:], headers=headers)


@pytest.mark.parametrize(
    "answer",
    [
        partial(f"bytes 100-{len(BODY) - 1}/{len(BODY)}", '"v2"'),
        partial(f"bytes 99-{len(BODY) - 1}/{len(BODY)}", '"v1"'),
        partial(f"bytes 100-{len(BODY)}/{len(BODY) + 1}", '"v1"'),
        partial("lines 1-2/3", '"v1"'),
        partial(None, '"v1"'),
        httpx.Response(416, headers={"Content-Range": "bytes */50"}),
    ],
    ids=["other version", "other place", "other size", "other unit", "no range", "beyond the end"],
)
def test_an_answer_that_does_not_continue_is_not_appended(target: Path, answer: httpx.Response) -> None:
    whole = httpx.Response(200, content=BODY, headers={"ETag": '"v2"'})
    assert download(answering(short(), answer, whole), URL, target)
    assert target.read_bytes() == BODY


def test_a_part_sent_unasked_is_refused(target: Path) -> None:
    parts = [partial(f"bytes 100-{len(BODY) - 1}/{len(BODY)}", '"v1"') for _ in "1234"]
    with pytest.raises(MacawError, match="does not continue the 0 bytes on disk"):
        download(answering(*parts), URL, target)
    assert not target.exists()


@pytest.mark.parametrize("note", ["", "[]", '{"url": 1}', '{"etag'])
def test_a_damaged_note_starts_anew(target: Path, note: str) -> None:
    target.parent.mkdir()
    target.with_name("cvpr2013.json.part").write_bytes(b"half")
    target.with_name("cvpr2013.json.part.version").write_text(note)
    assert download(answering(httpx.Response(200, content=BODY)), URL, target)
    assert target.read_bytes() == BODY


# -- the disk --------------------------------------------------------------------------------------------


class FullDisk(io.BytesIO):
    def write(self, data: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_leaves_no_half_file(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open
    monkeypatch.setattr(
        Path, "open", lambda p, mode="r", *a, **k: FullDisk() if "a" in mode else real(p, mode, *a, **k)
    )
    with pytest.raises(MacawError, match="cannot be written \\(No space left on device\\)") as raised:
        download(answering(httpx.Response(200, content=BODY)), URL, target)
    assert "--data DIR" in str(raised.value)
    assert not target.exists()


def test_a_failed_rename_keeps_what_stood_there(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> Path:
        raise PermissionError(errno.EACCES, "Permission denied")

    target.parent.mkdir()
    target.write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(MacawError, match=r"cvpr2013\.json: cannot be written \(Permission denied\)"):
        download(answering(httpx.Response(200, content=BODY)), URL, target)
    assert target.read_bytes() == b"old"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "cvpr").write_text("a file")
    with pytest.raises(MacawError, match="cannot be written"):
        download(answering(httpx.Response(200, content=BODY)), URL, tmp_path / "cvpr" / "cvpr2013.json")


# -- JSON answers ----------------------------------------------------------------------------------------


def test_a_json_answer_is_read(tmp_path: Path) -> None:
    assert get_json(answering(httpx.Response(503), httpx.Response(200, json={"a": 1})), URL, tmp_path) == {"a": 1}


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (httpx.Response(200, text="<html>"), "the answer is not JSON"),
        (httpx.Response(404), "answers 404 Not Found"),
        (httpx.Response(200, content=iter([b" " * 2**20] * 17)), "the limit is 16,777,216"),
    ],
)
def test_another_answer_is_named(tmp_path: Path, response: httpx.Response, reason: str) -> None:
    with pytest.raises(MacawError, match=reason) as raised:
        get_json(answering(response), URL, tmp_path)
    assert URL in str(raised.value)


# -- fetch: the paper lists ------------------------------------------------------------------------------


class Publisher:
    """Publishes some conference files, and counts what it is asked."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.asked: list[str] = []

    def client(self) -> httpx.Client:
        return mocked(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        return httpx.Response(200 if request.url.path.endswith(self.names) else 404, content=BODY)


@pytest.fixture
def publisher() -> Publisher:
    return Publisher("cvpr/cvpr2013.json", "nips/nips2024.json")


def candidates() -> list[RemoteFile]:
    return paperlists_files(answering(), Path())


def test_new_files_are_laid_out_as_the_reader_expects(tmp_path: Path, publisher: Publisher) -> None:
    fetched = fetch("paperlists", tmp_path, client=publisher.client())

    assert fetched == Fetched(new=2, kept=0, missing=len(candidates()) - 2)
    found = {p for pattern in origin("paperlists").patterns for p in tmp_path.glob(pattern)}
    assert found == {tmp_path / "paperlists/cvpr/cvpr2013.json", tmp_path / "paperlists/nips/nips2024.json"}


def test_what_was_fetched_is_noted(tmp_path: Path, publisher: Publisher) -> None:
    fetch("paperlists", tmp_path, client=publisher.client())
    notes = json.loads((tmp_path / "paperlists" / "fetched.json").read_text())
    assert list(notes) == ["cvpr/cvpr2013.json", "nips/nips2024.json"]
    note = notes["cvpr/cvpr2013.json"]
    assert sorted(note) == ["bytes", "etag", "fetched", "sha256", "url"]
    assert note["url"].endswith("/cvpr/cvpr2013.json")
    assert (note["bytes"], note["sha256"]) == (len(BODY), sha256(BODY).hexdigest())


@pytest.mark.parametrize("name", ["cvpr2013.json", "cvpr2013.json.gz"])
def test_a_file_that_is_there_is_kept(tmp_path: Path, publisher: Publisher, name: str) -> None:
    mine = tmp_path / "paperlists" / "cvpr" / name
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")
    fetched = fetch("paperlists", tmp_path, client=publisher.client())
    assert (fetched.new, fetched.kept) == (1, 1)
    assert mine.read_bytes() == b"mine"
    assert left_in(mine.parent) == [name]
    assert not any(url.endswith("cvpr2013.json") for url in publisher.asked)


@pytest.mark.parametrize("name", ["cvpr2013.json", "cvpr2013.json.gz"])
def test_force_replaces_it(tmp_path: Path, publisher: Publisher, name: str) -> None:
    mine = tmp_path / "paperlists" / "cvpr" / name
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")
    fetched = fetch("paperlists", tmp_path, force=True, client=publisher.client())
    assert (fetched.new, fetched.kept) == (2, 0)
    assert left_in(mine.parent) == ["cvpr2013.json"]
    assert (mine.parent / "cvpr2013.json").read_bytes() == BODY


def test_force_does_not_lose_a_file_no_longer_published(tmp_path: Path, publisher: Publisher) -> None:
    mine = tmp_path / "paperlists" / "iclr" / "iclr2024.json"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")
    fetch("paperlists", tmp_path, force=True, client=publisher.client())
    assert mine.read_bytes() == b"mine"


def test_a_source_that_has_moved_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MacawError, match="nothing is published at https://raw") as raised:
        fetch("paperlists", tmp_path, client=Publisher("none").client())
    assert origin("paperlists").url_main in str(raised.value)


def test_every_venue_and_year_held_is_asked_for_and_the_years_to_come() -> None:
    paths = [f.path for f in candidates()]
    assert len(paths) == len(set(paths))
    folders = {r["venue"]: r["paperlists"] for r in registry.tables()["registry_venues"].to_pylist()}
    held = {(folders[r["venue"]], r["period"]) for r in registry.tables()["registry_held"].to_pylist()}
    assert {f"{folder}/{folder}{year}.json" for folder, year in held} <= set(paths)
    latest = datetime.now(UTC).year + 1
    assert f"iccv/iccv{latest}.json" in paths
    assert f"iccv/iccv{latest + 1}.json" not in paths
    assert [p for p in paths if p.startswith("openalex")] == []


# -- fetch: the registry of organisations ----------------------------------------------------------------

ZIP = "v2.0-2025-12-16-ror-data.zip"
ZIP_URL = f"https://zenodo.org/api/records/1/files/{ZIP}/content"


def zenodo(body: bytes = BODY, name: str = ZIP, checksum: str | None = None) -> httpx.Client:
    file = {"key": name, "checksum": checksum or f"md5:{md5(BODY).hexdigest()}", "links": {"self": ZIP_URL}}

    def handler(request: httpx.Request) -> httpx.Response:
        if str(request.url) == ZIP_URL:
            return httpx.Response(200, content=body)
        assert str(request.url) == origin("ror").urls_download[0]
        return httpx.Response(200, json={"hits": {"hits": [{"files": [file]}]}})

    return mocked(handler)


def test_the_newest_registry_is_fetched_once(tmp_path: Path) -> None:
    assert fetch("ror", tmp_path, client=zenodo()) == Fetched(new=1, kept=0, missing=0)
    assert fetch("ror", tmp_path, client=zenodo()) == Fetched(new=0, kept=1, missing=0)
    found = {p for pattern in origin("ror").patterns for p in tmp_path.glob(pattern)}
    assert found == {tmp_path / "ror" / ZIP}


def test_a_damaged_registry_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(MacawError, match=ZIP):
        fetch("ror", tmp_path, client=zenodo(BODY + b"!"))
    assert left_in(tmp_path) in ([], [".lock"])


def test_a_checksum_of_another_kind_is_not_compared(tmp_path: Path) -> None:
    assert fetch("ror", tmp_path, client=zenodo(checksum="sha512:00")).new == 1


@pytest.mark.parametrize("name", ["../evil.zip", "a/b.zip", ".hidden.zip", "C:\\x.zip", "ror.json"])
def test_a_name_that_is_no_plain_zip_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(MacawError, match="names no zip to download") as raised:
        fetch("ror", tmp_path / "data", client=zenodo(name=name))
    assert repr(name) in str(raised.value)
    assert left_in(tmp_path) in ([], [".lock"])


@pytest.mark.parametrize(
    "answer",
    [[], {}, {"hits": {"hits": []}}, {"hits": {"hits": [{}]}}, {"hits": {"hits": [{"files": [{"key": None}]}]}}],
)
def test_an_answer_of_another_shape_is_named(tmp_path: Path, answer: object) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        newest_zip(answer)
    with pytest.raises(MacawError, match="names no zip to download"):
        fetch("ror", tmp_path, client=answering(httpx.Response(200, json=answer)))


# -- fetch: any source -----------------------------------------------------------------------------------


def test_an_unknown_source_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no source 'scopus'"):
        fetch("scopus", tmp_path)


def test_two_fetches_do_not_write_into_one_folder(tmp_path: Path, publisher: Publisher) -> None:
    (tmp_path / "paperlists").mkdir()
    with FileLock(tmp_path / "paperlists" / ".lock"), pytest.raises(MacawError, match="another fetch is writing"):
        fetch("paperlists", tmp_path, client=publisher.client())


def test_a_folder_that_is_a_file_is_named(tmp_path: Path, publisher: Publisher) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(MacawError, match="data/paperlists: cannot be written"):
        fetch("paperlists", tmp_path / "data", client=publisher.client())


@pytest.mark.parametrize("text", ["{", "[]"])
def test_damaged_notes_are_named(tmp_path: Path, publisher: Publisher, text: str) -> None:
    (tmp_path / "paperlists").mkdir()
    (tmp_path / "paperlists" / "fetched.json").write_text(text)
    with pytest.raises(MacawError, match=r"fetched\.json: .*\n.*delete it and run"):
        fetch("paperlists", tmp_path, client=publisher.client())


def test_notes_that_cannot_be_written_are_named(
    tmp_path: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, document: object) -> None:
        raise MacawError(f"{path}: cannot be written (No space left on device)", "choose a folder with --out DIR")

    monkeypatch.setattr("macaw.sources.fetch.write_json", full)
    with pytest.raises(MacawError, match=r"fetched\.json: cannot be written .*\n.*--data DIR"):
        fetch("paperlists", tmp_path, client=publisher.client())


def test_what_was_fetched_before_a_failure_stays(tmp_path: Path, publisher: Publisher) -> None:
    def failing(request: httpx.Request) -> httpx.Response:
        if "nips" in request.url.path:
            raise httpx.ConnectError("offline")
        return publisher._answer(request)

    with pytest.raises(MacawError, match=r"cannot reach raw\.githubusercontent\.com"):
        fetch("paperlists", tmp_path, client=mocked(failing))
    assert fetch("paperlists", tmp_path, client=publisher.client()).kept == 1


def test_without_a_client_one_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("macaw.sources.fetch.new_client", zenodo)
    assert fetch("ror", tmp_path).new == 1


def test_no_progress_is_shown_off_a_terminal(
    tmp_path: Path, publisher: Publisher, capsys: pytest.CaptureFixture[str]
) -> None:
    fetch("paperlists", tmp_path, client=publisher.client())
    assert capsys.readouterr() == ("", "")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    fetch("ror", tmp_path, client=zenodo())
    assert f"ror 1/1 {ZIP}" in terminal.getvalue()


def imported(module: Path) -> set[str]:
    """Names of the modules that a file imports anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def test_nothing_else_speaks_to_the_network() -> None:
    package = Path(downloading.__file__).parents[1]
    speaking = {
        p.relative_to(package).as_posix()
        for p in package.rglob("*.py")
        if imported(p) & {"httpx", "socket", "urllib.request", "requests"}
    }
    fetching = {p.relative_to(package).as_posix() for p in package.glob("sources/*/fetch.py")}
    asking = {
        "sources/download.py",
        "sources/fetch.py",
        "sources/openalex/collect.py",
        "claims/reading/fetch_article.py",
        *fetching,
    }
    listening = {"serve/run.py"}
    assert speaking <= asking | listening


# -- languages -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "number"), [("gpt3_languages", 3), ("commoncrawl", 1), ("cldr", 0)])
def test_files_of_languages_are_laid_out_as_the_reader_expects(name: str, number: int, tmp_path: Path) -> None:
    files = import_module(f"macaw.sources.{name}.fetch").remote_files(answering(), tmp_path)
    assert [f.url for f in files] == list(origin(name).urls_download)
    assert len(files) == number
    assert all(any(fnmatch(f"{name}/{f.path}", p) for p in origin(name).patterns) for f in files)
