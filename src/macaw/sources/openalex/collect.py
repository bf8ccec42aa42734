"""Fetches the works of some organisations, or of a subfield, by OpenAlex's API, with a user's key.

Pages become files in the snapshot's own layout as they come, and a note says where the next begins, so that a fetch
that is cut off goes on. `collection.json`, written last, lists the files that count: without it nothing is read.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpx

from macaw import registry
from macaw.errors import MacawError, UsageError
from macaw.provenance import atomic, hash_file, is_file_of, write_json
from macaw.sources.download import RefusedError, TransientError, get_json, new_client
from macaw.sources.fetch import locked
from macaw.sources.openalex.collections import COLLECTIONS, KINDS, LISTING, folder_of_subfield
from macaw.sources.openalex.fields import read_fields

HOST = "api.openalex.org"
# Holds the user's key: an environment variable shows in no list of processes and no history of commands.
KEY = "OPENALEX_API_KEY"
# Works of one fetch unless the user says otherwise; more is the snapshot's business.
MOST = 100_000
# What the service gives at most at once.
_PER_PAGE = 100
# A list gives no more authors of a work; the work asked for by itself has them all.
_AUTHORS_LISTED = 100
# Ids of one filter; the service takes a hundred.
_IDS = 50
# A page of a hundred works with a hundred authors each has some 15 MB.
_LARGEST_PAGE = 64 * 1024**2
# The index changes while it is read; a larger part of the works that does not come is a fault.
_SHORT = 0.001
# What is read of an institution, and how many may be below those asked for.
_INSTITUTION = "id,ror,associated_institutions"
_MOST_RORS = 1000
_FIRST_YEAR = 1400
_NOTE = "unfinished.json"
_NOTED = {"day", "next", "part", "cursor", "announced", "came", "files", "truncated", "rors", "unknown_rors"}
_ROR = re.compile(r"(?:https?://)?(?:ror\.org/)?(0[a-z0-9]{6}[0-9]{2})", re.IGNORECASE)
_WORK = re.compile(r"https://openalex\.org/(W\d+)")
_CHANGED = "the format of OpenAlex's API may have changed; tell the maintainers of Macaw, or copy the snapshot"
_AGAIN = "run the same command again later; it goes on where this one stopped"
_OF_KEY = f"the service does not take the key in {KEY}: copy it anew from https://openalex.org/settings/api"
_REMEDIES = {
    400: f"where this goes on with an earlier fetch, start anew with --force; else {_CHANGED}",
    401: _OF_KEY,
    403: f"{_OF_KEY}, or it is asked too often: {_AGAIN}",
    404: _CHANGED,
    429: f"the day's allowance of the key may be used up: {_AGAIN}",
}


@dataclass(frozen=True)
class Asked:
    """What a collection is of: works of some organisations by ROR id, or of a subfield, and of which years."""

    kind: str
    name: str
    rors: tuple[str, ...]
    subfield: str
    first_year: int
    last_year: int

    def filters(self, rors: Sequence[str]) -> list[str]:
        """The filters of the API, which together give the works, where these are the ROR ids.

        >>> subfield("1702", "2020:2021").filters([])
        ['primary_topic.subfield.id:1702,publication_year:2020-2021']
        """
        years = f"publication_year:{self.first_year}-{self.last_year}"
        if self.kind == "subfield":
            return [f"primary_topic.subfield.id:{self.subfield},{years}"]
        return [f"authorships.institutions.ror:{'|'.join(part)},{years}" for part in _parts(rors)]


@dataclass(frozen=True)
class Collected:
    """A collection at hand: its folder, works, files, and whether it was there already; ROR ids OpenAlex lacks."""

    folder: Path
    works: int
    files: int
    kept: bool
    unknown: tuple[str, ...] = ()


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """As many ids at once as one filter holds."""
    return (ids[at : at + _IDS] for at in range(0, len(ids), _IDS))


def organisations(asked: str, years: str) -> Asked:
    """The works of organisations: ROR ids, or ids or names of companies of the registry, separated by commas.

    A company brings the ROR ids of what it owns, at any time, as its own works cannot be told without them.
    Raises `UsageError` for what is neither, and for years that are none.

    >>> organisations("00njsd438", "2020").rors
    ('00njsd438',)
    """
    rors: set[str] = set()
    names = [part.strip() for part in asked.split(",") if part.strip()]
    if not names:
        raise UsageError("no organisation was named", "give a ROR id, or the name of a company")
    for name in names:
        found = _ROR.fullmatch(name)
        rors |= {found[1].lower()} if found else _rors_of(name)
    slug = "-".join(re.sub(r"[^a-z0-9]+", "-", n.casefold()).strip("-") or "organisation" for n in names)[:60]
    return _asked("organisations", f"organisations-{slug}", tuple(sorted(rors)), "", years)


def _rors_of(name: str) -> set[str]:
    tables = registry.tables()
    facts = tables["registry_facts"].to_pylist()
    wanted = name.casefold()
    found = {f["organisation"] for f in facts if f["organisation"].casefold() == wanted} or {
        f["organisation"] for f in facts if f["property"] == "name" and f["value"].casefold() == wanted
    }
    if len(found) != 1:
        what = f"{name!r} may be any of {', '.join(sorted(found))}" if found else f"no company is called {name!r}"
        raise UsageError(what, "give the company's id, or ROR ids (https://ror.org/search)")
    family = set(found)
    owned = [(o["child"], o["parent"]) for o in tables["registry_ownership"].to_pylist() if o["kind"] == "subsidiary"]
    while more := {child for child, parent in owned if parent in family} - family:
        family |= more
    rors = {f["value"] for f in facts if f["property"] == "ror" and f["organisation"] in family}
    if not rors:
        raise UsageError(f"the registry knows no ROR id of {name!r}", "give ROR ids (https://ror.org/search)")
    return rors


def subfield(number: str, years: str) -> Asked:
    """The works whose first topic is in a subfield that has a list of its own in the registry.

    Raises `UsageError` for any other, and for years that are none.
    """
    folders = {v["paperlists"]: v["name"] for v in registry.tables()["registry_venues"].to_pylist()}
    if folder_of_subfield(number) not in folders:
        prefix = folder_of_subfield("")
        known = [f"{f.removeprefix(prefix)} ({n})" for f, n in folders.items() if f.startswith(prefix)]
        raise UsageError(f"there is no list for the subfield {number!r}", f"known: {'; '.join(known)}")
    return _asked("subfield", f"subfield-{number}", (), number, years)


def _asked(kind: str, name: str, rors: tuple[str, ...], number: str, years: str) -> Asked:
    found = re.fullmatch(r"(\d{4})(?::(\d{4}))?", years.strip())
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not _FIRST_YEAR <= first <= last <= datetime.now(UTC).year + 1:
        raise UsageError(f"{years!r} are no years", "give a year or a range, as in --years 2015:2024")
    return Asked(kind, f"{name}-{first}-{last}", rors, number, first, last)


def collect(
    asked: Asked,
    data: Path,
    *,
    most: int = MOST,
    force: bool = False,
    transport: httpx.BaseTransport | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Collected:
    """Fetch a collection to `data/openalex/collections/<name>`; one that is there is kept unless `force`.

    A fetch that was cut off goes on where it stopped. Raises `UsageError` without a key, and `MacawError` where the
    service cannot be asked, its answers are not as documented, there are more works than `most`, or fewer come
    than it announces.
    """
    home = data / "openalex"
    folder = home / COLLECTIONS / asked.name
    with locked(home):
        if (folder / LISTING).is_file() and not force:
            listing = _json(folder / LISTING)
            if listing.get("asked") == _plain(asked) and {"works", "files", "unknown_rors"} <= listing.keys():
                return Collected(folder, listing["works"], len(listing["files"]), True, tuple(listing["unknown_rors"]))
        sender = _Keyed(_key(), transport or _usual_transport())
        with new_client(sender) as client:
            return _Fetch(client, asked, folder, most, progress).run(anew=force)


def _key() -> str:
    key = os.environ.get(KEY, "").strip()
    if not key:
        raise UsageError(
            f"OpenAlex's API wants a key, and {KEY} is not set",
            f"get one, free of charge, at https://openalex.org/settings/api, and set {KEY} to it (docs/openalex.md)",
        )
    if not key.isascii() or not key.isprintable() or " " in key:
        raise UsageError(f"what {KEY} holds is not a key", "copy it anew from https://openalex.org/settings/api")
    return key


def _usual_transport() -> httpx.BaseTransport:
    """A transport through the environment's proxy, as httpx makes it where none is given."""
    proxy = None if proxy_bypass(HOST) else getproxies().get("https") or getproxies().get("all")
    return httpx.HTTPTransport(proxy=proxy)


