"""Citations within the window and links to literature agree with a plain implementation, whatever the documents."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from support.steps import Steps

FAMILIES = ("a", "b", "c")
KINDS = ("A1", "B1", "B2", "U")
NUMBERS = ("1", "2", "3")
COLLECTIONS = {
    # Scope, first and last day, whether patents and literature are listed.
    "all": ("all", "2005-01-01", "2012-06-30", True, True),
    "short": ("all", "2008-01-01", "2009-12-31", True, False),
    "silent": ("all", "1976-01-01", "2020-12-31", False, False),
    "one": ("applicant:kea", "1976-01-01", "2020-12-31", True, True),
}
_COLUMNS = ("collection", "scope_of", "published_from", "published_until", "lists_citations", "lists_literature")
DAYS = ("2004-12-31", "2007-02-28", "2008-02-29", "2010-02-28", "2011-03-01", "2012-01-01")

document = st.fixed_dictionaries(
    {
        "number": st.sampled_from(NUMBERS),
        "kind": st.sampled_from(KINDS),
        "family": st.sampled_from(FAMILIES),
        "published": st.sampled_from(DAYS) | st.none(),
        "collection": st.sampled_from([*COLLECTIONS, None]),
        "cites": st.lists(st.tuples(st.sampled_from(NUMBERS), st.sampled_from([*KINDS, ""])), max_size=4),
        "literature": st.integers(0, 2),
    }
)
documents = st.lists(document, max_size=8, unique_by=lambda d: (d["number"], d["kind"]))


def tables(listed, years):
    patents, members, parts, families = [], [], [], {}
    for d in listed:
        name = f"US{d['number']}{d['kind']}"
        patents.append(
            {"document": name, "office": "US", "document_number": d["number"], "kind_code": d["kind"],
             "published": d["published"], "collection": d["collection"]}
        )  # fmt: skip
        members.append({"document": name, "family": d["family"]})
        cited = dict.fromkeys("-".join(filter(None, ("US", *c))) for c in d["cites"])
        parts += [{"document": name, "part_kind": "citation", "part": n, "name": c} for n, c in enumerate(cited)]
        parts += [{"document": name, "part_kind": "literature", "part": n} for n in range(d["literature"])]
        families.setdefault(d["family"], []).append(d["published"])
    return {
        "patents": patents,
        "patent_members": members,
        "patent_parts": parts,
        "patent_families": [
            {"work": f, "is_granted": True, "first_published": min(filter(None, days), default=None)}
            for f, days in families.items()
        ],
        "patent_collections": [dict(zip(_COLUMNS, (name, *held), strict=True)) for name, held in COLLECTIONS.items()],
        "registry_patent_windows": [{"measure": "citations", "years": years}],
    }


def later(day, years):
    """The day of that many years later, as a key that orders days (29 February stands before 1 March)."""
    year, month, of_month = map(int, day.split("-"))
    return year + years, month, of_month


def key(day):
    return later(day, 0)


def family_of(cited, listed):
    """The family that a cited number and kind mean, or None."""
    number, kind = cited
    same = [d for d in listed if d["number"] == number]
    apart = [d for d in same if kind[:1] == d["kind"][:1] or not ({kind[:1], d["kind"][:1]} & {"U", "Y", "S"})]
    for chosen in (
        [d for d in same if d["kind"] == kind],
        [d for d in same if kind and d["kind"][0] == kind[0]],
        apart,
    ):
        if chosen:
            return chosen[0]["family"] if len({d["family"] for d in chosen}) == 1 else None
    return None


def plain(listed, years):
    listing = {c for c, (scope, _, _, patents, _) in COLLECTIONS.items() if scope == "all" and patents}
    found = {}
    for family in {d["family"] for d in listed}:
        days = [d["published"] for d in listed if d["family"] == family and d["published"]]
        first = min(days, default=None)
        # Collections that hold a document of the family and span its window.
        spanning = {
            c
            for c in listing & {d["collection"] for d in listed if d["family"] == family}
            if first and key(COLLECTIONS[c][1]) <= key(first) and later(first, years) <= key(COLLECTIONS[c][2])
        }
        if spanning:
            citing = {
                d["family"]
                for d in listed
                if d["collection"] in spanning
                and d["published"]
                and key(first) <= key(d["published"]) <= later(first, years)
                and any(family_of(c, listed) == family for c in d["cites"])
            }
            found[family, "citations"] = len(citing - {family})
        sources = [
            d for d in listed
            if d["family"] == family and d["collection"] in listing and COLLECTIONS[d["collection"]][4]
            and (d["cites"] or d["literature"])
        ]  # fmt: skip
        if sources:
            found[family, "cites_literature"] = float(any(d["literature"] for d in sources))
    return found


@given(documents, st.integers(0, 5))
def test_citations_agree(listed, years):
    rows = Steps(tables(listed, years)).rows("patent_measures")
    made = {(r["work"], r["measure"]): r["value"] for r in rows if r["measure"] not in ("families", "granted")}
    assert made == plain(listed, years)
