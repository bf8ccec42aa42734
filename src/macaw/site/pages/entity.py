"""The page of a company, a country or a group: profile, every series, and what stands behind it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from macaw import registry
from macaw.indicators import BASES, Indicator, categories
from macaw.indicators.pillars import COUNTING as COUNTING_OF_PROFILES
from macaw.profiles import Profile, Profiles, view
from macaw.site.chart import Bar, Line, bars, lines, spark
from macaw.site.data import COUNTING, UNCHECKED, Data, Entity, Point, has_few, has_value
from macaw.site.facts import Facts
from macaw.site.language import Language
from macaw.site.page import File, Page, Part, entity_path
from macaw.site.ranks import Rank, drawn_ranks, ranks
from macaw.site.records import FOLDERS, MEASURES, RECORDS_OF, Records, name_of
from macaw.site.settings import settings

KINDS = ("company", "country", "group")
_SPAN = 20
_PEERS = 6


class _Reader:
    """What all pages of a build share: facts and ranks, read once."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.facts = Facts(data)
        self._ranks: dict[tuple[str, str], dict[str, Rank]] = {}
        self._profiles = Profiles(data.observatory) if data.has("profiles") else None
        self._standing: dict[str, Profile] = {}

    def profile(self, entity: Entity) -> Profile | None:
        """A company or country among its usual peers; None in a release made before there were profiles."""
        if self._profiles is None or entity.kind not in COUNTING_OF_PROFILES:
            return None
        if entity.id not in self._standing:
            self._standing[entity.id] = self._profiles.of(entity.id)
        return self._standing[entity.id]

    def rank(self, of: Indicator, entity: Entity) -> Rank | None:
        """An entity's place among its kind in the reference year."""
        key = (of.id, entity.kind)
        if key not in self._ranks:
            year, known = self.data.reference_year(of.id), self.data.by_year(of.id)
            asked = {e.id: known.get(e.id, {}).get(year) for e in self.data.of_kind(entity.kind) if year is not None}
            many = {e: p for e, p in asked.items() if p and not has_few(of, p)}
            drawn = drawn_ranks(self.data, of.id).get((entity.kind, year or 0), {})
            # Who has none of what is ranked stands behind all who have.
            self._ranks[key] = ranks(many) | {e: r for e, r in drawn.items() if e in many}
        return self._ranks[key].get(entity.id)


@cache
def _reader(data: Data) -> _Reader:
    return _Reader(data)


def files(data: Data) -> Iterator[File]:
    """The records of companies and countries."""
    return Records(data).files()


def pages(data: Data, lang: Language) -> Iterator[Page]:
    """A page for every company, country and group."""
    reader = _reader(data)
    for kind in KINDS:
        for entity in data.of_kind(kind):
            yield _page(reader, lang, entity)


def _page(reader: _Reader, lang: Language, entity: Entity) -> Page:
    data = reader.data
    shown = data.shown(entity)
    sections = [_section(reader, lang, entity, c, [i for i in shown if i.category == c]) for c in categories()]
    sections = [s for s in sections if s["tiles"] or s["rest"]]
    return Page(
        path=entity_path(entity),
        template="entity.html",
        title=lang.name(entity),
        summary=_summary(reader, lang, entity, shown),
        nav="countries" if entity.kind == "country" or entity.of == "country" else "companies",
        described=(_described(entity),),
        context={
            "entity": entity,
            "profile": _profile(data, lang, entity),
            "sections": sections,
            "fields": _fields(reader, lang, entity),
            "venues": reader.facts.venues.get(entity.id, []),
            "cited": reader.facts.cited.get(entity.id, []),
            "places": _places(reader, lang, entity),
            "owners": _owners(data, lang, entity),
            "ownership": _ownership(reader, lang, entity),
            "peers": _peers(reader, lang, entity),
            "quality": reader.facts.quality.get(entity.id),
            "standing": _standing(reader, lang, entity),
            "members": [data.entities[m] for m in entity.members if m in data.entities],
            "state": _state(data, lang, entity, shown),
        },
    )


