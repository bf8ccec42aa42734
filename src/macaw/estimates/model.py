"""Reads a factor model from its TOML file and says what is wrong with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from macaw import registry
from macaw.errors import MacawError, UsageError
from macaw.estimates.distributions import Distribution, from_entry
from macaw.toml import parsed

# Name on the command line and folder of the files, one for each country and year.
MODELS = {"public-ai-rd": "public_ai_rd"}
# read: the source itself was read; reported: a source that quotes it was read; judgement: nobody published it.
GRADES = ("read", "reported", "judgement")
JUDGEMENT = "judgement"
_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Factor:
    """One factor: what it is, how it is distributed, why, and where that stands."""

    id: str
    title: str
    title_zh: str
    unit: str
    distribution: Distribution
    grade: str
    sentence: str
    sentence_zh: str
    source_title: str = ""
    url: str = ""
    accessed: str = ""


@dataclass(frozen=True)
class Together:
    """Factors that err in the same direction: every two of them have this rank correlation's normal counterpart."""

    factors: tuple[str, ...]
    correlation: float
    sentence: str
    sentence_zh: str


@dataclass(frozen=True)
class Component:
    """One part of the whole: (sum of the components `of`, or 1) × factors × (1 − factors) ÷ factors."""

    id: str
    title: str
    title_zh: str
    scope: str
    times: tuple[str, ...] = ()
    times_rest: tuple[str, ...] = ()
    divided_by: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    # A step on the way, which belongs to no total.
    step: bool = False

    @property
    def factors(self) -> tuple[str, ...]:
        """The factors named, not those of the components it is made of."""
        return self.times + self.times_rest + self.divided_by


@dataclass(frozen=True)
class Total:
    """Scopes taken together; never all that can be added, unless a reader asks."""

    id: str
    title: str
    title_zh: str
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class Check:
    """What others published, to hold a total or scope against; bounds in billions of `currency`."""

    id: str
    of: str
    text: str
    text_zh: str
    currency: str
    grade: str
    source_title: str
    url: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Money:
    """Billions of which currency, and what brings them to US dollars, to constant and to international ones."""

    currency: str
    per_dollar: float
    deflator: float
    base_year: int
    per_international_dollar: float
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """A whole model, checked."""

    name: str
    country: str
    year: int
    title: str
    title_zh: str
    note: str
    note_zh: str
    money: Money
    factors: tuple[Factor, ...]
    together: tuple[Together, ...]
    components: tuple[Component, ...]
    totals: tuple[Total, ...]
    checks: tuple[Check, ...]

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of the components, in the order in which they stand."""
        return tuple(dict.fromkeys(c.scope for c in self.components if not c.step))

    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Factors that move together, and each other one for itself, in the order of the file."""
        of = {f: t.factors for t in self.together for f in t.factors}
        varying = [f.id for f in self.factors if f.distribution.kind != "fixed"]
        return tuple(dict.fromkeys(of.get(f, (f,)) for f in varying))

    def factor(self, name: str) -> Factor:
        """A factor by id; raises `UsageError` for an unknown one."""
        found = {f.id: f for f in self.factors}
        if name not in found:
            raise UsageError(f"{self.name} has no factor {name!r}", f"known: {', '.join(found)}")
        return found[name]


def available() -> list[tuple[str, str, int]]:
    """Name, country and year of every model that is shipped.

    >>> ("public-ai-rd", "CHN", 2018) in available()
    True
    """
    found = []
    for name, folder in MODELS.items():
        for entry in sorted(files("macaw.estimates").joinpath(folder).iterdir(), key=lambda e: e.name):
            if entry.name.endswith(".toml"):
                country, _, year = entry.name.removesuffix(".toml").partition("_")
                found.append((name, country.upper(), int(year)))
    return found


def read_model(name: str, country: str, year: int, file: Path | None = None) -> Model:
    """The model of a country and year, or of a file of the reader's own.

    Raises `UsageError` where none is shipped, `MacawError` naming file, place and remedy for a file that is wrong.
    """
    if file is None:
        known = available()
        if (name, country, year) not in known:
            told = "; ".join(f"{n} --country {c} --year {y}" for n, c, y in known)
            raise UsageError(f"there is no estimate {name} of {country} in {year}", f"there are: {told}")
        place = files("macaw.estimates").joinpath(MODELS[name], f"{country.lower()}_{year}.toml")
        return _read(place, name, country, year)
    return _read(file, name, country, year)


