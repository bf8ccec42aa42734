"""A profile as rows of words, in English or Chinese, for a terminal or a page."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from macaw.claims.text import amount, plain, scientific
from macaw.indicators.pillars import Pillar, pillars
from macaw.indicators.vitality import Vitality
from macaw.profiles.assemble import Line, Profile

LANGUAGES = ("en", "zh")


@cache
def _texts() -> Mapping[str, list[str]]:
    return tomllib.loads(files("macaw.profiles").joinpath("texts.toml").read_text("utf-8"))


def say(key: str, lang: str, **filled: object) -> str:
    """A text of texts.toml in a language, filled.

    >>> say("equal", "zh")
    '等权'
    """
    return _texts()[key][LANGUAGES.index(lang)].format(**filled)


def pillar_name(pillar: Pillar, lang: str) -> str:
    """A pillar's name in a language."""
    return pillar.name_zh if lang == "zh" else pillar.name


def span(first: int, last: int) -> str:
    """A rank, or the ranks that ties share.

    >>> span(3, 3), span(3, 5)
    ('3', '3–5')
    """
    return str(first) if first == last else f"{first}–{last}"


def title(profile: Profile, lang: str) -> str:
    """Names in both languages, country and peers."""
    entity, peers = profile.entity, profile.peers
    names = [entity["name_zh"], entity["name"]] if lang == "zh" else [entity["name"], entity["name_zh"]]
    country = entity["country"] if entity["kind"] == "company" else None
    named = peers.name_zh if lang == "zh" else peers.name
    parts = [" ".join(filter(None, names)), country, say("peers", lang, name=named, n=len(peers.members))]
    return " · ".join(filter(None, parts))


def vitality_lines(profile: Profile, lang: str) -> list[str]:
    """The score, what it rests on, and its ranks."""
    found = profile.vitality
    if found is None:
        return [say("no_score", lang)]
    names = pillars()
    said = [
        say(
            "score",
            lang,
            score=f"{found.score:.0f}",
            known=len(found.known),
            all=len(names),
            names=say("joint", lang).join(pillar_name(names[p], lang) for p in found.known),
        ),
        say("rank_now", lang, rank=span(found.best, found.worst), of=found.of),
        say("rank_all", lang, top=found.top, bottom=found.bottom),
        say("weights", lang, weights=_weights(profile, lang)),
    ]
    if not found.proved:
        said.append(say("unproved", lang))
    if found.lowest < found.highest:
        ends = {"lowest": f"{found.lowest:.0f}", "highest": f"{found.highest:.0f}"}
        said.insert(1, say("missing", lang, **ends))
    return said


def _weights(profile: Profile, lang: str) -> str:
    weights = profile.weights
    if len(set(weights.values())) == 1:
        return say("equal", lang)
    return ", ".join(f"{pillar_name(pillars()[p], lang)} {float(w):g}" for p, w in weights.items())


def rows(profile: Profile) -> list[dict[str, Any]]:
    """A profile as tidy rows: one per indicator, one per pillar of which nothing was collected, the vitality last."""
    entity = {"entity": profile.entity["entity"], "name": profile.entity["name"], "name_zh": profile.entity["name_zh"]}
    found = []
    for pillar in pillars().values():
        found += [entity | _row(line) for line in profile.lines[pillar.id]]
        if not profile.lines[pillar.id]:
            found.append(entity | dict.fromkeys(_COLUMNS) | {"pillar": pillar.id, "status": "L", "leads": False})
    score = _vitality_row(profile.vitality) if profile.vitality else {"status": "O"}
    vitality = dict.fromkeys(_COLUMNS) | {"pillar": "vitality", "indicator": "vitality", "leads": False} | score
    return [row | {"peers": profile.peers.id} for row in [*found, entity | vitality]]


_COLUMNS = ("pillar", "indicator", "first_period", "period", "value", "low", "high", "unit", "status", "n",
            "completeness", "leads", "rank_best", "rank_worst", "rank_of", "percentile", "per_1000_staff",
            "rank_top", "rank_bottom", "rank_proved")  # fmt: skip


def _row(line: Line) -> dict[str, Any]:
    place = line.standing
    found = dict.fromkeys(_COLUMNS) | {k: line.row[k] for k in _COLUMNS if k in line.row} | {"leads": line.leads}
    found["per_1000_staff"] = line.per_1000_staff
    if place:
        found |= {"rank_best": place.best, "rank_worst": place.worst, "rank_of": place.of}
        found["percentile"] = None if place.percentile is None else round(place.percentile, 12)
    return found


def _vitality_row(found: Vitality) -> dict[str, Any]:
    """low and high are the score if the missing pillars were worst or best."""
    return {
        "value": round(found.score, 12),
        "low": round(found.lowest, 12),
        "high": round(found.highest, 12),
        "unit": "0–100",
        "status": "A",
        "n": len(found.known),
        "rank_best": found.best,
        "rank_worst": found.worst,
        "rank_of": found.of,
        "rank_top": found.top,
        "rank_bottom": found.bottom,
        "rank_proved": found.proved,
    }


def value(line: Line, lang: str) -> str:
    """A value with its unit, and the letter of its status unless that is normal."""
    number, of, status = line.row["value"], line.of, line.row["status"]
    if number is None:
        return f"{say('none', lang)} {status}"
    told = scientific(number) if abs(number) >= _LARGE else amount(number, of.unit, lang, of.unit_zh)
    return told if status == "A" else f"{told} {status}"