def _standing(reader: _Reader, lang: Language, entity: Entity) -> dict[str, Any] | None:
    """The pillars side by side among peers, as `macaw profile` shows them."""
    found = reader.profile(entity)
    if found is None:
        return None
    rows = view.table(found, lang.code, bars=False)
    return {
        "title": lang.t("entity.standing"),
        "columns": [(column, column in view.numeric(lang.code)) for column in rows[0]],
        "rows": [list(row.values()) for row in rows],
        "peers": view.title(found, lang.code).split(" · ")[-1],
        "notes": view.vitality_lines(found, lang.code),
        "marks": view.say("marks", lang.code),
    }


def _summary(reader: _Reader, lang: Language, entity: Entity, shown: list[Indicator]) -> str:
    if not shown:
        return lang.t("entity.summary_none", name=lang.name(entity))
    of = shown[0]
    point = _reference(reader.data, of, entity) or _last(reader.data.series(of.id).get(entity.id, []))
    return sentence(lang, entity, of, point) if point else lang.t("entity.summary_none", name=lang.name(entity))


def sentence(lang: Language, entity: Entity, of: Indicator, point: Point) -> str:
    """A value as a sentence to quote, with interval, status and definition."""
    interval = lang.range(point.low, point.high, of.unit)
    said = lang.t(
        "entity.sentence",
        name=lang.name(entity),
        title=lang.pick(of.title, of.title_zh),
        year=point.period,
        value=value_with_unit(lang, of, point.value),
        interval=lang.t("entity.sentence_interval", interval=interval) if interval else "",
    )
    if point.status != "A":
        said = lang.t("entity.noted", said=said, status=lang.t("status." + point.status))
    return lang.t("entity.stop", said=said)


def value_with_unit(lang: Language, of: Indicator, value: float | None) -> str:
    """A value and its unit; percent stands in the number already."""
    return lang.measured(value, of.unit, of.unit_zh)


def _headline(lang: Language, of: Indicator, point: Point | None) -> tuple[str, str]:
    """What stands large, and what beside it: the interval stands large where the value says little without it."""
    if point is None:
        return lang.t("status.none"), ""
    value, interval = value_with_unit(lang, of, point.value), lang.range(point.low, point.high, of.unit)
    if point.low is None or point.high is None or point.value is None:
        return value, interval
    if point.high - point.low > settings()["entity"]["widest"] * abs(point.value):
        return interval, lang.t("entity.best_guess", value=value)
    return value, interval


def _reference(data: Data, of: Indicator, entity: Entity) -> Point | None:
    year = data.reference_year(of.id)
    point = data.by_year(of.id).get(entity.id, {}).get(year) if year is not None else None
    return point if point and point.value is not None else None


def _last(points: list[Point]) -> Point | None:
    return next((p for p in reversed(points) if p.value is not None), None)


def _section(reader: _Reader, lang: Language, entity: Entity, category: str, held: list[Indicator]) -> dict[str, Any]:
    setting = settings()["entity"]["charts"].get(category, [])
    charted = [i for i in held if i.id in setting] or held[: settings()["entity"]["charts_otherwise"]]
    return {
        "key": category,
        "title": lang.pick(*categories()[category]),
        "tiles": [_figure(reader, lang, entity, of) for of in charted],
        "rest": [_line(reader, lang, entity, of) for of in held if of not in charted],
    }


