"""Whose work patent families cite agrees with a plain count, whatever the documents, works and shares."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaw.indicators import indicator
from macaw.indicators.values import Specification
from support.steps import Steps

DOIS = ("a", "b", "c", "d")
PLACES = ("CHN", "DEU", "USA")
FIRMS = {"baidu": "CHN", "siemens": "DEU", "intel": "USA"}
# Where a firm's people work, which need not be where it sits.
part = st.tuples(st.sampled_from(sorted(FIRMS)), st.sampled_from(PLACES))
works = st.dictionaries(st.sampled_from(DOIS), st.lists(part, max_size=3, unique=True))
document = st.fixed_dictionaries(
    {"family": st.sampled_from(("f1", "f2", "f3")), "cites": st.lists(st.sampled_from((*DOIS, None)), max_size=4)}
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
        "works": [{"work": f"w{doi}", "link": f"https://doi.org/10.5555/{doi}"} for doi in of],
        "activity": [
            {"work": f"w{doi}", "organisation": firm, "country": where, "share": 1 / len(parts)}
            for doi, parts in of.items()
            for firm, where in parts
        ],
        "organisations": [{"organisation": f, "country": c} for f, c in FIRMS.items()],
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


def plain(of, documents, held, entity, cited, place, counting):
    """The share of works cited that are of `cited` (None: the entity itself), and how many families cite any."""
    toward = among = Fraction(0)
    families = 0
    for family, parts in held.items():
        names = [FIRMS[f] if place != "workplace" else where for f, where in parts]
        mine = sum(entity in ("WLD", firm, name) for (firm, _), name in zip(parts, names, strict=True))
        known = {c for d in documents if d["family"] == family for c in d["cites"] if of.get(c)}
        families += bool(mine and known)
        for doi in known if mine else ():
            theirs = [f for f, _ in of[doi]] + [FIRMS[f] if place == "owner" else where for f, where in of[doi]]
            whole = Fraction(mine, len(parts)) if counting == "fractional" else Fraction(1)
            share = Fraction(theirs.count(cited or entity), len(of[doi]))
            among += whole
            toward += whole * share if counting == "fractional" else bool(share)
    return (float(toward / among) if among else None), families


@given(
    works, st.lists(document, max_size=5), owners, st.sampled_from((*PLACES, *FIRMS, "WLD")),
    st.sampled_from(("applicant", "workplace", "owner")), st.sampled_from(("full", "fractional")),
    st.sampled_from((("us", "USA"), ("china", "CHN"), ("own", None))),
)  # fmt: skip
def test_science_cited_agrees(of, documents, held, entity, place, counting, asked):
    which, cited = asked
    spec = Specification(counting=counting, place=place, definition="macaw", venues="ai")
    steps = Steps(tables(of, documents, held))
    rows = steps.values(indicator(f"ai_patent_{which}_science_share"), [spec], [entity]).to_pylist()
    expected, families = plain(of, documents, held, entity, cited, place, counting)
    if entity == "WLD" and which == "own":
        expected, families = None, 0
    assert [(r["value"], r["n"]) for r in rows] == [(expected and pytest.approx(expected, abs=1e-9), families)]
