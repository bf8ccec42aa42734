"""Speaks HTTP for the sources: files are resumed, checked, and get their name only when they are whole.

A download is written to `<target>.part`. Beside it, `<target>.part.version` holds what the publisher said of
the bytes (ETag, date, size), so that a later attempt continues them only if they are still the same file.
"""

from __future__ import annotations

import ipaddress
import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import file_digest, md5
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

import httpx

from macaw.errors import MacawError
from macaw.provenance import cannot_write, hash_file
from macaw.sources.files import MAX_BYTES
from macaw.sources.records import WHOLE
from macaw.version import __version__

BACKOFF_SECONDS = (1.0, 2.0, 4.0)
MAX_WAIT_SECONDS = 60.0
MAX_ANSWER_BYTES = 16 * 1024**2
MAX_REDIRECTS = 5
TIMEOUT = httpx.Timeout(connect=20, read=60, write=20, pool=20)

_AGAIN = "run the same command again; it continues where this one stopped"
_PASSING_STATUSES = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
_CONTENT_RANGE = re.compile(r"bytes (?P<start>\d+)-\d+/(?P<size>\d+|\*)")
# Proxies that tunnel the whole machine give every host a stand-in address from this range.
_STAND_INS = ipaddress.ip_network("198.18.0.0/15")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

T = TypeVar("T")
OnBytes = Callable[[int, int | None], None]


class TransientError(MacawError):
    """A failure that another attempt may mend; callers see it once the attempts are used up.

    `wait` is how many seconds the server asks to be left alone, `status` what it answered, if it did.
    """

    def __init__(self, what: str, remedy: str, wait: float = 0.0, status: int = 0) -> None:
        super().__init__(what, remedy)
        self.wait = wait
        self.status = status


class RefusedError(MacawError):
    """An answer of the server that says no; `status` is its number."""

    def __init__(self, what: str, remedy: str, status: int) -> None:
        super().__init__(what, remedy)
        self.status = status


@dataclass(frozen=True)
class RemoteFile:
    """A file to fetch: its address, its path below the source's folder, and its MD5 where the publisher tells it."""

    url: str
    path: str
    md5: str | None = None


@dataclass(frozen=True)
class Downloaded:
    """A finished download: address, SHA-256, size in bytes, the publisher's ETag, and when (UTC, ISO 8601)."""

    url: str
    sha256: str
    bytes: int
    etag: str | None
    fetched: str


@dataclass(frozen=True)
class Policy:
    """Which addresses may be asked. The default is public hosts over https, wherever a redirect leads."""

    schemes: tuple[str, ...] = ("https",)
    private_hosts: bool = False

    def objection(self, url: httpx.URL) -> str | None:
        """Why an address may not be asked; None if it may.

        >>> Policy().objection(httpx.URL("http://zenodo.org/"))
        'http is not https'
        >>> Policy().objection(httpx.URL("https://10.0.0.1/"))
        '10.0.0.1 is not a public address'
        """
        if url.scheme not in self.schemes:
            return f"{url.scheme} is not {' or '.join(self.schemes)}"
        if self.private_hosts:
            return None
        private = next((a for a in _addresses(url.host) if not is_public(a)), None)
        return f"{private} is not a public address" if private else None


PUBLIC_HTTPS = Policy()


