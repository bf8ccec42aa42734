"""Ties sentences to claims of the ledger whose quotation they hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache

from macaw.claims.reading.folding import fold
from macaw.claims.record import Claim

_LEAST = 8
_LEAST_SHARE = 0.6


def bare(text: str) -> str:
    """A text without blanks, marks and case, in simplified characters: what a quotation is compared by."""
    return re.sub(r"[\W_]+", "", fold(text)).casefold()


@cache
def _bare_quote(quote: str) -> str:
    return bare(quote)


def ties(sentence: str, claims: Sequence[Claim], *, same_article: bool) -> list[Claim]:
    """Claims whose quotation the sentence equals, holds, or is part of; of the same article also those it overlaps.

    Both must have eight letters or characters in common at least.
    """
    own = bare(sentence)
    found = []
    for claim in claims:
        quote = _bare_quote(claim.quote)
        if min(len(own), len(quote)) < _LEAST:
            continue
        if quote in own or own in quote or (same_article and _overlap(own, quote)):
            found.append(claim)
    return found


def _overlap(a: str, b: str) -> bool:
    match = SequenceMatcher(None, a, b, autojunk=False).find_longest_match()
    return match.size >= max(_LEAST, _LEAST_SHARE * min(len(a), len(b)))
