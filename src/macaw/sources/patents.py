"""What all readers of patents share: how numbers and dates are written, and the two tables each of them fills.

Persons are not kept: an inventor is a country, and an applicant who is a person is an applicant without a name. Of the
literature a document cites, whose text names its authors, only a DOI is kept.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from macaw.engine.duckdb import quoted
from macaw.sources.records import Reading, Rejected, is_text

Part = tuple[str, str | None, str | None, str | None]
"""Kind of part, name, country (ISO 3166-1 alpha-2), day."""

_DIGITS = re.compile(r"\D+")
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})")
_OFFICE = re.compile(r"[A-Z]{2}")
# For RE2 too.
DOI = r"\b10\.\d{4,9}/[^\s\"<>;,]+"
# Series codes of the United States: provisional applications and designs; the others run on in turn.
_PROVISIONAL, _DESIGN = frozenset({"60", "61", "62", "63"}), "29"


@contextmanager
def scratch_database() -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A database for tables that are longer than memory, and the folder it spills to, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="macaw-") as scratch:
        con = duckdb.connect()
        con.execute("set memory_limit = '1500MB'")
        con.execute(f"set temp_directory = {quoted(Path(scratch) / 'spill')}")
        yield con, Path(scratch)


@dataclass
class Document:
    """One published patent document, as a source lists it."""

    office: str
    number: str
    kind: str
    title: str | None = None
    abstract: str | None = None
    application: str | None = None
    filed: str | None = None
    published: str | None = None
    family: str | None = None
    link: str | None = None
    parts: list[Part] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Office, number and kind without blanks, as in US10000000B2."""
        return f"{self.office}{self.number}{self.kind}"

    def applicant(self, name: str | None, country: str | None) -> None:
        """Add an applicant; None for the name of a person."""
        self.parts.append(("applicant", name, country, None))

    def inventor(self, country: str | None) -> None:
        """Add an inventor: where, never who."""
        self.parts.append(("inventor", None, country, None))

    def code(self, scheme: str, symbol: str) -> None:
        """Add a class of the scheme cpc or ipc."""
        self.parts.append((scheme, symbol, None, None))

    def priority(self, application: str | None, day: str | None) -> None:
        """Add an application whose priority is claimed."""
        if application or day:
            self.parts.append(("priority", application, None, day))

    def citation(self, office: str | None, number: str | None, kind: str | None, day: str | None) -> None:
        """Add a patent document that is cited; none without office and number."""
        name = cited_document(office or "", number or "", kind or "")
        if name:
            self.parts.append(("citation", name, alpha2(office), day))

    def literature(self, text: str | None) -> None:
        """Add literature that is cited, by its DOI if the text has one."""
        if text:
            self.parts.append(("literature", doi(text), None, None))


@dataclass
class Collector:
    """Writes documents into the two tables of a source, and lists what it refuses."""

    source: str
    file: str
    reading: Reading
    seen: set[str] = field(default_factory=set)

    def add(self, position: int, document: Document) -> bool:
        """Add a document; False where it is refused: no office or number, or listed before."""
        if not _OFFICE.fullmatch(document.office) or not document.number:
            self.refuse(position, "patent document has no office or number", f"{document.office} {document.number}")
            return False
        if document.id in self.seen:
            self.refuse(position, "patent document is listed twice", document.id)
            return False
        self.seen.add(document.id)
        self.reading.add(
            f"source_patents_{self.source}", document.id, self.source, self.file, position, document.office,
            document.number, document.kind, document.application, document.filed, document.published,
            document.title, document.abstract, document.family, document.link,
        )  # fmt: skip
        counts: dict[str, int] = {}
        for kind, name, country, day in _once(document.parts):
            place = counts[kind] = counts.get(kind, -1) + 1
            self.reading.add(f"source_patent_parts_{self.source}", document.id, kind, place, name, country, day)
        return True

    def refuse(self, position: int, reason: str, value: object, action: str = "rejected") -> None:
        """List a record."""
        self.reading.refused.append(Rejected(self.source, self.file, position, reason, value, action))

    def day(self, position: int, text: str | None, what: str) -> str | None:
        """The day of a date, or None where there is none or, listed, it is not one."""
        if not text or not text.strip() or text.strip() == "0":
            return None
        try:
            return iso_day(text)
        except ValueError:
            self.refuse(position, f"{what} is not a date", text, "noted")
            return None


def _once(parts: list[Part]) -> list[Part]:
    """The parts without the classes that several offices, and the citations that several searches, give again."""
    again = ("cpc", "ipc", "citation")
    firsts: dict[tuple[str, str | None], Part] = {}
    for part in parts:
        if part[0] in again:
            firsts.setdefault(part[:2], part)
    return [p for p in parts if p[0] not in again] + list(firsts.values())


def tables_of(source: str) -> tuple[str, str]:
    """The names of a source's two tables."""
    return f"source_patents_{source}", f"source_patent_parts_{source}"


def iso_day(text: str) -> str:
    """A day in ISO form from YYYYMMDD, YYYY-MM-DD or day/month/year; raises `ValueError` for anything else.

    Where the source gives no day or month (YYYYMM00), the month or year alone.

    >>> iso_day("20070904"), iso_day("19981000"), iso_day("07/08/02"), iso_day("27/10/99")
    ('2007-09-04', '1998-10', '2002-08-07', '1999-10-27')
    """
    text = text.strip()
    if found := _DAY.fullmatch(text):
        year, month, day = found.groups()
    elif found := _SLASHED.fullmatch(text):
        day, month, year = found.groups()
        if len(year) == 2:
            year = ("20" if int(year) < 50 else "19") + year
    else:
        raise ValueError(f"{text!r} is not a date")
    if int(month) == 0:
        return year
    made = date(int(year), int(month), int(day) or 1)
    if not 1790 <= made.year <= 2099:
        raise ValueError(f"year {made.year} is out of range")
    return made.isoformat() if int(day) else made.isoformat()[:7]


