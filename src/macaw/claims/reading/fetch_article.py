"""Fetches an article from a public web address: the only part of the reader that speaks to the network.

Private, loopback and link-local addresses are refused at every redirect, after the name is resolved and again once the
connection stands, so that a name cannot lead elsewhere in between. What arrives is bounded, compressed and not.
"""

from __future__ import annotations

import time
import zlib
from dataclasses import dataclass
from http import HTTPStatus
from urllib.request import getproxies

import httpx

from macaw.errors import MacawError
from macaw.sources.download import MAX_REDIRECTS, Policy, is_public
from macaw.version import __version__

MAX_BYTES = 8 * 1024**2
MAX_SECONDS = 60.0
TIMEOUT = httpx.Timeout(connect=15, read=20, write=15, pool=15)
PUBLIC = Policy(schemes=("http", "https"))
_SAVE = "save the page as a file and give that"
_REFUSED_TYPES = (
    "image/",
    "video/",
    "audio/",
    "font/",
    "application/zip",
    "application/pdf",
    "application/octet-stream",
)


@dataclass(frozen=True)
class Fetched:
    """What stands at an address: the address after redirects, the bytes, and what the server says they are."""

    url: str
    data: bytes
    media_type: str
    charset: str | None


def fetch_article(url: str, client: httpx.Client | None = None, policy: Policy = PUBLIC) -> Fetched:
    """The page at an address, at most `MAX_BYTES` when unpacked.

    Raises `MacawError` for an address that is not public or not http(s), a host out of reach, an answer other than
    200, one that is too large, takes too long, or is no text.
    """
    own = client or httpx.Client(
        timeout=TIMEOUT,
        headers={"User-Agent": f"macaw-observatory/{__version__}", "Accept": "text/html, text/plain;q=0.9, */*;q=0.1"},
        trust_env=client is None,
    )
    try:
        return _fetch(own, url, policy)
    except httpx.InvalidURL as error:
        raise MacawError(
            f"{url}: is no address ({error})", "give an address such as https://example.org/article"
        ) from None
    except UnicodeError:
        raise MacawError(f"{url}: the name of the host is not valid", "check the address") from None
    except httpx.TimeoutException:
        raise MacawError(f"{url}: does not answer in time", f"try again later, or {_SAVE}") from None
    except httpx.HTTPError as error:
        raise MacawError(f"{url}: cannot be fetched ({error})", f"check the address, or {_SAVE}") from None
    finally:
        if client is None:
            own.close()


def _fetch(client: httpx.Client, url: str, policy: Policy) -> Fetched:
    at = httpx.URL(url)
    deadline = time.monotonic() + MAX_SECONDS
    for _ in range(MAX_REDIRECTS + 1):
        _require_allowed(at, url, policy)
        with client.stream(
            "GET", at, headers={"Accept-Encoding": "gzip, identity"}, follow_redirects=False
        ) as response:
            _require_public_peer(response, at, policy)
            if response.is_redirect:
                location = response.headers.get("location", "")
                if not location:
                    raise MacawError(f"{url}: redirects to nowhere", _SAVE)
                at = at.join(location)
                continue
            if response.status_code != HTTPStatus.OK:
                raise MacawError(
                    f"{url}: answers {response.status_code} {response.reason_phrase}", f"check the address, or {_SAVE}"
                )
            return Fetched(str(at), _body(response, url, deadline), *_type(response, url))
    raise MacawError(f"{url}: redirects more than {MAX_REDIRECTS} times", _SAVE)


def _require_allowed(at: httpx.URL, url: str, policy: Policy) -> None:
    if not at.host:
        raise MacawError(f"{url}: names no host", "give an address such as https://example.org/article")
    try:
        objection = policy.objection(at)
    except OSError as error:
        raise MacawError(
            f"{url}: the name {at.host} cannot be found ({error})", "check the address and the network"
        ) from None
    if objection:
        led = "" if str(at) == url else f" (led to {at})"
        raise MacawError(
            f"{url}: is refused{led}: {objection}", f"only public pages over http and https are read; else {_SAVE}"
        )


def _require_public_peer(response: httpx.Response, at: httpx.URL, policy: Policy) -> None:
    """Refuse an answer from a machine that is not public, whatever its name resolved to before."""
    stream = response.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    # Through a proxy the machine at the other end is the proxy, and the proxy decides.
    if not isinstance(peer, tuple) or policy.private_hosts or getproxies():
        return
    address = str(peer[0]).split("%")[0]
    if not is_public(address):
        raise MacawError(f"{at}: is refused: {address} is not a public address", "only public pages are read")


def _type(response: httpx.Response, url: str) -> tuple[str, str | None]:
    media_type = response.headers.get("content-type", "").split(";")[0].strip().casefold()
    if media_type.startswith(_REFUSED_TYPES):
        raise MacawError(f"{url}: is {media_type}, not a text", "give the address of the article itself")
    return media_type, response.charset_encoding


def _body(response: httpx.Response, url: str, deadline: float) -> bytes:
    """The bytes of an answer, unpacked piece by piece, so that a bomb is stopped before it goes off."""
    encoding = response.headers.get("content-encoding", "identity").strip().casefold()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise MacawError(f"{url}: is packed as {encoding!r}, which was not asked for", _SAVE)
    unpack = zlib.decompressobj(47) if encoding in ("gzip", "x-gzip", "deflate") else None
    parts: list[bytes] = []
    raw = size = 0
    for chunk in response.iter_raw(65536):
        raw += len(chunk)
        try:
            part = chunk if unpack is None else unpack.decompress(chunk, MAX_BYTES - size + 1)
        except zlib.error:
            raise MacawError(f"{url}: its packing is damaged", _SAVE) from None
        parts.append(part)
        size += len(part)
        if raw > MAX_BYTES or size > MAX_BYTES:
            raise MacawError(f"{url}: is larger than {MAX_BYTES:,} bytes", "give the address of one article")
        if time.monotonic() > deadline:
            raise MacawError(f"{url}: takes longer than {MAX_SECONDS:.0f} seconds", f"try again later, or {_SAVE}")
    return b"".join(parts)
