"""The monthly run: fetch, build, check, diff, release and site, one after the other, each whole or not at all.

Every stage keeps what is finished: fetched files, steps of the build, a release made of the same build. So the same
command goes on where it was stopped.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from macaw import api, provenance
from macaw.errors import MacawError, UsageError
from macaw.organisations import check as registry_check
from macaw.release import diff_report
from macaw.release.diff import diff
from macaw.release.downloads import check_releasable
from macaw.release.freeze import freeze
from macaw.release.side import SHIPPED, built_from
from macaw.sources import origin, origins
from macaw.sources.fetch import fetch as fetch_source

DIFF = "diff.json"
Say = Callable[[str], None]


@dataclass
class Run:
    """One monthly run: where it works, under what name, and what it found.

    In `folder`: `build`, `releases/NAME` with the values and `diff.json`, and `site`.
    """

    folder: Path
    name: str
    data: Path
    sources: tuple[str, ...]
    force: bool = False
    strict: bool = False
    url: str = ""
    say: Say = lambda text: None
    progress: Say = lambda step: None
    warnings: int = 0
    done: list[str] = field(default_factory=list)

    @property
    def build(self) -> Path:
        """The folder of the build."""
        return self.folder / "build"

    @property
    def release(self) -> Path:
        """The folder of this run's release."""
        return self.folder / "releases" / self.name

    @property
    def site(self) -> Path:
        """The folder of the site."""
        return self.folder / "site"

    @property
    def previous(self) -> str:
        """The release before this one: the last by name in `releases`, else the shipped one."""
        earlier = [r for r in releases(self.folder / "releases") if r.name < self.name]
        return str(earlier[-1]) if earlier else SHIPPED


def this_month() -> str:
    """The usual name of a release, by the calendar of UTC."""
    return datetime.now(UTC).strftime("%Y-%m")


def data_folder(*, fetched: bool) -> Path:
    """The folder that `macaw fetch` fills; where nothing is fetched the one that a build would take."""
    return api.fetched_folder() if fetched else api.data_folder()


def to_fetch(names: Sequence[str]) -> tuple[str, ...]:
    """The sources to fetch: those named, or all that can be and whose values may be released.

    Raises `UsageError` for one that is unknown or cannot be fetched.
    """
    for name in names:
        if not origin(name).is_fetched:
            raise UsageError(f"source {name} cannot be fetched", f"see {origin(name).url_main} for how to get it")
    return tuple(names) or tuple(o.name for o in origins().values() if o.is_fetched and o.values_may_be_released)


def releases(folder: Path) -> list[Path]:
    """The releases below a folder, by name."""
    return sorted(f.parent for f in folder.glob("*/release.json") if not f.parent.name.startswith("."))


def update(run: Run) -> Run:
    """Run every stage. Raises `MacawError` naming the stage that failed; what was finished before it stays.

    Raises `UsageError` for a name that is none of a folder.
    """
    if not _NAME.fullmatch(run.name):
        raise UsageError(f"release name {run.name!r}", "take letters, digits, - . _ as in 2026-11")
    with _locked(run.folder):
        for name, (stage, _) in STAGES.items():
            try:
                stage(run)
            except UsageError:
                raise
            except MacawError as error:
                raise MacawError(f"update stopped at {name}: {error.what}", error.remedy or _AGAIN) from error
            except OSError as error:
                told = provenance.cannot_write(Path(error.filename or run.folder), error)
                raise MacawError(f"update stopped at {name}: {told.what}", told.remedy) from error
            run.done.append(name)
    return run


_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_AGAIN = "mend it and run the same command again: what is finished is kept"


def planned(run: Run) -> Iterator[tuple[str, str]]:
    """Name of each stage and what it would do; nothing is fetched or written."""
    for name, (_, would) in STAGES.items():
        yield name, would(run)


# -- fetch -----------------------------------------------------------------------------------------------


def _fetch(run: Run) -> None:
    for name in run.sources:
        found = fetch_source(name, run.data, force=run.force)
        run.say(f"fetch: {name}: {found.new} new, {found.kept} kept, {found.missing} not published")
    if not run.sources:
        run.say("fetch: nothing to fetch")


def _would_fetch(run: Run) -> str:
    if not run.sources:
        return "nothing"
    again = "all files again" if run.force else "files that are not there yet"
    return f"{again} of {', '.join(run.sources)} → {run.data}"


# -- build -----------------------------------------------------------------------------------------------


def _build(run: Run) -> None:
    report = api.build(run.data, run.build, run.progress, releasable=True)
    if report.left_out:
        run.say(f"build: left out, since their values may not be released: {', '.join(report.left_out)}")
    refused = sum(n for _, _, n in report.refused)
    if refused:
        run.say(f"build: {refused:,} records refused, listed in {run.build / 'rejected.csv'}")
    run.say(f"build: {report.rows['values']:,} values ({len(report.ran)} steps run, {len(report.kept)} kept)")


def _would_build(run: Run) -> str:
    if not run.data.is_dir():
        return f"from {run.data}, which is not there yet → {run.build}"
    held = [o for o in origins().values() if any(f.is_file() for p in o.patterns for f in run.data.glob(p))]
    sources = [o.name for o in held if o.values_may_be_released]
    closed = [o.name for o in held if not o.values_may_be_released]
    said = f"from {', '.join(sources) or 'what is fetched'}"
    said += f", without {', '.join(closed)} (values may not be released)" if closed else ""
    there = "what has not changed is kept" if (run.build / "build.json").is_file() else "every step"
    return f"{said}, {there} → {run.build}"


