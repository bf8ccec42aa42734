"""Reads the indicators' TOML files, and says what indicators rest on."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from macaw.engine import Query, load
from macaw.errors import MacawError, UsageError
from macaw.provenance import hash_text
from macaw.relevance import DEFINITION, DEFINITIONS

# What an entity without a single record has: nothing counted is 0, a mean over nothing cannot exist,
# a growth may only lack the years it needs.
ABSENT = ("zero", "cannot_exist", "not_collected")


@dataclass(frozen=True)
class Base:
    """What indicators rest on: its tables, and the queries that stand before, after and behind theirs."""

    inputs: tuple[str, ...]
    counted: str
    finish: str
    # The queries that give the records behind a number, one after another: what one found is `chosen` to the next.
    records: tuple[str, ...]
    record_tables: tuple[str, ...]
    # Switches on which values depend; of any other there is one choice.
    switches: tuple[str, ...]
    # The table of sums by entity, venue and year that the first query adds up; empty for none.
    cells: str = "cells"
    # Tables that stand for those the queries name: patents run through the queries of papers.
    stands_for: Mapping[str, str] = field(default_factory=dict)
    places: tuple[str, ...] = ("workplace", "owner")
    # Status under which what is there so far is no value; empty for none.
    hidden: str = ""
    # The table of lists of venues, and the list where none is chosen; empty for what each indicator says.
    lists: str = "registry_venue_lists"
    venues: str = ""

    def table(self, name: str) -> str:
        """The table behind a name that a query uses."""
        return self.stands_for.get(name, name)


BASES = {
    "cells": Base(
        inputs=("cells", "coverage", "entities", "owners", "registry_venue_lists", "selection_years"),
        counted="counted",
        finish="finish",
        records=("chosen", "chosen_measures", "records"),
        record_tables=(
            "credits",
            "works",
            "record_topics",
            "record_measures",
            "authorships",
            "matches",
            "affiliation_links",
            "owners",
            "group_members",
            "organisations",
            "registry_venue_lists",
        ),
        switches=("topic", "definition", "venues", "place", "ownership"),
    ),
    "evidence": Base(
        inputs=("evidence", "evidence_coverage", "coverage", "entities", "owners"),
        counted="evidence_counted",
        finish="evidence_finish",
        records=("evidence_records",),
        record_tables=("evidence",),
        switches=("definition", "ownership"),
        cells="",
        venues="none",
    ),
}

# What papers cite is known of an index of works that lists it, and told of AI as a whole.
BASES["references"] = Base(
    inputs=("reference_cells", "coverage", "entities", "owners", "registry_venue_lists", "selection_years"),
    counted="reference_counted",
    finish="finish",
    records=("chosen", "chosen_references", "records"),
    record_tables=(*BASES["cells"].record_tables, "reference_credits"),
    switches=("definition", "venues", "place", "ownership"),
    cells="reference_cells",
    stands_for={"coverage": "reference_coverage"},
    venues="OpenAlex",
)


# Patents run through the queries of papers; only the records behind a number need one of their own.
BASES["patents"] = replace(
    BASES["cells"],
    records=("chosen", "chosen_measures", "patent_records"),
    switches=("topic", "venues", "place", "ownership", "definition"),
    stands_for={
        "cells": "patent_cells",
        "coverage": "patent_coverage",
        "credits": "patent_credits",
        "works": "patent_families",
        "record_topics": "patent_topics",
        "record_measures": "patent_measures",
        "authorships": "patent_applicants",
        "registry_venue_lists": "registry_patent_lists",
        "reference_credits": "science_credits",
        "reference_cells": "science_cells",
    },
    places=("applicant", "workplace", "owner"),
    hidden="L",
    lists="registry_patent_lists",
    venues="patents",
)
# Offices need no applicant to be known.
BASES["patent_offices"] = replace(
    BASES["patents"], stands_for={**BASES["patents"].stands_for, "coverage": "patent_office_coverage"}
)
# What families cite, and by whom they are cited, is known later than the families, and of some collections only.
BASES["patent_citations"] = replace(
    BASES["patents"], stands_for={**BASES["patents"].stands_for, "coverage": "patent_citation_coverage"}
)
# Whose work families cite is asked as of papers, where their documents give a DOI.
BASES["science_links"] = replace(
    BASES["references"],
    records=("chosen", "chosen_references", "patent_records"),
    stands_for={**BASES["patents"].stands_for, "coverage": "science_coverage"},
    places=BASES["patents"].places,
    hidden="L",
    lists="registry_patent_lists",
    venues="patents",
)

# The table of what is known that each base on works or families reads, and the base that has the same records.
COVERAGES = {name: base.table("coverage") for name, base in BASES.items() if base.cells}
RECORDS_OF = {name: "cells" if BASES[name].table("works") == "works" else "patents" for name in COVERAGES}

# Tables of patents that queries of papers make, over the tables that stand for those they name.
BY_QUERIES_OF_PAPERS = {"patent_party_credits": "credits", "patent_cells": "cells", "science_cells": "reference_cells"}


def of_patents(table: str) -> tuple[Query, dict[str, str]]:
    """The query of papers that makes one of these tables, and which tables stand for those it names.

    >>> query, reads = of_patents("patent_cells")
    >>> query.name, reads["works"]
    ('cells', 'patent_families')
    """
    query = load("macaw.indicators", BY_QUERIES_OF_PAPERS[table])
    stand_for = {**BASES["patents"].stands_for, "activity": "patent_activity"}
    return query, {used: stand_for.get(used, used) for used in query.inputs}


# Fields that say what an indicator is and do not decide what it counts.
_TEXTS = ("title", "title_zh", "unit_zh", "short", "short_zh", "know", "know_zh", "category")


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
    absent: str
    # What it is about, for those who look for it: a name in published/categories.toml.
    category: str = "other"
    parameters: dict[str, str | int] = field(default_factory=dict)
    base: str = "cells"
    # What a work must have to be counted; says nothing of evidence.
    needs: str = "affiliation"
    # Definitions under which a build publishes the indicator; the first is used where none is chosen.
    definitions: tuple[str, ...] = (DEFINITION,)
    venues: str = "ai"
    few: int = 0
    # Whether there is one record per entity, year and definition: neither counting nor ownership makes a difference.
    single: bool = False
    # First year of a figure that is the sum of all years until its own; 0 where a figure is of its year.
    since: int = 0
    # Whether it is told of languages, and of nothing else.
    of_languages: bool = False
    # Whether it is told of patent offices and the world, and of nothing else.
    of_offices: bool = False
    # Whether a country's value needs the organisations' cells too (concentration does).
    across_entities: bool = False
    # Whether the value depends on what China means (collaboration across borders does).
    by_territory: bool = False
    # Venue lists the indicator is published for; empty is all.
    lists: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[str, ...]:
        """Definitions that can be asked for; of papers more than a build publishes."""
        return DEFINITIONS if self.base == "cells" else self.definitions

    @property
    def rests_on(self) -> Base:
        """What the indicator rests on."""
        return BASES[self.base]

    @property
    def query(self) -> Query:
        """The SQL file behind the indicator."""
        return load("macaw.indicators", self.query_name)

    @property
    def fingerprint(self) -> str:
        """A hash of what the indicator counts and how: its query and every switch, not its texts.

        >>> len(indicator("papers").fingerprint)
        64
        """
        said = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _TEXTS}
        return hash_text(self.query.text, repr(sorted(said.items(), key=lambda pair: pair[0])))

    def bound(self, query: Query) -> dict[str, str | int]:
        """What the indicator binds of a query's parameters: its own, and what its file says of it."""
        known: dict[str, str | int] = {
            "indicator": self.id,
            "unit": self.unit,
            "needs": self.needs,
            "absent": self.absent,
            "few": self.few,
            "span": 1,
            "hidden": self.rests_on.hidden,
        }
        return {name: value for name, value in (known | self.parameters).items() if name in query.parameters}


