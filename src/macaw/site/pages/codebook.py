"""A page for each indicator, made from its own file and query, and the list of all."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from macaw.engine import Query, load
from macaw.indicators import Indicator, categories, default_specification, indicators
from macaw.pipeline import READERS
from macaw.site.chart import Line, lines
from macaw.site.data import Data, venue_lists
from macaw.site.language import Language
from macaw.site.lineage import kept_by_hand, lineage
from macaw.site.page import Page, Part
from macaw.site.project import changes_of, html_of, text_of, without_title
from macaw.site.publication import FORMATS, publication

# Whom the chart of an indicator shows, where it is told of countries.
_SHOWN = ("USA", "CHN")
_SPAN = 20


def pages(data: Data, lang: Language) -> Iterator[Page]:
    """The list, and a page for each indicator, also for those without a value in this build."""
    known = indicators()
    groups = [
        (lang.pick(*words), sorted((i for i in known.values() if i.category == name), key=lambda i: i.id))
        for name, words in categories().items()
    ]
    yield Page(
        path="indicators.html",
        template="indicators.html",
        title=lang.t("codebook.title"),
        summary=lang.t("codebook.summary"),
        nav="indicators",
        context={"groups": [(name, listed) for name, listed in groups if listed], "count": len(known)},
    )
    for of in known.values():
        yield Page(
            path=f"indicator/{of.id}.html",
            template="indicator.html",
            title=lang.pick(of.title, of.title_zh),
            summary=lang.pick(of.short, of.short_zh),
            nav="indicators",
            context=_context(of, data, lang),
            described=(_defined_term(of, lang),),
        )


def _context(of: Indicator, data: Data, lang: Language) -> dict[str, Any]:
    behind = lineage(of)
    example = text_of(f"tests/spec/{of.id}.md")
    return {
        "of": of,
        "know": of.know_zh if lang.code == "zh" else of.know,
        "switches": [s for s in ("counting", *of.rests_on.switches) if not of.single or s == "definition"],
        "venues": default_specification(of).venues,
        "venue_list": venue_lists().get(default_specification(of).venues),
        "chart": _chart(of, data, lang),
        "files": publication(data).of("values", of.id),
        "formats": FORMATS,
        "query_text": _shown(of.query),
        "bound": ", ".join(f"{k} = {v!r}" for k, v in of.bound(of.query).items()),
        "before": _shown(load("macaw.indicators", of.rests_on.counted)),
        "after": _shown(load("macaw.indicators", of.rests_on.finish)),
        "behind": behind,
        "by_hand": kept_by_hand(behind, of),
        "sources": _sources(of, data),
        "examples": html_of(without_title(example), below=1) if example else None,
        "changes": [(version, html_of(item, below=2)) for version, item in changes_of(of.id)],
    }


def _chart(of: Indicator, data: Data, lang: Language) -> dict[str, Any]:
    """Chart and table of the United States and China; empty where neither is told of."""
    series = data.series(of.id)
    known = [p.period for e in _SHOWN for p in series.get(e, ()) if p.value is not None]
    if not known:
        return {"svg": Markup("")}
    first = max(known) - _SPAN
    shown = [
        Line(lang.name(data.entities[e]), [p for p in series[e] if p.period >= first], n)
        for n, e in enumerate(_SHOWN, 1)
        if e in series and e in data.entities
    ]
    title = f"{lang.pick(of.title, of.title_zh)}: {', '.join(line.name for line in shown)}"
    return {
        "title": title,
        "svg": lines(shown, lang, of.unit, title),
        "columns": [(lang.t("chart.year"), True), *((line.name, True) for line in shown)],
        "rows": _rows(shown, of, lang),
    }


def _rows(shown: list[Line], of: Indicator, lang: Language) -> list[list[str]]:
    """A row for each year: the values of the lines, each with its status unless that is A."""
    cells: dict[int, dict[str, str]] = {}
    for line in shown:
        for p in line.points:
            mark = "" if p.status == "A" else f" {p.status}"
            cells.setdefault(p.period, {})[line.name] = lang.number(p.value, of.unit) + mark
    return [[str(year), *(cells[year].get(line.name, "") for line in shown)] for year in sorted(cells, reverse=True)]


def _shown(query: Query) -> tuple[str, str]:
    """File name and text of a query."""
    return f"{query.name}.sql", textwrap.dedent(query.text).strip()


def _sources(of: Indicator, data: Data) -> list[Any]:
    """Origins that the values of an indicator rest on in this build."""
    if of.base != "evidence":
        read = {origin.name for origin in lineage(of)}
        # ROR names the organisations.
        names = {"ror"} | {name for name, reader in READERS.items() if read & set(reader.TABLES)}
    else:
        con = data.observatory.connection(("evidence_coverage",))
        series = of.parameters.get("series", "")
        rows = con.execute("select distinct source from evidence_coverage where series = ?", [series]).fetchall()
        names = {source for (source,) in rows}
    return [origin for name, origin in data.origins.items() if name in names]


def _defined_term(of: Indicator, lang: Language) -> dict[str, Any]:
    """The indicator for search engines."""
    return {
        "@context": "https://schema.org",
        "@type": "DefinedTerm",
        "termCode": of.id,
        "name": lang.pick(of.title, of.title_zh),
        "description": lang.pick(of.short, of.short_zh),
        "inLanguage": lang.tag,
    }


PART = Part("indicators", pages)
