"""Kills builds and downloads at random moments and shows that nothing is lost and nothing half-written is read.

    python benchmarks/faults.py --trials 200 --seed 1 --data src/macaw/demo

Each trial starts `macaw build` (or a download) in a process of its own, forked from one that has imported everything so
that no time is lost on starting, and ends it with SIGKILL: at a random time, or just before or after a random renaming
of a file, among them those that publish a build. What then stands must be the last good build as a whole or none; the
next trial goes on with what is there. Whenever a build ends, it must be equal to one that was never disturbed, file by
file, and the data change, so that later kills hit rebuilds too.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NoReturn

import macaw
from macaw import cli, pipeline, provenance, registry
from macaw.errors import MacawError
from macaw.indicators import Specification
from macaw.indicators.values import Block
from macaw.sources.download import Policy, download, new_client

PAPERS = "paperlists/cvpr/cvpr2017.json"
LOCAL = Policy(schemes=("http",), private_hosts=True)
KINDS = ("time", "rename", "download")
# How often each kind is drawn.
WEIGHTS = (4, 5, 1)
# A build is killed some twenty times before it ends, after so many seconds or renamings.
_KILLS = 25
_RENAMES = 25


class LostError(Exception):
    """What stands after a kill is not what may stand."""


# -- the process that is killed --------------------------------------------------------------------------------


def fetch(url: str, target: Path) -> None:
    """Download a file from this machine."""
    with new_client() as client:
        download(client, url, target, policy=LOCAL)


def build(data: Path, out: Path, *, few: bool) -> None:
    """Run `macaw build`."""
    if few:
        one_specification()
    cli.main(["build", "--data", str(data), "--out", str(out)])


def one_specification() -> None:
    """Publish one specification only, so that a build takes seconds."""
    block = Block("places", ("papers",), (Specification(venues="CVPR"),))
    pipeline.published = lambda: (block,)  # type: ignore


def _die_at_rename(at: int) -> None:
    """Die at the renaming of that number (negative: after it; 0: never)."""
    true, counted = os.replace, Counter[str]()

    def replace(source: str, target: str) -> None:
        counted["renames"] += 1
        if counted["renames"] == at:
            os.kill(os.getpid(), signal.SIGKILL)
        true(source, target)
        if counted["renames"] == -at:
            os.kill(os.getpid(), signal.SIGKILL)

    os.replace = replace  # type: ignore[assignment]


def _killed(act: Callable[[], None], at: int, moment: float | None, log: Path) -> bool:
    """Do something in a process that dies at a renaming or is killed after some seconds; whether it was killed."""
    process = os.fork()
    if process == 0:
        _apart(act, at, log)
    ends = None if moment is None else time.monotonic() + moment
    while True:
        found, status = os.waitpid(process, 0 if ends is None else os.WNOHANG)
        if found:
            break
        if ends is not None and time.monotonic() > ends:
            os.kill(process, signal.SIGKILL)
            ends = None
        time.sleep(0.005)
    if os.WIFSIGNALED(status):
        return True
    if os.WEXITSTATUS(status):
        raise LostError(f"what goes on after a kill fails: {log.read_text('utf-8')[-2000:]}")
    return False


def _apart(act: Callable[[], None], at: int, log: Path) -> NoReturn:
    """Do something in a forked process and end it, whatever happens."""
    code = 1
    try:
        with log.open("w", encoding="utf-8") as stream:
            sys.stdout = sys.stderr = stream
            _die_at_rename(at)
            try:
                act()
                code = 0
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else 1
            except BaseException:
                traceback.print_exc()
    finally:
        os._exit(code)


# -- what may stand --------------------------------------------------------------------------------------------


def contents(out: Path) -> dict[str, str]:
    """SHA-256 of every published table, as Parquet and CSV."""
    files = [*out.glob("parquet/*.parquet"), *out.glob("csv/*.csv"), out / "rejected.csv"]
    return {f.relative_to(out).as_posix(): provenance.hash_file(f) for f in files if not f.name.startswith(".")}


def require_whole(out: Path, allowed: Sequence[Mapping[str, str]]) -> str:
    """What a reader finds: `none`, or `whole` for a build equal to an allowed one; `LostError` for anything else."""
    try:
        macaw.open(out)
    except MacawError as error:
        if "not a finished build" in str(error) or "no such folder" in str(error):
            return "none"
        raise LostError(f"cannot be opened: {error}") from error
    found = contents(out)
    if all(found != whole for whole in allowed):
        raise LostError(f"half a build is read; other than whole ones: {_difference(found, allowed)}")
    told = json.loads((out / "build.json").read_text("utf-8"))["steps"]
    for step in told.values():
        for table, entry in step["tables"].items():
            if found[f"parquet/{table}.parquet"] != entry["sha256"]:
                raise LostError(f"build.json tells of another {table}")
    return "whole"


def _difference(found: Mapping[str, str], allowed: Sequence[Mapping[str, str]]) -> list[str]:
    return min(
        ([n for n in {*found, *whole} if found.get(n) != whole.get(n)] for whole in allowed), key=len, default=[]
    )


# -- builds ----------------------------------------------------------------------------------------------------


@dataclass
class World:
    """Two states of a data folder and what a build of each must be."""

    folder: Path
    few: bool
    seconds: float = 0.0
    wholes: list[dict[str, str]] = field(default_factory=list)

    def prepare(self, data: Path) -> None:
        """Copy the data twice, the second with a paper less, and build both without disturbance."""
        shutil.copytree(data, self.data(0))
        shutil.copytree(data, self.data(1))
        papers = self.data(1) / PAPERS
        papers.write_text(json.dumps(json.loads(papers.read_text("utf-8"))[:-1], ensure_ascii=False), "utf-8")
        out = self.folder / "undisturbed"
        for state in (0, 1):
            started = time.perf_counter()
            self.build(state, out, 0, None)
            self.seconds = max(self.seconds, time.perf_counter() - started)
            self.wholes.append(contents(out))
        if self.wholes[0] == self.wholes[1]:
            raise LostError("the two states of the data give the same build")

    def data(self, state: int) -> Path:
        """The data folder of a state."""
        return self.folder / f"data{state}"

    def build(self, state: int, out: Path, at: int, moment: float | None) -> bool:
        """Build a state; whether the build was killed, at a renaming or after some seconds."""
        return _killed(lambda: build(self.data(state), out, few=self.few), at, moment, self.folder / "log")


@dataclass
class Outcome:
    """What was done and found."""

    kills: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    finished: int = 0
    seconds: float = 0.0

    def lines(self) -> Iterator[str]:
        """The outcome in words."""
        yield f"{sum(self.kills.values())} kills in {self.seconds:,.0f} s: " + ", ".join(
            f"{n} at {kind}" for kind, n in sorted(self.kills.items())
        )
        yield "found afterwards: " + ", ".join(f"{n} {what}" for what, n in sorted(self.found.items()))
        yield f"{self.finished} builds and downloads ended, each equal to one never disturbed"


def run(data: Path, folder: Path, *, trials: int, seed: int, few: bool, say: Callable[[str], None]) -> Outcome:
    """Kill `trials` times; raises `LostError` for the first thing that may not be."""
    chance = random.Random(seed)
    world = World(folder, few)
    world.prepare(data)
    say(f"undisturbed: {world.seconds:.1f} s")
    outcome, state, out = Outcome(), 0, folder / "out"
    started, kills = time.perf_counter(), 0
    with _server() as publisher:
        while kills < trials:
            (kind,) = chance.choices(KINDS, WEIGHTS)
            if kind == "download":
                killed = _download(publisher, folder, chance, outcome)
            else:
                killed = _build(world, state, out, kind, chance)
                outcome.found[f"{require_whole(out, world.wholes)} build"] += 1
                if not killed:
                    _require_equal(contents(out), world.wholes[state])
                    outcome.finished += 1
                    state = 1 - state
            if killed:
                kills += 1
                outcome.kills[kind] += 1
                say(f"{kills:4} {kind:8} so far {dict(outcome.found)}, {outcome.finished} ended")
    _last(world, state, out, outcome)
    outcome.seconds = time.perf_counter() - started
    return outcome


def _build(world: World, state: int, out: Path, kind: str, chance: random.Random) -> bool:
    """Start a build and kill it; whether it was killed rather than done."""
    at = chance.choice((1, -1)) * chance.randint(1, _RENAMES) if kind == "rename" else 0
    moment = chance.expovariate(_KILLS / world.seconds) if kind == "time" else None
    return world.build(state, out, at, moment)


def _last(world: World, state: int, out: Path, outcome: Outcome) -> None:
    """Let the last build end."""
    world.build(state, out, 0, None)
    _require_equal(contents(out), world.wholes[state])
    outcome.finished += 1


def _require_equal(found: Mapping[str, str], whole: Mapping[str, str]) -> None:
    if found != whole:
        raise LostError(f"a build that was killed and went on differs: {_difference(found, [whole])}")


# -- downloads -------------------------------------------------------------------------------------------------


class Publisher(ThreadingHTTPServer):
    """Serves one file slowly, in parts where asked, and another version of it when told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.body = b""

    def publish(self, body: bytes) -> None:
        """Replace the file."""
        self.body = body

    @property
    def url(self) -> str:
        """The file's address."""
        return f"http://127.0.0.1:{self.server_address[1]}/file"