def _figure(reader: _Reader, lang: Language, entity: Entity, of: Indicator) -> dict[str, Any]:
    data = reader.data
    points = _recent(data.series(of.id)[entity.id])
    title = lang.pick(of.title, of.title_zh)
    point = _reference(data, of, entity) or _last(points)
    large, beside = _headline(lang, of, point)
    unsure = sorted({p.status for p in points if p.status not in "A" and p.value is not None})
    return {
        "of": of,
        "title": title,
        "point": point,
        "value": large,
        "interval": beside,
        "rank": _rank_text(lang, reader.rank(of, entity)),
        "svg": lines([Line(lang.name(entity), points)], lang, of.unit, f"{title}: {lang.name(entity)}", width=520),
        "rows": [_cells(lang, of, p) for p in reversed(points)],
        "note": lang.t("entity.unsure", what=lang.t("site.between").join(lang.t("status." + s) for s in unsure))
        if unsure
        else "",
        "sentence": sentence(lang, entity, of, point) if point else "",
    }


def _cells(lang: Language, of: Indicator, p: Point) -> list[str]:
    return [
        str(p.period),
        lang.number(p.value, of.unit),
        lang.range(p.low, p.high, of.unit),
        "" if p.status == "A" else f"{p.status} · {lang.t('status.' + p.status)}",
        "" if p.n is None else lang.number(p.n),
        "" if p.completeness is None else lang.number(p.completeness, "fraction"),
    ]


def _recent(points: list[Point]) -> list[Point]:
    """The last years up to the last of which anything is known, from the first with a value."""
    known = [p.period for p in points if p.value is not None]
    if not known:
        return []
    first = next((p.period for p in points if p.value), known[0])
    return [p for p in points if max(first - 1, known[-1] - _SPAN) <= p.period <= known[-1]]


def _line(reader: _Reader, lang: Language, entity: Entity, of: Indicator) -> dict[str, Any]:
    points = _recent(reader.data.series(of.id)[entity.id])
    point = _reference(reader.data, of, entity) or _last(points)
    title = lang.pick(of.title, of.title_zh)
    return {
        "of": of,
        "title": title,
        "point": point,
        "value": value_with_unit(lang, of, point.value) if point else "",
        "interval": lang.range(point.low, point.high, of.unit) if point else "",
        "rank": _rank_text(lang, reader.rank(of, entity)),
        "spark": spark(points, title),
    }


def _rank_text(lang: Language, rank: Rank | None) -> str:
    if rank is None:
        return ""
    place = str(rank.best) if rank.best == rank.worst else f"{rank.best}–{rank.worst}"
    said = lang.t("entity.rank", place=place, n=rank.of)
    if rank.chance is None:
        return said
    first, chance = rank.chance
    return said + lang.t("entity.rank_chance", chance=lang.number(chance, "fraction"), first=first)


def _country(lang: Language, data: Data, code: str | None) -> str:
    if code in data.entities:
        return lang.name(data.entities[code])
    return next(
        (
            lang.pick(r["name"], r["name_zh"])
            for r in registry.tables()["registry_countries"].to_pylist()
            if r["country"] == code
        ),
        code or "",
    )


def _profile(data: Data, lang: Language, entity: Entity) -> list[tuple[str, str, str, bool]]:
    """Title, text, of a long list its beginning, and whether it is unchecked, of each fact."""
    aliases = [a for a in entity.all("alias") if a not in (entity.name, entity.name_zh)]
    former = entity.all("former_name")
    groups = lang.t("site.between").join(lang.name(data.entities[g]) for g in entity.groups if g in data.entities)
    found = [
        ("fact.also", lang.also(entity), ""),
        ("fact.country", _country(lang, data, entity.country) if entity.kind == "company" else "", "country"),
        ("fact.region", lang.t("region." + entity.region) if entity.region else "", ""),
        ("fact.sector", lang.t("sector." + entity.sector) if entity.sector else "", "sector"),
        ("fact.stage", lang.t("stage." + entity.stage) if entity.stage else "", "stage"),
        ("fact.founded", ", ".join(entity.all("founded")), "founded"),
        ("fact.ticker", ", ".join(entity.all("ticker")), "ticker"),
        ("fact.domain", ", ".join(entity.all("domain")), "domain"),
        ("fact.group", groups, ""),
        ("fact.names", " · ".join(dict.fromkeys(aliases)), "alias"),
        ("fact.former", " · ".join(dict.fromkeys(former)), "former_name"),
        ("fact.labs", " · ".join(dict.fromkeys(entity.all("lab"))), "lab"),
        ("fact.id", entity.id, ""),
    ]
    return [(lang.t(key), text, _beginning(lang, text), of in entity.unchecked) for key, text, of in found if text]


