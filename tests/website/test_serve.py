"""The server: whom it answers, what it refuses, and that it holds against harm."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openapi_spec_validator import validate
from starlette.applications import Starlette

from macaw.errors import MacawError
from macaw.serve import app as module
from macaw.serve.app import make_app
from macaw.serve.guard import MOST_BODY
from macaw.serve.run import check_site, serve, workers
from macaw.serve.worker import Worker


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    (folder / "downloads").mkdir()
    pq.write_table(pa.table({"entity": ["USA", "CHN"]}), folder / "downloads" / "entities.parquet")
    (folder / "index.html").write_text("<h1>Macaw</h1>", "utf-8")
    (folder / "404.html").write_text("<h1>no such page</h1>", "utf-8")
    (folder / ".hidden").write_text("secret", "utf-8")
    (folder / "macaw-site.json").write_text("{}", "utf-8")
    return folder


@pytest.fixture(scope="module")
def application(site: Path, demo_build: Path) -> Iterator[Starlette]:
    with workers(site, demo_build, None) as ready:
        yield make_app(site, ready, ["macaw.example"])


def ask(application: Starlette, method: str, path: str, host: str = "127.0.0.1:8000", **options: Any) -> httpx.Response:
    """One request, without a network."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(application)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            return await client.request(method, path, **options)

    return asyncio.run(send())


def sql(application: Starlette, query: Any, **options: Any) -> httpx.Response:
    return ask(application, "POST", "/api/sql", json={"query": query}, **options)


def test_the_site_is_shown(application: Starlette) -> None:
    found = ask(application, "GET", "/")
    assert (found.status_code, found.text) == (200, "<h1>Macaw</h1>")


def test_a_question_in_sql_is_answered(application: Starlette) -> None:
    assert sql(application, "select entity from entities order by entity").json()["rows"] == [["CHN"], ["USA"]]


def test_names_are_resolved(application: Starlette) -> None:
    found = ask(application, "POST", "/api/resolve", json={"names": ["Huawei Noah's Ark Lab", "nobody at all"]})
    answers = found.json()["answers"]
    assert [a["text"] for a in answers] == ["Huawei Noah's Ark Lab", "nobody at all"]
    assert [o["id"] for o in answers[0]["organisations"]] == ["huawei"]
    assert answers[1]["organisations"] == []


def test_the_description_is_valid_openapi_and_names_what_is_answered(application: Starlette) -> None:
    document = ask(application, "GET", "/api/openapi.json").json()
    validate(document)
    assert set(document["paths"]) == {"/check", "/resolve", "/sql"}
    for path in document["paths"]:
        assert ask(application, "POST", f"/api{path}", json={}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000", "192.168.0.7", "Macaw.Example:80"])
def test_the_server_answers_to_its_names_and_to_addresses_in_numbers(application: Starlette, host: str) -> None:
    assert ask(application, "GET", "/", host=host).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "evil:80", "[::"])
def test_a_name_pointed_here_from_elsewhere_is_refused(application: Starlette, host: str) -> None:
    assert ask(application, "GET", "/", headers={"host": host}).status_code == 421
    assert sql(application, "select 1", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9000"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "origin": "http://evil.example"},
    ],
)
def test_a_page_of_another_site_may_not_ask(application: Starlette, headers: dict[str, str]) -> None:
    found = sql(application, "select 1", headers=headers)
    assert found.status_code == 403
    assert "access-control-allow-origin" not in found.headers


def test_the_servers_own_pages_may_ask_and_links_lead_to_it(application: Starlette) -> None:
    own = {"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}
    assert sql(application, "select 1", headers=own).status_code == 200
    followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert ask(application, "GET", "/", headers=followed).status_code == 200


def test_a_form_of_another_site_cannot_pass_for_json(application: Starlette) -> None:
    text = {"content-type": "text/plain"}
    assert ask(application, "POST", "/api/sql", content='{"query": "select 1"}', headers=text).status_code == 415


@pytest.mark.parametrize(
    "path",
    ["/../secret", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd", "/.hidden", "/%2ehidden", "/index.html%00",
     "/" + "a" * 5000, "//etc/passwd", "/C:/Windows/win.ini", "/con"],
)  # fmt: skip
def test_nothing_outside_the_site_is_shown(application: Starlette, path: str) -> None:
    found = ask(application, "GET", path)
    assert found.status_code in (400, 404)
    assert "root:" not in found.text
    assert "secret" not in found.text


def test_a_page_that_is_not_there_has_a_page_that_says_so(application: Starlette) -> None:
    found = ask(application, "GET", "/en/none.html")
    assert (found.status_code, found.text) == (404, "<h1>no such page</h1>")
    assert ask(application, "GET", "/api/none").json()["error"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_only_post_is_answered(application: Starlette, method: str) -> None:
    assert ask(application, method, "/api/sql").status_code == 405


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"nothing", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"query": 1}', 400),
        (b'{"query": " "}', 400),
        (b'{"query": "select 1", "limit": 0}', 400),
        (b'{"query": "select 1", "limit": 1e99}', 400),
        (b'{"query": "select 1", "limit": true}', 400),
        (b'{"query": "select \'\\ud800\'"}', 200),
        (b"x" * (MOST_BODY + 1), 413),
    ],
)
def test_questions_worded_wrongly_are_told_what_is_wrong(application: Starlette, content: bytes, status: int) -> None:
    found = ask(application, "POST", "/api/sql", content=content, headers={"content-type": "application/json"})
    assert found.status_code == status
    assert status == 200 or (found.json()["error"] and found.json()["remedy"])