def is_fraction(unit: str) -> bool:
    """Whether values in a unit are written in percent.

    >>> is_fraction("fraction 0–1"), is_fraction("papers")
    (True, False)
    """
    return unit.startswith("fraction")


@cache
def indicators() -> dict[str, Indicator]:
    """All indicators by id, in alphabetical order.

    >>> "papers" in indicators()
    True
    """
    return _read(files("macaw.indicators"))


@cache
def categories() -> dict[str, tuple[str, str]]:
    """Name in English and Chinese of each category of indicators, in the order in which pages show them.

    >>> categories()["money"]
    ('Money', '资金')
    """
    document = tomllib.loads(files("macaw.indicators").joinpath("published", "categories.toml").read_text("utf-8"))
    return {name: (entry["name"], entry["name_zh"]) for name, entry in document.items()}


@cache
def links() -> dict[str, Indicator]:
    """Series of evidence that have records and no amounts, so that no number rests on them.

    >>> sorted(links())
    ['investment_links', 'military_contracts', 'staff_of_parts']
    """
    return _read(files("macaw.indicators").joinpath("links"))


def _read(folder: Traversable) -> dict[str, Indicator]:
    found = {}
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            fields = tomllib.loads(entry.read_text("utf-8"))
            fields["query_name"] = fields.pop("query")
            fields |= {k: tuple(fields[k]) for k in ("know", "know_zh", "lists", "definitions") if k in fields}
            base = BASES.get(fields.get("base", "cells"), BASES["cells"])
            fields |= {"venues": base.venues} if base.venues else {}
            made = Indicator(id=entry.name.removesuffix(".toml"), **fields)
            if made.needs not in ("affiliation", "citation") or made.absent not in ABSENT or made.base not in BASES:
                raise MacawError(
                    f"indicators/{entry.name}: needs, absent or base has an unknown value", "see CONTRIBUTING.md"
                )
            if made.category not in categories():
                raise MacawError(
                    f"indicators/{entry.name}: category {made.category!r} is unknown",
                    f"choose from {', '.join(categories())}, or add it to published/categories.toml",
                )
            found[made.id] = made
    return found


def indicator(name: str) -> Indicator:
    """The indicator of that id; raises `UsageError` for an unknown one, and for evidence without a number."""
    if name in links():
        raise UsageError(
            f"{name} has records and no number: {links()[name].short}",
            f"see its records: macaw records {name} --entity NAME --build DIR",
        )
    try:
        return indicators()[name]
    except KeyError:
        raise UsageError(f"there is no indicator {name!r}", f"known: {', '.join(indicators())}") from None


def recorded(name: str) -> Indicator:
    """The indicator of that id, or the series of evidence that has records only."""
    return links().get(name) or indicator(name)