def publication_number(office: str, number: str) -> str:
    """A publication's number without blanks, marks and leading zeros; published US applications have eleven digits.

    >>> publication_number("US", "08926509"), publication_number("US", "2009319448")
    ('8926509', '20090319448')
    """
    text = re.sub(r"[\s/.,\-]+", "", number).upper()
    if office == "US":
        if re.fullmatch(r"20\d{8}", text):
            return text[:4] + "0" + text[4:]
        return re.sub(r"^([A-Z]*)0+", r"\1", text)
    return text


def cited_document(office: str, number: str, kind: str = "") -> str | None:
    """A cited document as office, number and, if there is one, kind between hyphens; None without office or number.

    >>> cited_document("US", "2005/0004437", "A1"), cited_document("us", "D. 271298"), cited_document("", "1")
    ('US-20050004437-A1', 'US-D271298', None)
    >>> cited_document("WO", "WO 02/054790", "A2"), cited_document("EP", "838441", "A")
    ('WO-02054790-A2', 'EP-0838441-A')
    """
    office = alpha2(office) or ""
    found = re.sub(rf"^{office}(?=\d)", "", publication_number(office, number))
    if office == "EP":
        found = found and found.zfill(7)
    return "-".join(filter(None, (office, found, kind.strip().upper()))) if office and found else None


def doi(text: str) -> str | None:
    """The first DOI in a text, in small letters, or None.

    >>> doi("Nature, vol. 521 (2015). https://doi.org/10.1038/Nature14539."), doi("Office action, Sep. 26, 2017")
    ('10.1038/nature14539', None)
    """
    found = re.search(DOI, text)
    return found[0].rstrip(".)]").lower() if found else None


def application_number(office: str, number: str, kind: str = "", filed: str | None = None) -> str | None:
    """A key under which sources that write an application's number in their own way agree; None if there is no number.

    United States: year, P for a provisional application, D for a design, A else, and the six digits of the series.

    >>> application_number("US", "14643719", filed="2015-03-10"), application_number("US", "201514643719", "A")
    ('US2015A643719', 'US2015A643719')
    >>> application_number("US", "61288009", "A"), application_number("US", "12612880", filed="2009-11-05")
    ('US2009A612880', 'US2009A612880')
    >>> application_number("EP", "20100167109"), application_number("EP", "10167109", "A")
    ('EP10167109', 'EP10167109')
    >>> application_number("EP", "2022050445", "W")
    'EP2022050445W'
    """
    kind = kind.strip().upper()[:1]
    text = re.sub(r"[\s/.,\-]+", "", number).upper()
    if not text:
        return None
    if kind == "W" or text.startswith("PCT"):
        return f"{office}{text}W" if not text.startswith("PCT") else _pct(text)
    digits = _DIGITS.sub("", text)
    if office == "US" and digits == text:
        return _united_states(digits, kind, filed)
    if office == "EP" and len(digits) == 11 and digits[:2] in ("19", "20"):
        return f"EP{digits[2:4]}{digits[5:]}"
    if office == "CN":
        # Without the check digit after a dot.
        return f"CN{_DIGITS.sub('', number.split('.')[0])}" if digits else None
    return f"{office}{text}"


def _pct(text: str) -> str:
    """PCT/CH02/00573 as CH2002000573W, the way the European Patent Office writes it."""
    found = re.fullmatch(r"PCT([A-Z]{2})(\d{2}|\d{4})(\d{5,6})", text)
    if not found:
        return f"WO{text}W"
    office, year, serial = found.groups()
    if len(year) == 2:
        year = ("19" if int(year) > 70 else "20") + year
    return f"{office}{year}{int(serial):06d}W"


def _united_states(digits: str, kind: str, filed: str | None) -> str:
    series = ""
    if len(digits) == 12 and digits[:2] in ("19", "20"):
        year, series, serial = digits[:4], digits[4:6], digits[6:]
    elif filed:
        year, series, serial = filed[:4], digits[:-6] if len(digits) > 6 else "", digits[-6:]
    elif len(digits) in (7, 8):
        # The European Patent Office's form until 2004: serial number and two digits of the year.
        year, serial = digits[-2:], digits[:-2]
        year = ("19" if int(year) > 30 else "20") + year
    else:
        return f"US{digits}"
    letter = "P" if series in _PROVISIONAL or kind == "P" else "D" if series == _DESIGN or kind == "F" else "A"
    return f"US{year}{letter}{serial.zfill(6)}"


def same_person(name: str) -> frozenset[str]:
    """The words of a name, by which an applicant is known to be one of the inventors."""
    return frozenset(re.findall(r"\w+", name.casefold()))


def add_parties(
    document: Document,
    applicants: Iterable[tuple[str, str | None]],
    inventors: Iterable[tuple[str, str | None]],
) -> None:
    """Add applicants and inventors by name and country; an applicant who is among the inventors loses the name."""
    inventing = list(inventors)
    persons = {same_person(name) for name, _ in inventing if name}
    for name, country in applicants:
        named = name.strip() if is_text(name) and name.strip() else None
        document.applicant(None if named is None or same_person(named) in persons else named, alpha2(country))
    for _, country in inventing:
        document.inventor(alpha2(country))


def alpha2(code: str | None) -> str | None:
    """A two-letter code of a country, or None for anything else.

    >>> alpha2(" us"), alpha2("unknown"), alpha2("USX"), alpha2(None)
    ('US', None, None, None)
    """
    text = (code or "").strip().upper()
    # Of persons the USPTO once marked citizenship or state with a third letter.
    return text if _OFFICE.fullmatch(text) else None