# -- check -----------------------------------------------------------------------------------------------


def _check(run: Run) -> None:
    broken = registry_check.findings(registry_check.validate())
    if broken:
        named = "; ".join(f"registry/{each.where}: {each.what}" for each in broken[:3])
        raise MacawError(f"the registry breaks {len(broken)} of its rules: {named}", "run: macaw registry check")
    observatory = api.Observatory(run.build)
    check_releasable(observatory, private=False)
    if not observatory.table("values").num_rows:
        raise MacawError(f"{run.build}: holds no value", "see what was refused: rejected.csv beside it")
    alarms = sum(1 for a in observatory.table("drift")["alarm"].to_pylist() if a)
    run.say(f"check: licences and registry are in order; {alarms} series drifted (macaw drift --build {run.build})")


def _would_check(run: Run) -> str:
    return "licences of the sources read, rules of the registry, drift"


# -- diff and release ------------------------------------------------------------------------------------


def _diff(run: Run) -> None:
    _clean(run)
    if _is_made(run):
        document = provenance.read_json(run.release / DIFF)
        run.say(f"diff: as written in {run.release / DIFF}")
    else:
        document = diff_report.document(diff(run.previous, run.build))
        document["new"] = run.name
        with provenance.atomic(_staged(run) / DIFF) as temporary:
            temporary.write_text(json.dumps(document, ensure_ascii=False) + "\n", "utf-8")
    run.warnings = len(document["warnings"])
    causes = ", ".join(f"{c['alone'] + c['with_others']:,} {c['name']}" for c in document["causes"])
    said = f"{document['differ']:,} of {document['compared']:,} values differ from {document['old']}"
    run.say(f"diff: {said}" + (f" ({causes})" if causes else ""))
    # A release from before they were told apart does not say.
    lost = document.get("kinds", {}).get("no_longer_told", 0)
    if lost:
        run.say(
            f"diff: {lost:,} values of {document['old']} are no longer told; see macaw diff {run.previous} {run.build}"
        )
    if run.warnings:
        run.say(f"diff: WARNING: {run.warnings:,} values lie beyond their own interval of {document['old']}")
    if run.warnings and run.strict:
        again = f"see: macaw diff {run.previous} {run.build}; if they are right, run again without --strict"
        raise MacawError(f"{run.warnings:,} values lie beyond their own interval of {document['old']}", again)


def _would_diff(run: Run) -> str:
    return f"{run.previous} against {run.build}" + (", stopping at a warning" if run.strict else "")


def _release(run: Run) -> None:
    if _is_made(run):
        run.say(f"release: {run.name} is there already, made from this build")
        return
    staged = _staged(run)
    rows = freeze(run.build, staged, run.name)
    staged.replace(run.release)
    run.say(f"release: {rows['values']:,} values → {run.release}")


def _would_release(run: Run) -> str:
    if run.release.is_dir():
        return f"{run.name} is there already; kept if it was made from this build, refused otherwise"
    return f"values that may be redistributed, as {run.name} → {run.release}"


def _staged(run: Run) -> Path:
    return run.release.with_name(f".{run.name}.new")


def _clean(run: Run) -> None:
    """Remove what an interrupted run left of an unfinished release."""
    shutil.rmtree(_staged(run), ignore_errors=True)


def _is_made(run: Run) -> bool:
    """Whether the release is there; `MacawError` where it was made of something else."""
    if not (run.release / "release.json").is_file():
        return False
    kept: dict[str, Any] = provenance.read_json(run.release / "release.json").get("built_from", {})
    now = built_from(provenance.read_json(run.build / "build.json"))
    if kept != json.loads(json.dumps(now)) or not (run.release / DIFF).is_file():
        raise MacawError(
            f"{run.release}: the release {run.name} was made from another build", "give another name: --name"
        )
    return True


# -- site ------------------------------------------------------------------------------------------------


def _site(run: Run) -> None:
    try:
        from macaw.site import make
    except ModuleNotFoundError as error:
        raise MacawError(
            f"the website needs the package {error.name}", "install it: pip install 'macaw-observatory[site]'"
        ) from None
    report = make(api.Observatory(run.build), run.site, run.progress, url=run.url)
    run.say(f"site: {report.pages:,} pages → {run.site / 'index.html'}")


def _would_site(run: Run) -> str:
    return f"{'in place of the one there ' if run.site.is_dir() else ''}→ {run.site}"


STAGES: dict[str, tuple[Callable[[Run], None], Callable[[Run], str]]] = {
    "fetch": (_fetch, _would_fetch),
    "build": (_build, _would_build),
    "check": (_check, _would_check),
    "diff": (_diff, _would_diff),
    "release": (_release, _would_release),
    "site": (_site, _would_site),
}


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Only one run at a time works in a folder."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / ".update.lock", timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise MacawError(f"{folder}: another update is running here", "wait for it, or choose another folder") from None
    except OSError as error:
        raise provenance.cannot_write(folder, error) from error
    try:
        yield
    finally:
        lock.release()
