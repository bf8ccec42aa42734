"""Reads the records of the ledger: what an article says, and the rule that settles it, written before looking.

A record is one TOML file for one article (`claims/records/`); docs/claims.md explains every field with an example.
Whatever is wrong is a `RecordError` naming the file, the claim and the field. Nothing here looks at a value.
"""

from __future__ import annotations

import math
import re
import reprlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from macaw import registry
from macaw.errors import MacawError
from macaw.indicators import indicators
from macaw.indicators.values import COUNTINGS, OWNERSHIPS, PLACES, TERRITORIES
from macaw.sources import origins
from macaw.sources.records import finite
from macaw.toml import parsed

TYPES = ("level", "growth", "comparison", "rank", "share", "lag", "trend", "event", "forecast", "causal", "qualitative")
PARTS = ("attribution", "content")
# past: said of a time that is over, so that what comes later cannot make it out of date.
TENSES = ("past", "present", "future")
# settles: measures what the claim says. proxy: measures something near it, so that at most a named definition can hold.
# context: stands beside and decides nothing.
ROLES = ("settles", "proxy", "context")
# value; entity over against; entity minus against; rise over the year before; rise of the mean over that of `base`;
# place among `among`, 1 the largest; how many of the first `first` of `among` are of the country `entity`.
TAKES = ("value", "ratio", "difference", "growth", "change", "rank", "among_first")
COMBINES = ("all", "either")
# draft: what a machine read in an article; a person has not confirmed the rule, so it has no verdict.
STATES = ("draft", "confirmed")
LATEST = "latest"
_CHOICES = {"counting": COUNTINGS, "ownership": OWNERSHIPS, "place": PLACES, "territory": TERRITORIES}
_SWITCHES = (*_CHOICES, "definition", "venues", "topic")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ENTITY = re.compile(r"lang:[a-z]{2,3}(-[A-Z][a-z]{3})?|ror:[0-9a-z]{9}|WLD")
# Kinds of entities that `among` may name as a whole, as the table entities has them.
KINDS = ("company", "education", "facility", "country")
_KIND = re.compile(rf"({'|'.join(KINDS)})(@[A-Z]{{3}})?")
_PERIOD = re.compile(r"[0-9]{4}|[0-9]{4}:[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2}|latest")


class RecordError(MacawError):
    """A record of the ledger breaks its own rules; the message names the file, the claim and the field."""


@dataclass(frozen=True)
class Article:
    """The article a claim stands in."""

    title: str
    title_en: str
    outlet: str
    outlet_en: str
    date: date
    url: str
    language: str
    state: str = "confirmed"
    author: str = ""
    note: str = ""


@dataclass(frozen=True)
class Normal:
    """A claim in normal form. `value`, or `low` and `high`, in `unit`; `rounding` is the step its wording implies."""

    subject: str
    subject_zh: str
    measure: str
    measure_zh: str
    definition: str
    definition_zh: str
    place: str
    period: str
    relation: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    unit_zh: str = ""
    rounding: float | None = None


