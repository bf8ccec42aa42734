"""Reads CSVs of deals, each by the mapping beside it; amounts are disclosed, imputed or undisclosed, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path

from macaw.errors import SourceError
from macaw.sources.currencies import currency
from macaw.sources.deals.mapping import Mapping, load
from macaw.sources.records import Reading, Rejected, finite

SOURCE = "deals"
TABLES = ("source_deals",)
# Tables of the registry that reading depends on.
REGISTRY = ("registry_currencies",)

# No venture deal is older than the first venture firms; an earlier year is a misread number.
FIRST_YEAR = 1946
_UNDISCLOSED = "undisclosed"
_AMOUNT = re.compile(r"[-+]?(?:\d{1,3}(?:[,\s]\d{3})+|\d+)(?:\.\d+)?(?:[eE]\+?\d+)?")


class UnusableError(Exception):
    """A deal that cannot be used: the reason and the offending value."""


@dataclass(frozen=True)
class Deal:
    """What a list says of a deal, in the order of the schema from the company on."""

    company: str
    country: str | None
    period: int
    day: str
    amount: float | None
    currency: str | None
    kind: str
    series: str | None
    investors: str | None
    link: str | None

    def said(self) -> Deal:
        """What tells the deal from others: all but its link."""
        return replace(self, link=None)

    def joined(self, other: Deal) -> Deal:
        """The deal with the other's investors beside its own."""
        names = {name for text in (self.investors, other.investors) if text for name in text.split(";")}
        return replace(self, investors=";".join(sorted(names)) or None)


@dataclass
class List:
    """One list of deals while it is read."""

    mapping: Mapping
    shown: str
    reading: Reading

    def refuse(self, position: int | None, reason: str, value: object, action: str = "rejected") -> None:
        """List a record that is refused, or noted."""
        self.reading.refused.append(Rejected(SOURCE, self.shown, position, reason, value, action))


def read(paths: list[Path], root: Path) -> Reading:
    """The deals of every mapping among `paths`; a CSV that no mapping names is listed."""
    reading = Reading()
    mappings = [load(path) for path in paths if path.suffix == ".toml"]
    named = {mapping.file for mapping in mappings}
    for path in paths:
        if path.suffix != ".toml" and path not in named:
            shown = path.relative_to(root).as_posix()
            reading.refused.append(Rejected(SOURCE, shown, None, "no mapping names this file: it is not read"))
    seen: dict[Deal, str] = {}
    for mapping in mappings:
        if not mapping.file.is_file():
            raise SourceError(f"{mapping.path}: there is no file {mapping.file}", "name a CSV beside the mapping")
        _add(List(mapping, mapping.file.relative_to(root).as_posix(), reading), seen)
    return reading


def _add(listed: List, seen: dict[Deal, str]) -> None:
    """Add the deals of a list, each once among all lists: `seen` says in which a deal was first."""
    mapping = listed.mapping
    for own, (position, deal) in _by_id(listed).items():
        first = seen.setdefault(deal.said(), own)
        if first != own:
            where = first.split(":")[1]
            reason = f"duplicate deal: the list {where} says the same in all but the link"
            listed.refuse(position, reason, deal.company)
            continue
        values = astuple(deal)
        listed.reading.add("source_deals", own, SOURCE, listed.shown, position, mapping.title, *values)
        if deal.kind == _UNDISCLOSED:
            reason = "amount is undisclosed: the deal is kept, its amount is not guessed"
            listed.refuse(position, reason, deal.company, "noted")


def _by_id(listed: List) -> dict[str, tuple[int, Deal]]:
    """Position and deal by id; a row that names further investors of a deal adds them to it."""
    found: dict[str, tuple[int, Deal]] = {}
    for position, own, deal in _rows(listed):
        if own not in found:
            found[own] = position, deal
            continue
        at, first = found[own]
        joined = first.joined(deal)
        if joined != first and joined.said() == deal.joined(first).said():
            found[own] = at, joined
            listed.refuse(position, "row names further investors of a deal: added to it", deal.company, "noted")
        else:
            listed.refuse(position, "duplicate deal: the same id, or the same in all but the link", deal.company)
    return found


def _rows(listed: List) -> Iterator[tuple[int, str, Deal]]:
    """Position, id and deal of every row that is wanted and can be used."""
    mapping = listed.mapping
    for position, row in mapping.rows(SOURCE, listed.refuse):
        try:
            deal = _deal(mapping, row)
        except UnusableError as why:
            listed.refuse(position, *why.args)
            continue
        yield position, _id(mapping, row, deal), deal


def _id(mapping: Mapping, row: dict[str, str], deal: Deal) -> str:
    """The list's name and its own id of the deal, or a hash of what it says."""
    own = mapping.cell(row, "id")
    return f"deals:{mapping.path.stem}:{own or sha256(repr(deal.said()).encode()).hexdigest()[:16]}"


def _deal(mapping: Mapping, row: dict[str, str]) -> Deal:
    """The deal of a row; `UnusableError` says why there is none."""
    cell = partial(mapping.cell, row)
    if not cell("company"):
        raise UnusableError("deal has no company", None)
    when = _date(mapping, cell("date"))
    amount, kind = _amount(mapping, cell("amount"), cell("imputed"))
    investors = ";".join(sorted(filter(None, (part.strip() for part in cell("investors").split(mapping.separator)))))
    return Deal(
        company=cell("company"),
        country=cell("country") or None,
        period=when.year,
        day=when.isoformat(),
        amount=amount,
        currency=_currency(mapping, cell("currency")) if amount is not None else None,
        kind=kind,
        series=cell("series") or None,
        investors=investors or None,
        link=cell("link") or None,
    )


def _date(mapping: Mapping, text: str) -> date:
    found = mapping.date(text)
    if found is None:
        raise UnusableError(f"date is not written as {' or '.join(mapping.dates)}", text)
    if found.year < FIRST_YEAR or found > mapping.exported:
        raise UnusableError(f"date is before {FIRST_YEAR} or after the list was made ({mapping.exported})", text)
    return found


def _amount(mapping: Mapping, text: str, imputed: str) -> tuple[float | None, str]:
    """Amount in whole units of its currency, none if undisclosed, and its kind."""
    if text.casefold() in mapping.undisclosed:
        return None, _UNDISCLOSED
    if not _AMOUNT.fullmatch(text):
        raise UnusableError("amount is not a number", text)
    amount = finite(float(re.sub(r"[,\s]", "", text)) * mapping.factor)
    if amount is None:
        raise UnusableError("amount is too large for a number", text)
    if amount < 0:
        raise UnusableError("amount is below zero", text)
    if amount == 0:
        # Lists write 0 where they know nothing; a deal of nothing is none.
        return None, _UNDISCLOSED
    if imputed.casefold() in mapping.imputed:
        return amount, "imputed"
    if imputed.casefold() not in mapping.not_imputed:
        raise UnusableError("cell of the column imputed is in neither imputed nor not_imputed of [values]", imputed)
    return amount, "disclosed"


def _currency(mapping: Mapping, text: str) -> str:
    given = text or mapping.currency or ""
    known = currency(given)
    if known is None:
        raise UnusableError("currency is unknown: not in registry/currencies.csv", given)
    return known
