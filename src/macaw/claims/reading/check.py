"""Reads an article: which sentences can be checked, by what, and what the evidence says at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from macaw.claims.reading.article import Article
from macaw.claims.reading.entities import Entity, find_entities
from macaw.claims.reading.evidence import Evidence, weigh
from macaw.claims.reading.folding import fold
from macaw.claims.reading.ledger_ties import ties
from macaw.claims.reading.linking import Link, link
from macaw.claims.reading.sentences import Sentence, local_yuan, read_sentence
from macaw.claims.reading.splitting import split_sentences
from macaw.claims.reading.templates import draft_tests
from macaw.claims.record import Claim

# More would be no article, and is not read.
_MOST_SENTENCES = 50_000


@dataclass(frozen=True)
class Checked:
    """A sentence with all that was found about it; paragraph and number count from 1."""

    sentence: Sentence
    paragraph: int
    number: int
    entities: tuple[Entity, ...]
    links: tuple[Link, ...]
    evidence: tuple[Evidence, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Report:
    """What was read in an article; `verdicts` are rows of the table verdicts by claim id."""

    article: Article
    checked: tuple[Checked, ...]
    verdicts: Mapping[str, Mapping[str, Any]]

    @property
    def checkable(self) -> tuple[Checked, ...]:
        """The sentences that can be checked."""
        return tuple(c for c in self.checked if c.sentence.checkable)


def check_article(
    article: Article,
    values: pa.Table,
    kinds: Mapping[str, tuple[str, str | None]],
    claims: Sequence[Claim] = (),
    verdicts: Mapping[str, Mapping[str, Any]] | None = None,
) -> Report:
    """Read an article against values (of a build or release) and the claims of the ledger.

    `kinds` says of each entity of the values what it is and its country. The result depends on these and nothing else.
    """
    text = article.text
    yuan = local_yuan(text, fold(text))
    checked: list[Checked] = []
    at = 0
    for paragraph, content in enumerate(article.paragraphs, 1):
        for number, (start, end) in enumerate(split_sentences(content), 1):
            sentence = read_sentence(content[start:end], article.date, start=at + start, yuan=yuan)
            checked.append(_checked(sentence, paragraph, number, article, values, kinds, claims))
            if len(checked) >= _MOST_SENTENCES:
                return Report(article, tuple(checked), verdicts or {})
        at += len(content) + 2
    return Report(article, tuple(checked), verdicts or {})


def _checked(
    sentence: Sentence,
    paragraph: int,
    number: int,
    article: Article,
    values: pa.Table,
    kinds: Mapping[str, tuple[str, str | None]],
    claims: Sequence[Claim],
) -> Checked:
    tied = tuple(ties(sentence.text, claims, same_article=False)) if claims else ()
    if article.url or article.title:
        own = [
            c for c in claims if c not in tied and (c.article.url == article.url or c.article.title == article.title)
        ]
        tied += tuple(ties(sentence.text, own, same_article=True))
    if not sentence.checkable and not tied:
        return Checked(sentence, paragraph, number, (), (), (), ())
    links = link(sentence.folded)
    evidence = weigh(draft_tests(sentence, links), values, kinds, article.date)
    return Checked(
        sentence, paragraph, number, tuple(find_entities(sentence.folded)), tuple(links), tuple(evidence), tied
    )
