"""Records of OpenAlex in their true form. Works and ids are public facts; numbers beside them are made up."""

from __future__ import annotations

from typing import Any

ORG = "https://openalex.org/"
GOOGLE = {
    "id": f"{ORG}I1291425158",
    "display_name": "Google (United States)",
    "ror": "https://ror.org/00njsd438",
    "country_code": "US",
    "type": "company",
    "lineage": [f"{ORG}I1291425158"],
}
TORONTO = {
    "id": f"{ORG}I185261750",
    "display_name": "University of Toronto",
    "ror": "https://ror.org/03dbr7087",
    "country_code": "CA",
    "type": "education",
    "lineage": [f"{ORG}I185261750"],
}
TOPIC = {
    "id": f"{ORG}T10028",
    "display_name": "Topic Modeling",
    "score": 0.9,
    "subfield": {"id": f"{ORG}subfields/1702", "display_name": "Artificial Intelligence"},
    "field": {"id": f"{ORG}fields/17", "display_name": "Computer Science"},
    "domain": {"id": f"{ORG}domains/3", "display_name": "Physical Sciences"},
}


def author(*affiliations: tuple[str | None, list[dict[str, Any]]], **changes: Any) -> dict[str, Any]:
    """An authorship with strings and the institutions of each."""
    return {
        "author_position": "first",
        "author": {"id": f"{ORG}A1", "display_name": "Somebody", "orcid": None},
        "institutions": [i for _, of in affiliations for i in of],
        "countries": sorted({i["country_code"] for _, of in affiliations for i in of}),
        "is_corresponding": False,
        "raw_author_name": "Somebody",
        "raw_affiliation_strings": [raw for raw, _ in affiliations],
        "affiliations": [
            {"raw_affiliation_string": raw, "institution_ids": [i["id"] for i in of]} for raw, of in affiliations
        ],
        **changes,
    }


def work(number: int = 2963403868, **changes: Any) -> dict[str, Any]:
    """A work with every field that is read."""
    return {
        "id": f"{ORG}W{number}",
        "doi": "https://doi.org/10.48550/arxiv.1706.03762",
        "title": "Attention  Is All You Need",
        "display_name": "Attention Is All You Need",
        "publication_year": 2017,
        "type": "preprint",
        "is_retracted": False,
        "is_paratext": False,
        "cited_by_count": 7,
        "primary_location": {"is_oa": True, "source": {"id": f"{ORG}S4306400194", "display_name": "arXiv"}},
        "authorships": [
            author(("Google Brain", [GOOGLE])),
            author(("University of Toronto", [TORONTO]), ("Google Research", [GOOGLE])),
        ],
        "topics": [TOPIC],
        "referenced_works": [f"{ORG}W2194775991"],
        "abstract_inverted_index": {"The": [0], "models": [2, 4], "dominant": [1], "are": [3]},
        **changes,
    }
