"""The server: the files of a site, and answers below /api that files cannot give."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from macaw.errors import MacawError, UsageError
from macaw.serve.guard import MOST_BODY, Guard
from macaw.serve.openapi import described
from macaw.serve.sql import MOST_ROWS
from macaw.serve.worker import BusyError, OverrunError, Worker

BODY_WITHIN = 10.0
MOST_NAMES = 200
LONGEST_NAME = 2_000
LONGEST_TEXT = 100_000


class RefusedError(Exception):
    """A request worded wrongly: the HTTP status, what is wrong and what to do."""

    def __init__(self, status: int, what: str, remedy: str) -> None:
        super().__init__(what)
        self.answer = JSONResponse({"error": what, "remedy": remedy}, status)


def make_app(site: Path, workers: dict[str, Worker], names: Iterable[str] = ()) -> Starlette:
    """The application: `workers` by question (sql, resolve, check); a question without one has no address."""
    routes = [
        Route(f"/api/{name}", _endpoint(worker, _PARSERS[name]), methods=["POST"]) for name, worker in workers.items()
    ]
    document = described(workers)
    application = Starlette(
        routes=[
            *routes,
            Route("/api/openapi.json", lambda request: JSONResponse(document)),
            # The file of that name says the same of a site without a server.
            Route("/assets/served.js", lambda request: Response(_SERVED, media_type="text/javascript")),
            Route("/api/{name}", _no_answer, methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
            Mount("/", _Site(directory=site, html=True)),
        ],
        middleware=[Middleware(Guard, names=names)],
        exception_handlers={HTTPException: _not_found},
    )
    application.state.answered = frozenset(workers)
    return application


class _Site(StaticFiles):
    """The files of the site; hidden files are not its."""

    async def get_response(self, path: str, scope: Any) -> Response:
        if any(part.startswith(".") for part in Path(path).parts if part != "."):
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        # A site is made anew in place: a browser asks whether its copy still holds.
        response.headers["cache-control"] = "no-cache"
        return response


def _endpoint(worker: Worker, parse: Callable[[dict[str, Any]], tuple[Any, ...]]) -> Callable[..., Any]:
    async def answer(request: Request) -> Response:
        try:
            question = parse(await _document(request))
            return JSONResponse(await run_in_threadpool(worker.ask, *question))
        except RefusedError as refused:
            return refused.answer
        except MacawError as error:
            return JSONResponse({"error": error.what, "remedy": error.remedy}, _status(error))

    return answer


def _status(error: MacawError) -> int:
    if isinstance(error, BusyError):
        return 503
    if isinstance(error, OverrunError):
        return 504
    return 400 if isinstance(error, UsageError) else 500


async def _document(request: Request) -> dict[str, Any]:
    """The JSON object of a request, read within limits of size and time."""
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise RefusedError(415, "the request is no JSON", "send Content-Type: application/json")
    try:
        body = await asyncio.wait_for(_body(request), BODY_WITHIN)
    except TimeoutError:
        raise RefusedError(408, f"the request did not arrive within {BODY_WITHIN:g} s", "send it again") from None
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedError(400, "the request is not valid JSON", 'as in {"query": "select 1"}') from None
    if not isinstance(document, dict):
        raise RefusedError(400, "the request is no JSON object", 'as in {"query": "select 1"}')
    return document


async def _body(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BODY:
            raise RefusedError(413, "the request is too large", f"at most {MOST_BODY >> 10} KB are read")
        parts.append(part)
    return b"".join(parts)


def _text(document: dict[str, Any], name: str) -> str:
    text = document.get(name)
    if not isinstance(text, str) or not text.strip():
        raise RefusedError(400, f"{name!r} must be a text", f'as in {{"{name}": "…"}}')
    return _whole(text)


def _whole(text: str) -> str:
    """Half a character (a lone surrogate) is no text."""
    return text.encode("utf-8", "replace").decode()


def _sql(document: dict[str, Any]) -> tuple[str, int]:
    limit = document.get("limit", 1000)
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MOST_ROWS:
        raise RefusedError(400, "'limit' must be a whole number", f"from 1 to {MOST_ROWS:,}")
    return _text(document, "query"), limit


def _resolve(document: dict[str, Any]) -> tuple[list[str]]:
    names = document.get("names")
    if not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names):
        raise RefusedError(400, "'names' must be a list of texts", 'as in {"names": ["Huawei Noah\'s Ark Lab"]}')
    if len(names) > MOST_NAMES or max(map(len, names)) > LONGEST_NAME:
        raise RefusedError(
            413, "too many or too long names", f"at most {MOST_NAMES} names of {LONGEST_NAME:,} characters"
        )
    return ([_whole(n) for n in names],)


def _check(document: dict[str, Any]) -> tuple[str, str | None]:
    text, day = _text(document, "text"), document.get("date")
    if len(text) > LONGEST_TEXT:
        raise RefusedError(413, f"the text has {len(text):,} characters", f"at most {LONGEST_TEXT:,} are read")
    if day is not None and not isinstance(day, str):
        raise RefusedError(400, "'date' must be a text", "as in 2024-10-29")
    return text, day or None


_PARSERS: dict[str, Callable[[dict[str, Any]], tuple[Any, ...]]] = {"sql": _sql, "resolve": _resolve, "check": _check}


_SERVED = "window.macaw.served = true;\n"


async def _no_answer(request: Request) -> Response:
    """What else is asked below /api: another way of asking, or something that is not answered."""
    if request.path_params["name"] in request.app.state.answered:
        return JSONResponse({"error": f"{request.method} is not answered here", "remedy": "ask with POST"}, 405)
    return JSONResponse({"error": "there is no such address", "remedy": "see /api/openapi.json"}, 404)


async def _not_found(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return Response("Not found · 未找到\n", status, media_type="text/plain")
