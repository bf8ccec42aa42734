"""Reads an article: which sentences can be checked, by what, and what the evidence says at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from macaw.claims.reading.article import Article
from macaw.claims.reading.entities import Entity, find_entities
from macaw.claims.reading.evidence import Evidence, observations, weigh
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
    found = list(_sentences(article))
    tied = [_ties(sentence, article, claims) for _, _, sentence in found]
    links = [link(s.folded) if s.checkable or of else [] for (_, _, s), of in zip(found, tied, strict=True)]
    drafts = [draft_tests(s, of) if of else [] for (_, _, s), of in zip(found, links, strict=True)]
    seen = observations([d.test for of in drafts for d in of], values, kinds)
    checked = [
        Checked(
            s,
            paragraph,
            number,
            tuple(find_entities(s.folded)) if s.checkable or claimed else (),
            tuple(linked),
            tuple(weigh(drafted, seen, article.date)),
            claimed,
        )
        for (paragraph, number, s), claimed, linked, drafted in zip(found, tied, links, drafts, strict=True)
    ]
    return Report(article, tuple(checked), verdicts or {})


def _sentences(article: Article) -> Iterator[tuple[int, int, Sentence]]:
    """Each sentence with its paragraph and its number in it."""
    text = article.text
    yuan = local_yuan(text, fold(text))
    at = seen = 0
    for paragraph, content in enumerate(article.paragraphs, 1):
        for number, (start, end) in enumerate(split_sentences(content), 1):
            yield paragraph, number, read_sentence(content[start:end], article.date, start=at + start, yuan=yuan)
            seen += 1
            if seen >= _MOST_SENTENCES:
                return
        at += len(content) + 2


def _ties(sentence: Sentence, article: Article, claims: Sequence[Claim]) -> tuple[Claim, ...]:
    tied = ties(sentence.text, claims, same_article=False)
    own = [
        c
        for c in claims
        if c not in tied and (c.article.url == article.url or (article.title and c.article.title == article.title))
    ]
    return (*tied, *ties(sentence.text, own, same_article=True))
