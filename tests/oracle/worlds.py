"""Small random worlds: works with affiliations, what the affiliations name, organisations and their owners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from macaw.indicators import Specification
from macaw.indicators.values import COUNTINGS, OWNERSHIPS, PLACES, TERRITORIES

YEARS = range(2013, 2020)
COUNTRIES = ("USA", "CHN", "HKG", "TWN", "DEU")
KINDS = ("company", "education", "facility", "government")
ORGANISATIONS = ("o0", "o1", "o2", "o3", "o4", "o5")
RAW_NAMES = ("r0", "r1", "r2", "r3", "r4", "r5")
TOPICS = ("ai", "vision")
# Lists of venues. Z is on none.
LISTS = {"ai": ("V", "W"), "V": ("V",), "mixed": ("V", "W")}
PANELS = {"ai", "V"}
GROUPS = {"both": ("country", ("USA", "CHN")), "big": ("company", ("o0", "o1", "o2"))}


@dataclass(frozen=True)
class Mention:
    """What an affiliation names: an organisation, or only a place, or an organisation without one."""

    organisation: str | None
    country: str | None
    is_ancestor: bool


@dataclass(frozen=True)
class Work:
    """A work, its authors' affiliations slot by slot, and its topics."""

    work: str
    venue: str
    period: int
    is_published: bool
    citations: int | None
    listing: str
    slots: tuple[tuple[str, ...], ...]
    topics: frozenset[str]
    # What an index tells of it: its type, its topics with subfield and score, and the works it cites.
    kind: str
    fields: tuple[tuple[str, str, float], ...]
    cites: frozenset[str]


@dataclass(frozen=True)
class Organisation:
    kind: str
    country: str | None


@dataclass(frozen=True)
class Edge:
    """The parent owns the child from the first year until the year before the last."""

    child: str
    parent: str
    first: int | None
    last: int | None


@dataclass(frozen=True)
class World:
    works: tuple[Work, ...]
    names: dict[str, tuple[Mention, ...]]
    organisations: dict[str, Organisation]
    edges: tuple[Edge, ...]
    # Venue-years known from the registry, with whether the file is complete (None: not said).
    held: dict[tuple[str, int], str | None]

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """The same as rows of the tables that the queries begin with."""
        return {
            "works": [
                {
                    "work": w.work,
                    "venue": w.venue,
                    "period": w.period,
                    "is_published": w.is_published,
                    "citations": w.citations,
                    "listing": w.listing,
                    "listed_status": w.kind,
                    "slots": len(w.slots),
                }
                for w in self.works
            ],
            "authorships": [
                {"work": w.work, "slot": slot, "part": part, "raw_name": raw}
                for w in self.works
                if w.is_published
                for slot, parts in enumerate(w.slots)
                for part, raw in enumerate(parts)
            ],
            "record_topics": [
                {"work": w.work, "topic": t} for w in self.works if w.is_published for t in sorted(w.topics)
            ],
            "source_openalex_topics": [
                {"work": w.work, "openalex_topic": topic, "openalex_subfield": field, "topic_score": score}
                for w in self.works
                for topic, field, score in w.fields
            ],
            "source_openalex_references": [
                {"work": w.work, "cited_work": cited} for w in self.works for cited in sorted(w.cites)
            ],
            "registry_comparison_sets": [
                {"measure": "normalised_citations", "least_works": 2},
                {"measure": "top_tenth_of_field", "least_works": 3},
            ],
            "matches": [
                {"raw_name": r, "organisation": m.organisation, "country": m.country, "is_ancestor": m.is_ancestor}
                for r, mentions in self.names.items()
                for m in mentions
            ],
            "organisations": [
                {"organisation": o, "kind": f.kind, "country": f.country} for o, f in self.organisations.items()
            ],
            "registry_ownership": [
                {"child": e.child, "parent": e.parent, "kind": "subsidiary", "from_year": e.first, "to_year": e.last}
                for e in self.edges
            ],
            "registry_held": [{"venue": v, "period": p} for v, p in self.held],
            "registry_venue_years": [
                {"venue": v, "period": p, "file_complete": c} for (v, p), c in self.held.items() if c
            ],
            "registry_venue_lists": [
                {"venues": n, "venue": v, "is_panel": n in PANELS} for n, venues in LISTS.items() for v in venues
            ],
            "group_members": [
                {"group_id": g, "kind": kind, "member": m} for g, (kind, members) in GROUPS.items() for m in members
            ],
        }


