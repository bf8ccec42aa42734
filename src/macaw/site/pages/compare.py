"""Compare any entities on any indicator, under any published definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files as package_files
from itertools import groupby
from typing import Any

from macaw import registry
from macaw.indicators import BASES, Indicator, categories, default_specification, is_fraction
from macaw.site.chart import Line, lines
from macaw.site.compare import rule
from macaw.site.data import COUNTING, Data, published
from macaw.site.language import Language
from macaw.site.page import File, Page, Part, data_file, entity_path, slug
from macaw.site.pages.tables import described
from macaw.site.settings import settings

# In this order a specification is written in data files.
SWITCHES = ("counting", "place", "ownership", "definition", "venues", "territory", "topic")


def files(data: Data) -> Iterator[File]:
    """Every published series, one file per entity; and what the comparison must know of indicators."""
    con = data.observatory.connection(("values", "entities"))
    query = package_files("macaw.site").joinpath("series.sql").read_text("utf-8")
    cursor = con.execute(query)
    rows = (row for batch in iter(lambda: cursor.fetchmany(5_000), []) for row in batch)
    for entity, of_entity in groupby(rows, key=lambda r: r[0]):
        found: dict[str, dict[str, Any]] = {}
        for _, indicator, specification, *series in of_entity:
            found.setdefault(indicator, {})[specification] = _packed(*series)
        known = data.entities[entity]
        yield data_file(f"series/{known.kind}/{slug(entity)}", found)
    yield data_file("compare", _known(data))


def _packed(periods: list[int], values: list[float], lows: list[Any], highs: list[Any], statuses: str) -> list[Any]:
    """Years, values, statuses, and the ends of intervals where there are any."""
    made: list[Any] = [periods, [published(v) for v in values], statuses]
    if any(low is not None for low in lows):
        made += [[None if v is None else published(v) for v in ends] for ends in (lows, highs)]
    return made


def _known(data: Data) -> dict[str, Any]:
    held = [of for of in data.indicators.values() if data.told(of.id) & {"company", "country", "group"}]
    return {
        "indicators": [_indicator(of) | {"y": data.reference_year(of.id)} for of in held],
        "rule": rule(),
        "categories": {name: list(titles) for name, titles in categories().items()},
        "entities": {
            e.id: [entity_path(e), e.name, e.name_zh or e.name, e.kind]
            for kind in ("country", "group", "company")
            for e in data.of_kind(kind)
        },
        "counting": COUNTING,
        "territories": {
            r["territory"]: r["group_id"]
            for r in registry.tables()["registry_territories"].to_pylist()
            if r["counted_as"] == "CHN"
        },
        "denominators": _denominators(data),
        "names": {
            "topic": _names("topic", ("registry_topics", "registry_patent_categories")),
            "venues": _names("venues", dict.fromkeys(base.lists for base in BASES.values())),
        },
    }


def _names(key: str, tables: Iterable[str]) -> dict[str, list[str]]:
    """Names in English and Chinese of everything that these tables of the registry name."""
    rows = (row for table in tables for row in registry.tables()[table].to_pylist())
    return {r[key]: [r["name"], r["name_zh"]] for r in rows}


def _indicator(of: Indicator) -> dict[str, Any]:
    return described(of) | {
        "d": of.definitions[0],
        "v": of.venues,
        "p": default_specification(of).place,
        "share": is_fraction(of.unit),
    }


def _denominators(data: Data) -> dict[str, dict[str, dict[int, float]]]:
    """What a value may be divided by: figures of population and product by entity and year, where the build has any."""
    wanted = settings()["compare"]["denominators"]
    if not data.has("figures"):
        return {}
    found: dict[str, dict[str, dict[int, float]]] = {}
    for r in data.observatory.table("figures").to_pylist():
        if r["series"] in wanted and r["value"] is not None:
            found.setdefault(r["series"], {}).setdefault(r["entity"], {})[r["period"]] = r["value"]
    return found


def pages(data: Data, lang: Language) -> Iterator[Page]:
    """The one page of comparisons; without a script it shows the first one."""
    first = settings()["compare"]
    of = data.indicators.get(first["indicator"])
    chosen = [data.entities[e] for e in first["entities"] if e in data.entities]
    drawn = []
    if of:
        series = data.series(of.id)
        drawn = [Line(lang.name(e), series.get(e.id, []), n + 1) for n, e in enumerate(chosen)]
    title = lang.pick(of.title, of.title_zh) if of else ""
    yield Page(
        path="compare.html",
        template="compare.html",
        title=lang.t("compare.title"),
        summary=lang.t("compare.summary"),
        nav="compare",
        data=("compare",),
        context={
            "svg": lines(drawn, lang, of.unit, title) if of else "",
            "indicator_title": title,
            "state": {
                "entities": first["entities"],
                "indicator": first["indicator"],
                "switches": SWITCHES,
                "words": {
                    "counting": lang.section("counting"),
                    "place": lang.section("place"),
                    "ownership": lang.section("rule"),
                    "territory": lang.section("territory"),
                },
            },
        },
    )


PART = Part("comparisons", pages, files)
