"""Reads the USPTO's files: grants and applications in XML of every layout since 2001, and Open Data Portal JSON.

Layouts: ST.32 (root PATDOC), PAP (patent-application-publication) and the Red Book (us-patent-grant and
us-patent-application). A weekly file holds thousands of documents one after the other; it is read as a stream.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from macaw.errors import SourceError
from macaw.sources.files import read_json
from macaw.sources.patents import (
    Collector,
    Document,
    add_parties,
    application_number,
    publication_number,
    tables_of,
)
from macaw.sources.records import Reading
from macaw.sources.uspto import portal
from macaw.sources.xml_stream import DamagedError, Element, parsed, records_of, text_of

SOURCE = "uspto"
TABLES = tables_of(SOURCE)

_AGAIN = "download the file again from https://data.uspto.gov/bulkdata"
# Where the bibliographic part and the abstract are over.
_ENDS = (
    "description", "drawings", "claims", "us-claim-statement", "us-sequence-list-doc", "us-chemistry", "us-math",
    "SDODE", "SDOCL", "SDODR", "SDOCR", "subdoc-description", "subdoc-claims", "subdoc-drawings",
)  # fmt: skip
# Sequence listings and the like, which are files of their own within a weekly file, have other roots.
# The IPC's editions before 2006 in ST.32: the main group on three places, then the subgroup, as in `G06F 1516`.
_OLD_IPC = re.compile(r"([A-H]\d\d[A-Z])([ \d]{2}\d)(\d{2,})")


def read(paths: list[Path], root: Path) -> Reading:
    """The documents of all files; one that cannot be read is listed by its place in the file."""
    reading = Reading()
    seen: set[str] = set()
    for path in paths:
        collector = Collector(SOURCE, path.relative_to(root).as_posix(), reading, seen)
        if path.suffix == ".json":
            portal.documents(read_json(path, SOURCE), collector)
        else:
            _read_xml(path, collector)
    return reading


def _read_xml(path: Path, collector: Collector) -> None:
    position = None
    for position, record in records_of(path, _AGAIN, tuple(_LAYOUTS), _ENDS):
        try:
            if isinstance(record, DamagedError):
                raise record
            element = parsed(record)
            collector.add(position, _LAYOUTS[element.tag](element, position, collector))
        except DamagedError as damaged:
            collector.refuse(position, f"document {damaged}", None)
    if position is None:
        raise SourceError(f"{path}: holds no patent document of a known layout", _AGAIN)


# -- Red Book, from 2005 ---------------------------------------------------------------------------------------


def _red_book(root: Element, position: int, collector: Collector) -> Document:
    found = next((e for e in root if e.tag.startswith("us-bibliographic-data")), None)
    if found is None:
        raise DamagedError("has no bibliographic part")
    published, filed = (found.find(f"{p}-reference/document-id") for p in ("publication", "application"))
    office = text_of(published, "country") or ""
    document = Document(
        office,
        publication_number(office, text_of(published, "doc-number") or ""),
        text_of(published, "kind") or "",
        title=text_of(found, "invention-title"),
        abstract=text_of(root.find("abstract")),
        published=collector.day(position, text_of(published, "date"), "publication date"),
        filed=collector.day(position, text_of(filed, "date"), "filing date"),
    )
    document.application = application_number("US", text_of(filed, "doc-number") or "", filed=document.filed)
    _red_book_classes(found, document)
    for claim in found.iterfind("priority-claims/priority-claim"):
        _priority(claim, document, position, collector)
    related = found.find("us-related-documents")
    if related is not None:
        for parent in (
            *related.iterfind(".//parent-doc/document-id"),
            *related.iterfind("us-provisional-application/document-id"),
        ):
            _priority(parent, document, position, collector)
    _red_book_parties(found, document)
    _red_book_citations(found, document, position, collector)
    return _linked(document)


def _priority(claim: Element, document: Document, position: int, collector: Collector) -> None:
    day = collector.day(position, text_of(claim, "date"), "priority date")
    office = text_of(claim, "country") or "US"
    document.priority(application_number(office, text_of(claim, "doc-number") or "", filed=day), day)


def _red_book_classes(found: Element, document: Document) -> None:
    for scheme, path in (
        ("cpc", "classifications-cpc//classification-cpc"),
        ("ipc", "classifications-ipcr/classification-ipcr"),
    ):
        for e in found.iterfind(path):
            parts = [text_of(e, tag) or "" for tag in ("section", "class", "subclass", "main-group", "subgroup")]
            if all(parts):
                document.code(scheme, f"{''.join(parts[:4])}/{parts[4]}")
    for tag in ("main-classification", "further-classification"):
        for e in found.iterfind(f"classification-ipc/{tag}"):
            document.code("ipc", text_of(e) or "")


def _red_book_parties(found: Element, document: Document) -> None:
    applicants = [
        *found.iterfind("us-parties/us-applicants/us-applicant"),
        *found.iterfind("parties/applicants/applicant"),
    ]
    inventors = [*found.iterfind("us-parties/inventors/inventor"), *found.iterfind("parties/inventors/inventor")]
    # Until 2012 inventors stood among the applicants.
    inventors += [e for e in applicants if "inventor" in e.get("app-type", "")]
    assigned = [_red_book_party(e) for e in found.iterfind("assignees/assignee")]
    applying = [_red_book_party(e) for e in applicants]
    add_parties(document, assigned or applying, map(_red_book_party, inventors))


def _red_book_party(party: Element) -> tuple[str, str | None]:
    """Name of an organisation (of a person: none) and country."""
    book = party.find("addressbook")
    holder = party if book is None else book
    country = text_of(holder, "address/country") or text_of(party, "residence/country")
    return text_of(holder, "orgname") or "", country


def _red_book_citations(found: Element, document: Document, position: int, collector: Collector) -> None:
    # Until 2012 without the prefix.
    for e in (*found.iterfind("us-references-cited/us-citation"), *found.iterfind("references-cited/citation")):
        cited = e.find("patcit/document-id")
        if cited is not None:
            day = collector.day(position, text_of(cited, "date"), "date of a cited document")
            document.citation(text_of(cited, "country"), text_of(cited, "doc-number"), text_of(cited, "kind"), day)
        document.literature(text_of(e, "nplcit/othercit"))


# -- ST.32, 2001 to 2004 ---------------------------------------------------------------------------------------


def _st32(root: Element, position: int, collector: Collector) -> Document:
    def day(path: str, what: str) -> str | None:
        return collector.day(position, text_of(root, path), what)

    document = Document(
        "US",
        publication_number("US", text_of(root, "SDOBI/B100/B110") or ""),
        text_of(root, "SDOBI/B100/B130") or "",
        title=text_of(root, "SDOBI/B500/B540"),
        abstract=text_of(root.find("SDOAB")),
        published=day("SDOBI/B100/B140", "publication date"),
        filed=day("SDOBI/B200/B220", "filing date"),
    )
    document.application = application_number("US", text_of(root, "SDOBI/B200/B210") or "", filed=document.filed)
    for tag in ("B511", "B512"):
        for e in root.iterfind(f"SDOBI/B500/B510/{tag}"):
            if old := _OLD_IPC.fullmatch("".join(e.itertext()).strip()):
                document.code("ipc", f"{old[1]}{int(old[2])}/{old[3]}")
    _st32_priorities(root, document, position, collector)
    assigned = [_st32_party(e) for e in root.iterfind("SDOBI/B700/B730/B731")]
    inventors = [_st32_party(e) for e in root.iterfind("SDOBI/B700/B720/B721")]
    add_parties(document, assigned or inventors, inventors)
    for e in root.iterfind("SDOBI/B500/B560/B561/PCIT/DOC"):
        made = collector.day(position, text_of(e, "DATE"), "date of a cited document")
        # Documents of the United States have no country.
        document.citation(text_of(e, "CTRY") or "US", text_of(e, "DNUM"), text_of(e, "KIND"), made)
    for e in root.iterfind("SDOBI/B500/B560/B562/NCIT"):
        document.literature(text_of(e))
    return _linked(document)


def _st32_priorities(root: Element, document: Document, position: int, collector: Collector) -> None:
    claims = root.find("SDOBI/B300")
    tags = ("B310", "B320", "B330") if claims is not None else ()
    for number, day, country in zip(*(claims.findall(t) for t in tags), strict=False) if claims is not None else ():
        made = collector.day(position, text_of(day), "priority date")
        document.priority(application_number(text_of(country) or "", text_of(number) or "", filed=made), made)
    for parent in (*root.iterfind("SDOBI/B600//PDOC/DOC"), *root.iterfind("SDOBI/B600/B680US/DOC")):
        made = collector.day(position, text_of(parent, "DATE"), "priority date")
        document.priority(application_number("US", text_of(parent, "DNUM") or "", filed=made), made)


def _st32_party(party: Element) -> tuple[str, str | None]:
    name = text_of(party, "PARTY-US/NAM/ONM") or ""
    # An address in the United States names the state and no country.
    return name, text_of(party, "PARTY-US/ADR/CTRY") or ("US" if party.find("PARTY-US/ADR") is not None else None)


# -- PAP, 2001 to 2004 -----------------------------------------------------------------------------------------


def _pap(root: Element, position: int, collector: Collector) -> Document:
    found = root.find("subdoc-bibliographic-information")
    if found is None:
        raise DamagedError("has no bibliographic part")
    document = Document(
        "US",
        publication_number("US", text_of(found, "document-id/doc-number") or ""),
        text_of(found, "document-id/kind-code") or "",
        title=text_of(found, "technical-information/title-of-invention"),
        abstract=text_of(root.find("subdoc-abstract")),
        published=collector.day(position, text_of(found, "document-id/document-date"), "publication date"),
        filed=collector.day(position, text_of(found, "domestic-filing-data/filing-date"), "filing date"),
    )
    number = text_of(found, "domestic-filing-data/application-number/doc-number") or ""
    document.application = application_number("US", number, filed=document.filed)
    for e in found.iterfind("technical-information/classification-ipc//ipc"):
        document.code("ipc", text_of(e) or "")
    _pap_priorities(found, document, position, collector)
    assigned = [
        (text_of(e, "organization-name") or "", text_of(e, "address/country/country-code"))
        for e in found.iterfind("assignee")
    ]
    inventors = [("", text_of(e.find("residence"), ".//country-code")) for e in _inventors(found)]
    add_parties(document, assigned or inventors, inventors)
    return _linked(document)


def _inventors(found: Element) -> Iterator[Element]:
    yield from found.iterfind("inventors/first-named-inventor")
    yield from found.iterfind("inventors/inventor")


def _pap_priorities(found: Element, document: Document, position: int, collector: Collector) -> None:
    for claim in found.iterfind("foreign-priority-data"):
        day = collector.day(position, text_of(claim, "filing-date"), "priority date")
        number = text_of(claim, "priority-application-number/doc-number") or ""
        document.priority(application_number(text_of(claim, "country-code") or "", number, filed=day), day)
    continuity = found.find("continuity-data")
    if continuity is None:
        return
    for parent in (
        *continuity.iterfind(".//parent/document-id"),
        *continuity.iterfind("non-provisional-of-provisional/document-id"),
    ):
        day = collector.day(position, text_of(parent, "document-date"), "priority date")
        office = text_of(parent, "country-code") or "US"
        document.priority(application_number(office, text_of(parent, "doc-number") or "", filed=day), day)


def _linked(document: Document) -> Document:
    document.link = f"https://patents.google.com/patent/{document.id}/en"
    return document


_LAYOUTS: dict[str, Callable[[Element, int, Collector], Document]] = {
    "us-patent-grant": _red_book,
    "us-patent-application": _red_book,
    "PATDOC": _st32,
    "patent-application-publication": _pap,
}