def new_client(transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """A client with Macaw's name and timeouts, and a way of its own to send if one is given; the caller closes it."""
    return httpx.Client(
        transport=transport, timeout=TIMEOUT, headers={"User-Agent": f"macaw-observatory/{__version__}"}
    )


def download(
    client: httpx.Client,
    url: str,
    target: Path,
    *,
    expected_md5: str | None = None,
    progress: OnBytes = lambda done, total: None,
    policy: Policy = PUBLIC_HTTPS,
) -> Downloaded | None:
    """Download a file to `target`, which is replaced only by a whole and checked one.

    None if the server answers 404: nothing is published at that address. `progress` is called with the bytes
    on disk and the bytes of the whole file, None where the server does not tell. Raises `MacawError` for an
    address the policy refuses, a host out of reach, a refusal by the server, a body that is short, too large
    or of another checksum, and a disk that cannot be written.
    """
    ask = _Ask(client, url, target.parent, policy)
    part = _Part(target)
    version = _retry(lambda: _receive(ask, part, progress))
    if version is None:
        return None
    _require_md5(part, url, expected_md5)
    done = Downloaded(url, hash_file(part.path), part.size, version.etag, _now())
    with _writing(target):
        part.path.replace(target)
        part.note.unlink(missing_ok=True)
    return done


def get_json(
    client: httpx.Client, url: str, folder: Path, *, policy: Policy = PUBLIC_HTTPS, limit: int | None = None
) -> Any:
    """The JSON document at an address; `folder` is where a user without network can put the files instead.

    `limit` is the most bytes it may have (None: `MAX_ANSWER_BYTES`). Raises `MacawError` as `download` does, also for
    404 and for an answer that is not JSON.
    """
    body = _retry(lambda: _answer(_Ask(client, url, folder, policy), limit or MAX_ANSWER_BYTES))
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MacawError(f"{url}: the answer is not JSON ({error})", _by_hand(folder)) from None


# -- asking ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Ask:
    """One address, how to ask for it, and the folder its files belong in (for the remedy)."""

    client: httpx.Client
    url: str
    folder: Path
    policy: Policy

    @contextmanager
    def opened(self, headers: dict[str, str]) -> Iterator[httpx.Response]:
        """The answer after redirects, its body not yet read; failures to get it or read it are transient."""
        try:
            with closing(self._follow(headers)) as response:
                yield response
        except httpx.RequestError as error:
            raise _broken(error, self) from error
        except httpx.InvalidURL as error:
            raise MacawError(f"{self.url}: not an address ({error})", _by_hand(self.folder)) from None

    def _follow(self, headers: dict[str, str]) -> httpx.Response:
        request = self.client.build_request("GET", self.url, headers={"Accept-Encoding": "identity", **headers})
        for _ in range(MAX_REDIRECTS + 1):
            self._require_allowed(request.url)
            response = self.client.send(request, stream=True, follow_redirects=False)
            if response.next_request is None:
                return response
            response.close()
            request = response.next_request
        raise MacawError(f"{self.url}: more than {MAX_REDIRECTS} redirects", _by_hand(self.folder))

    def _require_allowed(self, url: httpx.URL) -> None:
        objection = self.policy.objection(url)
        if objection:
            leads = "" if str(url) == self.url else f" redirects to {url}:"
            raise MacawError(f"{self.url}:{leads} refused, {objection}", _by_hand(self.folder))


def _addresses(host: str) -> list[str]:
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except OSError:
        # Behind a proxy only the proxy may know the name; without one, connecting fails and says so.
        return []


def is_public(address: str) -> bool:
    """Whether an address is a public host's, also where it only wraps one of IPv4.

    >>> is_public("93.184.216.34"), is_public("169.254.169.254")
    (True, False)
    >>> is_public("::ffff:10.0.0.1"), is_public("64:ff9b::7f00:1")
    (False, False)
    """
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            wrapped = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if wrapped is not None and not wrapped.is_global:
            return False
    return (ip.is_global and not ip.is_multicast) or ip in _STAND_INS


def _retry(attempt: Callable[[], T]) -> T:
    for seconds in BACKOFF_SECONDS:
        try:
            return attempt()
        except TransientError as error:
            time.sleep(max(seconds, error.wait))
    return attempt()


def _answer(ask: _Ask, limit: int) -> bytes:
    body = bytearray()
    with ask.opened({}) as response:
        _require_success(response, ask)
        for block in response.iter_bytes():
            body += block
            _require_bounded(len(body), limit, ask)
    return bytes(body)


def _require_success(response: httpx.Response, ask: _Ask) -> None:
    if response.status_code in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
        return
    what = f"{ask.url}: the server answers {response.status_code} {response.reason_phrase}".rstrip()
    if response.is_server_error or response.status_code in _PASSING_STATUSES:
        remedy = f"try again later, or {_by_hand(ask.folder)}"
        raise TransientError(what, remedy, _wait(response), response.status_code)
    raise RefusedError(what, _by_hand(ask.folder), response.status_code)


def _wait(response: httpx.Response) -> float:
    asked = response.headers.get("Retry-After", "")
    return min(float(asked), MAX_WAIT_SECONDS) if WHOLE.fullmatch(asked) else 0.0


def _require_bounded(size: int, limit: int, ask: _Ask) -> None:
    if size > limit:
        raise MacawError(
            f"{ask.url}: {size:,} bytes or more, the limit is {limit:,}",
            "this is not the file it should be; tell the maintainers of Macaw",
        )


def _broken(error: httpx.RequestError, ask: _Ask) -> TransientError:
    reason = str(error) or type(error).__name__
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
        return TransientError(
            f"cannot reach {error.request.url.host} ({reason})",
            f"check the network, or {_by_hand(ask.folder)}",
        )
    return TransientError(f"{ask.url}: the connection broke ({reason})", _AGAIN)


def _by_hand(folder: Path) -> str:
    return f"copy the files by hand to {folder} (macaw sources lists where they are published)"


# -- receiving -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Version:
    """What a publisher says of a file: enough to tell whether a later answer continues the same bytes."""

    url: str
    etag: str | None
    last_modified: str | None
    size: int | None

    @property
    def validator(self) -> str | None:
        """What to make a request for the rest depend on; a weak ETag does not promise the same bytes."""
        strong = self.etag is not None and not self.etag.startswith("W/")
        return self.etag if strong else self.last_modified

    def agrees(self, other: _Version) -> bool:
        """Whether nothing that both tell differs."""
        mine, others = asdict(self), asdict(other)
        return all(mine[k] == others[k] for k in mine if None not in (mine[k], others[k]))


class _Part:
    """The unfinished file of a target, and the note of its version.

    Neither name may end in .json: the reader's patterns would take it for a source file.
    """

    def __init__(self, target: Path) -> None:
        self.path = target.with_name(f"{target.name}.part")
        self.note = target.with_name(f"{target.name}.part.version")

    @property
    def size(self) -> int:
        """Bytes on disk, 0 if there are none."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def held(self, url: str) -> _Version | None:
        """The version the bytes on disk belong to; None where there is nothing to continue."""
        try:
            version = _Version(**json.loads(self.note.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return version if version.url == url and version.validator and self.size else None

    def begin(self, version: _Version) -> None:
        """Start anew, with no bytes and the note of their version."""
        self.discard()
        with _writing(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.note.write_text(json.dumps(asdict(version)), "utf-8")
            self.path.touch()

    def append(self, response: httpx.Response, whole: int | None, progress: OnBytes) -> None:
        """Write the body after the bytes on disk; stops soon after the size limit."""
        size = self.size
        with _writing(self.path), self.path.open("ab") as stream:
            for block in response.iter_bytes():
                stream.write(block)
                size += len(block)
                progress(size, whole)
                if size > MAX_BYTES:
                    break

    def discard(self) -> None:
        """Remove the unfinished file and its note."""
        with _writing(self.path):
            self.path.unlink(missing_ok=True)
            self.note.unlink(missing_ok=True)


def _receive(ask: _Ask, part: _Part, progress: OnBytes) -> _Version | None:
    """One attempt to complete `part`: the version received, None for 404."""
    held = part.held(ask.url)
    with ask.opened(_range(held, part.size)) as response:
        if response.status_code == HTTPStatus.NOT_FOUND:
            return None
        if response.status_code in (HTTPStatus.PARTIAL_CONTENT, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE):
            _require_continued(response, held, part, ask)
        _require_success(response, ask)
        _require_plain(response, ask)
        version = held if held and response.status_code == HTTPStatus.PARTIAL_CONTENT else _version(response, ask)
        _require_bounded(version.size or 0, MAX_BYTES, ask)
        if version is not held:
            part.begin(version)
        part.append(response, version.size, progress)
    _require_whole(part, version, ask)
    return version


def _range(held: _Version | None, size: int) -> dict[str, str]:
    if held is None or held.validator is None:
        return {}
    return {"Range": f"bytes={size}-", "If-Range": held.validator}


def _version(response: httpx.Response, ask: _Ask) -> _Version:
    headers = response.headers
    return _Version(ask.url, headers.get("ETag"), headers.get("Last-Modified"), _span(response)[1])


def _span(response: httpx.Response) -> tuple[int | None, int | None]:
    """Where in the file the body begins, and the size of the whole file; None where the server does not tell."""
    if response.status_code == HTTPStatus.OK:
        length = response.headers.get("Content-Length", "")
        return 0, int(length) if WHOLE.fullmatch(length) else None
    found = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if not found:
        return None, None
    return int(found["start"]), None if found["size"] == "*" else int(found["size"])


def _require_continued(response: httpx.Response, held: _Version | None, part: _Part, ask: _Ask) -> None:
    start, _ = _span(response)
    if held and start == part.size and held.agrees(_version(response, ask)):
        return
    size = part.size
    part.discard()
    raise TransientError(
        f"{ask.url}: the answer ({response.status_code}) does not continue the {size:,} bytes on disk",
        "run the same command again; it starts the file anew",
    )


def _require_plain(response: httpx.Response, ask: _Ask) -> None:
    encoding = response.headers.get("Content-Encoding", "identity")
    if encoding != "identity":
        raise MacawError(f"{ask.url}: sent as {encoding}, plain bytes were asked for", _by_hand(ask.folder))


def _require_whole(part: _Part, version: _Version, ask: _Ask) -> None:
    size, whole = part.size, version.size
    if size > MAX_BYTES or (whole is not None and size > whole):
        part.discard()
    _require_bounded(size, MAX_BYTES, ask)
    if whole is not None and size != whole:
        raise TransientError(f"{ask.url}: the body has {size:,} bytes, the server announced {whole:,}", _AGAIN)


def _require_md5(part: _Part, url: str, expected: str | None) -> None:
    if expected is None:
        return
    with part.path.open("rb") as stream:
        found = file_digest(stream, lambda: md5(usedforsecurity=False)).hexdigest()
    if found != expected.lower():
        part.discard()
        raise MacawError(
            f"{url}: the MD5 is {found}, the publisher's is {expected}; the file was not kept",
            "run the same command again; if it fails again, tell the publisher",
        )


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise MacawError(
            cannot_write(path, error).what,
            "free some space, or choose a folder you may write with --data DIR, and run the same command again",
        ) from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
