"""Joins scores of models with countries and days of release, and measures the frontiers on them.

Epoch AI's index names countries and days itself; of days that stand for a month the whole month may be meant, and
where its lists of models give another day within a month for the same model, any day between. LMArena names neither:
its organisations go through the matcher, and its models get the day of the Epoch AI model of the same name, or the day
that their own name holds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from macaw.indicators.frontier import Estimate, Models, Numbers, Side, estimates
from macaw.schema import to_table

if TYPE_CHECKING:
    import duckdb

INDEX, ARENA = "epoch_index", "arena"
LEADER = "USA"
# Dates of statements that are checked; beside them the end of each month, and the last day of each measure.
ASKED = ("2024-02-21", "2024-10-29")
# A two-sided 95 % interval is this many standard errors wide.
WIDTH_95 = 2 * 1.96
SAME_RELEASE = timedelta(days=31)
# Days that a source may write where it knows the month only.
MONTH_DAYS = (1, 15)

# Words that tell a way to use a model, not another model.
_USES = frozenset("instruct chat it api bf16 fp8 preview latest beta hf online meta".split())
_DATES = (
    re.compile(r"(?P<y>20\d\d)-?(?P<m>\d\d)-?(?P<d>\d\d)(?!\d)"),
    re.compile(r"\((?P<m>\d\d)-(?P<y>20\d\d)\)"),
    re.compile(r"(?<!\d)(?P<y>2[3-9])(?P<m>0[1-9]|1[0-2])(?!\d)"),
)
_DAY_OF_YEAR = re.compile(r"(?<![\d.])(?P<m>0[1-9]|1[0-2])-?(?P<d>[0-3]\d)(?!\d)")


@dataclass(frozen=True)
class Release:
    """When a model was released: the day as given, the days it may mean, and what said so."""

    day: str | None
    earliest: str | None
    latest: str | None
    said_by: str


UNKNOWN = Release(None, None, None, "nothing")


def release(text: str, said_by: str, other: str | None = None) -> Release:
    """A release on a day or in a month (`YYYY-MM`; the 1st and the 15th may stand for one too).

    Another source's day within a month of it widens the days it may mean.

    >>> release("2023-06-01", "index").latest, release("2024-02-29", "index", "2024-03-04").latest
    ('2023-06-30', '2024-03-04')
    """
    day = date.fromisoformat(text if len(text) == 10 else f"{text}-01")
    earliest = latest = day
    if len(text) == 7 or day.day in MONTH_DAYS:
        earliest, latest = day.replace(day=1), _month_end(day)
    if other and len(other) == 10 and abs((second := date.fromisoformat(other)) - day) <= SAME_RELEASE:
        earliest, latest = min(earliest, second), max(latest, second)
    return Release(day.isoformat(), earliest.isoformat(), latest.isoformat(), said_by)


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def key(name: str) -> str:
    """A model's name without case, spaces and punctuation.

    >>> key("Claude 3.5 Sonnet (20241022)") == key("claude-3-5-sonnet-20241022")
    True
    """
    return "".join(re.findall(r"[^\W_]+|\+", name.casefold()))


def loose_key(name: str) -> str:
    """The same without words for a way of use, sorted out word by word.

    >>> loose_key("Meta-Llama-3.1-405b-Instruct-bf16") == loose_key("Llama 3.1-405B")
    True
    """
    return "".join(word for word in re.findall(r"[^\W_]+|\+", name.casefold()) if word not in _USES)


def date_in_name(name: str, first_seen: str | None) -> str | None:
    """The day (or month) of release that a model's name holds; None if it holds none.

    A day without a year (`-0827`) is the last such day before the model was first seen; None for `first_seen` says
    that it may have been there for years.

    >>> date_in_name("ChatGPT-4o-latest (2024-09-03)", None), date_in_name("Command R+ (08-2024)", None)
    ('2024-09-03', '2024-08')
    >>> date_in_name("Gemini-1.5-Pro-Exp-0827", "2024-08-31"), date_in_name("Mistral-Small-2506", "2025-07-18")
    ('2024-08-27', '2025-06')
    >>> date_in_name("Deepseek-v2.5-1210", "2025-01-31"), date_in_name("GPT-3.5-Turbo-0314", None)
    ('2024-12-10', None)
    """
    for pattern in _DATES:
        if found := pattern.search(name):
            parts = found.groupdict()
            year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
            return _iso(year, int(parts["m"]), int(parts.get("d") or 0))
    found = _DAY_OF_YEAR.search(name)
    if not found or first_seen is None:
        return None
    year = int(first_seen[:4])
    days = (_iso(y, int(found["m"]), int(found["d"])) for y in (year, year - 1))
    return next((day for day in days if day and day <= first_seen), None)


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        made = date(year, month, day or 1)
    except ValueError:
        return None
    return made.isoformat() if day else made.isoformat()[:7]


class Releases:
    """Epoch AI's days of release by name, for models of other sources."""

    def __init__(self, index: Iterable[tuple[str, str, str | None, str]], lists: Iterable[tuple[str, str]]) -> None:
        """`index`: version, model, shown name and day; `lists`: model and day."""
        self.listed = dict(lists)
        versions: list[tuple[str, str]] = []
        models = list(self.listed.items())
        for version, model, shown, day in index:
            versions += [(name, day) for name in (version, shown) if name]
            models.append((model, day))
        self._versions = _earliest((key(name), day) for name, day in versions)
        self._models = _earliest((key(name), day) for name, day in models)
        self._loose = _earliest((loose_key(name), day) for name, day in [*models, *versions])

    def of(self, name: str, seen: str, *, may_be_older: bool = False) -> Release:
        """The release of a model of that name: by version, by the day in the name, by model, by model loosely.

        `seen` is the day of the first copy that has it, before which it came out: another day is another model's.
        `may_be_older` says that this is the first copy of all, so that a day without a year tells nothing.
        """
        ways = (
            (self._versions.get(key(name)), "version"),
            (date_in_name(name, None if may_be_older else seen), "name"),
            (self._models.get(key(name)), "model"),
            (self._loose.get(loose_key(name)), "model, loosely"),
        )
        return next((release(day, said_by) for day, said_by in ways if day and day <= seen), UNKNOWN)


