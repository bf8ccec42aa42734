"""Checks the registry of organisations as a whole: every rule, what is thin, what nobody has checked.

A rule is a function from the registry to findings. Rules of a single cell come from `registry/vocabulary.toml`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from macaw import registry
from macaw.errors import RegistryError, UsageError
from macaw.organisations.names import has_han, tokens
from macaw.organisations.ownership import ROLLED_UP, Edge, owners
from macaw.registry.load import entries_of, rows_of, year
from macaw.registry.vocabulary import Term, vocabulary

FACTS = ("organisations.csv", "institutions.csv")
UNCHECKED = "unchecked"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ROR = re.compile(r"0[a-hj-km-np-tv-z0-9]{6}\d\d")
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
# What a company must have; without the others it is thin.
REQUIRED = ("kind", "country", "sector")
WANTED = ("name in Chinese", "domain", "ror", "stage", "founded", "ticker")


@dataclass(frozen=True)
class Finding:
    """A rule that a row breaks: where, what is wrong, and what to do."""

    where: str
    what: str
    remedy: str


@dataclass(frozen=True)
class Fact:
    """A row of organisations.csv or institutions.csv."""

    where: str
    organisation: str
    property: str
    value: str
    language: str
    country: str
    first: str
    last: str
    source: str


def is_company(organisation: str) -> bool:
    """Whether an id of the registry is a company's and not that of a record of ROR.

    >>> is_company("baidu"), is_company("ror:03cve4549")
    (True, False)
    """
    return not organisation.startswith("ror:")


@dataclass(frozen=True)
class Owned:
    """A row of ownership.csv."""

    where: str
    child: str
    parent: str
    kind: str
    first: str
    last: str
    source: str


@dataclass(frozen=True)
class Registry:
    """What the hand-kept files say of organisations, row by row."""

    facts: list[Fact]
    ownership: list[Owned]
    groups: dict[str, dict[str, object]]
    countries: frozenset[str]
    terms: dict[str, dict[str, Term]]
    places: dict[str, str] = field(default_factory=dict)

    @cached_property
    def companies(self) -> frozenset[str]:
        """Ids of companies."""
        return frozenset(f.organisation for f in self.facts if is_company(f.organisation))

    @cached_property
    def of(self) -> dict[str, dict[str, list[Fact]]]:
        """Rows of a company by property."""
        found: dict[str, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
        for f in self.facts:
            if is_company(f.organisation):
                found[f.organisation][f.property].append(f)
        return found

    @cached_property
    def names(self) -> list[Fact]:
        """Rows that hold a name."""
        return [f for f in self.facts if (p := self.terms["property"].get(f.property)) and p.is_name]

    @cached_property
    def claimed(self) -> dict[str, Fact]:
        """The row of each ROR record that a company claims, by the id `ror:…` it would have alone."""
        return {f"ror:{f.value}": f for f in self.facts if f.property == "ror"}


def read() -> Registry:
    """The registry as it is shipped. Raises `RegistryError` for a file that cannot be read at all."""
    countries = {r["code"]: r for _, r in rows_of("countries.csv")}
    places = [r["place"] for _, r in rows_of("places.csv")]
    places += [n for r in countries.values() for n in (r["name"], r["name_zh"])]
    return Registry(
        facts=[
            Fact(
                f"{file}, line {line}",
                *(r[c] for c in ("organisation", "property", "value", "language", "country", "from", "to", "source")),
            )
            for file in FACTS
            for line, r in rows_of(file)
        ],
        ownership=[
            Owned(f"ownership.csv, line {line}", *(r[c] for c in ("child", "parent", "kind", "from", "to", "source")))
            for line, r in rows_of("ownership.csv")
        ],
        groups=dict(entries_of("groups.toml", "name", "name_zh", "kind", "members", "source")),
        countries=frozenset(countries),
        terms=vocabulary(),
        places={" ".join(tokens(p)): p for p in places},
    )


# -- rows ----------------------------------------------------------------------------------------------------


def _cells(r: Registry) -> Iterator[Finding]:
    for f in r.facts:
        term = r.terms["property"].get(f.property)
        if term is None:
            yield Finding(f.where, f"property is {f.property!r}", f"one of {', '.join(r.terms['property'])}")
            continue
        if not f.value or f.value != " ".join(f.value.split()):
            yield Finding(f.where, f"value is {f.value!r}", "write it without spaces around or doubled")
        if term.form and not term.form.fullmatch(f.value):
            yield Finding(f.where, f"{f.property} is {f.value!r}", f"write it as {term.form.pattern}")
        if bool(f.language) != term.is_name:
            remedy = "give its language, as in en or zh" if term.is_name else "only a name has a language"
            yield Finding(f.where, f"{f.property} {f.value!r} has the language {f.language!r}", remedy)
        if f.language == "en" and has_han(f.value):
            yield Finding(f.where, f"{f.value!r} is marked as English", "write zh, or ja for a Japanese name")
        yield from _words_of(f, r)


def _words_of(f: Fact, r: Registry) -> Iterator[Finding]:
    """Findings on cells that must hold a known word: stage, sector, exchange, source, country."""
    if f.property in ("stage", "sector") and f.value not in r.terms[f.property]:
        yield Finding(f.where, f"{f.property} is {f.value!r}", f"one of {', '.join(r.terms[f.property])}")
    if f.property == "kind" and f.where.startswith(FACTS[0]) and f.value != "company":
        yield Finding(f.where, f"kind is {f.value!r}", "organisations.csv holds companies")
    if f.property == "ticker" and f.value.partition(":")[0] not in r.terms["exchange"]:
        yield Finding(f.where, f"ticker is {f.value!r}", "add the exchange to vocabulary.toml, by its ISO 10383 code")
    if f.property == "ror" and not ror_is_valid(f.value):
        yield Finding(f.where, f"ror is {f.value!r}, which fails its check digits", "copy the id from ror.org anew")
    for code in (f.country, f.value if f.property == "country" else ""):
        if code and code not in r.countries:
            yield Finding(f.where, f"country is {code!r}", "write its ISO 3166-1 alpha-3 code")
    if not is_company(f.organisation) and not ror_is_valid(f.organisation.removeprefix("ror:")):
        yield Finding(f.where, f"{f.organisation} fails its check digits", "copy the id from ror.org anew")
    yield from _source(f.where, f.source, r)
    yield from _span(f.where, f.first, f.last)


def _source(where: str, source: str, r: Registry) -> Iterator[Finding]:
    if source.partition(":")[0] not in r.terms["source"]:
        known = ", ".join(r.terms["source"])
        yield Finding(where, f"source is {source!r}", f"one of {known}; a new one is added to vocabulary.toml")


def _span(where: str, first: str, last: str) -> Iterator[Finding]:
    if first and last and (year(first, where) or 0) > (year(last, where) or 0):
        yield Finding(where, f"runs from {first} to {last}", "write the earlier year first")


def ror_is_valid(number: str) -> bool:
    """Whether the check digits of a ROR id hold (base 32 after Crockford, ISO/IEC 7064 mod 97-10).

    >>> ror_is_valid("03cve4549"), ror_is_valid("03cve4548")
    (True, False)
    """
    if not _ROR.fullmatch(number):
        return False
    value = 0
    for char in number[:-2]:
        value = value * 32 + _CROCKFORD.index(char)
    return 98 - (value * 100) % 97 == int(number[-2:])


def _repeated_rows(r: Registry) -> Iterator[Finding]:
    seen: dict[object, str] = {}
    for f in r.facts:
        key = (f.organisation, f.property, f.value, f.country)
        if key in seen:
            yield Finding(f.where, f"{f.organisation}: {f.property} {f.value!r} stands in {seen[key]} too", "drop one")
        seen.setdefault(key, f.where)


# -- companies -----------------------------------------------------------------------------------------------


def _companies(r: Registry) -> Iterator[Finding]:
    for company, properties in r.of.items():
        where = next(iter(properties.values()))[0].where
        if not _SLUG.fullmatch(company):
            yield Finding(where, f"the id is {company!r}", "use small letters, digits and -")
        if company in r.countries or company in r.groups:
            yield Finding(where, f"{company!r} is also the id of a country or group", "choose another id")
        for lacking in REQUIRED:
            if lacking not in properties:
                yield Finding(where, f"{company} has no {lacking}", f"add the row {company},{lacking},…")
        if not any(f.language == "en" for f in properties.get("name", ())):
            yield Finding(where, f"{company} has no English name", f"add the row {company},name,…,en")
        yield from _once(company, properties, r)


def _once(company: str, properties: dict[str, list[Fact]], r: Registry) -> Iterator[Finding]:
    for name, facts in properties.items():
        term = r.terms["property"].get(name)
        if term and term.once and len(facts) > 1:
            values = ", ".join(f.value for f in facts)
            yield Finding(facts[1].where, f"{company} has more than one {name}: {values}", "keep one")
    languages = Counter(f.language for f in properties.get("name", ()))
    for language, n in languages.items():
        if n > 1:
            where = [f.where for f in properties["name"] if f.language == language][1]
            yield Finding(where, f"{company} has {n} names in {language}", "keep one as name, make the others alias")


def _claims(r: Registry) -> Iterator[Finding]:
    by_value: dict[str, set[str]] = defaultdict(set)
    for f in r.facts:
        if f.property in ("ror", "ticker"):
            by_value[f.value].add(f.organisation)
            if len(by_value[f.value]) > 1:
                both = ", ".join(sorted(by_value[f.value]))
                yield Finding(f.where, f"{f.property} {f.value} is claimed by {both}", "leave it with one")
        if f.organisation in r.claimed:
            owner = r.claimed[f.organisation].organisation
            yield Finding(f.where, f"{f.organisation} is claimed by {owner}", f"write the row for {owner}")


# -- names ---------------------------------------------------------------------------------------------------


def _shared_names(r: Registry) -> Iterator[Finding]:
    """A name of two organisations; a joint laboratory may have two owners."""
    meant: dict[str, list[Fact]] = defaultdict(list)
    for f in r.names:
        meant[f.value.casefold()].append(f)
        if is_company(f.organisation) and f.property != "lab":
            meant["".join(tokens(f.value))].append(f)
    for facts in meant.values():
        if len({f.organisation for f in facts}) > 1 and {f.property for f in facts} != {"lab"}:
            both = ", ".join(sorted({f.organisation for f in facts}))
            last = facts[-1]
            yield Finding(last.where, f"{last.value!r} names {both}", "leave it with one; only a lab may be shared")


def _names_of_places(r: Registry) -> Iterator[Finding]:
    for f in r.names:
        # Universities are named after their place: Stanford.
        if f.where.startswith(FACTS[0]) and f.property != "name" and " ".join(tokens(f.value)) in r.places:
            yield Finding(f.where, f"{f.value!r} is a place", "drop it, or write the full name")


# -- owners and groups ---------------------------------------------------------------------------------------


def _ownership_rows(r: Registry) -> Iterator[Finding]:
    seen: dict[object, str] = {}
    for e in r.ownership:
        if e.child not in r.companies:
            yield Finding(e.where, f"child {e.child!r} is no company of the registry", "add it to organisations.csv")
        if e.parent in r.claimed:
            yield Finding(e.where, f"parent {e.parent} is {r.claimed[e.parent].organisation}", "write the company's id")
        elif e.parent not in r.companies and not (e.parent[:4] == "ror:" and ror_is_valid(e.parent[4:])):
            remedy = "add it to organisations.csv, or give a ror:… id"
            yield Finding(e.where, f"parent {e.parent!r} is no company of the registry", remedy)
        if e.child == e.parent:
            yield Finding(e.where, f"{e.child} is owned by itself", "name another owner, or drop the row")
        key = (e.child, e.parent, e.first)
        if key in seen:
            yield Finding(e.where, f"{e.child} → {e.parent} stands in {seen[key]} too", "drop one")
        seen.setdefault(key, e.where)
        yield from _source(e.where, e.source, r)
        yield from _span(e.where, e.first, e.last)


def _owners(r: Registry) -> Iterator[Finding]:
    """Cycles, and two owners at once."""
    try:
        owners(
            Edge(e.child, e.parent, year(e.first, e.where), year(e.last, e.where), e.where)
            for e in r.ownership
            if e.kind in ROLLED_UP
        )
    except RegistryError as error:
        where, _, what = error.what.removeprefix("registry/").partition(": ")
        yield Finding(where, what, error.remedy or "")


def _groups(r: Registry) -> Iterator[Finding]:
    owned = {e.child: e.parent for e in r.ownership if e.kind in ROLLED_UP and not e.last}
    for group, entry in r.groups.items():
        where = f"groups.toml: [{group}]"
        members = entry["members"]
        known = r.countries if entry["kind"] == "country" else r.companies
        if not isinstance(members, list):
            yield Finding(where, "members is no list", 'write members = ["…"]')
            continue
        for member, n in Counter(members).items():
            if n > 1:
                yield Finding(where, f"{member} stands {n} times", "keep one")
            if member not in known:
                yield Finding(where, f"member {member!r} is unknown", "add it to organisations.csv, or mend the id")
            elif member in owned and owned[member] not in members:
                remedy = f"name {owned[member]} in its place"
                yield Finding(where, f"{member} belongs to {owned[member]} today, which is no member", remedy)
        if has_han(str(entry["name"])) or not has_han(str(entry["name_zh"])):
            yield Finding(where, "lacks its name in one of the languages", "give name and name_zh")


RULES: tuple[Callable[[Registry], Iterable[Finding]], ...] = (
    _cells,
    _repeated_rows,
    _companies,
    _claims,
    _shared_names,
    _names_of_places,
    _ownership_rows,
    _owners,
    _groups,
)


def findings(of: Registry) -> list[Finding]:
    """Every rule that is broken, in the order of the rules.

    >>> findings(read())
    []
    """
    return list(dict.fromkeys(found for rule in RULES for found in rule(of)))


# -- what there is and what is thin --------------------------------------------------------------------------


def counts(of: Registry) -> list[dict[str, object]]:
    """Companies in all and by country, the most first: `country`, `companies`, and how many have each thing wanted."""
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    for properties in of.of.values():
        has = _has(properties)
        for country in ("all", *(f.value for f in properties.get("country", ()))):
            rows[country]["companies"] += 1
            rows[country].update(wanted for wanted in WANTED if wanted in has)
    order = sorted(rows, key=lambda c: (c != "all", -rows[c]["companies"], c))
    return [{"country": c, **{k: rows[c][k] for k in ("companies", *WANTED)}} for c in order]


def _has(properties: dict[str, list[Fact]]) -> set[str]:
    """What is known of a company, in the words of `WANTED`."""
    has = {p for p, facts in properties.items() if facts}
    if any(f.language == "zh" for f in properties.get("name", ())):
        has.add("name in Chinese")
    return has


def lacking(properties: dict[str, list[Fact]]) -> list[str]:
    """What a company lacks of what is wanted; a ticker only if it is listed.

    A ROR id is wanted, but ROR does not hold every company.
    """
    has = _has(properties)
    if not any(f.value == "listed" for f in properties.get("stage", ())):
        has.add("ticker")
    return [wanted for wanted in WANTED if wanted not in has]


def thin(of: Registry) -> list[dict[str, object]]:
    """Companies that lack something, those that lack most first: `company`, `country`, `lacks`."""
    rows = [(c, properties, lacking(properties)) for c, properties in of.of.items()]
    return [
        {"company": c, "country": p["country"][0].value if "country" in p else None, "lacks": ", ".join(lacks)}
        for c, p, lacks in sorted(rows, key=lambda row: (-len(row[2]), row[0]))
        if lacks
    ]


def unchecked(of: Registry) -> list[dict[str, object]]:
    """Rows that rest on general knowledge: `where`, `about`, `says`."""
    facts: list[dict[str, object]] = [
        {"where": f.where, "about": f.organisation, "says": f"{f.property} {f.value}"}
        for f in of.facts
        if f.source == UNCHECKED
    ]
    edges: list[dict[str, object]] = [
        {"where": e.where, "about": e.child, "says": f"{e.kind} of {e.parent} {e.first}–{e.last}"}
        for e in of.ownership
        if e.source == UNCHECKED
    ]
    groups: list[dict[str, object]] = [
        {"where": f"groups.toml: [{g}]", "about": g, "says": "its members"}
        for g, entry in of.groups.items()
        if entry["source"] == UNCHECKED
    ]
    return [*facts, *edges, *groups]


def about(of: Registry, company: str) -> list[dict[str, object]]:
    """All rows on one company: `says`, `value`, `from`, `to`, `source`, `where`. Raises `UsageError` for an unknown id.

    >>> [row["value"] for row in about(read(), "deepmind") if row["says"] == "subsidiary of"]
    ['alphabet']
    """
    if company not in of.companies:
        raise UsageError(f"{company!r} is no company of the registry", f"macaw entities {company}")
    facts = [
        (f"{f.property} ({f.language})" if f.language else f.property, f.value, f.first, f.last, f.source, f.where)
        for found in of.of[company].values()
        for f in found
    ]
    up = [(f"{e.kind} of", e.parent, e.first, e.last, e.source, e.where) for e in of.ownership if e.child == company]
    down = [(f"has {e.kind}", e.child, e.first, e.last, e.source, e.where) for e in of.ownership if e.parent == company]
    groups = [
        ("member of", group, "", "", entry["source"], f"groups.toml: [{group}]")
        for group, entry in of.groups.items()
        if company in entry["members"]  # type: ignore[operator]
    ]
    columns = ("says", "value", "from", "to", "source", "where")
    return [dict(zip(columns, row, strict=True)) for row in (*facts, *up, *down, *groups)]


def validate() -> Registry:
    """The registry, after every file of it was read. Raises `RegistryError` for a fault that stops the reading."""
    registry.tables()
    return read()
