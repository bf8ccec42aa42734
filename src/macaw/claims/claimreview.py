"""Verdicts as ClaimReview of schema.org, for machines that read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from macaw.claims import text
from macaw.errors import UsageError


def reviews(found: Iterable[Mapping[str, Any]], url_base: str, published: date) -> list[dict[str, Any]]:
    """One ClaimReview for each claim whose verdict can be rated, from 1 (contradicted) to 5 (supported).

    Claims that public data does not settle, that cannot be checked or whose rule was replaced have no rating and are
    left out, as are drafts. Raises `UsageError` for an address that is none.
    """
    if not url_base.startswith(("http://", "https://")):
        raise UsageError(f"--url-base is {url_base!r}", "give the address below which each claim has its page")
    base = url_base.rstrip("/")
    return [
        review(d, f"{base}/{d['id']}", base) | {"datePublished": published.isoformat()}
        for d in found
        if rating(d["verdict"]) is not None
    ]


def rating(verdict: str) -> int | None:
    """The rating of a verdict, if it has one.

    >>> rating("contradicted"), rating("not_checkable")
    (1, None)
    """
    found: int | None = text.words()["verdict"][verdict].get("rating")
    return found


def review(d: Mapping[str, Any], url: str, author_url: str, lang: str = "en") -> dict[str, Any]:
    """The ClaimReview of one claim whose verdict can be rated, for its page at `url`, in English or Chinese."""
    article, ending = d["article"], "" if lang == "en" else "_zh"
    appearance = {
        "@type": "NewsArticle",
        "headline": article["title"],
        "url": article["url"],
        "datePublished": article["date"],
        "inLanguage": article["language"],
        "publisher": {"@type": "Organization", "name": article["outlet_en"]},
    }
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "@id": url,
        "url": url,
        "inLanguage": lang,
        "author": {"@type": "Organization", "name": "Macaw", "url": author_url},
        "claimReviewed": d[f"statement{ending}"],
        "reviewBody": d[f"reason{ending}"],
        "itemReviewed": {
            "@type": "Claim",
            "text": d["quote"],
            "datePublished": article["date"],
            "author": {"@type": "Thing", "name": d[f"speaker{ending}"]},
            "appearance": appearance,
            "firstAppearance": appearance,
        },
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": rating(d["verdict"]),
            "bestRating": 5,
            "worstRating": 1,
            "alternateName": d[f"verdict_name{ending}"],
        },
    }
