"""Spelling of organisation names: repairs, folding, tokens. The same for the index and for what is looked up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

import ftfy

from macaw.sources.records import EMAIL

# Chinese characters, as the inside of a character class.
HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAN = re.compile(f"[{HAN}]")
# Signs of UTF-8 read as Latin-1 ("MÃ¼nchen"); ftfy is slow, so it sees only such strings.
_MOJIBAKE = re.compile(r"[ÂÃâ][\x80-\xBF€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ¼½¾¡-¿]|ï¬")
# Accents that PDF extraction leaves before their letter: "Universit ¨at", "F´ed´erale".
_LOOSE_ACCENT = re.compile(r"(?<=[A-Za-z]) ?[¨´`ˆ˜¸˚](?: ?(?=[a-zA-Zı])|$)|(?:^|(?<=\s))[¨´`ˆ˜¸˚](?=[a-zA-Z])")
# A brand in Latin letters that Chinese characters follow at once: "OPPO广东移动通信有限公司".
_LATIN_THEN_HAN = re.compile(rf"(?<![{HAN}A-Za-z0-9])([A-Za-z][A-Za-z0-9]+)(?=[{HAN}])")
_MARKS = re.compile(r"[*∗†‡§¶◦♣♠♦♥♯#⋆★☆✉⊕◊¹²³⁴⁵⁶⁷⁸⁹⁰ªº]+")
# The star of "A*STAR" is no footnote mark; "AT&T" and "R&D" are words, in "Science & Technology" the sign is an "and".
_INITIALS = re.compile(r"\b([A-Z]{1,2})\s?&\s?([A-Z])\b")
_STAR = re.compile(r"(?<=\bA)[*∗](?=S)")
_URL = re.compile(r"https?://\S+|www\.\S+")
_BRACES = re.compile(r"\{[^}]*\}(?:\s?@\s?[\w.-]+)?")
_LAST_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*$")
_WORD = re.compile(r"[^\W_]+")

# One spelling for the words that name kinds of institution, across languages and abbreviations; the index is
# folded by the same table, so that "Università di Torino" and "Univ. Torino" are one.
_SPELLINGS = """
academy: acad academia akademie academie akademia accademia academies akademi
advanced: adv
agricultural: agr agric agri
center: centre centro zentrum centrum centres centers ctr centra centr centar
chemical: chem
clinical: clin
college: coll colleges
computer: comp computers
computing: comput
corporation: corp
department: dept dep departamento departement dipartimento departments dpto
electrical: elect electr elec
electronics: electron
engineering: eng engn engg ingenieria engenharia engineer
environmental: environm environ
faculty: fac faculte facultad fakultat faculdade facolta
foundation: fdn fundacion fundacao fondazione fondation stiftung
general: gen
health: hlth
hong kong: hongkong
hospital: hosp hopital hopitaux ospedale ospedali hospitals krankenhaus hospitalier hospitalar sjukhus ziekenhuis
  klinikum
information: informat
institute: institut instituto istituto instituut institutet instytut institutul institutes instituts inst institue
  insitute insititute instititute intitute institution instituton
international: int intl internacional internationale internazionale
jiao tong: jiaotong
laboratory: lab labs laboratories laboratoire laboratorio laboratoires
management: manag mgmt
mathematics: math maths
mechanical: mech
medical: med medica medico medizinische medizinischen medicale
medicine: medizin medicina medecine
ministry: minist ministerio ministere
national: nat natl nacional nationale nazionale nacionales nationales nationaal
physics: phys physik physique fisica
polytechnic: polytech politecnico politecnica politechnika polytechnique politehnica
research: res recherche recherches ricerca ricerche investigacion investigaciones pesquisa pesquisas forschung
  researches
saint: st
school: sch ecole escuela scuola schools escola
science: sci sciences ciencias ciencia scienze wissenschaften scientific scientifique scientifica
study: studies
system: systems syst
technical: technische technischen technischer tecnica tecnico technique techniques tekniska teknik tecnologica
  tecnologico technologique
