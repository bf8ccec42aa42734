"""OpenAlex's API: what is asked, kept, continued and refused. A service of the tests answers as documented."""

from __future__ import annotations

import gzip
import json
import logging
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest

from macaw.cli import main
from macaw.errors import MacawError, SourceError, UsageError
from macaw.pipeline import _files
from macaw.sources import download as downloading
from macaw.sources import origins
from macaw.sources.openalex import collect as api
from macaw.sources.openalex import fields
from macaw.sources.openalex.collect import Collected, collect, organisations, subfield
from macaw.sources.openalex.read import TABLES, write
from support.openalex import GOOGLE, ORG, author, work

SECRET = "s3cret-Key"
GOOGLE_ROR, TORONTO_ROR, BELOW = "00njsd438", "03dbr7087", "00971b260"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names resolve to a public address without being looked up; waiting takes no time; a key is set."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    monkeypatch.setattr(downloading, "BACKOFF_SECONDS", (0.0, 0.0, 0.0))
    monkeypatch.setenv(api.KEY, SECRET)


@dataclass
class Service:
    """Answers as OpenAlex documents it: lists by cursor, at most a hundred authors of a work in a list."""

    works: list[dict[str, Any]] = field(default_factory=list)
    children: dict[str, list[str]] = field(default_factory=dict)
    known: tuple[str, ...] = (GOOGLE_ROR, TORONTO_ROR, BELOW)
    page: int = 2
    # Answers given first, in turn; None is the right one.
    first: list[httpx.Response | None] = field(default_factory=list)
    # What is put into the right answer to a list of works.
    meta: dict[str, Any] = field(default_factory=dict)
    asked: list[httpx.URL] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url)
        if self.first and (answer := self.first.pop(0)):
            return answer
        if request.url.params.get("api_key") != SECRET:
            return httpx.Response(401)
        if request.url.path == "/institutions":
            return httpx.Response(200, json=self._institutions(request.url.params))
        if request.url.path == "/works":
            return httpx.Response(200, json=self._list(request.url.params))
        number = request.url.path.removeprefix("/works/")
        return httpx.Response(200, json=next(w for w in self.works if w["id"].endswith(f"/{number}")))

    def _institutions(self, params: httpx.QueryParams) -> dict[str, Any]:
        wanted = params["filter"].removeprefix("ror:").split("|")
        return {
            "meta": {"count": len(wanted)},
            "results": [
                {
                    "id": f"{ORG}I1",
                    "ror": f"https://ror.org/{ror}",
                    "associated_institutions": [
                        {"id": f"{ORG}I2", "ror": f"https://ror.org/{c}", "relationship": "child"}
                        for c in self.children.get(ror, ())
                    ]
                    + [{"id": f"{ORG}I3", "ror": "https://ror.org/05x2bcf33", "relationship": "related"}],
                }
                for ror in wanted
                if ror in self.known
            ],
        }

    def _list(self, params: httpx.QueryParams) -> dict[str, Any]:
        at = 0 if params["cursor"] == "*" else int(params["cursor"].removeprefix("c"))
        results = [self._cut(w) for w in self.works[at : at + self.page]]
        onward = f"c{at + self.page}" if results else None
        return {"meta": {"count": len(self.works), "next_cursor": onward, **self.meta}, "results": results}

    @staticmethod
    def _cut(record: dict[str, Any]) -> dict[str, Any]:
        listed = record.get("authorships")
        return record | {"authorships": listed[:100]} if isinstance(listed, list) else record

    def of(self, path: str) -> list[httpx.URL]:
        """The addresses of a path that were asked."""
        return [u for u in self.asked if u.path == path]


@pytest.fixture
def service() -> Service:
    return Service([work(n) for n in (11, 12, 13, 14, 15)])


@pytest.fixture
def got(service: Service, tmp_path: Path) -> Callable[..., Collected]:
    """Fetches from the service into the folder of the test."""

    def _got(asked: api.Asked | None = None, **options: Any) -> Collected:
        asked = asked or organisations(GOOGLE_ROR, "2015:2024")
        return collect(asked, tmp_path, transport=httpx.MockTransport(service), **options)

    return _got


