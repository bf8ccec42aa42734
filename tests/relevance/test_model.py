"""The model's arrays give what a plain reading of the formula gives; the shipped model is what its card says."""

from __future__ import annotations

import itertools
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaw.relevance.features import hash_of, plain, terms
from macaw.relevance.model import BITS, IDF_STEP, KINDS, Curve, Model, shipped

WORDS = ["deep", "learning", "deep learning", "rice", "rice field", "of"]


def small() -> Model:
    bucket = sorted((hash_of(w) >> (64 - BITS), w) for w in WORDS)
    of = np.random.default_rng(3)
    return Model(
        "test",
        ("ai",),
        np.array([b for b, _ in bucket], np.uint32),
        of.integers(10, 200, len(WORDS)).astype(np.uint8),
        of.integers(-127, 128, (len(WORDS), 2)).astype(np.int8),
        np.array([0.01, 0.02], np.float32),
        np.array([-1.0, 0.5], np.float32),
        (Curve((0.0, 1.0), (0.0, 1.0), 1.0, 0.5),) * 2,
    )


def plainly(model: Model, text: str) -> list[float]:
    words = plain(text).decode("ascii").split()
    counted = Counter(words + [" ".join(p) for p in itertools.pairwise(words)])
    place = {int(b): i for i, b in enumerate(model.bucket)}
    sums, length = [0.0, 0.0], 0.0
    for word, n in counted.items():
        i = place.get(hash_of(word) >> (64 - BITS))
        if i is not None:
            value = (1 + math.log(n)) * int(model.idf[i]) * IDF_STEP
            length += value**2
            sums = [s + value * int(model.weight[i, h]) * float(model.scale[h]) for h, s in enumerate(sums)]
    return [(s / math.sqrt(length) if length else 0) + float(model.constant[h]) for h, s in enumerate(sums)]


@given(
    st.lists(
        st.lists(st.sampled_from(["deep", "learning", "rice", "field", "of", "x"]), max_size=15).map(" ".join),
        min_size=1,
        max_size=8,
    )
)
def test_scores_are_those_of_the_formula(texts):
    model = small()
    found = np.column_stack([model.scores([plain(t) for t in texts], kind) for kind in KINDS])
    np.testing.assert_allclose(found, [plainly(model, t) for t in texts], rtol=1e-5, atol=1e-5)


@given(st.lists(st.text(alphabet="deplarnigcf ", max_size=80), min_size=2, max_size=30))
def test_a_text_has_the_same_score_whatever_stands_beside_it(texts):
    model = shipped()
    together = model.scores([plain(t) for t in texts], "abstract")
    alone = np.concatenate([model.scores([plain(t)], "abstract") for t in texts])
    np.testing.assert_allclose(together, alone, rtol=1e-4, atol=1e-5)


def test_telling_terms_speak_for_the_head_and_stand_in_the_text():
    model = shipped()
    text = "We train a convolutional neural network for object detection in street scenes and cook rice"
    _, telling = model.read(terms([plain(text), plain("")]), np.array([0, 0]))
    assert telling[1] == []
    assert 1 <= len(telling[0]) <= 3
    assert all(word in " ".join(plain(text).decode().split()) for word in telling[0])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("topic", shipped().topics)
def test_a_higher_score_never_has_a_lower_probability(topic, kind):
    curve = shipped().curve(topic, kind)
    p = curve.probability(np.linspace(-20, 20, 2001))
    assert (np.diff(p) >= 0).all()
    assert 0 < curve.threshold < 1


def test_a_saved_model_is_the_same_again(tmp_path):
    first, second = tmp_path / "a.npz", tmp_path / "b.npz"
    shipped().save(first)
    shipped().save(second)
    assert first.read_bytes() == second.read_bytes()
    assert first.stat().st_size < 5_000_000


def test_the_card_names_what_was_learned_from_and_under_which_licence():
    sources = shipped().card["sources"]
    assert {s["licence"] for s in sources} <= {"CC0-1.0", "Apache-2.0", "MIT", "CC-BY-4.0"}
    assert all(s["title"] and s["file"] and len(s["sha256"]) == 64 for s in sources)


def test_every_topic_has_a_head_for_every_kind_of_text():
    model = shipped()
    assert model.weight.shape == (len(model.bucket), len(model.topics) * len(KINDS))
    assert model.topics == ("ai", "vision", "language", "speech", "robotics", "security", "safety")