class _Keyed(httpx.BaseTransport):
    """Adds the key on the wire, to requests of the service alone: no address that is told or logged has it."""

    def __init__(self, key: str, inner: httpx.BaseTransport) -> None:
        self._key = key
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer to a request, whose further address does not hold the key either."""
        if request.url.host == HOST:
            url = request.url.copy_merge_params({"api_key": self._key})
            request = httpx.Request(
                request.method, url, headers=request.headers, stream=request.stream, extensions=request.extensions
            )
        response = self._inner.handle_request(request)
        if self._key in response.headers.get("Location", ""):
            onward = httpx.URL(response.headers["Location"]).copy_remove_param("api_key")
            response.headers["Location"] = str(onward).replace(self._key, "KEY")
        return response

    def close(self) -> None:
        """Close the transport below."""
        self._inner.close()


class _Fetch:
    """One fetch of a collection: pages to files, with a note of where it stands."""

    def __init__(
        self, client: httpx.Client, asked: Asked, folder: Path, most: int, progress: Callable[[str], None]
    ) -> None:
        self._client = client
        self._asked = asked
        self._folder = folder
        self._most = most
        self._progress = progress
        self._state: dict[str, Any] = {}

    def run(self, *, anew: bool) -> Collected:
        """Fetch what is missing and say what is there."""
        self._state = {} if anew else self._noted()
        if not self._state:
            self._begin()
        filters = self._filters()
        while self._state["part"] < len(filters):
            for records, cursor in self._pages(filters[self._state["part"]]):
                self._keep(records, cursor)
            self._require_all()
            self._state |= {"part": self._state["part"] + 1, "cursor": "*", "announced": None, "came": 0}
            self._write_note()
        return self._finish()

    def _filters(self) -> list[str]:
        return self._asked.filters(self._state["rors"])

    def _noted(self) -> dict[str, Any]:
        """What a fetch of the same, cut off, noted; nothing where its files are not as it wrote them."""
        note = self._folder / _NOTE
        state = _json(note) if note.is_file() else {}
        if state.get("asked") != _plain(self._asked) or not state.keys() >= _NOTED:
            return {}
        return state if all(is_file_of(self._folder / f["path"], f["sha256"]) for f in state["files"]) else {}

    def _begin(self) -> None:
        day = datetime.now(UTC).date().isoformat()
        there = [int(n[1]) for p in self._day(day).glob("*.gz") if (n := re.fullmatch(r"part_(\d+)\.gz", p.name))]
        self._state = {
            "asked": _plain(self._asked),
            "day": day,
            "next": max(there, default=-1) + 1,
            "part": 0,
            "cursor": "*",
            "announced": None,
            "came": 0,
            "files": [],
            "truncated": [],
            **self._institutions(),
        }
        self._write_note()

    def _institutions(self) -> dict[str, list[str]]:
        """The ROR ids asked for with those of all institutions below them, and those of which OpenAlex knows none.

        That no work is tied to the latter is not to say that there is none.
        """
        waiting, known, seen = set(self._asked.rors), set[str](), set[str]()
        while waiting:
            seen |= waiting
            below: set[str] = set()
            for part in _parts(sorted(waiting)):
                chosen = {"filter": f"ror:{'|'.join(part)}", "select": _INSTITUTION, "per_page": _PER_PAGE}
                url, answer = self._ask("institutions", chosen)
                for found in _list(answer, "results", url):
                    known.add(_ror(found, url))
                    below |= {_ror(c, url) for c in _children(found) if c.get("ror")}
            waiting = below - seen
            if len(seen) > _MOST_RORS:
                raise UsageError(f"more than {_MOST_RORS:,} institutions are below these", "ask for fewer at once")
        unknown = sorted(set(self._asked.rors) - known)
        if self._asked.rors and len(unknown) == len(self._asked.rors):
            raise MacawError(
                f"OpenAlex knows no institution with the ROR ids {', '.join(unknown[:5])}",
                "look for the organisation at https://ror.org/search",
            )
        return {"rors": sorted(seen), "unknown_rors": unknown}

    def _pages(self, chosen: str) -> Iterator[tuple[list[dict[str, Any]], str | None]]:
        """The pages from where the note stands: works, and the cursor of the next page, None after the last."""
        cursor = self._state["cursor"]
        while cursor:
            asked = {"filter": chosen, "select": ",".join(read_fields()), "per_page": _PER_PAGE, "cursor": cursor}
            url, answer = self._ask("works", asked)
            records = _list(answer, "results", url)
            meta = answer.get("meta")
            if not isinstance(meta, dict) or type(meta.get("count")) is not int or "next_cursor" not in meta:
                raise MacawError(f"{url}: the answer has no 'meta' with 'count' and 'next_cursor'", _CHANGED)
            if self._state["announced"] is None:
                self._require_bounded(meta["count"])
                self._state["announced"] = meta["count"]
            onward = meta["next_cursor"] if records else None
            if onward is not None and (not isinstance(onward, str) or onward == cursor):
                raise MacawError(f"{url}: the cursor {onward!r} leads nowhere", _CHANGED)
            yield [self._whole(r, url) for r in records], onward
            cursor = onward
            self._progress(f"openalex: {self._state['came']:,} of {self._state['announced']:,} works")
            self._require_bounded(self._state["came"])

    def _require_bounded(self, works: int) -> None:
        if works > self._most:
            raise UsageError(
                f"{works:,} works and more, the limit is {self._most:,}",
                "ask for fewer years, raise it with --most N, or copy the snapshot (docs/openalex.md)",
            )

    def _whole(self, record: Any, url: str) -> dict[str, Any]:
        """A work with all its authors: a list gives the first hundred, the work by itself all."""
        named = _WORK.fullmatch(str(record.get("id"))) if isinstance(record, dict) else None
        if named is None:
            raise MacawError(f"{url}: a result has no 'id' of a work", _CHANGED)
        if not _may_be_cut(record):
            return dict(record)
        address, whole = self._ask(f"works/{named[1]}", {"select": ",".join(read_fields())})
        if not isinstance(whole.get("authorships"), list):
            raise MacawError(f"{address}: the answer has no list 'authorships'", _CHANGED)
        if len(whole["authorships"]) == _AUTHORS_LISTED and _says_cut(whole):
            self._state["truncated"].append(named[1])
        return {**record, "authorships": whole["authorships"]}

    def _ask(self, what: str, parameters: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        url = str(httpx.URL(f"https://{HOST}/{what}", params=parameters))
        try:
            answer = get_json(self._client, url, self._folder, limit=_LARGEST_PAGE)
        except (RefusedError, TransientError) as error:
            raise MacawError(error.what, _REMEDIES.get(error.status, _AGAIN)) from None
        if not isinstance(answer, dict):
            raise MacawError(f"{url}: the answer is not an object", _CHANGED)
        return url, answer

    def _keep(self, records: list[dict[str, Any]], cursor: str | None) -> None:
        """Write a page as a file of its partition, then note it: a file that no note names does not count."""
        if records:
            target = self._day(self._state["day"]) / f"part_{self._state['next']:05}.gz"
            with atomic(target) as temporary:
                lines = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
                temporary.write_bytes(gzip.compress(lines.encode("utf-8", "surrogatepass"), mtime=0))
            self._state["files"].append(
                {
                    "path": target.relative_to(self._folder).as_posix(),
                    "records": len(records),
                    "bytes": target.stat().st_size,
                    "sha256": hash_file(target),
                }
            )
        self._state |= {"next": self._state["next"] + 1, "came": self._state["came"] + len(records), "cursor": cursor}
        self._write_note()

    def _require_all(self) -> None:
        announced, came = self._state["announced"] or 0, self._state["came"]
        if announced - came > _SHORT * announced:
            (self._folder / _NOTE).unlink(missing_ok=True)
            raise MacawError(
                f"OpenAlex announced {announced:,} works and gave {came:,}",
                "run the same command again; it starts anew",
            )

    def _finish(self) -> Collected:
        files = self._state["files"]
        entries = [
            {"url": f["path"], "meta": {"content_length": f["bytes"], "record_count": f["records"]}} for f in files
        ]
        write_json(self._folder / "works" / "manifest", {"entries": entries})
        works = sum(f["records"] for f in files)
        listing = {
            "format": 1,
            "asked": self._state["asked"],
            "rors": self._state["rors"],
            "filters": self._filters(),
            "fetched": datetime.now(UTC).isoformat(timespec="seconds"),
            "works": works,
            "truncated": self._state["truncated"],
            "unknown_rors": self._state["unknown_rors"],
            "files": files,
        }
        write_json(self._folder / LISTING, listing)
        self._clear({f["path"] for f in files})
        return Collected(self._folder, works, len(files), False, tuple(self._state["unknown_rors"]))

    def _clear(self, kept: set[str]) -> None:
        """Remove the files of an earlier fetch, and the note."""
        for path in (self._folder / "works").rglob("*.gz"):
            if path.relative_to(self._folder).as_posix() not in kept:
                path.unlink()
        (self._folder / _NOTE).unlink(missing_ok=True)

    def _day(self, day: str) -> Path:
        return self._folder / "works" / f"updated_date={day}"

    def _write_note(self) -> None:
        write_json(self._folder / _NOTE, self._state)


def _ror(institution: Any, url: str) -> str:
    found = _ROR.fullmatch(str(institution.get("ror"))) if isinstance(institution, dict) else None
    if found is None:
        raise MacawError(f"{url}: an institution has no 'ror'", _CHANGED)
    return found[1].lower()


def _children(institution: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for other in institution.get("associated_institutions") or ():
        if isinstance(other, dict) and other.get("relationship") == "child":
            yield other


def _may_be_cut(record: dict[str, Any]) -> bool:
    authorships = record.get("authorships")
    return _says_cut(record) or (isinstance(authorships, list) and len(authorships) >= _AUTHORS_LISTED)


def _says_cut(record: dict[str, Any]) -> bool:
    return bool(record.get("is_authors_truncated") or record.get("authorships_truncated"))


def _plain(asked: Asked) -> dict[str, Any]:
    """What was asked as JSON holds it."""
    assert asked.kind in KINDS
    return asdict(asked) | {"rors": list(asked.rors)}


def _list(answer: dict[str, Any], key: str, url: str) -> list[Any]:
    found = answer.get(key)
    if not isinstance(found, list):
        raise MacawError(f"{url}: the answer has no list {key!r}", _CHANGED)
    return found


def _json(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text("utf-8"))
    except (ValueError, OSError) as error:
        raise MacawError(f"{path}: cannot be read ({error})", "delete it and run the same command again") from None
    return document if isinstance(document, dict) else {}
