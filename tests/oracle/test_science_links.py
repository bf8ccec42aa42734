"""Whose work patent families cite agrees with a plain count, whatever the documents, works and shares."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaw.engine import load
from macaw.indicators import BASES, indicator
from macaw.indicators.values import Specification
from support.steps import Steps

DOIS = ("a", "b", "c", "d")
PLACES = ("CHN", "DEU", "USA")
FIRMS = {"baidu": "CHN", "siemens": "DEU", "intel": "USA"}
COLLECTIONS = {
    "grants": {"scope_of": "all", "lists_literature": True},
    "answers": {"scope_of": "search", "lists_literature": True},
    "silent": {"scope_of": "all", "lists_literature": False},
}
# Where a firm's people work, which need not be where it sits.
part = st.tuples(st.sampled_from(sorted(FIRMS)), st.sampled_from(PLACES))
works = st.dictionaries(st.sampled_from(DOIS), st.lists(part, max_size=3, unique=True))
document = st.fixed_dictionaries(
    {
        "family": st.sampled_from(("f1", "f2", "f3")),
        "collection": st.sampled_from(("grants", "answers", "silent")),
        "cites": st.lists(st.sampled_from((*DOIS, None)), max_size=4),
    }
)
owners = st.fixed_dictionaries({f: st.lists(part, min_size=1, max_size=2, unique=True) for f in ("f1", "f2", "f3")})


def tables(of, documents, held):
    credited = []
    for family, parts in held.items():
        credited.append({"work": family, "entity": "WLD", "place": "any", "share": 1})
        for place, entities in (
            ("any", [firm for firm, _ in parts]),
            ("applicant", [FIRMS[firm] for firm, _ in parts]),
            ("owner", [FIRMS[firm] for firm, _ in parts]),
            ("workplace", [where for _, where in parts]),
        ):
            for entity in set(entities):
                share = entities.count(entity) / len(parts)
                credited.append({"work": family, "entity": entity, "place": place, "share": share})
    return {
        # Of each work there is a copy that was fetched for an organisation.
        "works": [
            {"work": f"{kind}{doi}", "link": f"https://doi.org/10.5555/{doi}"}
            for doi in of
            for kind in ("w", "selected")
        ],
        "source_openalex_selected": [{"work": f"selected{doi}"} for doi in of],
        "activity": [
            {"work": f"w{doi}", "organisation": firm, "country": where, "share": 1 / len(parts)}
            for doi, parts in of.items()
            for firm, where in parts
        ],
        "organisations": [{"organisation": f, "country": c} for f, c in FIRMS.items()],
        "patents": [{"document": f"d{n}", "collection": d["collection"]} for n, d in enumerate(documents)],
        "patent_collections": [{"collection": c, **held} for c, held in COLLECTIONS.items()],
        "patent_members": [{"document": f"d{n}", "family": d["family"]} for n, d in enumerate(documents)],
        "patent_parts": [
            {"document": f"d{n}", "part_kind": "literature", "part": p, "name": doi and f"10.5555/{doi}"}
            for n, d in enumerate(documents)
            for p, doi in enumerate(d["cites"])
        ],
        "patent_families": [{"work": family} for family in held],
        "patent_topics": [{"work": family, "definition": "macaw"} for family in held],
        "patent_credits": credited,
        "registry_patent_lists": [{"venue": "V"}],
        "science_coverage": [{"period": 2020, "definition": "macaw"}],
    }


def plain(of, documents, held, entity, cited, place):
    """Of each family of an entity that cites a known work: the entity's share of it, and what part of each such work is
    of `cited` (None: of the entity itself)."""
    found = {}
    for family, parts in held.items():
        names = [where if place == "workplace" else FIRMS[firm] for firm, where in parts]
        mine = sum(entity in ("WLD", firm, name) for (firm, _), name in zip(parts, names, strict=True))
        listed = [c for d in documents if (d["family"], d["collection"]) == (family, "grants") for c in d["cites"]]
        known = sorted({c for c in listed if of.get(c)})
        if mine and known:
            theirs = [[e for firm, w in of[c] for e in (firm, FIRMS[firm] if place == "owner" else w)] for c in known]
            shares = [Fraction(len(of[c]) if cited_all(entity, cited) else whose.count(cited or entity), len(of[c]))
                      for c, whose in zip(known, theirs, strict=True)]  # fmt: skip
            found[family] = Fraction(mine, len(parts)), shares
    return found


def cited_all(entity, cited):
    """Whether every known work is of what is asked for: of the world."""
    return cited is None and entity == "WLD"


def share_of(found, counting):
    """The share of works cited that a number tells, or None."""
    pairs = [(mine, share) for mine, shares in found.values() for share in shares]
    if counting == "full":
        pairs = [(Fraction(1), bool(share)) for _, share in pairs]
    among = sum(mine for mine, _ in pairs)
    return float(sum(mine * share for mine, share in pairs) / among) if among else None


def asked_of_all(test):
    return given(
        works, st.lists(document, max_size=5), owners, st.sampled_from((*PLACES, *FIRMS, "WLD")),
        st.sampled_from((("us", "USA"), ("china", "CHN"), ("own", None))),
        st.sampled_from(("applicant", "workplace", "owner")), st.sampled_from(("full", "fractional")),
    )(test)  # fmt: skip


@asked_of_all
def test_science_cited_agrees(of, documents, held, entity, asked, place, counting):
    which, cited = asked
    spec = Specification(counting=counting, place=place, definition="macaw", venues="ai")
    steps = Steps(tables(of, documents, held))
    rows = steps.values(indicator(f"ai_patent_{which}_science_share"), [spec], [entity]).to_pylist()
    # Of the world's own share nothing is told.
    found = {} if cited_all(entity, cited) else plain(of, documents, held, entity, cited, place)
    expected = share_of(found, counting)
    assert [(r["value"], r["n"]) for r in rows] == [(expected and pytest.approx(expected, abs=1e-9), len(found))]


@asked_of_all
def test_the_families_behind_it_are_those_that_cite(of, documents, held, entity, asked, place, counting):
    _, cited = asked
    base, steps = BASES["science_links"], Steps(tables(of, documents, held))
    known = {
        "entity": entity, "cited": cited or "itself", "place": place, "ownership": "as_is", "venues": "ai",
        "topic": "ai", "definition": "macaw", "first_year": 2020, "last_year": 2020,
    }  # fmt: skip
    made = None
    for query in (load("macaw.indicators", name) for name in base.records):
        read = {name: made if name == "chosen" else steps.table(base.table(name)) for name in query.inputs}
        made = steps.engine.run(query, read, {p: known[p] for p in query.parameters})
    expected = plain(of, documents, held, entity, cited, place)
    told = {family: (sum(map(bool, shares)), pytest.approx(float(mine))) for family, (mine, shares) in expected.items()}
    assert {r["work"]: (r["value"], r["share"]) for r in made.to_pylist()} == told
