"""Counts corrected for measured error find the truth again, and their intervals hold it as often as they say."""

from __future__ import annotations

import numpy as np
import pytest

from macaw.errors import UsageError
from macaw.relevance.correction import Validation, corrected, of_corpus, validations

RECALL, FALSE = 0.84, 0.012


def validation(of: np.random.Generator, positives: int = 400, negatives: int = 4000) -> Validation:
    tp, fp = int(of.binomial(positives, RECALL)), int(of.binomial(negatives, FALSE))
    return Validation("c", "abstract", 0.5, tp, positives - tp, fp, negatives - fp)


@pytest.mark.parametrize("share", [0.01, 0.03, 0.15, 0.6])
def test_the_share_is_recovered_and_held_by_the_interval(share):
    of = np.random.default_rng(int(share * 1000))
    total, held, values = 20_000, 0, []
    for _ in range(200):
        right = int(total * share)
        said = int(of.binomial(right, RECALL) + of.binomial(total - right, FALSE))
        made = corrected([(said, total, validation(of))])
        held += made.low <= right <= made.high
        values.append(made.value)
    assert held / 200 >= 0.9
    assert abs(np.mean(values) - total * share) < max(0.05 * total * share, 20)


def test_uncorrected_one_percent_would_be_wrong_by_more_than_twice():
    exact = Validation("c", "abstract", 0.5, 8400, 1600, 120, 9880)
    said = round(20_000 * (0.01 * RECALL + 0.99 * FALSE))
    assert said > 2 * 200 * 0.99
    assert corrected([(said, 20_000, exact)]).value == pytest.approx(200, rel=0.02)


def test_more_labelled_texts_give_a_narrower_interval():
    few = corrected([(500, 10_000, Validation("c", "abstract", 0.5, 42, 8, 5, 395))])
    many = corrected([(500, 10_000, Validation("c", "abstract", 0.5, 4200, 800, 500, 39500))])
    assert many.high - many.low < (few.high - few.low) / 2


def test_kinds_of_text_add_up_and_the_same_answer_is_given_again():
    v = Validation("c", "abstract", 0.5, 90, 10, 50, 950)
    both = corrected([(100, 1000, v), (100, 1000, v)])
    assert both == corrected([(100, 1000, v), (100, 1000, v)])
    assert both.value == pytest.approx(2 * corrected([(100, 1000, v)]).value)
    assert corrected([(0, 0, v)]).value == 0


def test_a_classifier_that_tells_nothing_cannot_be_corrected():
    with pytest.raises(UsageError, match="recall"):
        corrected([(10, 100, Validation("c", "abstract", 0.5, 1, 9, 10, 90))])


def test_an_unknown_corpus_is_named_with_those_known():
    with pytest.raises(UsageError, match="no labelled corpus 'moon'"):
        of_corpus("moon")


def test_every_row_has_labelled_texts_of_both_kinds():
    for (corpus, kind), v in validations().items():
        assert v.tp + v.fn > 0, (corpus, kind)
        assert v.fp + v.tn > 0, (corpus, kind)
        assert 0 < v.threshold < 1
