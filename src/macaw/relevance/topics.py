"""Topics of papers by what their titles and abstracts say, under every definition that reads texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from macaw.organisations.names import simplified
from macaw.relevance import chinese, model
from macaw.relevance.classify import Paper, classifier
from macaw.relevance.features import plain, terms
from macaw.relevance.keywords import Definition, definitions
from macaw.relevance.rules import Row

RULES = ("strict", "broad")
BY_CATEGORIES = "arxiv"
DEFINITIONS = ("model", *RULES, BY_CATEGORIES)
# Papers worked on at once.
_BATCH = 4000


def text_topics(works: Iterable[tuple[str, str, str]]) -> list[Row]:
    """Rows of `record_topics` from (work, title, abstract) under the model and the definitions by words.

    >>> [row[:3] for row in text_topics([("w", "Object detection by convolutional neural networks", "")])][:2]
    [('w', 'ai', 'model'), ('w', 'vision', 'model')]
    """
    rows: list[Row] = []
    waiting = iter(works)
    while batch := list(islice(waiting, _BATCH)):
        papers = [Paper(title, abstract) for _, title, abstract in batch]
        ids = [work for work, _, _ in batch]
        rows += _by_model(ids, papers)
        for name in RULES:
            rows += _by_words(ids, papers, definitions()[name])
    return rows


def category_topics(works: Iterable[tuple[str, str]]) -> list[Row]:
    """Rows of `record_topics` from (work, categories on arXiv between blanks); a work without categories has none.

    >>> [row[:4] for row in category_topics([("w", "cs.CV eess.IV"), ("v", "math.CO"), ("u", "")])]
    [('w', 'ai', 'arxiv', 1.0), ('w', 'vision', 'arxiv', 1.0)]
    """
    of = definitions()[BY_CATEGORIES]
    return [
        (work, topic, of.id, of.probability[topic], f"{of.id} {of.version}: {why}")
        for work, categories in works
        if categories
        for topic, why in sorted(of.found_categories(categories.split()).items())
    ]


def _by_model(ids: Sequence[str], papers: Sequence[Paper]) -> Iterator[Row]:
    for work, answer in zip(ids, classifier().answers(papers), strict=True):
        if answer.ai and answer.probability is not None:
            yield work, "ai", "model", answer.probability, answer.reason
        for topic, probability in answer.fields:
            yield work, topic, "model", probability, answer.reason


def _by_words(ids: Sequence[str], papers: Sequence[Paper], of: Definition) -> Iterator[Row]:
    texts = [p.text for p in papers]
    found = {i: of.found_chinese(simplified(text).lower()) for i, text in enumerate(texts) if chinese.is_chinese(text)}
    plains = [plain(text) for text in texts]
    for first, last in model.blocks(plains):
        for i, told in of.english.found(terms(plains[first:last])).items():
            found[first + i] = told | found.get(first + i, {})
    for i in sorted(found):
        for topic, phrase in sorted(found[i].items()):
            yield ids[i], topic, of.id, of.probability[topic], f"{of.id} {of.version}: {phrase}"