@dataclass(frozen=True)
class Test:
    """One test of a rule: what is measured, under which specifications, and what must hold of it.

    Bounds and `stated` are in the unit of the indicator, of its ratio (1 = equal), rise (0.1 = 10 %) or rank.
    `over` gives the choices of each switch; a switch left out has its usual choice.
    """

    # Not a test of pytest.
    __test__ = False

    id: str
    says: str
    says_zh: str
    role: str
    indicator: str
    entity: str
    period: str
    take: str = "value"
    against: str = ""
    # Entities, or all of a kind: company@CHN, education, country.
    among: tuple[str, ...] = ()
    # Of take among_first: how many of the first are looked at.
    first: int = 0
    base: str = ""
    over: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    at_least: float | None = None
    at_most: float | None = None
    above: float | None = None
    below: float | None = None
    stated: float | None = None

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and greatest measurement under which the test holds."""
        lows = [b for b in (self.at_least, self.above) if b is not None]
        highs = [b for b in (self.at_most, self.below) if b is not None]
        return max(lows, default=-math.inf), min(highs, default=math.inf)


@dataclass(frozen=True)
class Rule:
    """What settles a claim. `seen` says what its writer knew of the values; without a test it settles nothing."""

    registered: date
    seen: str
    seen_zh: str
    left_open: str
    left_open_zh: str
    checkable: bool = True
    combine: str = "all"
    sources: tuple[str, ...] = ()
    vintage: str = ""
    vintage_zh: str = ""
    tolerance: str = ""
    tolerance_zh: str = ""
    # What no part built so far can answer, and which part will.
    pending: str = ""
    pending_zh: str = ""
    # Figures of registry/figures.csv, or whole series of it, that others published on the same thing.
    figures: tuple[str, ...] = ()
    tests: tuple[Test, ...] = ()


@dataclass(frozen=True)
class Claim:
    """One claim of an article, with its rule. Ids are permanent and never reused."""

    id: str
    article: Article
    file: str
    statement: str
    statement_zh: str
    quote: str
    translation: str
    paragraph: int
    sentence: int
    speaker: str
    speaker_zh: str
    authority: str
    authority_zh: str
    part: str
    type: str
    tense: str
    normal: Normal
    rule: Rule
    # The claim of content whose attribution this is.
    attributes: str = ""
    # An earlier claim whose rule this one's takes the place of; the earlier stays readable.
    replaces: str = ""
    why_replaced: str = ""
    why_replaced_zh: str = ""
    # From when on a forecast can be judged.
    due: date | None = None
    note: str = ""
    note_zh: str = ""


def load_records(folder: Path | None = None) -> tuple[Claim, ...]:
    """All claims of a folder's TOML files, or of the package's own; raises `RecordError`."""
    place: Traversable = files("macaw.claims").joinpath("records") if folder is None else folder
    if not place.is_dir():
        raise RecordError(f"{place}: there is no such folder", "give a folder of records (*.toml)")
    texts = [
        (e.name, e.read_bytes()) for e in sorted(place.iterdir(), key=lambda e: e.name) if e.name.endswith(".toml")
    ]
    return check_together([claim for name, data in texts for claim in read_record(data, name)])


def load_file(file: Path) -> tuple[Claim, ...]:
    """The claims of one file; raises `RecordError`."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise RecordError(f"{file}: cannot be read ({error.strerror})", "give a record, a TOML file") from None
    return check_together(list(read_record(data, file.name)))