def lines(folder: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line) for p in sorted(folder.rglob("*.gz")) for line in gzip.decompress(p.read_bytes()).splitlines()
    ]


def listing(found: Collected) -> Any:
    return json.loads((found.folder / "collection.json").read_text())


def read(root: Path) -> tuple[dict[str, list[dict[str, Any]]], list[tuple[Any, ...]]]:
    """The tables of all that was fetched, and what is refused or noted."""
    out = root / "out"
    out.mkdir(exist_ok=True)
    refused = write(_files(root, origins()["openalex"].patterns), root, out, out)
    return {t: pq.read_table(out / f"{t}.parquet").to_pylist() for t in TABLES}, [r.row()[2:] for r in refused]


# -- what is asked ---------------------------------------------------------------------------------------


def test_works_are_asked_for_as_documented(service: Service, got: Callable[..., Collected]) -> None:
    got()
    first = service.of("/works")[0]
    assert (first.scheme, first.host) == ("https", "api.openalex.org")
    assert dict(first.params) == {
        "filter": f"authorships.institutions.ror:{GOOGLE_ROR},publication_year:2015-2024",
        "select": ",".join(fields.read_fields()),
        "per_page": "100",
        "cursor": "*",
        "api_key": SECRET,
    }
    assert [u.params["cursor"] for u in service.of("/works")] == ["*", "c2", "c4", "c6"]


def test_every_field_that_is_read_is_asked_for() -> None:
    assert {*work()} - {"display_name"} <= {*fields.read_fields()}


def test_a_company_brings_what_it_owns_and_what_is_below(service: Service, got: Callable[..., Collected]) -> None:
    asked = organisations("Alphabet", "2020")
    assert len(asked.rors) > 5
    assert GOOGLE_ROR in asked.rors
    service.children = {GOOGLE_ROR: [BELOW]}
    found = got(organisations(GOOGLE_ROR, "2020"))
    assert listing(found)["rors"] == sorted([GOOGLE_ROR, BELOW])
    assert f"{BELOW}|{GOOGLE_ROR}" in service.of("/works")[0].params["filter"]


def test_a_subfield_is_of_first_topics(service: Service, got: Callable[..., Collected]) -> None:
    got(subfield("1702", "2023"))
    assert service.of("/works")[0].params["filter"] == "primary_topic.subfield.id:1702,publication_year:2023-2023"
    assert not service.of("/institutions")


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda: organisations("No Such Company", "2020"), "no company is called 'No Such Company'"),
        (lambda: organisations(" , ", "2020"), "no organisation was named"),
        (lambda: organisations(GOOGLE_ROR, "2024:2015"), "'2024:2015' are no years"),
        (lambda: organisations(GOOGLE_ROR, "yesterday"), "'yesterday' are no years"),
        (lambda: subfield("9999", "2020"), "no list for the subfield '9999'"),
        (lambda: subfield("1702' or 1", "2020"), "no list for the subfield"),
    ],
)
def test_what_cannot_be_asked_is_named(ask: Callable[[], object], named: str) -> None:
    with pytest.raises(UsageError, match=re.escape(named)):
        ask()


# -- what is kept ----------------------------------------------------------------------------------------


def test_pages_become_files_in_the_layout_of_the_snapshot(got: Callable[..., Collected], tmp_path: Path) -> None:
    found = got()
    assert (found.works, found.files, found.kept) == (5, 3, False)
    assert [w["id"] for w in lines(found.folder)] == [f"{ORG}W{n}" for n in (11, 12, 13, 14, 15)]
    assert all(
        re.fullmatch(r"works/updated_date=\d{4}-\d\d-\d\d/part_\d{5}\.gz", f["path"]) for f in listing(found)["files"]
    )
    assert not (found.folder / "unfinished.json").exists()
    tables, refused = read(tmp_path)
    assert refused == []
    assert {w["venue_folder"] for w in tables["source_openalex_works"]} == {"openalex/organisations"}
    assert {w["work"] for w in tables["source_openalex_works"]} == {
        f"openalex/organisations/W{n}" for n in (11, 12, 13, 14, 15)
    }
    assert {r["period"] for r in tables["source_openalex_requests"]} == {*range(2015, 2025)}
    assert len(tables["source_openalex_selected"]) == 5


