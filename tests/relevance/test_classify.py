"""What is answered to texts, JSON and categories, in order and whatever stands in a line."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaw.relevance import text_topics
from macaw.relevance.classify import Paper, classifier
from macaw.relevance.stream import LONGEST, classify

VISION = "We present a convolutional neural network for object detection and segmentation in images. " * 4
CHEMISTRY = "The crystal structure of the copper complex was determined by X-ray diffraction at low temperature. " * 4


def lines(data: bytes):
    return list(classify(io.BytesIO(data), classifier()))


def test_papers_are_told_apart():
    about, other = classifier().answers([Paper("Seeing", VISION), Paper("A copper complex", CHEMISTRY)])
    assert about.ai
    assert dict(about.fields)["vision"] > 0.5
    assert not other.ai
    assert about.probability > 0.9 > 0.05 > other.probability


@pytest.mark.parametrize(
    ("categories", "ai", "fields"),
    [
        (("cs.CV", "cs.LG"), True, ["vision"]),
        (("cs.CR",), False, ["security"]),
        (("stat.ML",), True, []),
        (("hep-th", "gr-qc"), False, []),
        (("eess.AS", "cs.CL"), True, ["language", "speech"]),
    ],
)
def test_categories_decide_where_they_are_given(categories, ai, fields):
    (answer,) = classifier().answers([Paper("A copper complex", CHEMISTRY, categories)])
    assert (answer.ai, answer.probability) == (ai, float(ai))
    assert [f for f, _ in answer.fields] == fields
    assert answer.reason.startswith("arxiv cset-2020: ")


def test_words_that_are_no_arxiv_category_decide_nothing():
    with_them, without = classifier().answers(
        [Paper("Seeing", VISION, ("Computer Science", "AI")), Paper("Seeing", VISION)]
    )
    assert with_them == without


@pytest.mark.parametrize("text", ["", "   ", "12345", "?!", "Привет, мир", "機", "$x^2$"])
def test_what_cannot_be_told_has_no_verdict_and_no_probability(text):
    (answer,) = classifier().answers([Paper(text)])
    if answer.ai is None:
        assert answer.probability is None
        assert answer.fields == ()
    assert answer.reason


def test_a_title_and_an_abstract_are_judged_by_heads_of_their_own():
    title, whole = classifier().answers([Paper("Deep learning"), Paper("Deep learning", VISION)])
    assert (title.kind, whole.kind) == ("title", "abstract")


def test_every_line_has_an_answer_in_its_order():
    data = b'Deep learning\n\n{"title": "x", "categories": "cs.CV"}\r\n{bad\n\xff\xfe\n[1]\nlast'
    found = lines(data)
    assert [f.number for f in found] == [1, 2, 3, 4, 5, 6, 7]
    assert [bool(f.problem) for f in found] == [False, False, False, True, True, False, False]
    assert found[0].answer.ai
    assert found[1].answer.ai is None
    assert found[2].answer.reason == "arxiv cset-2020: cs.CV"
    assert found[3].answer.reason.startswith("line 4: not valid JSON")
    assert found[4].problem == "byte 0 is not UTF-8"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b'{"title": 3}', "title is not a text"),
        (b'{"abstract": ["a"]}', "abstract is not a text"),
        (b'{"title": "a", "categories": [1]}', "categories is not a list of texts"),
        (b'{"titel": "a"}', "has none of title, abstract, text, categories"),
        (b'{"title": "a"} x', "not valid JSON"),
        (b"{" * 100_000, "not valid JSON"),
        (b"a" * (LONGEST + 1), "longer than 1,000,000 bytes"),
        (b"a" * (3 * LONGEST), "longer than 1,000,000 bytes"),
    ],
)
def test_a_bad_line_is_named_and_the_next_is_read(line, problem):
    bad, good = lines(line + b"\nDeep learning\n")
    assert problem in bad.problem
    assert bad.answer.ai is None
    assert good.answer.ai


def test_a_line_as_long_as_can_be_is_read():
    (found,) = lines(b"a" * LONGEST)
    assert not found.problem


def test_a_byte_order_mark_is_no_text():
    assert lines(b'\xef\xbb\xbf{"title": "x", "categories": ["cs.AI"]}\n')[0].answer.ai


@given(st.lists(st.one_of(st.text(max_size=80), st.binary(max_size=40).map(lambda b: b.decode("latin-1"))), max_size=8))
def test_any_lines_have_answers_that_are_json(texts):
    texts = [t.replace("\n", " ").replace("\r", " ") for t in texts]
    found = lines("".join(t + "\n" for t in texts).encode("utf-8", "replace"))
    assert len(found) == len(texts)
    for line in found:
        document = json.loads(json.dumps(line.answer.document()))
        assert list(document) == ["ai", "probability", "fields", "reason"]
        assert document["ai"] in (True, False, None)
        assert (document["probability"] is None) == (document["ai"] is None)
        assert all(set(f) == {"id", "probability"} and 0 <= f["probability"] <= 1 for f in document["fields"])


def test_answers_do_not_depend_on_the_size_of_a_batch():
    papers = [
        Paper(f"Paper {'of neural networks' if i % 3 else 'on rice'}", VISION if i % 2 else CHEMISTRY)
        for i in range(300)
    ]
    assert classifier().answers(papers) == [a for p in papers for a in classifier().answers([p])]


def test_rows_of_the_table_say_definition_version_and_reason():
    rows = text_topics(
        [("w1", "Object detection by neural networks", ""), ("w2", "Rice", CHEMISTRY), ("w3", "神经网络", "")]
    )
    assert {(w, t, d) for w, t, d, _, _ in rows} >= {
        ("w1", "ai", "model"),
        ("w1", "vision", "model"),
        ("w1", "ai", "strict"),
        ("w1", "ai", "broad"),
        ("w3", "ai", "strict"),
    }
    assert not [r for r in rows if r[0] == "w2"]
    assert all(0 < p <= 1 and reason.split()[1].rstrip(":") for _, _, _, p, reason in rows)