def test_a_body_that_does_not_say_its_length_is_cut_off(application: Starlette) -> None:
    async def endless() -> Any:
        while True:
            yield b"x" * 65536

    kind = {"content-type": "application/json"}
    assert ask(application, "POST", "/api/sql", content=endless(), headers=kind).status_code == 413


def test_a_body_that_does_not_arrive_is_given_up(application: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BODY_WITHIN", 0.05)

    async def slow() -> Any:
        yield b"{"
        await asyncio.sleep(30)

    kind = {"content-type": "application/json"}
    assert ask(application, "POST", "/api/sql", content=slow(), headers=kind).status_code == 408


@pytest.mark.parametrize(
    "names",
    [[], "Huawei", [1], None, ["x"] * 201, ["x" * 2001]],
    ids=["none", "text", "number", "null", "many", "long"],
)
def test_names_worded_wrongly_are_refused(application: Starlette, names: Any) -> None:
    assert ask(application, "POST", "/api/resolve", json={"names": names}).status_code in (400, 413)


def test_an_article_is_read_as_text_and_never_as_a_file_or_address(application: Starlette) -> None:
    text = "In 2021, China published 27% of AI papers."
    found = ask(application, "POST", "/api/check", json={"text": text, "date": "2022-03-01"}).json()
    assert [s["text"] for s in found["sentences"] if s["checkable"]] == [text]
    for path in ("/etc/passwd", "http://127.0.0.1:9/article", "-"):
        answer = ask(application, "POST", "/api/check", json={"text": path}).json()
        assert "root:" not in json.dumps(answer)
        assert [s["text"] for s in answer.get("sentences", [])] in ([], [path])


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ({"text": ""}, 400),
        ({"text": 1}, 400),
        ({"text": "a" * 100_001}, 413),
        ({"text": "One.", "date": "tomorrow"}, 400),
        ({"text": "One.", "date": 2024}, 400),
    ],
    ids=["empty", "number", "long", "no date", "date as number"],
)
def test_articles_worded_wrongly_are_refused(application: Starlette, question: Any, status: int) -> None:
    assert ask(application, "POST", "/api/check", json=question).status_code == status


@pytest.mark.parametrize("name", ["", "\0", "'; drop table x", "<script>", "\u202e", "\ud800", "a" * 2000, "＝1+1"])
def test_hostile_names_are_only_names(application: Starlette, name: str) -> None:
    body = json.dumps({"names": [name]}).encode()
    found = ask(application, "POST", "/api/resolve", content=body, headers={"content-type": "application/json"})
    assert found.status_code == 200
    assert found.json()["answers"][0]["organisations"] == []


def test_every_answer_forbids_foreign_content(application: Starlette) -> None:
    for found in (ask(application, "GET", "/"), sql(application, "select 1"), sql(application, "nonsense")):
        assert "default-src 'self'" in found.headers["content-security-policy"]
        assert found.headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in found.headers


def test_a_folder_that_is_no_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MacawError, match="is not a site of macaw"):
        check_site(tmp_path)


def test_a_port_that_is_taken_is_said(site: Path, demo_build: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(MacawError, match="cannot be served at"):
            serve(site, build=demo_build, port=taken.getsockname()[1])


def test_work_for_somebody_else_makes_one_wait_and_then_says_so() -> None:
    worker = Worker("time:sleep", (0,), seconds=0.1)
    with worker._lock, pytest.raises(MacawError, match="another request"):
        worker.ask()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter on Windows")
@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_until_it_is_ended_and_leaves_nothing(
    site: Path, demo_build: Path, tmp_path: Path, ended_by: signal.Signals
) -> None:
    command = [sys.executable, "-m", "macaw", "serve", "--site", str(site), "--build", str(demo_build), "--port"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen([*command, "0"], stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        address = process.stderr.readline().split()[0]
        assert address.startswith("http://127.0.0.1:")
        for _ in range(100):
            try:
                found = httpx.post(f"{address}api/sql", json={"query": "select count(*) from entities"}, timeout=60)
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        assert found.json()["rows"] == [[2]]
        process.send_signal(ended_by)
        assert process.wait(30) == 0, process.stderr.read()
    assert list(tmp_path.iterdir()) == []