def test_what_is_there_is_kept_unless_forced(service: Service, got: Callable[..., Collected]) -> None:
    got()
    asked = len(service.asked)
    assert got().kept
    assert len(service.asked) == asked
    service.works = [work(16)]
    found = got(force=True)
    assert [w["id"] for w in lines(found.folder)] == [f"{ORG}W16"]


def test_a_work_of_more_than_a_hundred_authors_is_asked_for_by_itself(
    service: Service, got: Callable[..., Collected]
) -> None:
    many = [author((f"Laboratory {n}", [GOOGLE])) for n in range(130)]
    service.works = [work(21, authorships=many), work(22)]
    found = got()
    assert [len(w["authorships"]) for w in lines(found.folder)] == [130, 2]
    assert listing(found)["truncated"] == []
    assert [u.path for u in service.asked if u.path.startswith("/works/")] == ["/works/W21"]


def test_a_work_that_stays_cut_is_listed(service: Service, got: Callable[..., Collected], tmp_path: Path) -> None:
    many = [author(("Google", [GOOGLE])) for _ in range(100)]
    service.works = [work(21, authorships=many, is_authors_truncated=True)]
    assert listing(got())["truncated"] == ["W21"]
    assert [r[2:] for r in read(tmp_path)[1]] == [("works of which not all authors came", "1")]


def test_ror_ids_without_an_institution_are_told(
    service: Service, got: Callable[..., Collected], tmp_path: Path
) -> None:
    found = got(organisations(f"{GOOGLE_ROR},05gq02987", "2020"))
    assert found.unknown == ("05gq02987",)
    tables, refused = read(tmp_path)
    assert {r["ror"]: r["is_known"] for r in tables["source_openalex_requests"]} == {
        GOOGLE_ROR: True,
        "05gq02987": False,
    }
    assert [r[2:] for r in refused] == [("ROR ids that OpenAlex knows no institution of", "05gq02987")]
    with pytest.raises(MacawError, match="knows no institution with the ROR ids 05gq02987"):
        got(organisations("05gq02987", "2020"))


def test_more_works_than_the_limit_are_refused_at_once(service: Service, got: Callable[..., Collected]) -> None:
    with pytest.raises(UsageError, match="5 works and more, the limit is 3"):
        got(most=3)
    assert len(service.of("/works")) == 1


def test_an_organisation_without_works_has_a_whole_collection(service: Service, got: Callable[..., Collected]) -> None:
    service.works = []
    found = got()
    assert (found.works, found.files) == (0, 0)


# -- the key ---------------------------------------------------------------------------------------------