def read_record(data: bytes, name: str) -> Iterator[Claim]:
    """The claims of one record; `name` is the file's, for messages."""
    try:
        document = parsed(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise RecordError(f"{name}: byte {error.start} is not UTF-8", "convert the file to UTF-8") from None
    except ValueError as error:
        raise RecordError(f"{name}: is not TOML ({error})", "mend the line it names") from None
    _only(document, ("article", "rules", "claim"), name)
    article = _made(Article, document.get("article"), f"{name}: article")
    _one_of(article.state, STATES, f"{name}: article.state")
    entries = document.get("claim", [])
    if not isinstance(entries, list) or not entries:
        raise RecordError(f"{name}: has no [[claim]]", "add one; see docs/claims.md")
    usual = document.get("rules", {})
    if not isinstance(usual, dict):
        raise RecordError(f"{name}: rules is not a table", "write what all rules share as [rules]")
    for number, entry in enumerate(entries, 1):
        yield _claim(entry, article, usual, name, number)


# -- one claim -------------------------------------------------------------------------------------------


def _claim(entry: Any, article: Article, usual: Mapping[str, Any], name: str, number: int) -> Claim:
    where = f"{name}: claim {entry.get('id', number)}" if isinstance(entry, dict) else f"{name}: claim {number}"
    if not isinstance(entry, dict):
        raise RecordError(f"{where} is not a table", "write it as [[claim]]")
    rule_entry = entry.get("rule")
    if not isinstance(rule_entry, dict):
        raise RecordError(f"{where}: has no [claim.rule]", "write the rule before looking at values")
    listed = rule_entry.get("test", [])
    if not isinstance(listed, list):
        raise RecordError(f"{where}: rule.test is not a list", "write each as [[claim.rule.test]]")
    tests = tuple(
        _test(t, f"{where}: test {t.get('id', n) if isinstance(t, dict) else n}") for n, t in enumerate(listed)
    )
    plain = {**usual, **{k: v for k, v in rule_entry.items() if k != "test"}}
    rule = _made(Rule, plain, f"{where}: rule", tests=tests)
    normal = _made(Normal, entry.get("normal"), f"{where}: normal")
    plain = {k: v for k, v in entry.items() if k not in ("normal", "rule")}
    claim: Claim = _made(Claim, plain, where, article=article, file=name, normal=normal, rule=rule)
    _check(claim, where)
    return claim


def _check(claim: Claim, where: str) -> None:
    if not _ID.fullmatch(claim.id):
        raise RecordError(f"{where}: id is {claim.id!r}", "use small letters, digits and -")
    for value, allowed, what in (
        (claim.type, TYPES, "type"),
        (claim.part, PARTS, "part"),
        (claim.tense, TENSES, "tense"),
        (claim.rule.combine, COMBINES, "rule.combine"),
    ):
        _one_of(value, allowed, f"{where}: {what}")
    if claim.rule.registered > date.today():
        raise RecordError(
            f"{where}: rule.registered is {claim.rule.registered}, which is in the future",
            "write the day it was written",
        )
    if claim.type == "forecast" and claim.due is None:
        raise RecordError(f"{where}: a forecast without due", "write the day from which it can be judged")
    if not claim.rule.checkable and claim.rule.tests:
        raise RecordError(f"{where}: is not checkable and has tests", "leave out the tests, or checkable = false")
    for source in claim.rule.sources:
        _one_of(source, (*origins(), "figures"), f"{where}: rule.sources")
    kept = registry.tables()["registry_figures"]
    series = {*kept["series"].to_pylist(), *kept["figure"].to_pylist()}
    for name in claim.rule.figures:
        _one_of(name, sorted(series), f"{where}: rule.figures")
    ids = [t.id for t in claim.rule.tests]
    if len(set(ids)) < len(ids):
        raise RecordError(f"{where}: two tests have one id ({', '.join(ids)})", "give each an id of its own")


def check_together(claims: list[Claim]) -> tuple[Claim, ...]:
    """The claims, once ids, replacements and attributions agree over all files; raises `RecordError`."""
    seen: dict[str, Claim] = {}
    for claim in claims:
        if claim.id in seen:
            raise RecordError(
                f"{claim.file}: claim {claim.id} stands twice (also in {seen[claim.id].file})", "rename one"
            )
        seen[claim.id] = claim
    replaced: set[str] = set()
    for claim in claims:
        for what, other in (("replaces", claim.replaces), ("attributes", claim.attributes)):
            if other and (other not in seen or other == claim.id):
                raise RecordError(
                    f"{claim.file}: claim {claim.id}: {what} {other!r}, which is no other claim", "mend it"
                )
        if claim.replaces in replaced:
            raise RecordError(f"{claim.file}: claim {claim.replaces} is replaced twice", "one rule follows another")
        replaced |= {claim.replaces} - {""}
    return tuple(claims)


# -- one test --------------------------------------------------------------------------------------------


def _test(entry: Any, where: str) -> Test:
    if not isinstance(entry, dict):
        raise RecordError(f"{where} is not a table", "write it as [[claim.rule.test]]")
    over = entry.get("over", {})
    if not isinstance(over, dict):
        raise RecordError(f"{where}: over is {over!r}", 'write switches, as in counting = ["full"]')
    plain = {k: v for k, v in entry.items() if k != "over"}
    if "period" in plain:
        plain["period"] = str(plain["period"])
    made: Test = _made(Test, plain, where, over={k: tuple(v) if isinstance(v, list) else (v,) for k, v in over.items()})
    _one_of(made.role, ROLES, f"{where}: role")
    _one_of(made.take, TAKES, f"{where}: take")
    _one_of(made.indicator, tuple(indicators()), f"{where}: indicator")
    _check_subject(made, where)
    _check_periods(made, where)
    _check_bounds(made, where)
    _check_switches(made, where)
    return made


def _check_subject(test: Test, where: str) -> None:
    known = known_entities()
    for what, entity in (("entity", test.entity), ("against", test.against), *(("among", a) for a in test.among)):
        if what == "among" and _KIND.fullmatch(entity):
            continue
        if entity and entity not in known and not _ENTITY.fullmatch(entity):
            raise RecordError(f"{where}: {what} {entity!r} is unknown", "a country code, an id, or lang:zh")
    for what, given, takes in (
        ("against", bool(test.against), ("ratio", "difference")),
        ("among", bool(test.among), ("rank", "among_first")),
        ("first", bool(test.first), ("among_first",)),
        ("base", bool(test.base), ("change",)),
    ):
        if given != (test.take in takes):
            raise RecordError(
                f"{where}: take {test.take!r} {'has' if given else 'lacks'} {what}", f"only {', '.join(takes)} has it"
            )


def known_entities() -> frozenset[str]:
    """Ids of countries, organisations and groups of the registry."""
    tables = registry.tables()
    return frozenset(
        {
            *tables["registry_countries"]["country"].to_pylist(),
            *tables["registry_facts"]["organisation"].to_pylist(),
            *tables["registry_groups"]["group_id"].to_pylist(),
        }
    )


def _check_periods(test: Test, where: str) -> None:
    for what, period in (("period", test.period), ("base", test.base)):
        if not period and what == "base":
            continue
        if not _PERIOD.fullmatch(period):
            raise RecordError(f"{where}: {what} is {period!r}", "a year, 2017:2022, a day, or latest")
        if len(period) == len("2024-10-29"):
            try:
                date.fromisoformat(period)
            except ValueError:
                raise RecordError(f"{where}: {what} {period!r} is no day", "write YYYY-MM-DD") from None
        first, _, last = period.partition(":")
        if last and last < first:
            raise RecordError(f"{where}: {what} {period!r} ends before it begins", "as in 2017:2022")


def _check_bounds(test: Test, where: str) -> None:
    given = {n: getattr(test, n) for n in ("at_least", "at_most", "above", "below", "stated")}
    for name, bound in given.items():
        if bound is not None and not math.isfinite(bound):
            raise RecordError(f"{where}: {name} is {bound}", "write a number")
    low, high = test.bounds
    if test.role != "context" and (low, high) == (-math.inf, math.inf):
        raise RecordError(f"{where}: has no bound, so that nothing can fail it", "at_least, at_most, above or below")
    if low > high:
        raise RecordError(f"{where}: nothing is at least {low} and at most {high}", "mend the bounds")


def _check_switches(test: Test, where: str) -> None:
    of = indicators()[test.indicator]
    venues = set(registry.tables()["registry_venue_lists"]["venues"].to_pylist())
    topics = (*registry.tables()["registry_topics"]["topic"].to_pylist(), "all")
    allowed = {**_CHOICES, "definition": of.definitions, "venues": tuple(sorted(venues)), "topic": topics}
    for switch, chosen in test.over.items():
        _one_of(switch, _SWITCHES, f"{where}: over")
        if not chosen:
            raise RecordError(f"{where}: over.{switch} is empty", "name at least one choice, or leave it out")
        for choice in chosen:
            _one_of(choice, allowed[switch], f"{where}: over.{switch}")
    useless = [s for s in ("place", "venues", "topic") if s in test.over and s not in of.rests_on.switches]
    if useless:
        raise RecordError(f"{where}: {of.id} does not depend on {', '.join(useless)}", "leave it out of over")


# -- fields ----------------------------------------------------------------------------------------------


def _only(entry: Mapping[str, Any], allowed: tuple[str, ...], where: str) -> None:
    unknown = sorted(set(entry) - set(allowed))
    if unknown:
        raise RecordError(f"{where}: unknown field {', '.join(unknown)}", f"known: {', '.join(allowed)}")


def _one_of(value: str, allowed: tuple[str, ...] | list[str], where: str) -> None:
    if value not in allowed:
        raise RecordError(f"{where} is {value!r}, which is unknown", f"one of {', '.join(allowed)}")


_NUMBERS = ("float", "float | None")


def _made(kind: type[Any], entry: Any, where: str, **ready: Any) -> Any:
    """An instance of a dataclass from a table of TOML: every field known, needed ones there, types as declared."""
    if not isinstance(entry, dict):
        raise RecordError(f"{where} is missing", "see docs/claims.md")
    declared = {f.name: f for f in fields(kind) if f.name not in ready}
    _only(entry, tuple(declared), where)
    given: dict[str, Any] = {}
    for name, one in declared.items():
        if name in entry:
            given[name] = _cell(entry[name], str(one.type), f"{where}: {name}")
    made: dict[str, Any] = {**given, **ready}
    lacking = [n for n, f in declared.items() if n not in made and _is_needed(f)]
    if lacking:
        raise RecordError(f"{where}: lacks {', '.join(lacking)}", "add it; see docs/claims.md")
    return kind(**made)


def _is_needed(one: Any) -> bool:
    import dataclasses

    return one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING


def _cell(value: Any, declared: str, where: str) -> Any:
    if declared.startswith("tuple"):
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise RecordError(f"{where} is {value!r}", "write a list of texts")
        return tuple(value)
    if declared in _NUMBERS:
        number = finite(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        if number is None:
            raise RecordError(f"{where} is {reprlib.repr(value)}", "write a number")
        return number
    wanted: type[Any] = {"str": str, "int": int, "bool": bool, "date": date, "date | None": date}[declared]
    # For Python a truth value is a number and a moment is a day.
    if not isinstance(value, wanted) or isinstance(value, bool) > (wanted is bool) or isinstance(value, datetime):
        raise RecordError(f"{where} is {value!r}", f"write a {wanted.__name__}")
    if wanted is str and not value.strip():
        raise RecordError(f"{where} is empty", "fill it in, or leave it out if it may be absent")
    return value
