"""What a sentence says: quantities, times, relations, speaker, and whether it can be checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from macaw.claims.reading.checkable import Relation, decide, find_relations
from macaw.claims.reading.folding import fold
from macaw.claims.reading.lexicon import words
from macaw.claims.reading.quantities import Quantity, find_quantities
from macaw.claims.reading.speech import quotations, speaker
from macaw.claims.reading.times import Time, find_times


@dataclass(frozen=True)
class Sentence:
    """A sentence, its place in the article's text, and what was found in it; findings are placed in the sentence."""

    text: str
    folded: str
    start: int
    checkable: bool
    reasons: tuple[str, ...]
    speaker: str | None
    quotations: tuple[tuple[int, int], ...]
    quantities: tuple[Quantity, ...]
    times: tuple[Time, ...]
    relations: tuple[Relation, ...]


def read_sentence(text: str, on: date | None = None, *, start: int = 0, yuan: str | None = None) -> Sentence:
    """Reads one sentence of an article of a date.

    >>> sentence = read_sentence("他说，目前中国的生成式人工智能落后美国至少一年。")
    >>> sentence.checkable, sentence.quantities[0].low, sentence.quantities[0].unit
    (True, 1.0, 'year')
    """
    folded = fold(text)
    times = find_times(folded, on)
    found = find_quantities(folded, times, yuan or local_yuan(text, folded))
    quantities = [_as_written(q, text) for q in found]
    relations = find_relations(folded, quantities)
    decision = decide(folded, quantities, times, relations)
    return Sentence(
        text,
        folded,
        start,
        decision.checkable,
        decision.reasons,
        speaker(text, folded),
        tuple(quotations(text)),
        tuple(quantities),
        tuple(times),
        tuple(relations),
    )


def local_yuan(text: str, folded: str) -> str:
    """The currency a bare 元 means in a text: yuan, unless it is in traditional characters and speaks of elsewhere.

    >>> local_yuan("台灣預算10億元", "台湾预算10亿元")
    'TWD'
    """
    if re.sub(r"[\s\W\d_]", "", text) == re.sub(r"[\s\W\d_]", "", folded):
        return "CNY"
    counts = {unit: sum(folded.count(w) for w in of) for unit, of in words("units")["yuan"].items()}
    best = max(counts, key=lambda unit: counts[unit])
    return best if counts[best] else "CNY"


def _as_written(quantity: Quantity, text: str) -> Quantity:
    return Quantity(**{**vars(quantity), "text": text[quantity.start : quantity.end]})
