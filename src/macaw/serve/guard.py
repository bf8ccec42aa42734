"""Who may ask: only pages of this very server, by its own name, in requests of bounded size."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BODY = 1 << 20
# No page may load or send anything elsewhere, nor be framed or guessed at.
_HEADERS = {
    "content-security-policy": "default-src 'self' 'unsafe-inline' data: blob:; form-action 'self'; base-uri 'self';"
    " frame-ancestors 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """ASGI middleware: refuses foreign names of the host, foreign pages and large bodies, and adds headers.

    A page of another site whose name was pointed at this machine (DNS rebinding) asks by that name; an address in
    numbers cannot be pointed elsewhere. `names` are further names the server goes by.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str] = ()) -> None:
        self.app = app
        self.names = {"localhost", *(name.casefold() for name in names)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a refused request, hand on any other."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(Headers(scope=scope))
        if refusal:
            status, what, remedy = refusal
            await JSONResponse({"error": what, "remedy": remedy}, status, _HEADERS)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)

    def _refusal(self, headers: Headers) -> tuple[int, str, str] | None:
        host = headers.get("host", "")
        if not self.is_mine(host):
            return 421, f"this server is not called {host[:100]!r}", "ask by its address, or start it with --name"
        if self._is_foreign(headers, host):
            return 403, "a page of another site may not ask this server", "open this server's own pages"
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MOST_BODY:
            return 413, "the request is too large", f"at most {MOST_BODY >> 10} KB are read"
        return None

    def _is_foreign(self, headers: Headers, host: str) -> bool:
        """Whether a page of another site asks; following a link from there is no question of that page."""
        origin = headers.get("origin")
        if origin is not None:
            return urlsplit(origin).netloc != host
        crosses = headers.get("sec-fetch-site") == "cross-site"
        return crosses and headers.get("sec-fetch-mode") != "navigate"

    def is_mine(self, host: str) -> bool:
        """Whether the server goes by this name: localhost, an address in numbers, or a name it was given."""
        try:
            name = urlsplit(f"//{host}").hostname
        except ValueError:
            return False
        if not name:
            return False
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return name.casefold() in self.names
        return True