class _Handler(BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self) -> None:
        body = self.server.body
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        start = 0
        asked = self.headers.get("Range", "")
        if asked and self.headers.get("If-Range") == etag:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        else:
            self.send_response(200)
        self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        try:
            for at in range(start, len(body), 4096):
                self.wfile.write(body[at : at + 4096])
                time.sleep(0.01)
        except OSError:
            # The client was killed.
            return

    def log_message(self, *arguments: object) -> None:
        """Nothing is logged."""


@contextmanager
def _server() -> Iterator[Publisher]:
    publisher = Publisher()
    thread = threading.Thread(target=publisher.serve_forever, daemon=True)
    thread.start()
    try:
        yield publisher
    finally:
        publisher.shutdown()
        publisher.server_close()


def _download(publisher: Publisher, folder: Path, chance: random.Random, outcome: Outcome) -> bool:
    """Kill one download; what stands is the last whole file or none. Then let one end."""
    target = folder / "downloads" / "file.json"
    if not publisher.body or chance.random() < 0.5:
        publisher.publish(chance.randbytes(chance.randint(1, 400_000)))
    before = target.read_bytes() if target.is_file() else None
    log = folder / "log"
    at = chance.choice((0, 0, 1, -1))
    killed = _killed(lambda: fetch(publisher.url, target), at, chance.uniform(0, 1) if at == 0 else None, log)
    found = target.read_bytes() if target.is_file() else None
    if found not in (before, publisher.body):
        raise LostError("half a download has the name of a whole one")
    outcome.found["download not there" if found is None else "whole download"] += 1
    _killed(lambda: fetch(publisher.url, target), 0, None, log)
    if target.read_bytes() != publisher.body:
        raise LostError("a download that was killed and went on differs")
    outcome.finished += 1
    return killed


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=pipeline.DEMO)
    parser.add_argument("--few", action="store_true", help="build one specification only: seconds instead of a minute")
    given = parser.parse_args()
    # So that no child has to read them.
    registry.tables()
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(
            given.data,
            Path(folder),
            trials=given.trials,
            seed=given.seed,
            few=given.few,
            say=lambda line: print(line, file=sys.stderr, flush=True),
        )
    print("\n".join(outcome.lines()))


if __name__ == "__main__":
    main()
