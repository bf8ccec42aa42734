from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import httpx
import pytest

from macaw.claims.reading import fetch_article as fetching
from macaw.claims.reading.fetch_article import MAX_BYTES, fetch_article
from macaw.errors import MacawError

URL = "https://news.example/a"
HOSTS = {"news.example": "93.184.216.34", "inner.example": "10.0.0.7", "loop.example": "127.0.0.1"}


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names resolve without a network."""

    def resolve(host: str, *args: object, **kwargs: object) -> list[tuple[object, ...]]:
        address = HOSTS.get(host, host.strip("[]"))
        return [(None, None, None, "", (address, 0))]

    monkeypatch.setattr("macaw.sources.download.socket.getaddrinfo", resolve)


def answering(handler: Callable[[httpx.Request], httpx.Response]) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(handler))


def always(**answer: object) -> httpx.Client:
    return answering(lambda request: httpx.Response(**{"status_code": 200, **answer}))  # type: ignore[arg-type]


def test_a_page_is_fetched_with_its_encoding() -> None:
    client = always(content=iter([b"<p>x</p>"]), headers={"Content-Type": "text/html; charset=gb2312"})
    found = fetch_article(URL, client)
    assert (found.data, found.media_type, found.charset, found.url) == (b"<p>x</p>", "text/html", "gb2312", URL)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost.example@127.0.0.1/", "http://[::1]/", "http://10.1.2.3/", "http://192.168.0.1:8080/",
        "http://169.254.169.254/latest/meta-data", "http://[fe80::1]/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/",
        "http://0.0.0.0/", "http://inner.example/", "http://loop.example/", "http://100.64.0.1/", "http://[fd00::1]/", "http://224.0.0.1/",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_before_they_are_asked(url: str) -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, content=b"secret")

    with pytest.raises(MacawError, match="is refused"):
        fetch_article(url, answering(handler))
    assert asked == []


@pytest.mark.parametrize(
    "target", ["http://inner.example/", "http://169.254.169.254/", "file:///etc/passwd", "//127.0.0.1/x"]
)
def test_a_redirect_to_a_private_place_is_refused(target: str) -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"Location": target})

    with pytest.raises(MacawError, match=r"refused|names no host|cannot be fetched"):
        fetch_article(URL, answering(handler))
    assert asked == ["news.example"]


def test_a_name_that_leads_elsewhere_once_connected_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stream:
        def get_extra_info(self, name: str) -> object:
            return ("127.0.0.1", 443)

    monkeypatch.setattr(fetching, "getproxies", dict)
    client = always(content=b"secret", extensions={"network_stream": Stream()})
    with pytest.raises(MacawError, match=r"127\.0\.0\.1 is not a public address"):
        fetch_article(URL, client)


def test_redirects_are_followed_and_counted() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        step = int(request.url.params.get("n", 0))
        return (
            httpx.Response(302, headers={"Location": f"/a?n={step + 1}"})
            if step < 3
            else httpx.Response(200, content=iter([b"x"]))
        )

    assert fetch_article(URL, answering(handler)).url.endswith("n=3")
    with pytest.raises(MacawError, match="redirects more than"):
        fetch_article(URL, answering(lambda r: httpx.Response(302, headers={"Location": URL})))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"status_code": 404}, "answers 404"),
        ({"status_code": 302}, "redirects to nowhere"),
        ({"content": b"PK", "headers": {"Content-Type": "application/zip"}}, "is application/zip, not a text"),
        ({"content": b"x", "headers": {"Content-Encoding": "br"}}, "is packed as 'br'"),
        ({"content": b"no gzip", "headers": {"Content-Encoding": "gzip"}}, "its packing is damaged"),
        ({"content": b"x" * (MAX_BYTES + 1)}, "is larger than"),
    ],
)
def test_other_answers_are_named(answer: dict[str, object], reason: str) -> None:
    # The body is a stream, as on the network: httpx itself unpacks a body given at once.
    if isinstance(answer.get("content"), bytes):
        answer = {**answer, "content": iter([answer["content"]])}
    with pytest.raises(MacawError, match=reason) as raised:
        fetch_article(URL, always(**answer))
    assert URL in str(raised.value)


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress], ids=["gzip", "deflate"])
def test_a_bomb_is_stopped_before_it_goes_off(pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(b"\0" * (200 * 1024**2))
    assert len(bomb) < 1024**2
    encoding = "gzip" if pack is gzip.compress else "deflate"
    client = always(content=iter([bomb]), headers={"Content-Encoding": encoding, "Content-Type": "text/html"})
    with pytest.raises(MacawError, match="is larger than"):
        fetch_article(URL, client)


def test_a_packed_page_is_unpacked() -> None:
    client = always(content=iter([gzip.compress(b"<p>x</p>")]), headers={"Content-Encoding": "gzip"})
    assert fetch_article(URL, client).data == b"<p>x</p>"


@pytest.mark.parametrize(
    "url", ["http://", "https:///x", "http://exa mple.org/", "http://[::1", "https://" + "a" * 300 + ".org/"]
)
def test_addresses_that_are_none_are_named(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no such host")

    def unknown(*args: object, **kwargs: object) -> list[tuple[object, ...]]:
        raise OSError("unknown")

    monkeypatch.setattr("macaw.sources.download.socket.getaddrinfo", unknown)
    with pytest.raises(MacawError):
        fetch_article(url, answering(unreachable))


@pytest.mark.parametrize(
    "error", [httpx.ReadTimeout("slow"), httpx.ConnectError("refused"), httpx.RemoteProtocolError("broken")]
)
def test_failures_of_the_network_are_messages(error: Exception) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(MacawError, match=r"does not answer in time|cannot be fetched"):
        fetch_article(URL, answering(handler))


def test_an_answer_that_drips_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MAX_SECONDS", -1.0)
    with pytest.raises(MacawError, match="takes longer"):
        fetch_article(URL, always(content=iter([b"a", b"b"])))