# A work's topics may lead to one field or two, as strongly or not.
FIELDS = (
    (),
    (("T1", "1702", 0.9),),
    (("T1", "1702", 0.9),),
    (("T1", "1702", 0.5), ("T2", "2204", 0.9)),
    (("T2", "2204", 0.5), ("T1", "1702", 0.5)),
)

# -- strategies ---------------------------------------------------------------------------------------------

_mentions = st.lists(
    st.builds(
        Mention,
        st.sampled_from((*ORGANISATIONS, None)),
        st.sampled_from((*COUNTRIES, None)),
        st.sampled_from((False, False, True)),
    ),
    max_size=3,
    unique_by=lambda m: (m.organisation, m.country),
).map(tuple)


def _slots(fewest: int) -> st.SearchStrategy[tuple[tuple[str, ...], ...]]:
    parts = st.lists(st.sampled_from(RAW_NAMES), min_size=fewest, max_size=2).map(tuple)
    return st.lists(parts, min_size=fewest, max_size=3).map(tuple)


# Some are not at hand.
_cited = st.frozensets(st.integers(0, 30).map("w{}".format), max_size=3)


@st.composite
def _works(draw: st.DrawFn, dense: bool) -> tuple[Work, ...]:
    """The venue V has works in every year, all collected if `dense`; W has some; a venue Z is on no list."""
    works: list[Work] = []
    for venue, most in (("V", 3), ("W", 2), ("Z", 1)):
        sure = dense and venue == "V"
        for period in YEARS:
            for _ in range(draw(st.integers(int(venue == "V"), most))):
                works.append(
                    Work(
                        work=f"w{len(works)}",
                        venue=venue,
                        period=period,
                        is_published=sure or draw(st.sampled_from((True, True, True, False))),
                        citations=draw(st.none() | st.integers(0, 4)),
                        listing=draw(st.sampled_from(("per_author", "per_author", "per_paper"))),
                        slots=draw(_slots(int(sure))),
                        topics=draw(st.sampled_from((frozenset(TOPICS), frozenset({"ai"}), frozenset()))),
                        kind=draw(st.sampled_from(("article", "article", "review"))),
                        fields=draw(st.sampled_from(FIELDS)),
                        cites=draw(_cited),
                    )
                )
    return tuple(works)


@st.composite
def _edges(draw: st.DrawFn) -> tuple[Edge, ...]:
    """Nobody owns an organisation before it in the list, and nobody is owned twice at once."""
    edges: list[Edge] = []
    for number, child in enumerate(ORGANISATIONS[1:], start=1):
        owners = draw(st.lists(st.sampled_from(ORGANISATIONS[:number]), max_size=2))
        years = sorted(draw(st.sets(st.sampled_from(YEARS), min_size=3, max_size=3)))
        for order, parent in enumerate(owners):
            first = draw(st.sampled_from((years[order], None))) if order == 0 else years[order]
            lasting = order == len(owners) - 1 and draw(st.booleans())
            edges.append(Edge(child, parent, first, None if lasting else years[order + 1]))
    return tuple(edges)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    known = draw(st.sets(st.sampled_from(ORGANISATIONS), min_size=3))
    places = st.sampled_from((*COUNTRIES, None))
    dense = draw(st.booleans())
    venue_years = st.tuples(st.sampled_from(("W",) if dense else ("V", "W")), st.sampled_from(YEARS))
    return World(
        works=draw(_works(dense)),
        names={raw: draw(_mentions) for raw in RAW_NAMES},
        organisations={o: Organisation(draw(st.sampled_from(KINDS)), draw(places)) for o in sorted(known)},
        edges=draw(_edges()),
        held=draw(st.dictionaries(venue_years, st.sampled_from((None, "yes", "no")), max_size=4)),
    )


specifications = st.builds(
    Specification,
    counting=st.sampled_from(COUNTINGS),
    place=st.sampled_from(PLACES),
    ownership=st.sampled_from(OWNERSHIPS),
    venues=st.sampled_from(tuple(LISTS)),
    territory=st.sampled_from(TERRITORIES),
    topic=st.sampled_from(TOPICS),
)
