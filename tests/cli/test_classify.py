"""The command classify: an answer for every line, and counts corrected at the end."""

from __future__ import annotations

import json


def test_every_line_is_answered_and_bad_ones_are_named(run):
    made = run(
        "classify", "-", "--format", "jsonl", stdin=b'Deep learning for images\n{bad\n\n{"categories": ["cs.CR"]}\n'
    )
    answers = [json.loads(line) for line in made.out.splitlines()]
    assert [a["ai"] for a in answers] == [True, None, None, False]
    assert "line 2: not valid JSON" in made.err
    assert "1 lines could not be read" in made.err
    assert made.code == 0


def test_a_corpus_corrects_the_count_and_an_unknown_one_is_wrong_usage(run):
    made = run("classify", "-", "--corpus", "arxiv_2010_2019", stdin=b"Deep learning for images\n" * 50)
    assert "50 of 50 said to be AI; corrected" in made.err
    assert run("classify", "-", "--corpus", "moon", stdin=b"x\n").code == 2