def test_without_a_key_nothing_is_asked(
    service: Service, got: Callable[..., Collected], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(api.KEY)
    with pytest.raises(UsageError, match="wants a key, and OPENALEX_API_KEY is not set"):
        got()
    monkeypatch.setenv(api.KEY, "two words")
    with pytest.raises(UsageError, match="what OPENALEX_API_KEY holds is not a key") as raised:
        got()
    assert "two words" not in str(raised.value)
    assert service.asked == []


@pytest.mark.parametrize(
    "answers",
    [
        [httpx.Response(401)],
        [httpx.Response(429)] * 4,
        [httpx.ConnectError("refused")],
        [httpx.Response(302, headers={"Location": f"http://api.openalex.org/works?api_key={SECRET}"})],
        [httpx.Response(302, headers={"Location": f"https://10.0.0.1/{SECRET}"})],
        [httpx.Response(200, text=f"<p>{SECRET}</p>")],
        [httpx.Response(200, json={"results": 3, "api_key": SECRET})],
    ],
)
def test_no_message_log_or_file_has_the_key(
    service: Service,
    got: Callable[..., Collected],
    tmp_path: Path,
    answers: list[Any],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)

    def failing(request: httpx.Request) -> httpx.Response:
        answer: httpx.Response | Exception = answers[min(len(service.asked), len(answers) - 1)]
        service.asked.append(request.url)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(MacawError) as raised:
        collect(organisations(GOOGLE_ROR, "2020"), tmp_path, transport=httpx.MockTransport(failing))
    assert SECRET not in str(raised.value)
    assert SECRET not in caplog.text
    got(organisations(GOOGLE_ROR, "2020"))
    assert SECRET not in caplog.text
    written = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert written
    assert not [p for p in written if SECRET.encode() in p.read_bytes()]


def test_the_key_goes_to_no_other_host(service: Service, got: Callable[..., Collected]) -> None:
    service.first = [httpx.Response(302, headers={"Location": "https://elsewhere.example/works"})]
    with pytest.raises(MacawError):
        got()
    away = [u for u in service.asked if u.host != api.HOST]
    assert away
    assert all(SECRET not in str(u) for u in away)


@pytest.mark.parametrize(
    ("answer", "remedy"),
    [
        (httpx.Response(401), "does not take the key in OPENALEX_API_KEY"),
        (httpx.Response(429), "the day's allowance of the key may be used up"),
        (httpx.Response(400), "the format of OpenAlex's API may have changed"),
        (httpx.Response(502), "it goes on where this one stopped"),
    ],
)
def test_what_to_do_is_said_by_answer(
    service: Service, got: Callable[..., Collected], answer: httpx.Response, remedy: str
) -> None:
    service.first = [answer] * 4
    with pytest.raises(MacawError, match=remedy):
        got()


# -- what breaks -----------------------------------------------------------------------------------------


def test_a_busy_service_is_asked_again(service: Service, got: Callable[..., Collected]) -> None:
    service.first = [httpx.Response(429), httpx.Response(503), None, httpx.Response(500)]
    assert got().works == 5


def test_a_fetch_that_was_cut_off_goes_on(service: Service, got: Callable[..., Collected], tmp_path: Path) -> None:
    service.first = [None, None, None, *[httpx.Response(500)] * 4]
    with pytest.raises(MacawError, match="answers 500"):
        got()
    tables, refused = read(tmp_path)
    assert tables["source_openalex_works"] == []
    assert [(r[2], r[3]) for r in refused] == [("an unfinished fetch: nothing of it is read", "2")]
    asked = len(service.of("/works"))
    found = got()
    assert [u.params["cursor"] for u in service.of("/works")[asked:]] == ["c4", "c6"]
    assert [w["id"] for w in lines(found.folder)] == [f"{ORG}W{n}" for n in (11, 12, 13, 14, 15)]


def test_while_it_is_fetched_anew_the_last_one_counts(
    service: Service, got: Callable[..., Collected], tmp_path: Path
) -> None:
    got()
    service.works = [work(n) for n in (31, 32, 33)]
    service.first = [None, None, *[httpx.Response(500)] * 4]
    with pytest.raises(MacawError):
        got(force=True)
    tables, refused = read(tmp_path)
    assert len(tables["source_openalex_works"]) == 5
    assert [r[2] for r in refused] == ["a file that its collection does not list: not read"]


def test_a_file_that_was_changed_is_not_continued(
    service: Service, got: Callable[..., Collected], tmp_path: Path
) -> None:
    service.first = [None, None, *[httpx.Response(500)] * 4]
    with pytest.raises(MacawError):
        got()
    next(tmp_path.rglob("*.gz")).write_bytes(b"")
    assert got().works == 5


def test_fewer_works_than_announced_are_an_error(
    service: Service, got: Callable[..., Collected], tmp_path: Path
) -> None:
    service.meta = {"count": 9}
    with pytest.raises(MacawError, match="announced 9 works and gave 5"):
        got()
    assert not list(tmp_path.rglob("collection.json"))


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ({"meta": {"count": 1, "next_cursor": "c"}}, "no list 'results'"),
        ({"results": []}, "no 'meta' with 'count' and 'next_cursor'"),
        ({"results": [], "meta": {"count": "1", "next_cursor": None}}, "no 'meta' with 'count'"),
        ({"results": [{}], "meta": {"count": 1, "next_cursor": "c"}}, "no 'id' of a work"),
        ({"results": [3], "meta": {"count": 1, "next_cursor": "c"}}, "no 'id' of a work"),
        ({"results": [work()], "meta": {"count": 1, "next_cursor": "*"}}, "leads nowhere"),
        ([], "not an object"),
    ],
)
def test_another_form_of_answer_is_named(
    service: Service, got: Callable[..., Collected], answer: Any, named: str
) -> None:
    service.first = [None, httpx.Response(200, json=answer)]
    with pytest.raises(MacawError, match=named):
        got()


