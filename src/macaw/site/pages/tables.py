"""Companies and countries: one table each of everything known of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from pypinyin import Style, lazy_pinyin

from macaw import registry
from macaw.indicators import Indicator, categories
from macaw.site.data import Data, Entity, Point, has_few, published
from macaw.site.language import LANGUAGES, Language
from macaw.site.page import File, Page, Part, data_file, entity_path
from macaw.site.ranks import drawn_ranks
from macaw.site.settings import settings

KINDS = {"company": "companies", "country": "countries"}
# Rows that stand in the page itself, for readers without scripts.
STATIC_ROWS = 50
# Years of the sum that PARAT's readers know.
WINDOW = 10


def columns(data: Data, kind: str) -> list[Indicator]:
    """Indicators that have a value of any entity of that kind, in the order of pages."""
    return [of for of in data.indicators.values() if kind in data.told(of.id)]


def groups_of(data: Data, kind: str) -> list[Entity]:
    """Groups of companies or of countries."""
    return [e for e in data.of_kind("group") if e.of == kind]


@cache
def search_text(entity: Entity) -> str:
    """What a reader may type to find an entity: its names, short names and id, Chinese also as pinyin."""
    names = [entity.name, entity.name_zh or "", entity.id, *entity.all("alias"), *entity.all("former_name")]
    if entity.kind == "country":
        places = registry.tables()["registry_places"].to_pylist()
        names += [p["name"] for p in places if p["country"] == entity.id and p["place_kind"] == "country"]
    chinese = [n for n in names if n and not n.isascii()]
    spelled = ["".join(lazy_pinyin(n)) for n in chinese] + [
        "".join(lazy_pinyin(n, style=Style.FIRST_LETTER)) for n in chinese
    ]
    found = [n.casefold() for n in (*names, *entity.all("ticker"), *spelled) if n]
    return "\n".join(dict.fromkeys(found))


def is_sum(of: Indicator) -> bool:
    """Whether values of several years may be added."""
    return of.query_name in ("record_sum", "evidence_sum") and of.id not in ("gpu_clusters",)


def window(of: Indicator, points: list[Point], last: int | None) -> Point | None:
    """The sum over the years up to `last`, with the least sure status among them; None where sums mean nothing."""
    if last is None or not is_sum(of):
        return None
    within = [p for p in points if last - WINDOW < p.period <= last]
    known = [p for p in within if p.value is not None]
    if not known:
        return Point(last, None, None, None, within[-1].status if within else "L", None, None)
    # A sum that lacks years is not sure either.
    unsure = next((p.status for p in within if p.status in "UPEI"), None)
    status = unsure or ("A" if len(known) == len(within) else "U")
    return Point(last, sum(p.value or 0.0 for p in known), None, None, status, sum(p.n or 0 for p in known), None)


def years(data: Data, kind: str) -> list[int]:
    """Years in which any entity of that kind has a value, the last first."""
    first = settings()["table"][kind]["first_year"]
    return sorted({y for found in _years(data, kind).values() for y in found if y >= first}, reverse=True)


def _years(data: Data, kind: str) -> dict[str, set[int]]:
    """The years of which each indicator has a value of that kind."""
    ids = [e.id for e in data.of_kind(kind)]
    return {
        of.id: {p.period for e in ids for p in data.series(of.id).get(e, ()) if p.value is not None}
        for of in columns(data, kind)
    }


def _cells(of: Indicator, points: list[Point | None]) -> dict[str, Any]:
    """One column of one year: values, statuses (a dot where nothing is known), intervals, rows too few to be ranked."""
    cells: dict[str, Any] = {
        "v": [None if p is None or p.value is None else published(p.value) for p in points],
        "s": "".join("." if p is None else p.status for p in points),
    }
    if any(p is not None and p.low is not None for p in points):
        for key, ends in (("l", [p and p.low for p in points]), ("h", [p and p.high for p in points])):
            cells[key] = [None if end is None else published(end) for end in ends]
    if few := [n for n, p in enumerate(points) if p is not None and p.value is not None and has_few(of, p)]:
        cells["few"] = few
    return cells


def _year_cells(data: Data, of: Indicator, kind: str, entities: list[Entity], year: int | None) -> dict[str, Any]:
    """One column of one year with the ranks that were drawn: best and worst, null where none was."""
    cells = _cells(of, _of_year(data, of, entities, year))
    drawn = drawn_ranks(data, of.id).get((kind, year or 0), {})
    if drawn:
        cells["r"] = [[drawn[e.id].best, drawn[e.id].worst] if e.id in drawn else None for e in entities]
    return cells


def _row(entity: Entity) -> dict[str, Any]:
    return {
        "i": entity.id,
        "p": entity_path(entity),
        "n": [entity.name, entity.name_zh or entity.name],
        "q": search_text(entity),
        "country": [entity.country] if entity.country and entity.kind == "company" else [],
        "region": [entity.region] if entity.region else [],
        "sector": [entity.sector] if entity.sector else [],
        "stage": [entity.stage] if entity.stage else [],
        "market": list(entity.markets),
        "group": list(entity.groups),
    }


def files(data: Data) -> Iterator[File]:
    """The rows of each table, and the values of each year."""
    for kind in KINDS:
        entities = [*data.of_kind(kind), *groups_of(data, kind)]
        held, told = columns(data, kind), _years(data, kind)
        countries = {e.id: [e.name, e.name_zh or e.name] for e in data.entities.values() if e.kind == "country"}
        names = {r["country"]: [r["name"], r["name_zh"]] for r in registry.tables()["registry_countries"].to_pylist()}
        yield data_file(
            f"table/{kind}",
            {
                "rows": [_row(e) for e in data.of_kind(kind)],
                "groups": [_row(e) | {"members": list(e.members)} for e in groups_of(data, kind)],
                "countries": {
                    e.country: (names | countries)[e.country] for e in entities if e.country in names | countries
                },
                "columns": [_column(data, of) for of in held],
                "categories": {name: list(titles) for name, titles in categories().items()},
            },
        )
        for year in years(data, kind):
            yield data_file(
                f"table/{kind}-{year}",
                {of.id: _year_cells(data, of, kind, entities, year) for of in held if year in told[of.id]},
            )
        latest, ten = _latest(data, kind, entities, held), _ten(data, entities, held)
        yield data_file(f"table/{kind}-latest", latest)
        yield data_file(f"table/{kind}-ten", ten)
    yield data_file("search", [_found(e) for kind in ("company", "country", "group") for e in data.of_kind(kind)])


def _of_year(data: Data, of: Indicator, entities: list[Entity], year: int | None) -> list[Point | None]:
    known = data.by_year(of.id)
    return [known.get(e.id, {}).get(year) if year is not None else None for e in entities]


def _latest(data: Data, kind: str, entities: list[Entity], held: list[Indicator]) -> dict[str, Any]:
    return {of.id: _year_cells(data, of, kind, entities, data.reference_year(of.id)) for of in held}


def _ten(data: Data, entities: list[Entity], held: list[Indicator]) -> dict[str, Any]:
    return {
        of.id: _cells(of, [window(of, data.series(of.id).get(e.id, []), data.reference_year(of.id)) for e in entities])
        for of in held
        if is_sum(of)
    }


def described(of: Indicator) -> dict[str, Any]:
    """What a script is told of an indicator: id, category, and in both languages title, unit and sentence."""
    return {
        "i": of.id,
        "t": [of.title, of.title_zh],
        "u": of.unit,
        "unit": [each.unit(of.unit, of.unit_zh) for each in LANGUAGES],
        "short": [of.short, of.short_zh],
        "c": of.category,
    }


def _column(data: Data, of: Indicator) -> dict[str, Any]:
    return described(of) | {
        "know": [list(of.know), list(of.know_zh)],
        "y": data.reference_year(of.id),
        "d": of.venues if of.base == "cells" else of.definitions[0],
    }


def _found(entity: Entity) -> list[Any]:
    return [
        entity_path(entity),
        entity.name,
        entity.name_zh or "",
        entity.kind,
        entity.country or "",
        search_text(entity),
    ]


def pages(data: Data, lang: Language) -> Iterator[Page]:
    """The tables of companies and of countries."""
    for kind, name in KINDS.items():
        setting = settings()["table"][kind]
        held = {of.id: of for of in columns(data, kind)}
        shown = [held[i] for i in setting["columns"] if i in held]
        entities = data.of_kind(kind)
        yield Page(
            path=f"{name}.html",
            template="table.html",
            title=lang.t(f"table.{name}"),
            summary=lang.t(f"table.{name}_summary", n=lang.number(len(entities))),
            nav=name,
            data=(f"table/{kind}", f"table/{kind}-latest"),
            context={
                "kind": kind,
                "shown": shown,
                "years": years(data, kind),
                "static": [_static(data, lang, e, shown) for e in entities[:STATIC_ROWS]],
                "count": lang.number(len(entities)),
                "state": {
                    "kind": kind,
                    "columns": [of.id for of in shown],
                    "sort": setting["sort"],
                    "filters": setting["filters"],
                    "words": {f: lang.section(f) for f in ("region", "sector", "stage", "market")},
                },
            },
        )


def _static(data: Data, lang: Language, entity: Entity, shown: list[Indicator]) -> dict[str, Any]:
    points = [_of_year(data, of, [entity], data.reference_year(of.id))[0] for of in shown]
    return {
        "entity": entity,
        "cells": [lang.number(p.value if p else None, of.unit) for p, of in zip(points, shown, strict=True)],
    }


PART = Part("tables", pages, files)