def changed(model: Model, name: str, text: str) -> Model:
    """The model with one factor set to `value` or `low:high` (its 5 % and 95 % points), graded a judgement.

    Raises `UsageError` for an unknown factor or bounds that its distribution cannot have.
    """
    factor = model.factor(name)
    low, colon, high = text.partition(":")
    try:
        ends = float(low), float(high if colon else low)
    except ValueError:
        raise UsageError(f"--set {name}={text}: not a number or a range", f"as in --set {name}=0.1:0.3") from None
    kind = factor.distribution.kind if colon else "fixed"
    if kind == "fixed" and colon:
        kind = "lognormal"
    made = Distribution(kind, *ends)
    if wrong := made.wrong() or (_outside(factor, ends)):
        raise UsageError(f"--set {name}={text}: {wrong}", f"as in --set {name}=0.1:0.3")
    new = replace(factor, distribution=made, grade=JUDGEMENT, sentence="Set by the reader.", sentence_zh="由读者设定。",
                  source_title="", url="", accessed="")  # fmt: skip
    return replace(model, factors=tuple(new if f.id == name else f for f in model.factors))


def _outside(factor: Factor, ends: tuple[float, float]) -> str | None:
    if factor.unit == "share" and not 0 <= min(ends) <= max(ends) <= 1:
        return f"low and high are {ends[0]:g} and {ends[1]:g}; a share lies between 0 and 1"
    return None if min(ends) >= 0 else "an amount or ratio is not below 0"


# -- reading -----------------------------------------------------------------------------------------------


