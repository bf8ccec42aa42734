"""The definitions say what the pages beside this file say, and agree with a plain reading of the rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaw.organisations.names import simplified
from macaw.relevance import chinese
from macaw.relevance.features import hash_of, plain, terms
from macaw.relevance.keywords import Phrases, definitions, forms


def table(name: str) -> list[list[str]]:
    lines = (Path(__file__).parent / name).read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return rows[2:]


@pytest.mark.parametrize(("definition", "text", "topics", "because"), table("definitions.md"))
def test_definition(definition, text, topics, because):
    of = definitions()[definition]
    if of.categories:
        told = of.found_categories(text.split())
    elif chinese.is_chinese(text):
        told = of.found_chinese(simplified(text).lower())
    else:
        told = of.english.found(terms([plain(text)])).get(0, {})
    assert sorted(told) == ([t.strip() for t in topics.split(",")] if topics else [])
    assert not because or because in told.values()


@pytest.mark.parametrize(("text", "ai", "level", "fields", "found"), table("chinese.md"))
def test_lexicon(text, ai, level, fields, found):
    verdict = chinese.shipped().verdict(text)
    assert ("yes" if verdict.ai else "no", verdict.level) == (ai, level)
    assert sorted(verdict.fields) == ([f.strip() for f in fields.split(",")] if fields else [])
    assert not found or set(found.split(", ")) <= set(verdict.terms)


@pytest.mark.parametrize("name", ["strict", "broad", "arxiv"])
def test_every_definition_states_version_names_and_how_sure_it_is(name):
    of = definitions()[name]
    assert of.version
    assert of.name
    assert of.name_zh
    assert all(0 < p <= 1 for p in of.probability.values())


def test_no_chinese_term_is_both_strong_and_weak_or_a_trap():
    of = chinese.shipped()
    assert not set(of.strong) & set(of.weak)
    assert not [t for t in of.strong if of.traps and of.traps.fullmatch(t)]


WORDS = st.sampled_from(["neural", "net", "nets", "deep", "learning", "a", "graph", "s"])
TEXTS = st.lists(st.lists(WORDS, max_size=12).map(" ".join), min_size=1, max_size=5)


@given(TEXTS, st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=6))
def test_phrases_are_found_as_a_plain_search_finds_them(texts, phrases):
    found = Phrases.of((p, "t") for p in phrases).found(terms([plain(t) for t in texts]))
    plainly = {
        i for i, text in enumerate(texts) if any(re.search(rf"\b{f}\b", text) for p in phrases for f in forms(p))
    }
    assert set(found) == plainly


@given(st.lists(st.text(alphabet="abcXY z.,-\n7é$神", max_size=60), min_size=1, max_size=6))
def test_terms_are_words_and_pairs_letter_by_letter(texts):
    plains = [plain(t) for t in texts]
    of = terms(plains)
    expected = []
    for length in (1, 2):
        for i, text in enumerate(plains):
            words = text.decode("ascii").split()
            expected += [(i, " ".join(words[k : k + length])) for k in range(len(words) - length + 1)]
    found = [(t, of.word(k)) for k, t in enumerate(of.text.tolist())]
    assert found == expected
    assert of.hash.tolist() == [hash_of(word) for _, word in expected]