def _beginning(lang: Language, text: str, most: int = 4) -> str:
    parts = text.split(" · ")
    return (
        lang.t("entity.more_names", first=" · ".join(parts[:most]), n=len(parts) - most)
        if len(parts) > most + 1
        else ""
    )


def _fields(reader: _Reader, lang: Language, entity: Entity) -> dict[str, Any] | None:
    """AI papers by field over the last years that are known, as bars and rows."""
    topics = reader.facts.topics.get(entity.id, {})
    names = {r["topic"]: lang.pick(r["name"], r["name_zh"]) for r in registry.tables()["registry_topics"].to_pylist()}
    sums = {t: sum(p.value or 0 for p in points) for t, points in topics.items() if has_value(points)}
    if not sums:
        return None
    ordered = sorted(sums, key=lambda t: -sums[t])
    years = [p.period for t in ordered for p in topics[t] if p.value]
    title = lang.t("entity.fields")
    return {
        "title": title,
        "svg": bars([Bar(names.get(t, t), sums[t]) for t in ordered], lang, "", f"{title}: {lang.name(entity)}"),
        "rows": [[names.get(t, t), lang.number(sums[t])] for t in ordered],
        "years": f"{min(years)}–{max(years)}",
    }


def _places(reader: _Reader, lang: Language, entity: Entity) -> dict[str, Any] | None:
    found = reader.facts.places.get(entity.id, [])[:8]
    if not found or entity.kind != "company":
        return None
    data, title = reader.data, lang.t("entity.places")
    rows = [(_country(lang, data, c), papers, first, last) for c, papers, first, last in found]
    return {
        "title": title,
        "svg": bars([Bar(name, papers) for name, papers, _, _ in rows], lang, "", f"{title}: {lang.name(entity)}"),
        "rows": [[name, lang.number(papers), f"{first}–{last}"] for name, papers, first, last in rows],
    }


def _owners(data: Data, lang: Language, entity: Entity) -> list[dict[str, Any]]:
    """Owners and what is owned, with years."""
    found = []
    names = {r["organisation"]: r["value"] for r in _names(lang)}
    for r in data.ownership:
        if entity.id in (r["child"], r["parent"]):
            other = r["parent"] if entity.id == r["child"] else r["child"]
            found.append(
                {
                    "entity": data.entities.get(other),
                    "name": lang.name(data.entities[other]) if other in data.entities else names.get(other, other),
                    "role": _role(lang, r["kind"], as_child=entity.id == r["child"]),
                    "unchecked": r["source"] == UNCHECKED,
                    "years": f"{r['from_year'] or '…'}–{r['to_year'] or ''}",
                }
            )
    return found


def _role(lang: Language, kind: str, *, as_child: bool) -> str:
    """How an entity stands to another: only a subsidiary belongs to its owner."""
    if kind == "affiliate":
        return lang.t("owner.affiliate")
    return lang.t(f"owner.{kind}_{'of' if as_child else 'owned'}")


@cache
def _names(lang: Language) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = registry.tables()["registry_facts"].to_pylist()
    return [r for r in rows if r["property"] == "name" and r["language"] == "en"]