technology: tech technol technologies tecnologia technologie techonology tecnologias
university: univ universite universites universitat universitaet universitaets universita universidad universidade
  universiteit uniwersytet univerzita univerzitet universitas universitet universitetet universitesi universitatea
  universitate universitario universitaria universitaire universities universidades unversidad unversity univeristy
  universitiy univerisity universtiy universty universitys unviersity
"""


def _same() -> dict[str, str]:
    table: dict[str, str] = {}
    for line in _SPELLINGS.replace("\n  ", " ").strip().splitlines():
        one, _, others = line.partition(":")
        table |= dict.fromkeys(others.split(), one)
    return table


_SAME = _same()
_DROPPED = frozenset(
    """the of and at in for de des du la le les di et und e y do da der fur della degli delle dei los las den das
    zur zum sur van het para al el im per""".split()
)
# Articles that lean on their noun: "dell'Università", "d'Oncologie".
_ELIDED = re.compile(r"\b(?:dell|nell|dall|sull|all|d|l)['’‘`´](?=\w)", re.IGNORECASE)
_APOSTROPHES = frozenset("'’‘`´")
_NO_APOSTROPHE = str.maketrans(dict.fromkeys(_APOSTROPHES))
_STROKES = str.maketrans(
    dict(zip("øØłŁđĐðÐ", "oOlLdDdD", strict=True)) | {"ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe"}
)
# Words run together by a lost blank: "TechnologyThanyaburi", "CONICETUniversidad".
_GLUED = re.compile(r"(?<=[a-z])(?=[A-Z][a-z]{2})|(?<=[A-Z]{3})(?=[A-Z][a-z]{3})")


@cache
def _to_simplified() -> object:
    from opencc import OpenCC

    return OpenCC("t2s")


def simplified(text: str) -> str:
    """Traditional Chinese characters as simplified ones; other text as it is.

    >>> simplified("國立臺灣大學")
    '国立台湾大学'
    """
    return _to_simplified().convert(text) if _HAN.search(text) else text  # type: ignore[attr-defined]


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
    text = _STAR.sub("", _LOOSE_ACCENT.sub("", text))
    if has_han(text):
        text = _LATIN_THEN_HAN.sub(r"\1 ", text)
    return _MARKS.sub(" ", text)


def fold(text: str) -> str:
    """Lower case without accents; Han characters simplified; `&` becomes "and", apostrophes vanish.

    >>> fold("Élan & Noah’s AT&T")
    'elan  and  noahs att'
    """
    if "&" in text:
        text = _INITIALS.sub(r"\1\2", text).replace("&", " and ")
    if "*" in text:
        text = _STAR.sub("", text)
    if not _APOSTROPHES.isdisjoint(text):
        text = _ELIDED.sub(" ", text).translate(_NO_APOSTROPHE)
    if not text.isascii():
        text = simplified(text).translate(_STROKES)
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return text.casefold()


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


def unglued(word: str) -> list[str]:
    """The words that a word with capitals inside it may be made of.

    >>> unglued("TechnologyThanyaburi"), unglued("McGill"), unglued("CONICETUniversidad")
    (['Technology', 'Thanyaburi'], ['Mc', 'Gill'], ['CONICET', 'Universidad'])
    """
    return _GLUED.split(word)


def bare_name(name: str, is_city: Callable[[str], bool] = lambda name: False) -> str:
    """A name without the brackets at its end, in which ROR writes a country; a city there is part of the name.

    >>> bare_name("Google (Japan)"), bare_name("China University of Geosciences (Beijing)", "Beijing".__eq__)
    ('Google', 'China University of Geosciences (Beijing)')
    """
    found = _LAST_BRACKETS.search(name)
    return name[: found.start()] or name if found and not is_city(found.group(1)) else name


def has_han(text: str) -> bool:
    """Whether the text holds Chinese characters."""
    return bool(_HAN.search(text))


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
