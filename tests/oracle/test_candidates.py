"""Names found by hashes in arrays are those that a plain search finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from macaw.organisations import candidates
from macaw.organisations.candidates import Parser, Strings
from macaw.organisations.lexicon import Facts, LegalForms, compiled
from macaw.organisations.places import Gazetteer

WORDS = ("parrot", "macaw", "heron", "stork", "kestrel")
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
texts = st.lists(st.sampled_from((*WORDS, "unknownbird")), min_size=1, max_size=8).map(" ".join)


def plain(names: set[str], text: str) -> set[tuple[int, int, str]]:
    """All names in a text of one part; a name of one word inside a longer one is none."""
    said = text.split()
    found = [
        (start, end, " ".join(said[start:end]))
        for start in range(len(said))
        for end in range(start + 1, len(said) + 1)
        if " ".join(said[start:end]) in names
    ]
    return {
        (start, end, key)
        for start, end, key in found
        if end - start > 1 or not any(a <= start and end <= b and (a, b) != (start, end) for a, b, _ in found)
    }


@given(st.sets(words, min_size=1, max_size=6), st.lists(texts, min_size=1, max_size=4))
def test_exact_names_are_those_of_a_plain_search(names, strings):
    rows = [(f"ror:{n}", name, "official", None, str(n), False) for n, name in enumerate(sorted(names))]
    facts = {organisation: Facts("education", None, None) for organisation, *_ in rows}
    places, forms = Gazetteer([]), LegalForms([])
    lexicon = compiled(rows, facts, {}, places, forms, {})
    parser = Parser(lexicon, places)
    together = Strings.of(lexicon, [parser.parse(text) for text in strings])
    spans, _ = candidates._exact(lexicon, together)
    found = [set() for _ in strings]
    first = [0]
    for text in strings:
        first.append(first[-1] + len(text.split()))
    for start, end, key in zip(spans.start.tolist(), spans.end.tolist(), spans.key.tolist(), strict=True):
        number = int(together.text[start])
        found[number].add((start - first[number], end - first[number], lexicon.keys[key]))
    assert found == [plain(names, text) for text in strings]