# Above, the name of a power of ten says no more than the power.
_LARGE = 1e15


def bar(percentile: float | None, length: int = 10) -> str:
    """A percentile as a bar.

    >>> bar(95.0), bar(0.0), bar(None)
    ('█████████▌', '', '')
    """
    halves = round((percentile or 0.0) / 100 * 2 * length)
    return "█" * (halves // 2) + "▌" * (halves % 2)


def table(profile: Profile, lang: str, *, bars: bool = True) -> list[dict[str, str]]:
    """One row per indicator, or per pillar of which nothing was collected; columns are named in the language."""
    made = []
    for pillar in pillars().values():
        name = pillar_name(pillar, lang)
        for line in profile.lines[pillar.id]:
            made.append(_table_row(name, line, lang, bars=bars))
            name = ""
        if not profile.lines[pillar.id]:
            made.append(_labelled(lang, name, say("not_collected", lang)))
    # A column of which every cell is empty says nothing.
    return [{k: v for k, v in row.items() if any(other[k] for other in made)} for row in made]


_TABLE = ("pillar", "indicator", "year", "value", "rank", "percentile", "per_head")


def numeric(lang: str) -> set[str]:
    """The columns of a table that stand at the right."""
    return {say(key, lang) for key in ("value", "rank", "percentile", "per_head")}


def _labelled(lang: str, *cells: str) -> dict[str, str]:
    filled = [*cells, *[""] * (len(_TABLE) - len(cells))]
    return dict(zip((say(key, lang) for key in _TABLE), filled, strict=True))


def _table_row(name: str, line: Line, lang: str, *, bars: bool) -> dict[str, str]:
    place = line.standing
    percentile = None if place is None else place.percentile
    ahead = "" if percentile is None else f"{percentile:3.0f} %" + (f" {bar(percentile)}" if bars else "")
    rank = "" if place is None else f"{span(place.best, place.worst)} / {place.of}"
    indicator = line.of.title_zh if lang == "zh" else line.of.title
    per_head = "" if line.per_1000_staff is None else plain(line.per_1000_staff)
    year = span(line.row["first_period"], line.row["period"])
    titled = f"{indicator} ◆" if line.leads else indicator
    return _labelled(lang, name, titled, year, value(line, lang), rank, ahead, per_head)


def side_by_side(profiles: Sequence[Profile], lang: str) -> list[dict[str, str]]:
    """One row per indicator, one column per entity: value, and rank among the peers; vitality and its ranks below."""
    made = []
    for pillar in pillars().values():
        shown = {line.of.id: line.of for p in profiles for line in p.lines[pillar.id]}
        name = pillar_name(pillar, lang)
        for of in shown.values():
            held = [next((line for line in p.lines[pillar.id] if line.of is of), None) for p in profiles]
            label = of.title_zh if lang == "zh" else of.title
            years = next(span(line.row["first_period"], line.row["period"]) for line in held if line)
            made.append(_columns(profiles, lang, name, f"{label} {years}", [_cell(line, lang) for line in held]))
            name = ""
        if not shown:
            made.append(_columns(profiles, lang, name, say("not_collected", lang), [""] * len(profiles)))
    scores = [p.vitality for p in profiles]
    for key, cells in (
        ("score_of", [f"{v.score:.0f} ({len(v.known)}/{len(pillars())})" if v else "–" for v in scores]),
        ("rank", [f"{span(v.best, v.worst)} / {v.of}" if v else "–" for v in scores]),
        ("all_weights", [f"{v.top}–{v.bottom}{'' if v.proved else '+'}" if v else "–" for v in scores]),
    ):
        made.append(_columns(profiles, lang, say("vitality", lang) if key == "score_of" else "", say(key, lang), cells))
    return made


def _cell(line: Line | None, lang: str) -> str:
    if line is None:
        return say("none", lang)
    place = line.standing
    return value(line, lang) if place is None else f"{value(line, lang)} · #{span(place.best, place.worst)}"


def _columns(profiles: Sequence[Profile], lang: str, pillar: str, label: str, cells: Sequence[str]) -> dict[str, str]:
    names = [_short(p, lang) for p in profiles]
    return {say("pillar", lang): pillar, say("indicator", lang): label} | dict(zip(names, cells, strict=True))


def _short(profile: Profile, lang: str) -> str:
    entity = profile.entity
    return str(entity["name_zh"] if lang == "zh" and entity["name_zh"] else entity["name"])


def title_of_several(profiles: Sequence[Profile], lang: str) -> str:
    """Names and, where all share them, the peers."""
    peers = {p.peers for p in profiles}
    shared = ""
    if len(peers) == 1:
        one = profiles[0].peers
        shared = " · " + say("peers", lang, name=one.name_zh if lang == "zh" else one.name, n=len(one.members))
    return say("joint", lang).join(_short(p, lang) for p in profiles) + shared


def notes(profiles: Sequence[Profile], lang: str) -> list[str]:
    """What stands below a table: of one profile its vitality, then what the marks mean."""
    said = []
    if len(profiles) == 1:
        said += [say("vitality", lang) + say("colon", lang) + say("stop", lang).join(vitality_lines(profiles[0], lang))]
    else:
        said += [say("weights", lang, weights=_weights(profiles[0], lang))]
    said += [say("marks", lang)]
    letters = sorted({line.row["status"] for p in profiles for held in p.lines.values() for line in held} - {"A"})
    return [*said, *(f"{letter}: {say('status_' + letter, lang)}" for letter in letters)]