def _read(place: Traversable | Path, name: str, country: str, year: int) -> Model:
    try:
        document = parsed(place.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise MacawError(f"{place}: cannot be read ({error})", "name a TOML file") from None
    except ValueError as error:
        raise MacawError(f"{place.name}: is not TOML ({error})", "mend the line it names") from None
    try:
        model = _model(document, name, country, year)
    except (KeyError, TypeError) as error:
        raise MacawError(
            f"{place.name}: {error} is missing or unknown", "see docs/how-sure.md for the fields"
        ) from None
    for where, what, remedy in _wrong(model):
        raise MacawError(f"{place.name}: {where}: {what}", remedy)
    return model


def _model(d: Mapping[str, Any], name: str, country: str, year: int) -> Model:
    lists = {"factors", "times", "times_rest", "divided_by", "of", "scopes"}

    def made(entry: Mapping[str, Any], tuples: set[str]) -> dict[str, Any]:
        return {k: tuple(v) if k in tuples else v for k, v in entry.items()}

    return Model(
        name=name,
        country=country,
        year=year,
        **{k: d[k] for k in ("title", "title_zh", "note", "note_zh")},
        money=_money(d["money"]),
        factors=tuple(_factor(e) for e in d["factor"]),
        together=tuple(Together(**made(e, lists)) for e in d.get("together", ())),
        components=tuple(Component(**made(e, lists)) for e in d["component"]),
        totals=tuple(Total(**made(e, lists)) for e in d["total"]),
        checks=tuple(Check(**e) for e in d.get("check", ())),
    )


def _factor(entry: Mapping[str, Any]) -> Factor:
    """A factor; one that names a figure of the registry takes value, source and grade from there."""
    shape = {k: v for k, v in entry.items() if k not in ("distribution", "low", "high", "value", "figure")}
    if "figure" not in entry:
        return Factor(distribution=from_entry(entry), **shape)
    figure = _figure(entry["figure"])
    grade = figure["grade"] if figure["grade"] in GRADES else JUDGEMENT
    source = {"source_title": figure["source_title"], "url": figure["url"] or "", "accessed": figure["accessed"] or ""}
    return Factor(distribution=from_entry({"value": figure["value"]}), grade=grade, **source, **shape)


def _money(entry: Mapping[str, Any]) -> Money:
    rate = _figure(entry["rate"]) if "rate" in entry else None
    deflator = _figure(entry["deflator"])
    sources = [f"{f['source_title']} ({f['figure']})" for f in (rate, deflator) if f]
    return Money(
        currency=entry["currency"],
        per_dollar=float(rate["value"]) if rate else 1.0,
        deflator=float(deflator["value"]) / 100,
        base_year=entry["base_year"],
        per_international_dollar=float(entry["per_international_dollar"]),
        sources=(*sources, *entry["sources"]),
    )


def _figure(name: str) -> dict[str, Any]:
    for row in registry.tables()["registry_figures"].to_pylist():
        if row["figure"] == name:
            found: dict[str, Any] = row
            return found
    raise MacawError(f"registry/figures.csv has no figure {name!r}", "name one of its first column")


# -- rules ---------------------------------------------------------------------------------------------------


def _wrong(model: Model) -> Iterator[tuple[str, str, str]]:
    """Where a rule is broken, how, and what to do."""
    yield from _wrong_names(model)
    yield from _wrong_factors(model)
    yield from _wrong_together(model)
    yield from _wrong_components(model)


def _wrong_names(model: Model) -> Iterator[tuple[str, str, str]]:
    ids = [x.id for part in (model.factors, model.components, model.totals, model.checks) for x in part]
    for name, times in Counter([*ids, *model.scopes]).items():
        if times > 1 or not _ID.fullmatch(name):
            yield name, f"stands {times} times", "give each an id of its own, of small letters, digits and _"


def _wrong_factors(model: Model) -> Iterator[tuple[str, str, str]]:
    for f in model.factors:
        where = f"factor {f.id}"
        if wrong := f.distribution.wrong():
            yield where, wrong, "mend distribution, low, high or value"
        if f.unit == "share" and not 0 <= f.distribution.low <= f.distribution.high <= 1:
            yield where, "is a share and not between 0 and 1", "mend low and high"
        if f.grade not in GRADES:
            yield where, f"grade is {f.grade!r}", f"one of {', '.join(GRADES)}"
        if not (f.sentence and f.sentence_zh):
            yield where, "has no sentence", "say in one sentence, in both languages, why it is so"
        if f.grade != JUDGEMENT and not (f.url and f.source_title and f.accessed):
            yield (
                where,
                f"grade is {f.grade!r} without source_title, url and accessed",
                "name the page, or grade it judgement",
            )


def _wrong_together(model: Model) -> Iterator[tuple[str, str, str]]:
    known, used = {f.id for f in model.factors}, Counter(f for t in model.together for f in t.factors)
    for t in model.together:
        where = f"together {', '.join(t.factors)}"
        if lost := set(t.factors) - known:
            yield where, f"there is no factor {', '.join(sorted(lost))}", "name factors of this file"
        if any(used[f] > 1 for f in t.factors):
            yield where, "a factor stands in two groups", "put it in one"
        if not 0 < t.correlation < 1:
            yield where, f"correlation is {t.correlation:g}", "give a number between 0 and 1"


def _wrong_components(model: Model) -> Iterator[tuple[str, str, str]]:
    factors = {f.id for f in model.factors}
    before: set[str] = set()
    for c in model.components:
        where = f"component {c.id}"
        if lost := set(c.factors) - factors:
            yield where, f"there is no factor {', '.join(sorted(lost))}", "name factors of this file"
        if lost := set(c.of) - before:
            yield where, f"`of` names {', '.join(sorted(lost))}", "name components that stand before it"
        if not c.times and not c.of:
            yield where, "is made of nothing", "name factors in `times` or components in `of`"
        before.add(c.id)
    asked: Sequence[tuple[str, str]] = [(t.id, s) for t in model.totals for s in t.scopes]
    for total, scope in asked:
        if scope not in model.scopes:
            yield f"total {total}", f"there is no scope {scope!r}", f"name scopes: {', '.join(model.scopes)}"
    for check in model.checks:
        if check.of not in {*model.scopes, *(t.id for t in model.totals)}:
            yield f"check {check.id}", f"`of` is {check.of!r}", "name a scope or a total"