# -- reading ---------------------------------------------------------------------------------------------


def test_collections_and_a_snapshot_are_kept_apart(got: Callable[..., Collected], tmp_path: Path) -> None:
    got()
    got(organisations(TORONTO_ROR, "2020:2021"))
    got(subfield("1702", "2020"))
    day = tmp_path / "openalex" / "data" / "works" / "updated_date=2026-06-01"
    day.mkdir(parents=True)
    (day / "part_0000.gz").write_bytes(gzip.compress(json.dumps(work(11)).encode()))
    tables, refused = read(tmp_path)
    found = sorted((w["venue_folder"], w["work"]) for w in tables["source_openalex_works"])
    assert found[0] == ("openalex", "openalex/W11")
    assert found[1:6] == [("openalex/organisations", f"openalex/organisations/W{n}") for n in (11, 12, 13, 14, 15)]
    assert found[6:] == [("openalex/subfield-1702", f"openalex/subfield-1702/W{n}") for n in (11, 12, 13, 14, 15)]
    # A work that two collections hold is one, and is in both.
    assert len(tables["source_openalex_selected"]) == 10
    assert {r[2] for r in refused} == {"older versions of works, replaced by later ones"}
    assert {(r["ror"], r["period"]) for r in tables["source_openalex_requests"] if r["ror"] == TORONTO_ROR} == {
        (TORONTO_ROR, 2020),
        (TORONTO_ROR, 2021),
    }


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"asked": None}, "not the listing of a collection"),
        ({"asked": {"kind": "countries", "subfield": "", "first_year": 2020, "last_year": 2020}}, "countries"),
        ({"asked": {"kind": "subfield", "subfield": "1'; drop", "first_year": 2020, "last_year": 2020}}, "drop"),
        ({"files": [{"path": "../../../x.gz", "bytes": 1}]}, r"x\.gz"),
        ({"files": [{"path": "works/updated_date=2026-01-01/part_9.gz", "bytes": 1}]}, "absent, or of another size"),
        ({"rors": [3]}, "TypeError"),
    ],
)
def test_a_listing_that_is_none_is_an_error(
    got: Callable[..., Collected], tmp_path: Path, changes: dict[str, Any], named: str
) -> None:
    found = got()
    path = found.folder / "collection.json"
    path.write_text(json.dumps(listing(found) | changes))
    with pytest.raises(SourceError, match=named) as raised:
        read(tmp_path)
    assert str(tmp_path) in str(raised.value)


def test_a_truncated_file_is_an_error(got: Callable[..., Collected], tmp_path: Path) -> None:
    path = sorted(got().folder.rglob("*.gz"))[0]
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(SourceError, match="of another size"):
        read(tmp_path)


# -- the command -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["fetch", "ror", "--organisation", "huawei", "--years", "2020"],
        ["fetch", "openalex", "--organisation", "huawei"],
        ["fetch", "openalex", "--organisation", "huawei", "--subfield", "1702", "--years", "2020"],
        ["fetch", "openalex", "--years", "2020"],
    ],
)
def test_options_that_do_not_go_together_are_named(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--data", str(tmp_path)])
    assert ended.value.code == 2
    assert "macaw fetch openalex --organisation huawei --years 2018:2024" in capsys.readouterr().err


def test_the_command_says_what_came_and_what_it_can_tell(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "_usual_transport", lambda: httpx.MockTransport(service))
    with pytest.raises(SystemExit) as ended:
        main(["fetch", "openalex", "--organisation", GOOGLE_ROR, "--years", "2020:2021", "--data", str(tmp_path)])
    assert ended.value.code == 0
    said = capsys.readouterr().err
    assert "5 records fetched" in said
    assert "count for the organisations asked for alone" in said
