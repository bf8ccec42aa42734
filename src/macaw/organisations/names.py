"""Spelling of organisation names: repairs, folding, tokens. The same for the index and for what is looked up."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import ftfy

from macaw.sources.records import EMAIL

# Signs of UTF-8 read as Latin-1 ("MÃ¼nchen"); ftfy is slow, so it sees only such strings.
_MOJIBAKE = re.compile(r"[ÂÃâ][\x80-\xBF€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ¼½¾¡-¿]|ï¬")
# Accents that PDF extraction leaves before their letter: "Universit ¨at", "F´ed´erale".
_LOOSE_ACCENT = re.compile(r"(?<=[A-Za-z]) ?[¨´`ˆ˜¸˚](?: ?(?=[a-zA-Zı])|$)|(?:^|(?<=\s))[¨´`ˆ˜¸˚](?=[a-zA-Z])")
_MARKS = re.compile(r"[*∗†‡§¶◦♣♠♦♥♯#⋆★☆✉⊕◊¹²³⁴⁵⁶⁷⁸⁹⁰ªº]+")
# "AT&T" and "R&D" are words; in "Science & Technology" the sign is an "and".
_INITIALS = re.compile(r"\b([A-Z]{1,2})\s?&\s?([A-Z])\b")
_URL = re.compile(r"https?://\S+|www\.\S+")
_BRACES = re.compile(r"\{[^}]*\}")
_WORD = re.compile(r"[^\W_]+")
HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")

# Abbreviations that mean the same everywhere; the index is folded by the same table.
_SAME = {
    "univ": "university",
    "universitiy": "university",
    "univeristy": "university",
    "unversity": "university",
    "univerisity": "university",
    "universtiy": "university",
    "universty": "university",
    "inst": "institute",
    "insititute": "institute",
    "instititute": "institute",
    "institue": "institute",
    "insitute": "institute",
    "lab": "laboratory",
    "labs": "laboratory",
    "laboratories": "laboratory",
    "centre": "center",
    "dept": "department",
    "tech": "technology",
    "technol": "technology",
    "techonology": "technology",
    "natl": "national",
    "acad": "academy",
    "corp": "corporation",
    "jiaotong": "jiao tong",
    "hongkong": "hong kong",
    "intl": "international",
    "eng": "engineering",
    "sci": "science",
    "sciences": "science",
    "technologies": "technology",
    "res": "research",
}
# Letters whose strokes are no accents to Unicode.
_STROKES = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"})
_DROPPED = frozenset("the of and at in for de des du la le les di et und e y do da der fur".split())


@cache
def _to_simplified() -> object:
    from opencc import OpenCC

    return OpenCC("t2s")


def simplified(text: str) -> str:
    """Traditional Chinese characters as simplified ones; other text as it is.

    >>> simplified("國立臺灣大學")
    '国立台湾大学'
    """
    return _to_simplified().convert(text) if HAN.search(text) else text  # type: ignore[attr-defined]


def repair(text: str) -> str:
    """The string with broken accents, mojibake, footnote marks, addresses and URLs mended or removed.

    >>> repair("Technische Universit ¨at M ¨unchen†")
    'Technische Universitat Munchen '
    >>> repair("MIT, jane@mit.edu")
    'MIT,  '
    """
    if _MOJIBAKE.search(text):
        text = ftfy.fix_text(text)
    if "@" in text:
        text = _BRACES.sub(" ", EMAIL.sub(" ", text))
    if "http" in text or "www." in text:
        text = _URL.sub(" ", text)
    text = _LOOSE_ACCENT.sub("", text)
    return _MARKS.sub(" ", text)


def fold(text: str) -> str:
    """Lower case without accents; Han characters simplified; `&` becomes "and", apostrophes vanish.

    >>> fold("Élan & Noah’s AT&T")
    'elan  and  noahs att'
    """
    text = _INITIALS.sub(r"\1\2", text).replace("&", " and ")
    if not text.isascii():
        text = simplified(text).translate(_STROKES)
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"['’‘`´]", "", text.casefold())


def tokens(text: str) -> list[str]:
    """The words of a repaired name, folded; common abbreviations spelt out, filling words dropped.

    >>> tokens("Dept. of Computer Science, The Univ. of Tokyo")
    ['department', 'computer', 'science', 'university', 'tokyo']
    """
    found: list[str] = []
    for word in _WORD.findall(fold(text)):
        if word not in _DROPPED:
            same = _SAME.get(word, word)
            found += same.split() if " " in same else [same]
    return found


def has_han(text: str) -> bool:
    """Whether the text holds Chinese characters."""
    return bool(HAN.search(text))


_SEPARATOR = re.compile(r"[,;:|\n\t•·()\[\]/]|\s[-–—@]\s|\s@|(?<=[a-z)])(?=\d[A-Z])")


def segments(text: str) -> list[str]:
    """The parts of a repaired string between commas, brackets, slashes, dashes and glued footnote digits.

    >>> segments("KAIST, Daejeon (Korea)")
    ['KAIST', 'Daejeon', 'Korea']
    >>> segments("1MIT CSAIL2Google Research")
    ['1MIT CSAIL2Google Research']
    >>> segments("1Rice University2Google Research")
    ['1Rice University', '2Google Research']
    """
    return [part.strip(" .-–—_'\"") for part in _SEPARATOR.split(text) if part.strip(" .-–—_'\"")]