def _ownership(reader: _Reader, lang: Language, entity: Entity) -> dict[str, Any] | None:
    rules = reader.facts.ownership.get(entity.id)
    if not rules:
        return None
    shown = [(rule, _recent(rules[rule])) for rule in ("as_is", "as_was", "none") if rule in rules]
    title = lang.t("entity.ownership")
    drawn = [Line(lang.t("rule." + rule), points, n + 1) for n, (rule, points) in enumerate(shown)]
    years = sorted({p.period for _, points in shown for p in points}, reverse=True)
    by_rule = [{p.period: p for p in points} for _, points in shown]
    return {
        "title": title,
        "svg": lines(drawn, lang, "papers", f"{title}: {lang.name(entity)}"),
        "columns": [lang.t("chart.year")] + [lang.t("rule." + rule) for rule, _ in shown],
        "rows": [[y] + [lang.number(r[y].value) if y in r else lang.t("status.none") for r in by_rule] for y in years],
    }


def _peers(reader: _Reader, lang: Language, entity: Entity) -> list[dict[str, Any]]:
    """Those nearest in number of papers, of the same sector first."""
    data = reader.data
    peers = [e for e in data.of_kind(entity.kind) if e.id != entity.id]
    size = data.by_year("papers")
    year = data.reference_year("papers")

    def value(e: Entity) -> float | None:
        point = size.get(e.id, {}).get(year) if year is not None else None
        return point.value if point else None

    own, records = value(entity), size.get(entity.id, {}).get(year or 0)
    if own is None or entity.kind == "group" or not records or (records.n or 0) < settings()["entity"]["least_records"]:
        return []
    known = [(e, v) for e in peers if (v := value(e)) is not None]
    known.sort(key=lambda p: (entity.kind == "company" and p[0].sector != entity.sector, abs(p[1] - own), p[0].name))
    return [{"entity": e, "value": lang.number(v)} for e, v in known[:_PEERS]]


def _described(entity: Entity) -> dict[str, Any]:
    kind = {"company": "Organization", "country": "Country", "group": "Organization"}[entity.kind]
    names = [n for n in (entity.name_zh, *entity.all("alias")) if n]
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kind,
        "name": entity.name,
        "alternateName": names,
    }
    domains = entity.all("domain")
    if domains:
        found["url"] = f"https://{domains[0]}"
    return found


def _state(data: Data, lang: Language, entity: Entity, shown: list[Indicator]) -> dict[str, Any]:
    """What the script of the page must know: how each number opens into its records."""
    lists: dict[str, list[str]] = {}
    for r in _lists():
        lists.setdefault(r["venues"], []).append(r["venue"])
    topics = [*registry.tables()["registry_topics"]["topic"].to_pylist(), "all"]
    opens = {
        of.id: {
            "title": lang.pick(of.title, of.title_zh),
            "unit": of.unit,
            "definition": of.definitions[0],
            "base": of.base,
            "series": of.parameters.get("series"),
            "folder": FOLDERS.get(RECORDS_OF.get(of.base, of.base), ""),
            "measure": _measure(of),
            "sum": of.query_name == "record_sum",
            "span": of.parameters.get("span", 1),
            "venues": of.venues,
            "counting": COUNTING[entity.kind],
        }
        for of in shown
        # What neither records of works nor of evidence hold is asked of macaw records.
        if of.base == "evidence" or _measure(of) is not None
    }
    used = {of.venues for of in shown}
    return {
        "entity": entity.id,
        "name": lang.name(entity),
        "records": name_of(entity) if entity.kind != "group" and data.has("works") else "",
        "opens": opens,
        "lists": {name: venues for name, venues in lists.items() if name in used},
        "topics": {t: n for n, t in enumerate(topics)},
        "why": lang.section("why"),
    }


def _measure(of: Indicator) -> int | None:
    """Where a record holds what the indicator counts."""
    held = MEASURES.get(RECORDS_OF.get(of.base, of.base), ())
    wanted = of.parameters.get("measure")
    return held.index(str(wanted)) if wanted in held else None


@cache
def _lists() -> list[dict[str, Any]]:
    tables = dict.fromkeys(base.lists for base in BASES.values())
    return [row for table in tables for row in registry.tables()[table].to_pylist()]


PART = Part("companies and countries", pages, files)
