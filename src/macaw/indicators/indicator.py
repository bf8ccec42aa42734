"""Reads the indicators' TOML files."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from macaw.engine import Query, load
from macaw.errors import MacawError, UsageError

# What an entity without a single record has: nothing counted is 0, a mean over nothing cannot exist,
# a growth may only lack the years it needs.
ABSENT = ("zero", "cannot_exist", "not_collected")


@dataclass(frozen=True)
class Indicator:
    """One indicator: its texts, unit, query and parameters. Ids are permanent and never reused."""

    id: str
    title: str
    title_zh: str
    unit: str
    unit_zh: str
    short: str
    short_zh: str
    know: tuple[str, ...]
    know_zh: tuple[str, ...]
    query_name: str
    needs: str
    absent: str
    parameters: dict[str, str | int] = field(default_factory=dict)
    venues: str = "ai"
    few: int = 0
    # Whether a country's value needs the organisations' cells too (concentration does).
    across_entities: bool = False
    # Whether the value depends on what China means (collaboration across borders does).
    by_territory: bool = False
    # Venue lists the indicator is published for; empty is all.
    lists: tuple[str, ...] = ()

    @property
    def query(self) -> Query:
        """The SQL file behind the indicator."""
        return load("macaw.indicators", self.query_name)

    def bound(self, query: Query) -> dict[str, str | int]:
        """What the indicator binds of a query's parameters: its own, and what its file says of it."""
        known: dict[str, str | int] = {
            "indicator": self.id,
            "unit": self.unit,
            "needs": self.needs,
            "absent": self.absent,
            "few": self.few,
            "span": 1,
        }
        return {name: value for name, value in (known | self.parameters).items() if name in query.parameters}


@cache
def indicators() -> dict[str, Indicator]:
    """All indicators by id, in alphabetical order.

    >>> "papers" in indicators()
    True
    """
    found = {}
    for entry in sorted(files("macaw.indicators").iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            fields = tomllib.loads(entry.read_text("utf-8"))
            fields["query_name"] = fields.pop("query")
            fields["know"], fields["know_zh"] = tuple(fields["know"]), tuple(fields["know_zh"])
            fields["lists"] = tuple(fields.get("lists", ()))
            made = Indicator(id=entry.name.removesuffix(".toml"), **fields)
            if made.needs not in ("affiliation", "citation") or made.absent not in ABSENT:
                raise MacawError(
                    f"indicators/{entry.name}: needs or absent has an unknown value", "see CONTRIBUTING.md"
                )
            found[made.id] = made
    return found


def indicator(name: str) -> Indicator:
    """The indicator of that id; raises `UsageError` for an unknown one."""
    try:
        return indicators()[name]
    except KeyError:
        raise UsageError(f"there is no indicator {name!r}", f"known: {', '.join(indicators())}") from None
