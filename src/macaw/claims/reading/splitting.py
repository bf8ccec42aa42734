"""Where sentences begin and end, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A full stop behind these ends no sentence.
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof sen rep gov gen col lt st jr sr inc corp co ltd no nos vs etc approx est dept fig vol al jan feb mar "
    "apr jun jul aug sep sept oct nov dec e.g i.e u.s u.k u.n e.u p.m a.m ph.d d.c messrs hon rev capt sgt art sec".split()
)
_END = re.compile(
    r"(?P<zh>[。！？]+(?:[.…]+)?[”’」』）)】\"]*)|(?P<dots>…{1,2}|\.{6})(?=[^”」』，,。])|(?P<en>[.!?]+[\"”’')\]]*)(?=\s|$|[\u4e00-\u9fff“])|(?P<line>\n)"
)
_OPENS_SENTENCE = re.compile(r"\s*[\"“‘'(\[]*(?:[A-Z0-9\u3400-\u9fff$€£¥“「『]|RMB|iP|eB)")
# Nothing runs on longer than this; a text without stops is cut at commas, then anywhere.
_LONGEST = 2000


def split_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of a text, without the blanks around it.

    >>> text = "The U.S. spent $1.5 billion. “We trail,” he said. 目前落后一年。对吗？"
    >>> [text[a:b] for a, b in split_sentences(text)]
    ['The U.S. spent $1.5 billion.', '“We trail,” he said.', '目前落后一年。', '对吗？']
    """
    start = 0
    for match in _END.finditer(text):
        if match["en"] and not _ends(text, match):
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _ends(text: str, match: re.Match[str]) -> bool:
    """Whether a full stop or mark in a Latin text ends a sentence."""
    if not match["en"].startswith("."):
        following = text[match.end() : match.end() + 3].lstrip()
        return not (following[:1].islower() and match["en"][-1] in "\"”’'")
    word = re.search(r"([A-Za-z.]+)$", text[max(0, match.start() - 12) : match.start()])
    bare = word[1].casefold().strip(".") if word else ""
    opens = _OPENS_SENTENCE.match(text, match.end())
    at_end = not text[match.end() :].strip()
    if at_end:
        return True
    if bare in _ABBREVIATIONS or (len(bare) == 1 and word and word[1].isupper()):
        # "in the U.S. The firm": a new sentence only where a word follows that begins one.
        return bare in ("u.s", "u.k", "inc", "corp", "ltd", "co", "etc", "p.m", "a.m") and bool(
            re.match(
                r"\s+[\"“]?(?:The|But|In|It|He|She|They|This|That|A|An|At|On|And|For|Its|Some|We|There)\s",
                text[match.end() :],
            )
        )
    return bool(opens)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = end
        if end - start > _LONGEST:
            cut = max(text.rfind(mark, start, start + _LONGEST) for mark in "，,；; ")
            stop = cut + 1 if cut > start else start + _LONGEST
        inner = text[start:stop]
        first = start + len(inner) - len(inner.lstrip(" \t\r\n\u3000\xa0"))
        last = start + len(inner.rstrip())
        if first < last:
            yield first, last
        start = stop