def _earliest(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, day in pairs:
        found[name] = min(day, found.get(name, day))
    return found


# -- tables ----------------------------------------------------------------------------------------------


def frontier_models_table(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """The table `frontier_models`: scored models with countries and releases."""
    index = con.execute(
        """select record, title, model_name, shown_name, released, score, low, high
        from source_index_scores
        order by record"""
    ).fetchall()
    releases = Releases(
        [(title, model, shown, day) for _, title, model, shown, day, *_ in index],
        con.execute("select title, released from models order by record").fetchall(),
    )
    rows = [*_index_rows(con, index, releases), *_arena_rows(con, releases)]
    return to_table("frontier_models", rows)


def _index_rows(con: duckdb.DuckDBPyConnection, index: list[Any], releases: Releases) -> Iterator[tuple[object, ...]]:
    countries: dict[str, set[str]] = defaultdict(set)
    for record, country in con.execute(
        "select record, country from record_parts where part_kind = 'country' and country is not null"
    ).fetchall():
        countries[record].add(country)
    for record, title, model, _, day, score, low, high in (row for row in index if row[5] is not None):
        # Another version of a model has a day of its own.
        made = release(day, "index", releases.listed.get(model) if key(title) == key(model) else None)
        behind: list[str | None] = [*sorted(countries[record])]
        for country in behind or [None]:
            yield INDEX, None, record, title, country, *vars(made).values(), score, _error(low, high)


def _arena_rows(con: duckdb.DuckDBPyConnection, releases: Releases) -> Iterator[tuple[object, ...]]:
    rows = con.execute(
        """select s.measured, s.title, o.country, s.score, s.low, s.high
        from source_arena_scores as s
        left join matches as m on m.raw_name = s.raw_name and m.organisation is not null and not m.is_ancestor
        left join organisations as o on o.organisation = m.organisation
        group by s.measured, s.title, o.country, s.score, s.low, s.high
        order by s.measured, s.title, o.country"""
    ).fetchall()
    first_copy = rows[0][0] if rows else None
    first_seen: dict[str, str] = {}
    for measured, title, *_ in rows:
        first_seen.setdefault(key(title), measured)
    for measured, title, country, score, low, high in rows:
        seen = first_seen[key(title)]
        made = releases.of(title, seen, may_be_older=seen == first_copy)
        record = f"lmarena:{measured}/{key(title)}"
        yield ARENA, measured, record, title, country, *vars(made).values(), score, _error(low, high)


def _error(low: float | None, high: float | None) -> float:
    """The standard error behind a 95 % interval; 0 where there is none."""
    return 0.0 if low is None or high is None else (high - low) / WIDTH_95


def frontiers_table(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """The table `frontiers`: every measure of every country behind the leader on the dates looked at."""
    listed = con.sql("select * from frontier_models order by all").to_arrow_table().to_pylist()
    rows = []
    for definition, measured, models in _looked_at(listed):
        on = date.fromisoformat(measured)
        for country in sorted({m["country"] for m in models} - {None, LEADER}):
            out = [m for m in models if m["country"] == country and _is_out(m, measured)]
            told = _told(models, out, measured)
            rows += [
                (definition, name, country, LEADER, measured, on.year, e.value, e.low, e.high, len(out), told)
                for name, e in measure(models, country, on).items()
                if e != Estimate(None, None, None)
            ]
    return to_table("frontiers", [tuple(_rounded(v) for v in row) for row in rows])


def _is_out(model: Mapping[str, Any], day: str) -> bool:
    return model["released"] is None or model["released"] <= day


def _told(models: list[dict[str, Any]], follower: list[dict[str, Any]], day: str) -> str:
    """The models that carry the measures: the best of both sides, and the leader's first that was as good."""
    leader = [m for m in models if m["country"] == LEADER and _is_out(m, day)]
    if not leader or not follower:
        return ""
    best, first = _best(follower), _best(leader)
    as_good = [m for m in leader if m["released"] and m["score"] >= best["score"]]
    told = f"best: {_named(best)}; of {LEADER}: {_named(first)}"
    if as_good:
        told += f"; of {LEADER} first as good: {_named(min(as_good, key=lambda m: (m['released'], m['title'])))}"
    return told


def _best(models: list[dict[str, Any]]) -> dict[str, Any]:
    return min(models, key=lambda m: (-m["score"], m["released"] or "", m["title"]))


def _named(model: Mapping[str, Any]) -> str:
    return f"{model['title']} ({model['score']:.4g} points, {model['released'] or 'day unknown'})"


def _looked_at(listed: list[dict[str, Any]]) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Definition, date and the models that were, or may have been, out by then."""
    index = [m for m in listed if m["definition"] == INDEX]
    for day in _days(index):
        yield INDEX, day, [m for m in index if m["earliest"] <= day]
    arena = [m for m in listed if m["definition"] == ARENA]
    for day in sorted({m["measured"] for m in arena}):
        yield ARENA, day, [m for m in arena if m["measured"] == day]


def known_on(listed: list[dict[str, Any]], on: date) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Definition, date and the models known on a day: the index's released by then, the last copy of the arena."""
    day = on.isoformat()
    yield INDEX, day, [m for m in listed if m["definition"] == INDEX and m["earliest"] <= day]
    copy = max((m["measured"] for m in listed if m["definition"] == ARENA and m["measured"] <= day), default=None)
    if copy:
        yield ARENA, copy, [m for m in listed if m["definition"] == ARENA and m["measured"] == copy]


def _days(index: list[dict[str, Any]]) -> list[str]:
    """Ends of months from the first release to the last, the last release, and the dates asked for."""
    if not index:
        return []
    released = [m["released"] for m in index]
    first, last = date.fromisoformat(min(released)), max(released)
    days = {last, *(day for day in ASKED if min(released) <= day <= last)}
    end = _month_end(first)
    while end.isoformat() < last:
        days.add(end.isoformat())
        end = _month_end(end + timedelta(days=1))
    return sorted(days)


def measure(models: list[dict[str, Any]], country: str, on: date) -> dict[str, Estimate]:
    """Every statistic of a country behind the leader, over rows of `frontier_models`."""
    sides: dict[str, set[str]] = defaultdict(set)
    facts: dict[str, Mapping[str, Any]] = {}
    for m in models:
        if m["country"] in (LEADER, country):
            sides[m["record"]].add(m["country"])
            facts[m["record"]] = m
    kept = [facts[record] for record in sorted(facts)]

    def days(column: str) -> Numbers:
        return np.array([np.nan if m[column] is None else date.fromisoformat(m[column]).toordinal() for m in kept])

    def has(side: str) -> Side:
        return np.array([side in sides[m["record"]] for m in kept], dtype=bool)

    score, error = (np.array([m[c] for m in kept], dtype=float) for c in ("score", "error"))
    of = Models(days("released"), days("earliest"), days("latest"), score, error, has(LEADER), has(country))
    return estimates(of, on.toordinal())


def _rounded(value: object) -> object:
    return round(value, 12) if isinstance(value, float) else value
