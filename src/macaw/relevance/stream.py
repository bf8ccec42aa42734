"""Papers from lines, a text or a JSON object each, in bounded memory; answers in the same order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from macaw.relevance.classify import Answer, Classifier, Paper

# A longer line is refused: memory must not depend on the input.
LONGEST = 1_000_000
# Lines and bytes classified at once.
_LINES, _BYTES = 2_000, 4_000_000
_PARTS = ("title", "abstract", "text")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Line:
    """A line's number from 1, its text as far as it could be read, the answer, and what is wrong with the line."""

    number: int
    text: str
    answer: Answer
    problem: str = ""


class _LineError(ValueError):
    """What is wrong with a line."""


def paper(line: str) -> Paper:
    """The paper of a line; `ValueError` says what is wrong with it.

    >>> paper('{"title": "A", "abstract": null, "categories": "cs.CV cs.LG"}')
    Paper(title='A', abstract='', categories=('cs.CV', 'cs.LG'))
    >>> paper("Any text")
    Paper(title='Any text', abstract='', categories=())
    """
    if not line.startswith("{"):
        return Paper(line)
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _LineError(f"not valid JSON ({error})") from None
    texts = {name: record.get(name) for name in _PARTS}
    wrong = next((name for name, value in texts.items() if not isinstance(value, str | None)), None)
    if wrong:
        raise _LineError(f"{wrong} is not a text")
    given = record.get("categories")
    categories = given.split() if isinstance(given, str) else [] if given is None else given
    if not isinstance(categories, list) or not all(isinstance(c, str) for c in categories):
        raise _LineError("categories is not a list of texts")
    if not categories and all(value is None for value in texts.values()):
        raise _LineError("has none of title, abstract, text, categories")
    title = " ".join((texts["title"] or texts["text"] or "").split())
    return Paper(title, " ".join((texts["abstract"] or "").split()), tuple(categories))


def _raw_lines(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Lines without their end, and whether one is too long (then only its beginning is given)."""
    while raw := stream.readline(LONGEST + 1):
        whole = raw.endswith(b"\n") or len(raw) <= LONGEST
        rest = raw
        while not whole and rest and not rest.endswith(b"\n"):
            rest = stream.readline(LONGEST)
        yield raw.rstrip(b"\r\n") if whole else raw[:80], not whole


def _read(number: int, raw: bytes, too_long: bool) -> tuple[str, Paper | None, str]:
    if number == 1:
        raw = raw.removeprefix(_BOM)
    text = raw.decode("utf-8", "replace")
    if too_long:
        return text, None, f"longer than {LONGEST:,} bytes"
    try:
        raw.decode("utf-8")
        return text, paper(text), ""
    except UnicodeDecodeError as error:
        return text, None, f"byte {error.start} is not UTF-8"
    except _LineError as error:
        return text, None, str(error)


def classify(stream: BinaryIO, classifier: Classifier) -> Iterator[Line]:
    """One answer for every line of a stream, in its order; a line that cannot be read has an answer that says so."""
    waiting: list[tuple[int, str, Paper | None, str]] = []
    size = 0
    for number, (raw, too_long) in enumerate(_raw_lines(stream), 1):
        waiting.append((number, *_read(number, raw, too_long)))
        size += len(raw)
        if len(waiting) == _LINES or size > _BYTES:
            yield from _answered(waiting, classifier)
            waiting, size = [], 0
    yield from _answered(waiting, classifier)


def _answered(waiting: list[tuple[int, str, Paper | None, str]], classifier: Classifier) -> Iterator[Line]:
    answers = iter(classifier.answers([of for _, _, of, _ in waiting if of is not None]))
    for number, text, of, problem in waiting:
        answer = Answer(None, None, (), f"line {number}: {problem}") if of is None else next(answers)
        yield Line(number, text, answer, problem)
